"""How sure the fields of the header are, and what a clerk has to look at in the document as a whole.

The chance of a field begins at the share of the samples in which it was right (``resources/confidence_weights.csv``, rows ``header``) and
falls with the words in it that may be others. Warnings are Vietnamese sentences; they name page and line where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from extract.directive import Header, Span, Task
from extract.folding import fold
from extract.headlines import NUMBER_LABEL, OVERWRITTEN_NUMBER
from extract.legibility import Paper, Weak
from extract.numbers import FULL_NUMBER
from extract.outline import Node, build
from extract.paragraphs import PlacedLine, paragraphs
from extract.zones import Part

FIELDS = ("number", "type", "issuer", "date", "place", "subject", "signer", "signer_title")
_ABOUT = {
    "number": ("Không tìm thấy số, ký hiệu", "Số văn bản", "Số, ký hiệu"),
    "date": ("Chỉ đọc được tháng ban hành", "Không đọc được ngày ban hành", "Ngày ban hành"),
    "issuer": ("Không đọc được tên cơ quan ban hành", "Tên cơ quan ban hành"),
    "signer": ("Họ tên người ký",),
}
"""How the warnings about each field of the header begin."""

_NAMES = {"number": "Số, ký hiệu", "issuer": "Tên cơ quan ban hành", "date": "Ngày ban hành", "signer": "Họ tên người ký"}
# A word that is wrong more often than this makes its field worth a look.
_WEAK = 0.5
_ROMAN = {"I": 1, "V": 5, "X": 10}
# The order of letters in Nghị định 30/2020; typists who follow the English alphabet also use f.
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_SKIPPED = 3
_ROW = re.compile(r"^(?P<table>.*)/(?P<number>\d{1,3})$")
_MOST_GAPS = 3


def header_confidence(header: Header, parts: Sequence[Part], paper: Paper, base: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The chance that each field which was read is right. ``base`` has one for "number given", "number recognised" and so on."""
    found = []
    for name in FIELDS:
        value = getattr(header, name)
        if value:
            chance = base.get(f"{name} {'recognised' if paper.recognised else 'given'}", 1.0)
            for weak in _weak_words(value, parts, paper, name)[:3]:
                chance *= 1 - weak.doubt
            found.append((name, chance))
    return tuple(found)


def warnings(header: Header, parts: Sequence[Part], paper: Paper, tasks: Sequence[Task]) -> tuple[str, ...]:
    """What a clerk has to look at that is no single task's."""
    gaps = [*numbering_gaps(parts), *_row_gaps(tasks)]
    if len(gaps) > _MOST_GAPS:  # not lost items but a table that came apart
        gaps = ["Số thứ tự các mục bỏ cách nhiều chỗ: có thể một bảng bị vỡ khi đọc, cần đối chiếu với bản gốc."]
    return tuple(dict.fromkeys([*_missing(header, parts, paper.signed_on), *_illegible(header, parts, paper), *gaps]))


def field_of(warning: str) -> str | None:
    """The field of the header that a warning is about, None when it is about something else."""
    return next((name for name, beginnings in _ABOUT.items() if warning.startswith(beginnings)), None)


def _missing(header: Header, parts: Sequence[Part], signed_on: Sequence[date]) -> Iterator[str]:
    """Fields that every directive has and this one seems to lack, and a date that cannot be."""
    if header.number is None:
        labelled = (placed for placed in parts[0].header if NUMBER_LABEL.match(placed.text) or OVERWRITTEN_NUMBER.match(placed.text))
        line = next((placed for placed in labelled if "/" in placed.text), None)
        if line is None:
            yield "Không tìm thấy số, ký hiệu văn bản."
        else:
            yield f"Số văn bản viết tay hoặc khó đọc ({_place(line)}), cần nhập lại theo bản gốc."
    elif not FULL_NUMBER.fullmatch(header.number):
        yield f"Số, ký hiệu văn bản “{header.number}” có thể chưa đúng, cần đối chiếu với bản gốc."
    if header.date is None and header.about is not None:
        yield f"Chỉ đọc được tháng ban hành ({header.about:%m/%Y}), cần nhập ngày theo bản gốc{_signed(signed_on)}."
    elif header.date is None:
        yield f"Không đọc được ngày ban hành văn bản{_signed(signed_on)}."
    elif signed_on and header.date > signed_on[-1]:
        yield f"Ngày ban hành {header.date:%d/%m/%Y} muộn hơn ngày ký số của tệp ({signed_on[-1]:%d/%m/%Y}), cần đối chiếu với bản gốc."
    if header.issuer is None:
        yield "Không đọc được tên cơ quan ban hành."


def _signed(days: Sequence[date]) -> str:
    """What a clerk may go by: a paper is signed digitally on its day of issue or soon after."""
    if not days:
        return ""
    first, last = (f"{day:%d/%m/%Y}" for day in (days[0], days[-1]))
    return f"; tệp được ký số ngày {first}" if first == last else f"; tệp được ký số từ {first} đến {last}"


def _illegible(header: Header, parts: Sequence[Part], paper: Paper) -> Iterator[str]:
    """Fields with a word that may well be another one."""
    for name, called in _NAMES.items():
        value = getattr(header, name)
        weak = _weak_words(value, parts, paper, name) if value else []
        if weak and weak[0].doubt >= _WEAK:
            yield f"{called} khó đọc ở chữ “{weak[0].text}” ({weak[0].place}), cần đối chiếu với bản gốc."


def _weak_words(value: object, parts: Sequence[Part], paper: Paper, name: str) -> list[Weak]:
    """Words of a field that may be others, the least legible first; the signer's stand below the body, the others above it."""
    main = parts[0]
    placed = main.tail if name in {"signer", "signer_title"} else main.header
    if name != "number":  # "Số:" is no word of "Sở Y tế"
        placed = tuple(one for one in placed if not NUMBER_LABEL.match(one.text))
    text = f"{value:%d %m %Y} {value.day} {value.month}" if isinstance(value, date) else str(value)
    words = set(fold(text).split())
    found = [weak for one in placed for weak in paper.weak(_span(one)) if set(fold(weak.text).strip(".,;:").split()) & words]
    return sorted(found, key=lambda weak: -weak.doubt)


def _span(placed: PlacedLine) -> Span:
    return Span(placed.page.number, placed.line.number, placed.line.number)


def _place(placed: PlacedLine) -> str:
    return f"trang {placed.page.number}, dòng {placed.line.number}"


def numbering_gaps(parts: Sequence[Part]) -> Iterator[str]:
    """Numbers and letters that the items of a body skip: an item may have been lost."""
    for part in parts:
        prose = [paragraph for paragraph in paragraphs(part.body) if not paragraph.cells]
        yield from _gaps(build(prose))


def _gaps(nodes: Sequence[Node]) -> Iterator[str]:
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for node in nodes:
        mark = node.paragraph.mark
        if mark is not None and (place := _ordinal(mark.kind, mark.label)) is not None:
            series, number = (mark.kind, mark.label.rpartition(".")[0]), place
            before = last.get(series)
            # OCR reads đ as d, and many typists leave it out: "d)" may be followed by "e)".
            skipped = number - (before[0] if before else number) - (mark.kind == "letter" and before is not None and before[1] in "cd")
            if before is not None and 1 < skipped <= _SKIPPED:
                span = node.paragraph.span
                yield (
                    f"Sau mục {before[1]} là mục {mark.label} (trang {span.page}, dòng {span.first}): có thể thiếu một mục, "
                    "cần đối chiếu với bản gốc."
                )
            last[series] = (number, mark.label)
        yield from _gaps(node.children)


def _ordinal(kind: str, label: str) -> int | None:
    """Where a mark stands in its series; None for marks that count nothing."""
    if kind in {"arabic", "article"} and (digits := re.search(r"\d+$", label)):
        return int(digits[0])
    if kind == "roman" and set(label) <= _ROMAN.keys():
        values = [_ROMAN[c] for c in label]
        return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
    if kind == "letter" and label in _LETTERS:
        return _LETTERS.index(label)
    return None


def _row_gaps(tasks: Sequence[Task]) -> Iterator[str]:
    """Numbers that the rows of a table skip."""
    for before, after in pairwise(tasks):
        one, other = _ROW.match(before.path), _ROW.match(after.path)
        if one is None or other is None or one["table"] != other["table"]:
            continue
        if 1 < int(other["number"]) - int(one["number"]) <= _SKIPPED:
            yield (
                f"Trong bảng, sau dòng số {one['number']} là dòng số {other['number']} (trang {after.span.page}, dòng {after.span.first}): "
                "có thể thiếu một dòng, cần đối chiếu với bản gốc."
            )
