"""The lines of a paper's head one by one: motto, number, date and V/v apart where OCR glued the two columns.

The patterns that tell those boxes apart (Nghị định 30/2020/NĐ-CP, Phụ lục I, boxes 1 to 5) stand here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.folding import fold
from extract.paragraphs import PlacedLine

UPPER = "A-ZĐÀ-ÝĂẠ-ỸƠƯ"
MOTTO = re.compile(
    r"\bc.ng\s+h[oò0][aà]\s+x[aã]\s+h.i\b|\b[dđp].c\s+l.p.{0,4}t.\s+do\b|\b[đd].ng\s+c.ng\s+s.n\s+vi.t\s+nam\b", re.IGNORECASE
)
NUMBER_LABEL = re.compile(r"^\W*(?:số|so|s[6oó0êeéâ])\s*[:;.]\s*(?P<rest>.*)$", re.IGNORECASE)
# "Sóz?|/KH-SYT": a number written by hand over the colon, of which only the label's first letters and the typed symbol can be read.
OVERWRITTEN_NUMBER = re.compile(r"^\W*s[oóòố0ô6]\S{1,8}?\s?/\s?[A-ZĐ]{2,}(?:[-&][A-ZĐ][A-Za-zĐđ]*)*\W*$", re.IGNORECASE)
SUBJECT = re.compile(r"^\W*(?:v/\s?v|về việc|ve viec)\b[:.]?\s*", re.IGNORECASE)
DATED = re.compile(r"\bngay\b.{0,14}\bthang\b.{0,10}\bnam\b")
_PLACE = rf"(?:(?:TP\.?|Thành phố|Tỉnh|tỉnh)\s?)?[{UPPER}][\w.À-ỹ]*(?:\s(?:[{UPPER}][\w.À-ỹ]*|-|–))*\s*,\s*ng[àa]y"
_PLACE_AND_DATE = re.compile(rf"\s+(?={_PLACE})")
_DATE_ALONE = re.compile(rf"^\W*{_PLACE}")
_SUBJECT_INSIDE = re.compile(r"(?<=\S)\s+(?=V/\s?v\b)")
_ADDRESS_INSIDE = re.compile(r"(?<=\S)\s+(?=Kính gửi\b)")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line of one column; ``placed`` is the line it stood on."""

    text: str
    placed: PlacedLine


def head_lines(header: Sequence[PlacedLine]) -> list[HeadLine]:
    """The lines that say something, in reading order; a line glued from two columns gives two."""
    return [HeadLine(text, placed) for placed in header if not placed.blank for text in _columns(placed.text)]


def _columns(text: str) -> Iterator[str]:
    if "\t" in text:
        yield text
        return
    motto = MOTTO.search(text)
    if motto is not None and text[: motto.start()].strip(" -_*—–=~.:;'\"“”"):
        yield text[: motto.start()].strip()
        yield text[motto.start() :]
        return
    for pattern in (_PLACE_AND_DATE, _SUBJECT_INSIDE, _ADDRESS_INSIDE):
        if pattern is _PLACE_AND_DATE and (_DATE_ALONE.match(text) or not DATED.search(fold(text))):
            continue
        halves = pattern.split(text, maxsplit=1)
        if len(halves) == 2 and (pattern is not _ADDRESS_INSIDE or len(halves[0]) < 60):
            yield from _columns(halves[0])
            yield from _columns(halves[1])
            return
    yield text


def mostly_upper(text: str) -> bool:
    """Whether at least seven of ten letters are capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) >= 0.7 * len(letters)
