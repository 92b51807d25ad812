"""What others put on a paper after it was issued: the ĐẾN stamp of who received it, SAO Y marks, the lines of digital signatures.

None of it is the document's own: its number, date and offices must not be read as the header's (Nghị định 30/2020/NĐ-CP, Phụ lục I,
mục 14, and Phụ lục IV: "ĐẾN: Số, Ngày, Chuyển, Số và ký hiệu HS").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.folding import fold
from extract.paragraphs import PlacedLine

_RECEIVED = re.compile(r"^\W*(?:CÔNG VĂN )?[ĐD][ẾÉÊE]N\b(?!\s+[a-zà-ỹ])")
_ENTRIES = (
    re.compile(r"^\W*(?:CÔNG VĂN )?[ĐD][ẾÉÊE]N\b\W*"),
    re.compile(r"^\W*(?:Giờ|Số|S[oốó])\s*(?:đến)?\s*[:.]?\s*\d{1,6}\b(?!\s*/|\s*-\s?[A-ZĐ])[\s.;,]*"),
    re.compile(r"^\W*Ng[àaảâ]y\s*(?:đến)?\s*[:.]?\s*\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}[\s.;,]*"),
    re.compile(r"^\W*(?:Chuy[êểếeéẻ]n|Kính chuyển)\s*:[\s.…]*"),
    re.compile(r"^\W*(?:Lưu hồ sơ số|Số và k[ýí] hiệu HS)\s*[:.]?.*$"),
)
_ALONE = re.compile(r"^\W*chuyen\s*:\W*$|^\W*so va k. hieu hs\b")
_COPIED = re.compile(
    r"^\W*(?:sao y|sao luc|trich sao)\b(?!.*\b(?:van ban|tai lieu|giay to)\b)|"
    r"^\W*(?:ky boi|nguoi ky|thoi gian ky|ngay ky|gio ky|email|ly do ky|signed by|"
    r"digitally signed|date|signature (?:not )?verified|chu ky so)\s*[:;]|^\W*co quan\s*:.{3,60}$|\+0?7[:.']?00\b"
)
# The first page's head; a stamp is set beside it.
_HEAD_LINES = 40


def without_stamps(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with those of stamps and signatures of copies emptied, and taken from before the text that OCR glued them to."""
    head = [at for at, placed in enumerate(lines[:_HEAD_LINES]) if placed.page.number == lines[0].page.number] if lines else []
    stamped = next((at for at in head if _RECEIVED.match(lines[at].text)), None)
    cleaned = list(lines)
    for at in head:
        text = lines[at].text
        if "\t" in text:
            continue
        if _ALONE.match(fold(text)) or _COPIED.search(fold(text)):
            text = ""
        elif stamped is not None:
            for entry in _ENTRIES:
                text = entry.sub("", text, count=1)
        if text != lines[at].text:
            cleaned[at] = _with_text(lines[at], text)
    if stamped is not None:
        _take_owner(cleaned, stamped)
    return cleaned


def _with_text(placed: PlacedLine, text: str) -> PlacedLine:
    return replace(placed, line=replace(placed.line, text=text, doubts=()))


def _take_owner(lines: list[PlacedLine], stamped: int) -> None:
    """Empty the line above ĐẾN: the office whose stamp it is, when another line of the head names an issuer."""
    above = next((at for at in range(stamped - 1, -1, -1) if not lines[at].blank), None)
    if above is None or not lines[above].text.isupper():
        return
    text, owner = lines[above].text, lines[above].line.box
    if re.match(r"^(?:TỈNH|THÀNH PHỐ|HUYỆN|XÃ|PHƯỜNG|CỘNG)\b", text):
        return
    bodies = re.compile(r"^\W*(?:ỦY BAN|UỶ BAN|UBND|BỘ|SỞ|TỈNH ỦY)\b")
    others = [placed for placed in lines[:_HEAD_LINES] if placed is not lines[above] and bodies.match(placed.text)]
    below_number = any(re.match(r"^\W*(?:Số|S[oố])\s*:.*/", placed.text) for placed in lines[:above])
    beside = owner is not None and others and others[0].line.box is not None and owner[1] > others[0].line.box[3] + 40
    if (others and below_number) or beside or (above == 0 and others):
        lines[above] = _with_text(lines[above], "")
