"""What each column of a task table says, by its heading: in any order and wording, over one heading row or two.

Besides the roles of ``phrases.yaml`` (ordinal, task, lead, coordinating, deadline, result, basis, note) a column may hold the group of
several tasks, lead and partners together, a person, the beginning or the end of a period, or one month or quarter that is ticked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.folding import fold
from extract.phrases import phrases

# Characters of a heading cell.
_HEADING_CELL = 60
# A date or an ordinal: no heading has one.
_DATA = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|^\s*(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,4})[.)]?\s")
_DATE = re.compile(r"\d/\d{1,2}/\d{4}\b")
_PERIOD = re.compile(
    r"^(?:(?P<month>thang|th|t)\.? ?0?(?P<n>1[0-2]|[1-9])|(?P<quarter>quy|q)\.? ?(?P<q>i{1,3}|iv|[1-4]))"
    r"(?:[/ -]+(?:nam )?(?P<year>20\d\d))?$"
)
_NUMBER = re.compile(r"^0?(1[0-2]|[1-9])$")
_OVER_MONTHS = re.compile(r"\bthang\b|thoi gian|tien do|ke hoach thuc hien|\bnam 20\d\d")
_YEAR = re.compile(r"\b(20\d\d)\b")
_ROMAN = ("I", "II", "III", "IV")
# Asked before the lists of phrases.yaml; the first that fits wins.
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("note", re.compile(r"^(?:don vi tinh|dvt|so luong|muc do|ty le)\b")),
    (
        "person",
        re.compile(r"\b(?:lanh dao|dong chi|nguoi (?:chi dao|phu trach|theo doi)|can bo (?:phu trach|theo doi)|pho chu tich|uy vien)\b"),
    ),
    ("both", re.compile(r"chu tri.*phoi hop|(?:don vi|co quan) thuc hien.{1,4}phoi hop")),
    ("begin", re.compile(r"^(?:thoi gian |thoi diem |ngay )?(?:bat dau|khoi cong|khoi dong)$|^tu(?: ngay| thang)?$")),
    ("end", re.compile(r"^(?:thoi gian |thoi diem |ngay )?ket thuc$|^den(?: ngay| thang)?$")),
    ("result", re.compile(r"^(?:ket qua|san pham)\b")),
)
_MORE_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("deadline", re.compile(r"^(?:lo trinh|thoi diem|nam thuc hien|ky bao cao|han)\b")),
    ("lead", re.compile(r"dau moi|chiu trach nhiem|soan thao|^thuc hien$|^don vi, ca nhan")),
)
_GROUP = re.compile(r"^(?:nhom|linh vuc|muc tieu|tieu chi|chuyen de|noi dung lon)\b")
_SPECIFIC = re.compile(r"\b(?:cu the|chi tiet|cong viec|hoat dong)\b")
_TICK = re.compile(r"\w|[✓✔√•●■▪*+→►=]")
_WHO_OR_WHEN = frozenset({"lead", "both", "deadline", "begin", "end", "period"})
_BELOW = frozenset({"lead", "coordinating", "both", "person", "deadline", "begin", "end", "period", "result"})
_FIRST_DIGIT = re.compile(r"^\d{1,2}[/.-]\d")
_PARTNERS = re.compile(r"[\s;,.(-]*\b(?:(?:các )?(?:cơ quan|đơn vị) )?phối hợp(?: thực hiện)?(?: với)?\s*[:-]?\s*", re.IGNORECASE)
_CHIEF = re.compile(r"^\W*(?:(?:cơ quan|đơn vị) )?chủ trì\s*[:-]\s*|\s*\(?\bchủ trì\b\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column; ``periods`` are the words of those that stand for a month or quarter ("Tháng 3/2026"), else empty."""

    roles: tuple[str, ...]
    periods: tuple[str, ...]

    def cell(self, cells: Sequence[str], role: str) -> str:
        """The texts of the columns with that role, each once."""
        picked = [cells[at] for at, name in enumerate(self.roles) if name == role and at < len(cells) and cells[at].strip()]
        return " ".join(dict.fromkeys(picked))

    def lead(self, cells: Sequence[str]) -> str:
        """Who does it."""
        return self.cell(cells, "lead") or _both(self.cell(cells, "both"))[0]

    def coordinating(self, cells: Sequence[str]) -> str:
        """Who helps."""
        return self.cell(cells, "coordinating") or _both(self.cell(cells, "both"))[1]

    def deadline(self, cells: Sequence[str]) -> str:
        """The term in words: as printed, from begin to end, or the ticked months."""
        if printed := self.cell(cells, "deadline"):
            return printed
        begin, end = self.cell(cells, "begin"), self.cell(cells, "end")
        if begin and end:
            return f"từ ngày {begin} đến ngày {end}" if _FIRST_DIGIT.match(begin) and _FIRST_DIGIT.match(end) else f"{begin} đến {end}"
        if begin or end:
            return end or begin
        ticked = [self.periods[at] for at, cell in enumerate(cells[: len(self.roles)]) if self.periods[at] and _TICK.search(cell)]
        if not ticked:
            return ""
        return ticked[0] if len(ticked) == 1 else f"{ticked[0].split('/')[0]} đến {ticked[-1].lower()}"

    def aligned(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The row with as many cells as its heading; web text may lack empty cells at a row's end, or begin with one too many."""
        width = len(self.roles)
        if len(cells) > width and not cells[0].strip():
            cells = cells[len(cells) - width :]
        return tuple(cells[:width]) + ("",) * (width - len(cells))


def read_heading_row(cells: Sequence[str]) -> Columns | None:
    """The columns under a heading row; None when it names no task column, or neither who nor when."""
    if len(cells) < 2 or _DATA.search(" ".join(cells)) or max(len(cell) for cell in cells) > 2 * _HEADING_CELL:
        return None
    periods = _periods(cells)
    roles = ["period" if period else _role(cell) for cell, period in zip(cells, periods, strict=True)]
    if "task" not in roles and "result" in roles:
        roles[roles.index("result")] = "task"
    if "task" not in roles or not _WHO_OR_WHEN & set(roles) or (len(cells) == 2 and "lead" not in roles):
        return None
    return Columns(tuple(_one_task(roles, cells)), periods)


def read_second_row(cells: Sequence[str], columns: Columns, above: Sequence[str]) -> Columns | None:
    """The columns after a second heading row ("Đơn vị thực hiện" over "Chủ trì" and "Phối hợp"); None when this is no such row."""
    own = columns.aligned(cells)
    if max(map(len, own)) > _HEADING_CELL or _DATA.search(own[0] + " ") or _DATE.search(" ".join(own)):
        return None
    over = _spread(columns.aligned(above))
    periods = list(_periods(own))
    for at, cell in enumerate(own):
        if not periods[at] and _NUMBER.match(cell.strip()) and columns.roles[at] != "ordinal" and _OVER_MONTHS.search(fold(over[at])):
            periods[at] = f"Tháng {int(cell)}"
    numbers = [at for at, cell in enumerate(own) if _NUMBER.match(cell.strip())]
    if len(numbers) == sum(bool(cell.strip()) for cell in own) and not all(periods[at] for at in numbers):
        return None  # a row that numbers the columns
    year = {at: found[1] for at, text in enumerate(over) if (found := _YEAR.search(text))}
    periods = [f"{period}/{year[at]}" if period and at in year and "/" not in period else period for at, period in enumerate(periods)]
    roles = ["period" if periods[at] else _role(cell) if cell.strip() else "" for at, cell in enumerate(own)]
    changed = [role for at, role in enumerate(roles) if role and not (role == columns.roles[at] or own[at] == columns.aligned(above)[at])]
    if not changed or set(changed) - _BELOW:
        return None
    merged = [new if new in _BELOW else old for new, old in zip(roles, columns.roles, strict=True)]
    return Columns(tuple(merged), tuple(new or old for new, old in zip(periods, columns.periods, strict=True)))


def is_other_heading(cells: Sequence[str]) -> bool:
    """Whether a row opens a table of another kind: it has an ordinal's heading, and nothing says who or when."""
    return len(cells) > 1 and _role(cells[0]) == "ordinal" and not _DATA.search(" ".join(cells))


def is_numbering(cells: Sequence[str]) -> bool:
    """A row that numbers the columns: "(1) (2) (3)", or one that says nothing."""
    return all(re.match(r"^\(?\s*(?:\d{1,2}|[A-Z])\s*\)?(?:\s*=.*)?$|^$", cell.strip()) for cell in cells)


def _spread(cells: Sequence[str]) -> list[str]:
    """The heading cells with those that span several columns in each of them."""
    spread: list[str] = []
    for cell in cells:
        spread.append(cell if cell.strip() or not spread else spread[-1])
    return spread


def _periods(cells: Sequence[str]) -> tuple[str, ...]:
    matches = [_PERIOD.match(fold(cell).strip(" .")) for cell in cells]
    if sum(match is not None for match in matches) < 2:
        return ("",) * len(cells)
    return tuple("" if match is None else _period(match) for match in matches)


def _period(match: re.Match[str]) -> str:
    quarter = match["q"] or ""
    name = f"Quý {_ROMAN[int(quarter) - 1] if quarter.isdigit() else quarter.upper()}" if quarter else f"Tháng {match['n']}"
    return f"{name}/{match['year']}" if match["year"] else name


def _role(cell: str) -> str:
    folded = fold(cell).strip(" .:")
    if not folded:
        return "note"
    for role, pattern in (*_ROLES, *phrases().columns, *_MORE_ROLES):
        if pattern.search(folded) and not (role == "note" and any(more.search(folded) for _, more in _MORE_ROLES)):
            return role
    return "note"


def _one_task(roles: list[str], cells: Sequence[str]) -> list[str]:
    """Of several task columns one holds the tasks: the second when it says "cụ thể", or when the first names groups."""
    tasks = [at for at, role in enumerate(roles) if role == "task"]
    groups = [at for at, cell in enumerate(cells) if _GROUP.match(fold(cell)) and roles[at] in {"task", "note", "result"}]
    chosen = tasks[0]
    if len(tasks) > 1 and (chosen in groups or (_SPECIFIC.search(fold(cells[tasks[1]])) and not _SPECIFIC.search(fold(cells[chosen])))):
        chosen = tasks[1]
    return [
        "task" if at == chosen else "group" if at < chosen and (at in groups or role == "task") else "note" if role == "task" else role
        for at, role in enumerate(roles)
    ]


def _both(text: str) -> tuple[str, str]:
    """Lead and partners of one cell: "Chủ trì: Sở A; phối hợp: Sở B, Sở C", "Sở A (chủ trì), Sở B"."""
    halves = _PARTNERS.split(text, maxsplit=1)
    lead = _CHIEF.sub("", halves[0]).strip(" ;,.:()")
    if len(halves) == 2:
        return lead, halves[1].strip(" ;,.:()")
    chief = re.match(r"^(?P<lead>[^;()]+?)\s*\(chủ trì\)\s*[;,]\s*(?P<rest>.+)$", text, re.IGNORECASE)
    return (chief["lead"], chief["rest"]) if chief else (lead, "")
