"""A digest as words: the subject of a mail, plain text, an HTML page that stands alone. Word files: :mod:`dondoc.reminders_docx`."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dondoc import screen
from dondoc.reminders import HEADINGS, Digest, Kind, Section, clean

if TYPE_CHECKING:
    from jinja2 import Template

STANDING_HEADINGS = ("Cơ quan, đơn vị", "Quá hạn", "Trễ nhất (ngày)", "Sắp đến hạn", "Chờ gia hạn", "Định kỳ")
_SHORT: dict[Kind, str] = {"overdue": "quá hạn", "soon": "sắp đến hạn", "extension": "chờ gia hạn", "recurring": "định kỳ"}
_LONGEST_SUBJECT = 150


def subject(digest: Digest) -> str:
    """«[Nhắc việc 21/11/2026] Sở Nội vụ: quá hạn 3, sắp đến hạn 1»; one line of at most 150 characters."""
    parts = [f"{_SHORT[section.kind]} {section.total}" for section in digest.sections]
    if digest.withheld:
        parts.append(f"văn bản mật {digest.withheld}")
    text = f"[Nhắc việc {screen.day(digest.day)}] {clean(digest.agency)}: {', '.join(parts)}"
    return text if len(text) <= _LONGEST_SUBJECT else text[: _LONGEST_SUBJECT - 1] + "…"


def title(digest: Digest) -> str:
    """The heading of the page."""
    what = "TỔNG HỢP NHIỆM VỤ CẦN ĐÔN ĐỐC" if digest.is_summary else "NHẮC VIỆC"
    return f"{what}, NGÀY {screen.day(digest.day)}"


def opening(digest: Digest) -> str:
    """The first sentence."""
    whose = "Các cơ quan, đơn vị" if digest.is_summary else "Quý cơ quan, đơn vị"
    return f"Tính đến ngày {screen.day(digest.day)}, {whose[0].lower()}{whose[1:]} còn {digest.counted()}."


def closing(digest: Digest) -> list[str]:
    """The last sentences."""
    lines = []
    if digest.withheld:
        lines.append(f"{digest.withheld} nhiệm vụ trong văn bản mật không nêu ở đây; đề nghị xem theo quy định về bảo vệ bí mật nhà nước.")
    if not digest.is_summary:
        lines.append(
            "Đề nghị quý cơ quan, đơn vị khẩn trương thực hiện, báo cáo kết quả hoặc lý do chậm và thời gian hoàn thành; "
            "khi trả lời xin ghi mã nhiệm vụ. Nhiệm vụ đã hoàn thành hoặc không thuộc thẩm quyền thì báo lại để cập nhật."
        )
    if digest.office:
        lines.append(digest.office)
    lines.append("Bản nhắc này do phần mềm theo dõi nhiệm vụ dondoc lập tự động.")
    return lines


def more(section: Section) -> str:
    """What is said below a section that does not tell all its tasks."""
    first = "trễ lâu nhất" if section.kind == "overdue" else "đến hạn sớm nhất"
    return f"Trên đây là {len(section.items)} nhiệm vụ {first} trong tổng số {section.total}."


def item_headings(digest: Digest) -> tuple[str, ...]:
    """Columns of a section's table."""
    lead = ("Cơ quan chủ trì",) if digest.is_summary else ()
    return ("Mã", "Nhiệm vụ", *lead, "Văn bản giao", "Thời hạn")


def standing_rows(digest: Digest) -> list[tuple[str | int, ...]]:
    """Cells of the summary's table, under :data:`STANDING_HEADINGS`."""
    return [
        (
            one.agency,
            one.counts.get("overdue", 0),
            one.longest,
            *(one.counts.get(kind, 0) for kind in HEADINGS if kind != "overdue"),
        )
        for one in digest.standings
    ]


def as_text(digest: Digest) -> str:
    """Plain text, for mail programs without HTML and for printing."""
    lines = [title(digest), ""]
    if not digest.is_summary:
        lines += [f"Kính gửi: {clean(digest.agency)}", ""]
    lines += [opening(digest), ""]
    if digest.standings:
        lines.append("THEO CƠ QUAN, ĐƠN VỊ")
        for agency, *numbers in standing_rows(digest):
            told = (f"{heading.lower()} {number}" for heading, number in zip(STANDING_HEADINGS[1:], numbers, strict=True) if number)
            lines.append(f"- {agency}: {', '.join(told)}")
        lines.append("")
    for section in digest.sections:
        lines.append(f"{section.heading.upper()} ({section.total})")
        for number, item in enumerate(section.items, 1):
            lines.append(f"{number}. {item.text}")
            if digest.is_summary:
                lines.append(f"   Chủ trì: {item.lead}")
            lines.append(f"   Văn bản giao: {item.document}")
            lines.append(f"   Thời hạn: {item.when}. Mã nhiệm vụ: {item.task_id}.")
            lines += [f"   ({remark})" for remark in item.remarks]
        if section.total > len(section.items):
            lines.append(more(section))
        lines.append("")
    return "\n".join([*lines, *closing(digest), ""])


def as_html(digest: Digest) -> str:
    """A page without outside parts; all text from papers is escaped."""
    return _template().render(
        digest=digest,
        agency=clean(digest.agency),
        subject=subject(digest),
        title=title(digest),
        opening=opening(digest),
        closing=closing(digest),
        more=more,
        item_headings=item_headings(digest),
        standing_headings=STANDING_HEADINGS,
        standing_rows=standing_rows(digest),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("dondoc", "resources"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("nhac-viec.html.jinja")
