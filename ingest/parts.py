"""What a line is of its page: text, page number, footnote, or the box of a digital signature over the print.

Nghị định 30/2020/NĐ-CP, Phụ lục I: the page number stands centred in the upper margin from page 2 on (offices also print it at the
foot); mục II.2 of Phụ lục IV and the signing programs: "Ký bởi", "Người ký", "Cơ quan", "Thời gian ký" in small letters at the edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median, quantiles

from ingest.document import Part
from ingest.language import plain
from ingest.layout import Segment

_NUMBER = re.compile(r"^[-–—.\s]*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—.\s]*$", re.IGNORECASE)
_MARGIN = 0.13
"""Share of the page's height at its top and foot where a page number stands: NĐ 30 has margins of 20 to 25 mm of 297."""

_NOTE = re.compile(r"^[\[(]?(?P<number>\d{1,2})[\])]?[.:]?\s*[A-ZĐÀ-Ỹ“\"]|^[*†]\s*\w")
_SMALL = 0.9
"""Letters of a footnote (NĐ 30: size 10 to 11) against those of the text (13 to 14): at most this share of their height."""

_SIGNED = re.compile(
    r"(?:ky boi|nguoi ky|ky ngay|thoi gian ky|ngay ky|gio ky|ly do ky|chu ky so|digitally signed|signed by)\s*[:;,]"
    r"|signature (?:not )?verified|digitally signed by"
    r"|.*\d\d[:.\s]+\d\d[:.\s]+\d\d\s*\+\s?0?7[:.'\s]*00\b"
)
_ABOUT_SIGNING = re.compile(r"(?:co quan|email|e-mail|date|ngay|thoi gian|to chuc|don vi)\s*:")
_COPY = re.compile(r"(?:sao y(?: ban chinh)?|sao luc|trich sao)\b\W*")


def _bare(text: str) -> str:
    return plain(text).strip(" .,;:|-–—_")


def letter_height(part: Segment) -> float:
    """Of its capitals and tall letters, in points: the third quartile of its words' heights."""
    heights = [word.box[3] - word.box[1] for word in part.words if word.box]
    return quantiles(heights, n=4, method="inclusive")[2] if len(heights) > 1 else heights[0]


def body_height(parts: Sequence[Segment]) -> float:
    """Letter height of the text: the median of the lines of at least four words (all lines when there are none)."""
    long = [part for part in parts if len(part.words) >= 4] or list(parts)
    return median(letter_height(part) for part in long) if long else 0.0


def without_signatures(parts: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The segments of the flow, and those of digital signatures and SAO Y marks.

    What stands close above or below a line that surely belongs to a signature belongs to it too, if it is in smaller letters than the
    text or says office, e-mail or date: the signer's name may run over two lines.
    """
    signed = {at for at, part in enumerate(parts) if _is_signed(part)}
    usual = body_height(parts)
    todo = [at for at in signed if not _COPY.match(_bare(parts[at].text))]
    while todo:
        seed = parts[todo.pop()]
        for at, part in enumerate(parts):
            if (
                at not in signed
                and _beside(seed, part)
                and (letter_height(part) <= _SMALL * usual or _ABOUT_SIGNING.match(_bare(part.text)))
            ):
                signed.add(at)
                todo.append(at)
    return [part for at, part in enumerate(parts) if at not in signed], [parts[at] for at in sorted(signed)]


def _is_signed(part: Segment) -> bool:
    bare = _bare(part.text)
    return bool(_SIGNED.match(bare)) or (bool(_COPY.fullmatch(bare)) and len(part.words) <= 4)


def _beside(seed: Segment, part: Segment) -> bool:
    """Whether ``part`` is the next line above or below ``seed`` in one block."""
    near = min(abs(part.box[1] - seed.box[3]), abs(seed.box[1] - part.box[3])) < 0.7 * min(seed.height, part.height)
    shared = min(seed.box[2], part.box[2]) - max(seed.box[0], part.box[0])
    return near and shared > 0.3 * min(seed.box[2] - seed.box[0], part.box[2] - part.box[0])


def parts_of(ordered: Sequence[Segment], width: float, height: float) -> list[Part]:
    """What each line of a page is, given in reading order: "body", "page-number" or "footnote"."""
    found: list[Part] = ["body"] * len(ordered)
    for at, part in enumerate(ordered):
        if _is_page_number(part, ordered, width, height):
            found[at] = "page-number"
    for at in _footnotes(ordered, found, height):
        found[at] = "footnote"
    return found


def _is_page_number(part: Segment, ordered: Sequence[Segment], width: float, height: float) -> bool:
    if not _NUMBER.match(part.text) or _MARGIN * height < part.middle < (1 - _MARGIN) * height:
        return False
    others = [other for other in ordered if other is not part]
    above = part.middle < height / 2
    outside = all(part.middle < other.middle if above else part.middle > other.middle for other in others)
    centre = (part.box[0] + part.box[2]) / 2
    return outside and (abs(centre - width / 2) < 0.12 * width or not above)


def _footnotes(ordered: Sequence[Segment], found: Sequence[Part], height: float) -> range:
    """The run of lines in small letters at the end of the page's text that begins with the mark of a note."""
    end = len(ordered)
    while end and found[end - 1] == "page-number":
        end -= 1
    usual = body_height([part for part, kind in zip(ordered, found, strict=True) if kind == "body"])
    begin = end
    while begin and found[begin - 1] == "body" and letter_height(ordered[begin - 1]) <= _SMALL * usual:
        begin -= 1
    first = next((at for at in range(begin, end) if _NOTE.match(ordered[at].text) and ordered[at].middle > height / 2), end)
    return range(first, end)
