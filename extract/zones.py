"""Where a paper's parts lie: header, body, signature with nơi nhận, and what is appended — each a run of lines.

By Nghị định 30/2020, Phụ lục I, a directive opens with quốc hiệu, issuer, number, place and date, then type and trích yếu (or V/v
and Kính gửi), and its content ends with "./."; below stand nơi nhận on the left and the signature on the right; appendices
follow, each with its own heading and "(Kèm theo …)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.doctypes import type_of_line
from extract.folding import fold
from extract.marks import split_mark
from extract.paragraphs import PlacedLine, text_column
from extract.phrases import phrases
from extract.stamps import without_stamps
from extract.tables_boxes import with_tables
from ingest.document import Page

# A header longer than this would be a body: 29 types, 4 lines of V/v, a dozen addressees and the quốc hiệu fit easily.
_HEADER_LINES = 70
# Characters; a line this long is a paragraph that was never wrapped.
_WHOLE_PARAGRAPH = 160
_DATE = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,8}\bnam\b")
_NUMBER = re.compile(r"^(?:\W*)(?:so|s6|s0|sb|sé|s)\s*[:;.]")
_MOTTO = re.compile(r"doc lap.{0,6}tu do|cong hoa xa hoi|dang cong san viet nam")
_SUBJECT = re.compile(r"^\W*(?:v/v|v/ v|ve viec)\b")
_ADDRESS = re.compile(r"^(?:dong )?kinh (?:gui|guri|giri)\b|\bdien\s*:\s*$")
# OCR reads the end mark "./." as ".l." too, and loses the N of "Nơi nhận".
_END_MARK = re.compile(r"\./|\.\s*/\s*\.|(?<=[^\W\d])\s?\.\s?[l1]\.\s*$")
_RECIPIENTS = re.compile(r"^\W*n?o.?i nh.n\b")
_SIGNATURE = re.compile(r"^\W*(?:(?:TM|KT|TL|TUQ|Q)\s?\.|(?:T/M|K/T|T/L)\s?\.?)\s*[A-ZĐÀ-Ỹ]{2}")
TITLE_OF_SIGNER = re.compile(
    r"\b(?:chu tich|giam doc|bo truong|thu tuong|thu truong|truong ban|chanh van phong|chu nhiem|cuc truong|truong phong|"
    r"hieu truong|vu truong|chanh thanh tra|bi thu|vien truong|truong doan|doi truong|chanh an|thong doc|tong thanh tra|"
    r"uy vien|tm|kt|tl|tuq)\b"
)
_DATE_LINE = 60
# Share of a line's height: the gap between two lines of one trích yếu.
_CLOSE = 0.4
# Points.
_OFF_CENTRE = 10
# Share of the page's width, and how many such lines say where the column lies.
_WIDE = 0.45
_MOST = 5
_ARCHIVED = re.compile(r"^\W*lu[uư]\s*[:;]|^\W*luu\b")
_ANNEX = re.compile(r"^\W*(?:phu luc|danh muc|bieu|bang phan cong|bang tong hop)\b")
_ANNEX_TITLE = re.compile(r"^\W*phu luc(?: so)? (?:[ivx]{1,4}|\d{1,2})\W*$")
_ATTACHED = re.compile(r"^\W*\(?\s*(?:ban hanh )?kem theo\b|^\W*\(ban hanh\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A directive or one of its appendices: header lines, body lines, tail lines (empty where it has none)."""

    header: tuple[PlacedLine, ...]
    body: tuple[PlacedLine, ...]
    tail: tuple[PlacedLine, ...]
    annex: bool = False


def split_parts(lines: Sequence[PlacedLine]) -> tuple[Part, ...]:
    """The main document first, then its appendices in order. Every line is in exactly one run, but those known as stamps in none."""
    parts: list[Part] = []
    rest = without_stamps(with_tables([placed for placed in lines if placed.line.part != "stamp"]))
    while rest:
        annex = bool(parts)
        body_at = _annex_body_start(rest) if annex else _body_start(rest)
        tail_at = _tail_start(rest, body_at)
        end = _tail_end(rest, tail_at)
        parts.append(Part(tuple(rest[:body_at]), tuple(rest[body_at:tail_at]), tuple(rest[tail_at:end]), annex))
        rest = rest[end:]
    return tuple(parts)


def _upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) >= 0.75 * len(letters)


def _body_start(lines: Sequence[PlacedLine]) -> int:
    head = [fold(placed.text) for placed in lines[:_HEADER_LINES]]
    landmark = 0
    for at, folded in enumerate(head):
        if _RECIPIENTS.match(folded) or "\t" in lines[at].line.text:
            break
        if _ADDRESS.search(folded):
            return _after_addressees(lines, head, at)
        if at and landmark and split_mark(lines[at].text)[0] is not None and not _SUBJECT.match(folded) and not _MOTTO.search(folded):
            break  # an item of the body: nothing of the header comes after it
        if _MOTTO.search(folded) or _NUMBER.match(folded) or (_DATE.search(folded) and len(folded) < 60 and at < 25):
            landmark = at + 1
        elif _SUBJECT.match(folded):
            landmark = _after_subject(lines, head, at)
        elif type_of_line(lines[at].text) is not None and _upper(lines[at].text):
            address = next((i for i in range(at + 1, min(at + 14, len(head))) if _ADDRESS.search(head[i])), None)
            return _after_subject(lines, head, at + 1) if address is None else _after_addressees(lines, head, address)
    return landmark


def _after_subject(lines: Sequence[PlacedLine], head: Sequence[str], at: int) -> int:
    """The first line behind a trích yếu that begins at ``at`` (blank lines before it skipped)."""
    while at < len(head) and lines[at].blank:
        at += 1
    first = at
    upper = at < len(head) and _upper(lines[at].text)
    for i in range(first + 1, len(head)):
        text, folded = lines[i].text, head[i]
        if lines[i].line.box is not None and (not text or ("\t" in text and _narrow(lines[i]))):
            continue  # what a stamp left between the lines
        if lines[i].blank:
            return i + 1
        if "\t" in text:
            return i
        if split_mark(text)[0] is not None or _ADDRESS.search(folded):
            return i
        if _DATE.search(folded) and len(folded) < 60 and i - first < 5 and not folded.startswith("ngay"):
            continue  # a công văn's date stands beside its V/v
        if upper != _upper(text) and (upper or text.isupper()) and len(text) > 12:
            return i
        boxed = lines[i].line.box is not None
        if phrases().preamble.match(folded) and text[:1].isupper() and not upper and not (boxed and _centred(lines[i])):
            return i
        if not boxed and len(text) > _WHOLE_PARAGRAPH and text[:1].isupper():
            return i
        if (
            lines[i].line.box is not None
            and not _centred(lines[i])
            and i - first >= 1
            and not (i - first == 1 and _goes_on_below(lines[i - 1], lines[i]))
        ):
            return i
    return min(first + 1, len(lines))


def _goes_on_below(previous: PlacedLine, placed: PlacedLine) -> bool:
    """Whether a line goes on with a trích yếu though it is not centred: a stamp hid its beginning. A body begins lower, with a capital."""
    above, box = previous.line.box, placed.line.box
    return above is not None and box is not None and placed.text[:1].islower() and box[1] - above[3] < _CLOSE * (box[3] - box[1])


def _usual_column(page: Page) -> tuple[float, float]:
    """Left and right edge of most wide lines of a page: a line that a stamp made wider counts for no more than another."""
    wide = [line.box for line in page.lines if line.box is not None and line.box[2] - line.box[0] > _WIDE * page.width]
    if len(wide) < _MOST:
        return text_column(page)
    return sorted(box[0] for box in wide)[len(wide) // 5], sorted(box[2] for box in wide)[-1 - len(wide) // 5]


def _narrow(placed: PlacedLine) -> bool:
    box = placed.line.box
    return box is not None and box[2] - box[0] < 0.5 * placed.page.width


def _centred(placed: PlacedLine) -> bool:
    """Whether a line with a box stands centred or in the left half, as trích yếu and V/v do; True without a box."""
    box = placed.line.box
    if box is None:
        return True
    left, right = _usual_column(placed.page)
    before, after = box[0] - left, right - box[2]
    # A trích yếu as wide as the column still has its middle there; a paragraph's first line is indented on the left only.
    centred = abs(before - after) < (0.08 * placed.page.width if after > 8 else _OFF_CENTRE)
    return centred or box[2] < 0.55 * placed.page.width


def _after_addressees(lines: Sequence[PlacedLine], head: Sequence[str], at: int) -> int:
    """The first line behind the addressees of a công văn ("Kính gửi:") or công điện ("… điện:") that begin at ``at``."""
    ended = bool(re.search(r":\s*\w", lines[at].text)) and not lines[at].text.rstrip().endswith((";", ","))
    seen = ended
    i = at + 1
    while i < len(head):
        text = lines[i].text
        speck = len(head[i]) <= 2 and split_mark(text)[0] is None
        if lines[i].blank or speck or _MOTTO.search(head[i]) or (_DATE.search(head[i]) and len(head[i]) < _DATE_LINE):
            i += 1  # OCR may read the right column of the head after "Kính gửi"
            continue
        mark, rest = split_mark(text)
        if _ADDRESS.search(head[i]) or (mark is not None and mark.kind in {"dash", "plus"}):
            ended = False
        elif (
            mark is not None
            or (ended and seen and text[:1].isupper())
            or (len(text) > 60 and text[:1].isupper() and phrases().preamble.match(head[i]) and i > at + 1)
        ):
            return i
        goes_on = text[:1].islower() and ended
        seen = seen or bool(rest)
        ended = goes_on or text.rstrip().endswith((".", ")."))
        i += 1
    return i


def _tail_start(lines: Sequence[PlacedLine], body_at: int) -> int:
    for i in range(body_at, len(lines)):
        text = lines[i].text
        folded = fold(text)
        if i > body_at and "\t" in lines[i - 1].line.text and _ANNEX.match(folded) and _upper(text):
            return i
        if _RECIPIENTS.match(folded) and len(folded) < 40:
            return i
        if _SIGNATURE.match(text) and _upper(text):
            return i
        if i > body_at and (_is_annex_start(lines, i)):
            return i
        if _END_MARK.search(text[-12:]) and "\t" not in lines[i].line.text and not _goes_on(lines, i + 1):
            return i + 1
    return len(lines)


def _goes_on(lines: Sequence[PlacedLine], begin: int) -> bool:
    """Whether the content goes on behind what looked like its end mark: two numbered items before nơi nhận, signature or appendix."""
    items = 0
    for i in range(begin, len(lines)):
        folded = fold(lines[i].text)
        if _RECIPIENTS.match(folded) or (_SIGNATURE.match(lines[i].text) and _upper(lines[i].text)) or _is_annex_start(lines, i):
            return False
        if _ANNEX.match(folded) or _ARCHIVED.match(folded):
            return False
        mark, _ = split_mark(lines[i].text)
        items += mark is not None and mark.kind in {"roman", "arabic", "letter"}
        if items > 1:
            return any(_RECIPIENTS.match(fold(placed.text)) for placed in lines[i:])
    return False


def _is_annex_start(lines: Sequence[PlacedLine], i: int) -> bool:
    text = lines[i].text
    folded = fold(text)
    if _ANNEX_TITLE.match(folded) and text[:1].isupper():
        return True
    if not _upper(text) or "\t" in lines[i].line.text:
        return False
    titled = _ANNEX.match(folded) or type_of_line(text) is not None
    attached = any(_ATTACHED.match(fold(lines[j].text)) for j in range(i, min(i + 9, len(lines))))
    return bool(titled) and (attached or bool(re.match(r"^\W*phu luc\b", folded)))


def _tail_end(lines: Sequence[PlacedLine], tail_at: int) -> int:
    archived = False
    for i in range(tail_at, len(lines)):
        if _is_annex_start(lines, i) or (archived and _opens_attachment(lines, i)):
            return i
        archived = archived or is_archive_line(split_mark(lines[i].text)[1])
        if "\t" in lines[i].line.text:
            # The heading of a table that follows the signature belongs to the table.
            start = i
            while start > tail_at + 1 and (
                lines[start - 1].blank or _upper(lines[start - 1].text) or _ATTACHED.match(fold(lines[start - 1].text))
            ):
                start -= 1
            return start if start > tail_at else i if i > tail_at else i + 1
    return len(lines)


def _opens_attachment(lines: Sequence[PlacedLine], i: int) -> bool:
    """Behind "Lưu: …": a heading in capitals that is neither the signer's title nor authority opens what is attached."""
    text = lines[i].text
    if type_of_line(text) is not None and _upper(text):
        return True
    return (
        lines[i - 1].blank and _upper(text) and len(text) > 8 and TITLE_OF_SIGNER.search(fold(text)) is None and not _SIGNATURE.match(text)
    )


def _annex_body_start(lines: Sequence[PlacedLine]) -> int:
    """Behind the heading of an appendix: its title in capitals and the "(Kèm theo …)" that may run over several lines."""
    i = 0
    while i < min(len(lines), 25):
        text, folded = lines[i].text, fold(lines[i].text)
        if "\t" in lines[i].line.text:
            return i
        if _ATTACHED.match(folded):
            while i < min(len(lines), 25) and not lines[i].text.rstrip().endswith(")") and not lines[i].blank:
                i += 1
            return min(i + 1, len(lines))
        if i and not lines[i].blank and not _upper(text) and split_mark(text)[0] is not None:
            return i
        if i and split_mark(text)[0] is not None and split_mark(text)[0].kind == "roman":  # type: ignore[union-attr]
            return i
        i += 1
    return next((k for k, placed in enumerate(lines) if not placed.blank and not _upper(placed.text)), len(lines))


def is_archive_line(text: str) -> bool:
    """The last entry of nơi nhận: "Lưu: VT, NC."."""
    return _ARCHIVED.match(fold(text)) is not None
