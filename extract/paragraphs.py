"""From lines to paragraphs: what the typist wrote as one item, however the page broke it.

Three kinds of evidence say where a paragraph ends: a mark at the beginning of the next line; the boxes of the lines (a
first-line indent, a last line that stops short), where the source has boxes; else the length of the line and the blank
lines of a text file, if that file sets paragraphs apart by them at all (the text layer of bad OCR has blank lines anywhere).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import quantiles

from extract import gazetteer
from extract.attributes import read_attributes
from extract.directive import Span
from extract.folding import fold
from extract.marks import BULLETS, Mark, split_mark
from extract.phrases import opens_order, phrases
from extract.table_rows import torn_rows
from ingest.document import Line, Page

_TERMINAL = re.compile(r"[.;:!?…]['\"”’)\]]*$|\./\.?.{0,3}$")
_RULE_LINE = re.compile(r"^[\s\-_–—=*.~•^|]*$")
_PAGE_NUMBER = re.compile(r"^[-–—\s]*\d{1,3}[-–—\s]*$")
FOOTNOTE = re.compile(r"^\[\d{1,2}\]")
_FOOTNOTE_CALL = re.compile(r"\[\d{1,2}\]")
_DRAWN_RULE = re.compile(r"^\s*[_–—-]{5,}\s*$")
_BARE_FOOTNOTE = re.compile(r"^\d{1,2}\s+[A-ZĐÀ-Ỹ]")
_BROKEN_NUMBER = re.compile(r"(?:\d|[A-ZĐ&])[-/]$")
# Specks behind the end of a paragraph: "… năm 2026. :".
_END_SPECKS = re.compile(r"(?<=[.;])\s+[:.,'`´*_~|^-]{1,2}$")
_MARKDOWN = re.compile(r"\*\*|</?(?:i|b|em|strong|u|ul|li|br|p|span)\b[^>]*>", re.IGNORECASE)

# No item ends in one of these; a web page that wraps the first line of a paragraph early may break it there.
_DANGLING = re.compile(
    r"\b(?:của|và|với|các|những|về|cho|theo|tại|trong|trên|để|do|là|đến|từ|như|hoặc|cùng|bằng|thuộc|giữa|việc|công tác|"
    r"Giao|Yêu cầu|Đề nghị|Ngân hàng|Kho bạc|Đài|Trường|Bệnh viện|Mặt trận|Liên minh|Liên đoàn|Hiệp hội|Tòa án|Bộ Chỉ huy|"
    r"Ban|Sở|Bộ|Cục|Chi cục|Tổng cục|Vụ|Viện|Hội|Đoàn|Phòng|Trung tâm|Văn phòng|Ủy ban|Uỷ ban|Công ty|Tập đoàn|Thanh tra|Hội đồng)$"
)

_NOTICE = re.compile(
    r"van phong (?:chinh phu|ubnd|uy ban nhan dan|tinh uy|hdnd)\b[^.]{0,60}\bthong bao|nhan duoc (?:cong dien|van ban|chi thi|ke hoach)\b|"
    r"(?:nghi quyet|quyet dinh|chi thi|cong dien|thong bao) nay (?:da|co hieu|thay|duoc|duoc pho)"
)

# A last line that fills less than this share of the column ended its paragraph; .85 separated wrapped from last lines on the
# real directives that were looked at, whose lines are justified.
_SHORT = 0.85
_SHORT_FIRST = 0.55
_FULL = 0.9
# Characters; no heading above a list of bullets was longer.
_HEADING_LENGTH = 120
# Points by which a first line is indented at least (NĐ 30: 1 cm or 1.27 cm = 28–36 pt; scans lose some).
_INDENT = 12.0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with the page it stands on; ``raw_text`` is cleaned of markup."""

    page: Page
    line: Line

    @property
    def text(self) -> str:
        """The line's text without markdown or HTML left in it."""
        return _MARKDOWN.sub(" ", self.line.text).strip() if "\t" not in self.line.text else self.line.text

    @property
    def blank(self) -> bool:
        """Nothing but white space or a drawn rule."""
        return bool(_RULE_LINE.match(self.line.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One item or paragraph, its mark taken off; a table row has ``cells`` and no mark."""

    text: str
    span: Span
    mark: Mark | None = None
    cells: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the lines of one document look like."""

    width: float
    spaced: bool
    whole: bool

    @classmethod
    def of(cls, lines: Sequence[PlacedLine]) -> _Layout:
        texts = [placed.text for placed in lines if not placed.blank and "\t" not in placed.line.text]
        lengths = [len(text) for text in texts]
        width = quantiles(lengths, n=10)[8] if len(lengths) > 1 else 80.0
        finished = sum(bool(_TERMINAL.search(text)) for text in texts)
        marked = before_blank = torn = 0
        for previous, current in pairwise(lines):
            if not current.blank and split_mark(current.text)[0] is not None:
                marked += 1
                before_blank += previous.blank
            # A sentence that goes on behind a blank line: here blank lines come from the scanner, not from the typist.
            torn += previous.blank and current.text[:1].islower()
        spaced = marked > 3 and before_blank >= 0.8 * marked and torn <= 0.02 * len(lines)
        # Lines that nearly all end a sentence were never wrapped.
        return cls(width, spaced, width > 200 or (len(texts) > 3 and finished >= 0.95 * len(texts)))


def paragraphs(lines: Sequence[PlacedLine], *, footnotes: bool = False) -> tuple[Paragraph, ...]:
    """The paragraphs of a run of body lines in reading order; page numbers and rules are left out, footnotes unless asked for."""
    layout = _Layout.of(lines)
    found: list[Paragraph] = []
    run: list[PlacedLine] = []
    after_blank = in_footnote = noted = False
    after_rule = False
    for cells, (placed, *others) in torn_rows(tuple(_with_lone_marks(lines))):
        if cells:
            found += _close(run)
            run = []
            found.append(_row(cells, [placed, *others]))
            after_blank = False
            continue
        if placed.blank or _is_page_number(placed):
            after_blank = True
            in_footnote = False
            after_rule = after_rule or _DRAWN_RULE.match(placed.text) is not None
            continue
        known = placed.line.part == "footnote"
        if FOOTNOTE.match(placed.text) or ((after_rule or known) and _BARE_FOOTNOTE.match(placed.text)) or (known and not in_footnote):
            in_footnote, noted = True, known
            if footnotes:
                found += _close(run)
                run = []
        elif in_footnote and not known and (noted or split_mark(placed.text)[0] is not None):
            in_footnote = False
            if noted and footnotes:
                found += _close(run)
                run = []
        if in_footnote and not footnotes:
            continue
        if run and _starts_new(run, placed, after_blank=after_blank, layout=layout):
            found += _close(run)
            run = []
        run.append(placed)
        after_blank = after_rule = False
    return tuple(found + _close(run))


def _with_lone_marks(lines: Sequence[PlacedLine]) -> Iterator[PlacedLine]:
    """The lines of a text with a dash that stands alone on its line put before the line it belongs to, as web pages part them."""
    lone = ""
    for placed in lines:
        if placed.line.box is None and placed.line.text.strip() in {"-", "–", "+", "•"}:
            lone = placed.line.text.strip()
        elif lone and not placed.blank and "\t" not in placed.line.text:
            yield replace(placed, line=replace(placed.line, text=f"{lone} {placed.line.text.strip()}"))
            lone = ""
        elif not (lone and placed.blank):
            yield placed


def join_lines(texts: Sequence[str]) -> str:
    """Lines joined to one: a number broken after its hyphen or slash closes up, everything else gets a space."""
    joined = ""
    for text in texts:
        if not joined:
            joined = text
        elif _BROKEN_NUMBER.search(joined) and text[:1].isalnum() and (text[:1].isupper() or text[:1].isdigit()):
            joined += text
        else:
            joined += " " + text
    return " ".join(joined.split())


def span_of(lines: Sequence[PlacedLine]) -> Span:
    """From the first line to the last, also over a page break."""
    first, last = lines[0], lines[-1]
    if first.page.number == last.page.number:
        return Span(first.page.number, first.line.number, last.line.number)
    on_first = max(placed.line.number for placed in lines if placed.page.number == first.page.number)
    return Span(first.page.number, first.line.number, on_first, last.page.number, last.line.number)


def _is_page_number(placed: PlacedLine) -> bool:
    """A lone number at the top of a later page (Nghị định 30/2020, Phụ lục I), or at the foot of any page, as offices also print it."""
    if placed.line.part == "page-number":
        return True
    if not _PAGE_NUMBER.match(placed.text):
        return False
    number = placed.line.number
    last = next((line.number for line in reversed(placed.page.lines) if line.part != "stamp"), number)
    return (number <= 1 and placed.page.number > 1) or (placed.line.box is not None and number == last)


def _row(cells: Sequence[str], lines: Sequence[PlacedLine]) -> Paragraph:
    clean = tuple(" ".join(_MARKDOWN.sub(" ", cell).split()) for cell in cells)
    confidence = min(placed.line.confidence for placed in lines)
    return Paragraph(" ".join(filter(None, clean)), span_of(lines), cells=clean, confidence=confidence)


def _close(run: Sequence[PlacedLine]) -> list[Paragraph]:
    if not run:
        return []
    text = _FOOTNOTE_CALL.sub("", join_lines([placed.text for placed in run]))
    mark, rest = split_mark(_END_SPECKS.sub("", text))
    confidence = sum(placed.line.confidence for placed in run) / len(run)
    paragraph = Paragraph(rest, span_of(run), mark=mark, confidence=confidence)
    return [paragraph] if rest or mark else []


def _starts_new(run: Sequence[PlacedLine], placed: PlacedLine, *, after_blank: bool, layout: _Layout) -> bool:
    """Whether ``placed`` opens a paragraph after ``run``."""
    previous = run[-1]
    text, before = placed.text, previous.text
    ended = bool(_TERMINAL.search(before))
    mark, rest = split_mark(text)
    if mark is not None:
        stands_out = _indented(previous, placed) or (layout.spaced and after_blank)
        inline = mark.kind == "paren" and mark.label.isdigit() and _goes_on_in_brackets(run, int(mark.label))
        if not inline and not _is_false_mark(
            mark, rest, before, ended=ended, run_length=sum(len(one.text) for one in run), stands_out=stands_out
        ):
            return True
        if mark.kind == "arabic" and before.endswith(",") and rest[:1].isupper() and _indented_after_short(previous, placed):
            return True  # the full stop before it was read as a comma
    if not text[:1].isupper() and not text[:1].isdigit() and text[:1] not in '"“(':
        return False
    if (len(run) == 1 and not split_mark(before)[1]) or _DANGLING.search(before):
        return False  # "1." alone on its line; "… của Ban"
    if (ended and _closes(fold(text))) or _opens_label(text):
        return True
    if text.isupper() or before.isupper():
        return ended or (text.isupper() != before.isupper() and len(text) > 12 and len(before) > 8)
    if before.rstrip().endswith((",", "-", "(")):
        return False
    if layout.whole:
        return ended or after_blank or len(before) < _HEADING_LENGTH
    if placed.line.box and previous.line.box and placed.page.number == previous.page.number:
        return _starts_new_by_box(previous, placed, ended=ended)
    return after_blank if layout.spaced else _starts_new_by_length(run, text, ended=ended, after_blank=after_blank, width=layout.width)


def _goes_on_in_brackets(run: Sequence[PlacedLine], number: int) -> bool:
    """Whether "(3)" at the head of a line goes on with "(1) …; (2) …" inside the sentence before it."""
    text = " ".join(placed.text for placed in run)
    return number > 1 and f"({number - 1})" in text[4:]


def _closes(folded: str) -> bool:
    """Whether a closing paragraph begins so."""
    return phrases().closings.match(folded) is not None or _NOTICE.match(folded) is not None


def _opens_label(text: str) -> bool:
    """A line that says one thing of the task above it: "Đơn vị chủ trì: …"."""
    attributes = read_attributes(text)
    return bool(attributes) and attributes[0].begin == 0


def _starts_new_by_length(run: Sequence[PlacedLine], text: str, *, ended: bool, after_blank: bool, width: float) -> bool:
    """What the length of the line before says. Text copied from web pages wraps the first line of a paragraph early."""
    short = len(run[-1].text) < (_SHORT if len(run) > 1 else _SHORT_FIRST) * width
    if ended:
        return short or after_blank or (run[-1].text.endswith(".") and _had_room(run[-1].text, text, width))
    heading = len(run) <= 3 and split_mark(run[0].text)[0] is not None
    return short and heading and (after_blank or opens_order(text))


def _had_room(before: str, text: str, width: float) -> bool:
    """Whether the line had room for the next word, so that it was ended on purpose."""
    return len(before) + 1 + len(text.split(maxsplit=1)[0]) <= _FULL * width


def _indented(previous: PlacedLine, placed: PlacedLine) -> bool:
    """Whether the boxes say that a first line follows a line that was none."""
    if previous.line.box is None or placed.line.box is None or placed.page.number != previous.page.number:
        return False
    left, _ = text_column(placed.page)
    return placed.line.box[0] - left >= _INDENT > previous.line.box[0] - left


def _starts_new_by_box(previous: PlacedLine, placed: PlacedLine, *, ended: bool) -> bool:
    left, right = text_column(placed.page)
    assert previous.line.box is not None
    assert placed.line.box is not None
    indented = placed.line.box[0] - left >= _INDENT
    short = previous.line.box[2] < left + _SHORT * (right - left)
    if indented and placed.line.box[2] > left + 0.5 * (right - left):
        return ended or short or previous.line.box[0] - left < _INDENT
    return short and (ended or indented)


def _indented_after_short(previous: PlacedLine, placed: PlacedLine) -> bool:
    """Whether the boxes alone say that a paragraph ends with ``previous`` and the next begins: it stops short of half the column."""
    if previous.line.box is None or placed.line.box is None or placed.page.number != previous.page.number:
        return False
    left, right = text_column(placed.page)
    return placed.line.box[0] - left >= _INDENT and previous.line.box[2] < left + 0.5 * (right - left)


def text_column(page: Page) -> tuple[float, float]:
    """Left and right edge of the text column of a page, in points."""
    boxes = [line.box for line in page.lines if line.box is not None and "\t" not in line.text and line.part == "body"]
    wide = [box for box in boxes if box[2] - box[0] > 0.45 * page.width] or boxes
    return min(box[0] for box in wide), max(box[2] for box in wide)


def _is_false_mark(mark: Mark, rest: str, before: str, *, ended: bool, run_length: int, stands_out: bool) -> bool:
    """A line that begins like an item but goes on with the sentence before it; ``stands_out``: it is set apart as items are."""
    if ended:
        return False
    if mark.bare:
        return True
    if not rest:
        return run_length > _HEADING_LENGTH  # "… thực hiện Đề án ⏎ 06."
    if mark.kind in BULLETS:
        # "Bộ Lao động ⏎ - Thương binh và Xã hội", "kinh tế ⏎ - xã hội": an item begins with a capital behind a finished line or a heading.
        return (
            rest[:1].islower()
            or _goes_on_behind_a_dash(before, rest)
            or (run_length > _HEADING_LENGTH and not stands_out and not opens_order(rest) and before[-1:].isalpha())
        )
    if mark.kind == "arabic":
        # "tháng ⏎ 12. Các ...", "Điều ⏎ 5. ..."
        return bool(re.search(r"(?:ngày|tháng|năm|số|Điều|khoản|điểm|mục|Quý|quý|Phần|và|từ|đến|,)$", before))
    if mark.kind in {"letter", "roman"}:
        return bool(re.search(r"(?:điểm|khoản|mục|Mục|phần|Phần|,|và)$", before))
    return mark.kind == "paren" and mark.label.isalpha() and mark.label not in {"i", "v"} and len(mark.label) == 1


@cache
def _dashed_names() -> frozenset[tuple[str, str]]:
    """Last word before and first two words behind the dash of every known name that holds one ("động" - "thương binh")."""
    halves = (name.split(" - ", 1) for name, _ in gazetteer.load().spellings() if " - " in name)
    return frozenset((fold(left).split()[-1], " ".join(fold(right).split()[:2])) for left, right in halves)


def _goes_on_behind_a_dash(before: str, rest: str) -> bool:
    words = fold(before).split()
    return bool(words) and (words[-1], " ".join(fold(rest).split()[:2])) in _dashed_names()
