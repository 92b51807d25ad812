"""From the picture of a page to a :class:`Page`: orientation, skew, tables, words, lines."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from ingest.cleaning import is_blank, to_gray
from ingest.cells import Row, table_box, table_rows
from ingest.document import Box, Line, Page, Table, Word
from ingest.engine import Colour, EngineError, Gray, Mode, Recognised
from ingest.language import is_folded_syllable, is_syllable
from ingest.layout import Segment, reading_order, rows_of, split_row
from ingest.options import ReadOptions
from ingest.orientation import lies_on_side, measure_skew, straightened, turned
from ingest.ruled import Grid, erased, find_grids

FAILED = "Không nhận dạng được chữ trên trang này"
"""First words of the warning on a page that the engine lost."""


@dataclass(frozen=True, slots=True)
class _Clock:
    end: float

    @property
    def left(self) -> float:
        return self.end - time.monotonic()


@dataclass(frozen=True, slots=True)
class _Reading:
    words: tuple[Word, ...]
    tables: tuple[tuple[Box, tuple[Row, ...], int], ...]
    rotation: int
    skew: float
    width: float
    height: float

    @property
    def quality(self) -> float:
        """Share of the read signs that stand in plausible words, weighed by their confidence (0 to 1)."""
        words = [*self.words, *(word for _, rows, _ in self.tables for row in rows for word in row.words)]
        total = sum(len(word.text) for word in words)
        return sum(len(word.text) * word.confidence for word in words if plausible(word.text)) / total if total else 0.0


def plausible(text: str) -> bool:
    """Whether ``text`` may be a word of a Vietnamese paper: a syllable, a number, or an abbreviation in capitals."""
    bare = text.strip(".,;:()[]{}\"'“”‘’-–…/!?*")
    if not bare:
        return False
    return bare[0].isdigit() or is_syllable(bare) or (bare.isupper() and bare.replace("-", "").replace("/", "").isalpha()) or "/" in bare


def recognise(picture: Colour, number: int, dpi: int, options: ReadOptions) -> Page:
    """Read ``picture`` (``dpi`` pixels an inch) as page ``number``. What goes wrong becomes a warning on the page.

    Raises MissingDependency when the engine is not installed.
    """
    clock = _Clock(time.monotonic() + options.page_timeout)
    height, width = (side * 72 / dpi for side in picture.shape[:2])
    gray = to_gray(picture, suppress_red=options.suppress_red)
    if is_blank(gray, dpi):
        return Page(number=number, lines=(), source="ocr", width=width, height=height)
    try:
        reading = _read_upright(gray, dpi, options, clock)
    except EngineError as error:
        return Page(number=number, lines=(), source="ocr", width=width, height=height, confidence=0.0, warnings=(f"{FAILED}: {error.reason}.",))
    return _page(reading, number)


def _read_upright(gray: Gray, dpi: int, options: ReadOptions, clock: _Clock) -> _Reading:
    first = 90 if lies_on_side(gray) else 0
    best = _read(gray, first, dpi, options, clock)
    if best.quality >= 0.6:
        return best
    # The first reading looks bad: ask which way is up, and when the answer is a guess, read the page the other way and compare.
    tried = {first}
    for _ in range(2):
        turn = _next_turn(gray, tried, first, options, clock)
        if turn is None or clock.left < 2:
            break
        tried.add(turn)
        try:
            other = _read(gray, turn, dpi, options, clock)
        except EngineError:
            break
        best = max(best, other, key=lambda reading: reading.quality)
        if best.quality >= 0.6:
            break
    return best


def _next_turn(gray: Gray, tried: set[int], first: int, options: ReadOptions, clock: _Clock) -> int | None:
    if len(tried) == 1:
        try:
            found = options.engine.orientation(gray, timeout=min(20.0, clock.left))
        except EngineError:
            found = None
        if found and found[1] >= 2 and found[0] not in tried:
            return found[0]
    opposite = (first + 180) % 360
    return opposite if opposite not in tried else None


def _read(gray: Gray, rotation: int, dpi: int, options: ReadOptions, clock: _Clock) -> _Reading:
    upright = turned(gray, rotation)
    skew = measure_skew(upright) if options.deskew else 0.0
    level = straightened(upright, skew)
    grids = find_grids(level, dpi)
    scale = 72 / dpi
    tables = []
    rest = level
    if grids:
        rest = level.copy()
        clean = erased(level, dpi)
        for grid in grids:
            words = _read_cells(clean, grid, dpi, options, clock)
            cells = [_scaled(cell, scale) for cell in grid.cells]
            rows = table_rows(cells, [_word(word, scale) for word in words])
            left, top, right, bottom = grid.box
            rest[top:bottom, left:right] = 255
            if rows:
                tables.append((table_box(cells), rows, len(rows[0].cells)))
    found = _sane(_engine(rest, dpi, "page", options, clock), rest) if not is_blank(rest, dpi) else []
    height, width = (side * scale for side in level.shape)
    return _Reading(tuple(_word(word, scale) for word in found), tuple(tables), rotation, skew, width, height)


def _engine(picture: Gray, dpi: int, mode: Mode, options: ReadOptions, clock: _Clock) -> tuple[Recognised, ...]:
    if clock.left <= 0.1:
        raise EngineError(f"quá {options.page_timeout:.0f} giây dành cho một trang")
    try:
        return options.engine.read(picture, dpi=dpi, languages=options.languages, mode=mode, timeout=clock.left)
    except (EngineError, KeyboardInterrupt):
        raise
    except Exception as error:
        from ingest.errors import DondocError

        if isinstance(error, DondocError):
            raise
        raise EngineError(f"bộ nhận dạng «{options.engine.name}» hỏng ({type(error).__name__}: {error})") from error


def _sane(words: tuple[Recognised, ...], picture: Gray) -> list[Recognised]:
    """Words whose box lies in the picture and whose confidence is a number: an engine may answer anything."""
    height, width = picture.shape
    kept = []
    for word in words:
        left, top, right, bottom = word.box
        text = " ".join(word.text.split())
        if text and 0 <= left < right <= width and 0 <= top < bottom <= height and word.confidence == word.confidence:
            kept.append(replace(word, text=text, confidence=min(1.0, max(0.0, word.confidence))))
    return kept


def _read_cells(clean: Gray, grid: Grid, dpi: int, options: ReadOptions, clock: _Clock) -> list[Recognised]:
    """Words of a table. The cells' ink is stacked into one tall column, so that no line runs across a ruling, and one call reads all."""
    crops = [crop for cell in grid.cells if (crop := _ink_box(clean, cell, dpi)) is not None]
    words: list[Recognised] = []
    pad = dpi // 8
    index = 0
    while index < len(crops):
        batch: list[tuple[PixelPlace, PixelPlace]] = []
        y = pad
        while index < len(crops) and (not batch or y < 6000):
            left, top, right, bottom = crops[index]
            batch.append(((left, top, right, bottom), (pad, y, pad + right - left, y + bottom - top)))
            y += bottom - top + pad
            index += 1
        canvas = np.full((y + pad, max(to[2] for _, to in batch) + pad), 255, np.uint8)
        for (left, top, right, bottom), to in batch:
            canvas[to[1] : to[3], to[0] : to[2]] = clean[top:bottom, left:right]
        read = _sane(_engine(canvas, dpi, "block", options, clock), canvas)
        for source, to in batch:
            inside = [w for w in read if to[1] - pad / 2 <= (w.box[1] + w.box[3]) / 2 < to[3] + pad / 2]
            words += [_moved(w, source[0] - to[0], source[1] - to[1], source) for w in inside] or _read_lone(clean, source, dpi, options, clock)
    return words


PixelPlace = tuple[int, int, int, int]


def _read_lone(clean: Gray, box: PixelPlace, dpi: int, options: ReadOptions, clock: _Clock) -> list[Recognised]:
    """Once more, alone: a single digit among lines of text is easily taken for dirt."""
    left, top, right, bottom = box
    if bottom - top < dpi * 0.05 or clock.left < 5:
        return []
    pad = dpi // 10
    crop = np.pad(clean[top:bottom, left:right], pad, constant_values=255)
    found = _sane(_engine(crop, dpi, "line", options, clock), crop)
    return [_moved(w, left - pad, top - pad, box) for w in found if any(map(str.isalnum, w.text)) and w.confidence > 0.3]


def _moved(word: Recognised, dx: int, dy: int, inside: PixelPlace) -> Recognised:
    left, top, right, bottom = word.box
    box = (max(left + dx, inside[0]), max(top + dy, inside[1]), min(right + dx, inside[2]), min(bottom + dy, inside[3]))
    return replace(word, box=box)


def _ink_box(clean: Gray, cell: PixelPlace, dpi: int) -> PixelPlace | None:
    inset = max(2, dpi // 75)
    left, top, right, bottom = cell[0] + inset, cell[1] + inset, cell[2] - inset, cell[3] - inset
    dark = clean[top:bottom, left:right] < 140
    if int(dark.sum()) < (dpi // 30) ** 2 // 2:
        return None
    ys, xs = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    margin = max(2, dpi // 60)
    return (
        max(cell[0], left + int(xs[0]) - margin),
        max(cell[1], top + int(ys[0]) - margin),
        min(cell[2], left + int(xs[-1]) + margin),
        min(cell[3], top + int(ys[-1]) + margin),
    )


def _scaled(box: PixelPlace, scale: float) -> Box:
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale


def _word(word: Recognised, scale: float) -> Word:
    left, top, right, bottom = (round(value * scale, 2) for value in word.box)
    return Word(word.text, (left, top, right, bottom), round(word.confidence, 3))


def _is_noise(part: Segment) -> bool:
    """A line of dirt: read with little confidence, and hardly a word in it that could be one."""
    confidence = sum(word.confidence for word in part.words) / len(part.words)
    good = sum(plausible(word.text) or is_folded_syllable(word.text) for word in part.words) / len(part.words)
    return not any(char.isalnum() for char in part.text) or (confidence < 0.4 and good < 0.5) or confidence < 0.1


def _page(reading: _Reading, number: int) -> Page:
    parts = [part for row in rows_of(reading.words) for part in split_row(row)]
    ordered = [part for part in reading_order(parts, reading.width, reading.height) if not _is_noise(part)]
    return build_page(
        ordered, reading.tables, Page(number, (), "ocr", reading.width, reading.height, rotation=reading.rotation, skew=reading.skew)
    )


def build_page(ordered: list[Segment], tables: tuple[tuple[Box, tuple[Row, ...], int], ...], page: Page) -> Page:
    """``page`` with its lines: ``ordered`` lines of text, and the rows of each table before the first line below its top."""
    pending = sorted(tables, key=lambda table: table[0][1])
    lines: list[Line] = []
    placed: list[Table] = []

    def place(table: tuple[Box, tuple[Row, ...], int]) -> None:
        box, rows, columns = table
        first = len(lines) + 1
        for row in rows:
            lines.append(Line(len(lines) + 1, row.text, row.text, row.box, row.words, _mean(row.words)))
        placed.append(Table(first, len(lines), columns, box))

    for index, part in enumerate(ordered):
        # Column zones are not in order of their tops: a table comes only when all that follows lies below it.
        while pending and all(pending[0][0][1] < later.middle for later in ordered[index:]):
            place(pending.pop(0))
        lines.append(Line(len(lines) + 1, part.text, part.text, part.box, part.words, _mean(part.words)))
    for table in pending:
        place(table)
    words = [word for line in lines for word in line.words]
    return replace(page, lines=tuple(lines), tables=tuple(placed), confidence=_mean(tuple(words)) if words else page.confidence)


def _mean(words: tuple[Word, ...]) -> float:
    total = sum(len(word.text) for word in words)
    return round(sum(word.confidence * len(word.text) for word in words) / total, 3) if total else 1.0
