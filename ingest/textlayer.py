"""The text layer of a PDF page: is it the page's text, and what does it say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from typing import Any

import pdfplumber

from ingest.cells import Row, holds, table_box, table_rows
from ingest.document import Box, Page, Word
from ingest.language import profile
from ingest.layout import reading_order, rows_of, split_row
from ingest.legacyfonts import Fonts, Printed, in_unicode
from ingest.parts import without_signatures
from ingest.recognise import build_page


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text layer may stand for the page; ``reason`` (Vietnamese) says why not."""

    usable: bool
    reason: str = ""


_STAMP = re.compile(
    r"(người ký|ký bởi|ký ngày|thời gian ký|giờ ký|ngày ký|cơ quan|email|digitally signed|signed by|date)\s*:.*"
    r"|\S+@\S+|\d\d[.:/]\d\d[.:/]\d{4}|\d\d:\d\d(:\d\d)?|[+-]\d\d:\d\d",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"\(cid:\d+\)|[\ufffd\ue000-\uf8ff]")


def judge(text: str, image_share: float) -> Verdict:
    """Judge a page's text layer. ``image_share`` (0 to 1) is how much of the page one image covers.

    Measured on 25 correct directives and 4 garbled ones: words spelled as Vietnamese .988 to 1.0 against .45 to .66, words
    with Vietnamese marks .84 to .91 against 0 to .17. The limits stand in between, nearer to the garbled side for marks,
    since tables of abbreviations and names of systems have fewer.
    """
    body = _STAMP.sub(" ", text)
    words = len(re.findall(r"[^\W_]+", body))
    if words < 2:
        return Verdict(False, "lớp chữ trống hoặc chỉ có chữ của dấu ký số")
    if words < 30 and image_share >= 0.5:
        return Verdict(False, "lớp chữ chỉ có vài chữ trên ảnh cả trang")
    if len(_BROKEN.findall(text)) > 0.01 * len(text):
        return Verdict(False, "lớp chữ có ký tự hỏng")
    found = profile(body)
    if found.words >= 12 and not _is_foreign(body, found.folded) and (found.syllables < 0.85 or found.marked < 0.45 or found.mixed > 0.05):
        return Verdict(False, "lớp chữ là bản nhận dạng sai hoặc dùng phông chữ cũ")
    return Verdict(True)


def _is_foreign(text: str, folded: float) -> bool:
    # Clean text of another language: recognition would only read the same again. (Garbled Vietnamese folds to .55 and more.)
    letters = [char for char in text if char.isalpha()]
    return folded < 0.4 and sum(char.isascii() for char in letters) >= 0.97 * len(letters) and len(letters) > 100


def score(text: str) -> float:
    """How good a reading is, to choose between two of the same page (0 to 1)."""
    found = profile(text)
    return (found.syllables + found.marked) / 2 * min(1.0, found.words / 10)


@dataclass(frozen=True, slots=True)
class LayerPage:
    """What the text layer holds: words in Unicode with boxes in points from the top left, and the cells of ruled tables."""

    words: tuple[Word, ...]
    tables: tuple[tuple[Box, ...], ...]
    width: float
    height: float

    @property
    def text(self) -> str:
        """All words in rows, for judging only."""
        return "\n".join(" ".join(word.text for word in row) for row in rows_of(self.words))


def load_layer(pdf: bytes, annotated: bytes | None = None) -> LayerPage:
    """Words and tables of the only page of ``pdf``.

    ``annotated`` is the same page with its annotations drawn into it, when it has any: a number or day that an office system
    filled in ("173") belongs to the text; signature data and remarks do not.
    """
    with pdfplumber.open(BytesIO(pdf)) as document:
        document.rsrcmgr = Fonts()
        page = document.pages[0]
        try:
            read = page.filter(_no_stray_blank(page.chars)).extract_words(**_WORDS)
            words = in_unicode([word for found in read if (word := _printed(found)).word.text.strip()])
            tables = tuple(tuple(_box(cell) for cell in table.cells) for table in page.filter(_is_drawn).find_tables() if _is_table(table))
            left, top, right, bottom = (float(side) for side in page.cropbox)
            own = Counter(map(_place, page.chars))
        finally:
            page.close()
    if annotated is not None:
        words += _filled_in(annotated, own)
    if left or top:  # a sheet whose visible part starts elsewhere than its coordinates
        words = [replace(word, box=_shifted(word.box, left, top)) for word in words if word.box]
        tables = tuple(tuple(_shifted(cell, left, top) for cell in cells) for cells in tables)
    return LayerPage(tuple(words), tables, right - left, bottom - top)


def _shifted(box: Box, left: float, top: float) -> Box:
    return box[0] - left, box[1] - top, box[2] - left, box[3] - top


_WORDS: dict[str, Any] = {"x_tolerance_ratio": 0.2, "keep_blank_chars": False, "use_text_flow": False, "return_chars": True}


def _place(char: dict[str, Any]) -> tuple[str, int, int]:
    return str(char["text"]), round(float(char["x0"])), round(float(char["top"]))


def _filled_in(annotated: bytes, own: Counter[tuple[str, int, int]]) -> list[Word]:
    """Short figures among the characters that only the annotations hold. Digits set apart ("1 7 3") are one number."""
    with pdfplumber.open(BytesIO(annotated)) as document:
        page = document.pages[0]
        try:
            left = own.copy()
            added = []
            for char in page.chars:
                if left[_place(char)] > 0:
                    left[_place(char)] -= 1
                elif char["text"].strip():
                    added.append(char)
        finally:
            page.close()
    words = []
    for row in rows_of(_word(char) for char in added):
        for part in split_row(row):
            text = "".join(word.text for word in part.words)
            if _FIGURE.fullmatch(text):
                words.append(Word(text, part.box))
    return words


_FIGURE = re.compile(r"\d{1,5}[a-zđ]?|\d{1,2}/\d{1,2}(/\d{4})?", re.IGNORECASE)


def _word(found: dict[str, Any]) -> Word:
    box = (round(float(found["x0"]), 2), round(float(found["top"]), 2), round(float(found["x1"]), 2), round(float(found["bottom"]), 2))
    return Word(unicodedata.normalize("NFC", str(found["text"])), box)


def _printed(found: dict[str, Any]) -> Printed:
    word = _word(found)
    groups = [(font, list(chars)) for font, chars in groupby(found["chars"], key=lambda char: str(char["fontname"]))]
    if len(groups) == 1:
        return Printed(word, ((word.text, groups[0][0]),))
    return Printed(word, tuple(("".join(str(char["text"]) for char in chars), font) for font, chars in groups))


def _box(cell: Sequence[float]) -> Box:
    return float(cell[0]), float(cell[1]), float(cell[2]), float(cell[3])


def _no_stray_blank(chars: Sequence[dict[str, Any]]) -> Callable[[dict[str, Any]], bool]:
    """A test that leaves out blanks printed over a letter (those of an empty line of another size), which would cut its word."""
    letters: dict[int, list[tuple[float, float, float, float]]] = {}
    for char in chars:
        if char["text"].strip():
            place = (float(char["x0"]), float(char["top"]), float(char["x1"]), float(char["bottom"]))
            for stripe in range(int(place[1] // 8), int(place[3] // 8) + 1):
                letters.setdefault(stripe, []).append(place)

    def kept(thing: dict[str, Any]) -> bool:
        if thing.get("object_type") != "char" or thing["text"].strip():
            return True
        x, y = (float(thing["x0"]) + float(thing["x1"])) / 2, (float(thing["top"]) + float(thing["bottom"])) / 2
        return not any(left < x < right and top < y < bottom for left, top, right, bottom in letters.get(int(y // 8), ()))

    return kept


def _is_drawn(thing: dict[str, Any]) -> bool:
    """Leave out filled areas: the edges of a highlighted line or a shaded cell are no rulings; thin bars are."""
    if thing.get("object_type") != "rect" or thing.get("stroke"):
        return True
    return min(float(thing["width"]), float(thing["height"])) < 3


def _is_table(table: Any) -> bool:
    return len({round(c[0]) for c in table.cells}) >= 2 and len({round(c[1]) for c in table.cells}) >= 2


def layer_to_page(layer: LayerPage, number: int) -> Page:
    """The lines of a text layer in reading order, its ruled tables as rows."""
    tables: list[tuple[Box, tuple[Row, ...], int]] = []
    rest = list(layer.words)
    for cells in layer.tables:
        box = table_box(cells)
        inside = [word for word in rest if any(holds(cell, word) for cell in cells)]
        rows = table_rows(cells, inside)
        if not rows:
            continue
        if any(word.raw for word in inside):
            given = table_rows(cells, [word.as_given for word in inside])
            rows = tuple(replace(row, given=other.cells) for row, other in zip(rows, given, strict=True))
        gone = {id(word) for word in inside}
        rest = [word for word in rest if id(word) not in gone]
        tables.append((box, rows, len(rows[0].cells)))
    flow, signed = without_signatures([part for row in rows_of(rest) for part in split_row(row)])
    ordered = reading_order(flow, layer.width, layer.height)
    return build_page(ordered, tuple(tables), Page(number, (), "text-layer", layer.width, layer.height), signed)
