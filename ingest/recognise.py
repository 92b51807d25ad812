"""From the picture of a page to a :class:`Page`: orientation, skew, tables, words, lines."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingest.blueink import BlueInk, blue_ink, with_written
from ingest.cells import Row, table_box, table_rows
from ingest.cleaning import darkened, evened, is_blank, red_ink, red_share, without_red
from ingest.document import FAILED, Box, Line, Page, Part, Table, Word
from ingest.doublepage import fold, joined
from ingest.engine import Colour, EngineError, Gray, Recognised
from ingest.language import is_folded_syllable
from ingest.layout import Segment, reading_order, split_row, with_marks
from ingest.numerals import mended
from ingest.ocr import Reader, as_word, plausible, scaled, trust
from ingest.options import ReadOptions
from ingest.orientation import Pose, pose, straightened, straightened_mask, turned
from ingest.parts import parts_of, without_signatures
from ingest.redink import coloured
from ingest.ruled import find_tables
from ingest.secondlook import look_again
from ingest.specks import once
from ingest.stamps import apart, received, without_frames
from ingest.tablereading import read_cells
from ingest.underseal import read_under
from ingest.wordgaps import parted

cv2.setNumThreads(1)  # pages are read side by side; threads of one would wait for those of the other


@dataclass(frozen=True, slots=True)
class _Reading:
    parts: tuple[Segment, ...]
    tables: tuple[tuple[Box, tuple[Row, ...], int], ...]
    rotation: int
    skew: float
    width: float
    height: float
    stamps: tuple[Segment, ...] = ()
    marks: tuple[Segment, ...] = ()

    @property
    def quality(self) -> float:
        """Share of the read signs that stand in plausible words, weighed by their confidence (0 to 1)."""
        words = [
            *(word for part in self.parts for word in part.words),
            *(word for _, rows, _ in self.tables for row in rows for word in row.words),
        ]
        total = sum(len(word.text) for word in words)
        return sum(len(word.text) * word.confidence for word in words if plausible(word.text)) / total if total else 0.0


def recognise(picture: Colour, number: int, dpi: int, options: ReadOptions) -> Page:
    """Read ``picture`` (``dpi`` pixels an inch) as page ``number``. What goes wrong becomes a warning on the page.

    Raises MissingDependency when the engine is not installed.
    """
    reader = Reader(options.engine, options.languages, dpi, time.monotonic() + options.page_timeout)
    height, width = (side * 72 / dpi for side in picture.shape[:2])
    red = red_ink(picture) if options.suppress_red else None
    plain = without_red(picture, red)
    gray = evened(plain, dpi)
    if is_blank(gray, dpi):
        return _pale(gray, number, reader) or Page(number, (), "ocr", width, height)
    lying = pose(gray, dpi)
    if not options.deskew:
        lying = replace(lying, skew=0.0)
    if (between := fold(gray, lying, dpi)) is not None:
        return _double(picture, number, dpi, lying, between, options)
    try:
        blue = blue_ink(picture, plain, dpi) if options.suppress_blue else None
        reading = _read_upright(gray, lying, reader, _Inks(red, blue))
    except EngineError as error:
        return Page(number, (), "ocr", width, height, confidence=0.0, warnings=(f"{FAILED}: {error.reason}.",))
    if number == 1 and options.suppress_red and red_share(picture) > 0.0002:
        marks, received_in_red = coloured(picture, reader, rotation=reading.rotation, skew=reading.skew)
        stamps = (*reading.stamps, *_parts(received_in_red, 72 / dpi))
        reading = replace(reading, marks=tuple(_parts(marks, 72 / dpi)), stamps=stamps)
    return _page(reading, number)


_SURELY_READ = 0.8
"""Quality from which a page of pale print is believed: print of grey 195 to 225 reached .90 to .96, the other side shining through .12."""


def _pale(gray: Gray, number: int, reader: Reader) -> Page | None:
    """The page that seems blank read once more with its greys spread; None unless that is surely text: the other side may show through."""
    dark = darkened(gray)
    if dark is None or is_blank(dark, reader.dpi):
        return None
    try:
        reading = _read(dark, pose(dark, reader.dpi), reader, _Inks(None, None))
    except EngineError:
        return None
    return _page(reading, number) if reading.quality >= _SURELY_READ else None


@dataclass(frozen=True, slots=True)
class _Inks:
    """Where red ink was (0; elsewhere 255) and the blue ink of a page; None for what it has not."""

    red: Gray | None
    blue: BlueInk | None


def _double(picture: Colour, number: int, dpi: int, lying: Pose, between: int, options: ReadOptions) -> Page:
    """Both pages of a picture whose pages meet at column ``between``, as one."""
    channels = (straightened(turned(np.ascontiguousarray(picture[..., at]), lying.turn), lying.skew) for at in range(3))
    level = np.dstack(tuple(channels))
    half = replace(options, page_timeout=options.page_timeout / 2)
    left, right = (recognise(np.ascontiguousarray(part), number, dpi, half) for part in (level[:, :between], level[:, between:]))
    return joined(left, right, between * 72 / dpi, rotation=lying.turn, skew=lying.skew)


def _read_upright(gray: Gray, lying: Pose, reader: Reader, inks: _Inks) -> _Reading:
    best = _read(gray, lying, reader, inks)
    # Few pages show too little to tell which way is up; of the others none was ever upside down, so only rubbish is turned again.
    enough = 0.3 if lying.sure else 0.6
    tried = {lying.turn}
    for _ in range(2):
        if best.quality >= enough or reader.time_left < 2:
            break
        turn = _next_turn(gray, tried, lying.turn, reader)
        if turn is None:
            break
        tried.add(turn)
        across = (turn - lying.turn) % 180 != 0  # then the skew was measured on columns of letters
        try:
            other = _read(gray, replace(lying, turn=turn, skew=0.0 if across else lying.skew), reader, inks)
        except EngineError:
            break
        best = max(best, other, key=lambda reading: reading.quality)
    return best


def _next_turn(gray: Gray, tried: set[int], first: int, reader: Reader) -> int | None:
    if len(tried) == 1:
        found = reader.turn(gray)
        if found and found[1] >= 2 and found[0] not in tried:
            return found[0]
    opposite = (first + 180) % 360
    return opposite if opposite not in tried else None


def _read(gray: Gray, lying: Pose, reader: Reader, inks: _Inks) -> _Reading:
    level = straightened(turned(gray, lying.turn), lying.skew)
    level_red = None if inks.red is None else straightened_mask(turned(inks.red, lying.turn), lying.skew)
    stamps = received(level, reader)
    found = find_tables(without_frames(level, stamps, reader.dpi), reader.dpi, level_red)
    scale = 72 / reader.dpi
    tables = []
    rest = found.picture.copy()
    # White on grey paper would pass for the paper, and the paper for ink: not a word was read on such pages.
    paper = int(np.median(level[::8, ::8]))
    for grid in found.grids:
        words = read_cells(found.picture, grid, reader)
        cells = [scaled(cell, scale) for cell in grid.cells]
        rows = table_rows(cells, _clean(tuple(as_word(word, scale) for word in words)))
        left, top, right, bottom = grid.box
        rest[top:bottom, left:right] = paper
        if rows:
            tables.append((table_box(cells), rows, len(rows[0].cells)))
    read: list[Recognised] = []
    if not is_blank(rest, reader.dpi):
        blue = inks.blue.laid(lying) if inks.blue else None
        bare = blue.off(rest) if blue else rest
        read = reader.read(bare, "page")
        # A page that is upside down is all doubt: it is turned, not read again line by line.
        if trust(read) >= 0.5 or tables or not read:
            read = look_again(bare, read, reader)
            if level_red is not None:
                read = read_under(bare, level_red, read, reader)
            if blue:
                read = with_written(read, blue.alone(rest), bare, reader)
        read = mended(bare, parted(bare, once(read)))
    height, width = (side * scale for side in level.shape)
    stamped = tuple(part for stamp in stamps for part in _parts(list(stamp.words), scale))
    return _Reading(tuple(_parts(apart(read, stamps), scale)), tuple(tables), lying.turn, lying.skew, width, height, stamped)


def _is_noise(part: Segment) -> bool:
    """A line of dirt: read with little confidence, and hardly a word in it that could be one."""
    confidence = sum(word.confidence for word in part.words) / len(part.words)
    good = sum(plausible(word.text) or is_folded_syllable(word.text) for word in part.words) / len(part.words)
    letters = [char for char in part.text if char.isalnum()]
    if _NUMBER.search(part.text):
        return False
    # A letter alone on a line is the mark of a letter below it; items are "a)" and "I.".
    lone = len(part.text) == 1 and not part.text.isdigit()
    # "2" and "SG)" are possible words of any scribble: one that was read surely and is longer must be there.
    sure = any(word.confidence >= 0.6 and plausible(word.text) and sum(map(str.isalnum, word.text)) > 1 for word in part.words)
    nothing_sure = confidence < 0.5 and not sure and not part.text.isdigit()
    return not letters or lone or (confidence < 0.4 and good < 0.5) or confidence < 0.1 or nothing_sure


def _is_stroke_over(part: Segment, other: Segment) -> bool:
    """One or two words that lie over a surer, longer line: strokes of a signature ("2" or "Tran" over the signer's name).

    On 100 scanned pages this takes 14 lines, all of them strokes; printed lines overlap a little only where words are whole and sure.
    """
    if part is other or len(part.words) > 2 or len(other.text) < len(part.text):
        return False
    down = min(part.box[3], other.box[3]) - max(part.box[1], other.box[1])
    across = min(part.box[2], other.box[2]) - max(part.box[0], other.box[0])
    if down <= 0.3 * part.height or across <= 0.5 * (part.box[2] - part.box[0]):
        return False
    trust, others = (sum(word.confidence for word in one.words) / len(one.words) for one in (part, other))
    short = all(sum(map(str.isalnum, word.text)) <= 2 for word in part.words)
    return trust < others and (short or trust < 0.78)


_DIRT = frozenset("|_‹›¬¦`^\\{}~¡¿°'‘’")
"""Signs that stand alone only where the engine read a speck or the rest of a ruling."""


def _parts(read: list[Recognised], scale: float) -> Iterator[Segment]:
    """The engine's lines, cut where a gap parts two columns. Its lines know about slopes and small signs what boxes alone do not."""
    lines: dict[tuple[int, ...], list[Word]] = {}
    for word in read:
        lines.setdefault(word.line, []).append(as_word(word, scale))
    for line in lines.values():
        yield from split_row(sorted(_clean(tuple(line)), key=lambda word: word.box or (0, 0, 0, 0)))


_NUMBER = re.compile(r"/\s?[A-ZĐ]{2}")
_KEPT = re.compile(r"^\d{1,3}$|^[-+–]$|\./|^[IVXLHTl1|]{1,4}[.,)]?$")
"""However doubtful: page numbers, marks of items, the end mark "./."."""


def _is_dirt(part: Segment) -> bool:
    """One or two words set apart by a wide gap, each of them doubtful: specks, strokes of a signature, what is left of a stamp.

    Of 202 such on 100 scanned pages four held a word of the text.
    """
    return len(part.words) <= 2 and all(map(_is_doubtful, part.words)) and not (_KEPT.search(part.text) or _NUMBER.search(part.text))


def _is_doubtful(word: Word) -> bool:
    # Half a word in capitals under a seal ("M?Đ") still says that a title stands there.
    if word.confidence >= (0.3 if sum(map(str.isupper, word.text)) > 1 else 0.6):
        return False
    return word.confidence < 0.3 or not plausible(word.text) or (len(word.text) == 1 and not word.text.isdigit())


def _clean(words: tuple[Word, ...]) -> list[Word]:
    return [word for word in words if not set(word.text) <= _DIRT]


def _page(reading: _Reading, number: int) -> Page:
    flow, signed = without_signatures([part for part in reading.parts if not _is_dirt(part)])
    printed = [part for part in reading_order(flow, reading.width, reading.height) if not _is_noise(part)]
    ordered = with_marks([part for part in printed if not any(_is_stroke_over(part, other) for other in printed)], reading.marks)
    page = Page(number, (), "ocr", reading.width, reading.height, rotation=reading.rotation, skew=reading.skew)
    return build_page(ordered, reading.tables, page, [part for part in (*signed, *reading.stamps) if not _is_noise(part)])


def build_page(
    ordered: Sequence[Segment], tables: tuple[tuple[Box, tuple[Row, ...], int], ...], page: Page, stamps: Sequence[Segment] = ()
) -> Page:
    """``page`` with its lines: ``ordered`` lines of text, the rows of each table before the first line below its top, then ``stamps``."""
    pending = sorted(tables, key=lambda table: table[0][1])
    lines: list[Line] = []
    placed: list[Table] = []

    def place(table: tuple[Box, tuple[Row, ...], int]) -> None:
        box, rows, columns = table
        first = len(lines) + 1
        for row in rows:
            lines.append(Line(len(lines) + 1, row.raw, row.text, row.box, row.words, _mean(row.words)))
        placed.append(Table(first, len(lines), columns, box))

    parts = parts_of(ordered, page.width, page.height)
    for index, part in enumerate(ordered):
        # Column zones are not in order of their tops: a table comes only when all that follows lies below it.
        while pending and all(pending[0][0][1] < later.middle for later in ordered[index:]):
            place(pending.pop(0))
        lines.append(_line(part, len(lines) + 1, parts[index]))
    for table in pending:
        place(table)
    flow = [word for line in lines for word in line.words]
    lines += [_line(part, len(lines) + at, "stamp") for at, part in enumerate(stamps, start=1)]
    return replace(page, lines=tuple(lines), tables=tuple(placed), confidence=_mean(tuple(flow)) if flow else page.confidence)


def _line(part: Segment, number: int, kind: Part) -> Line:
    return Line(number, part.raw, part.text, part.box, part.words, _mean(part.words), part=kind)


def _mean(words: tuple[Word, ...]) -> float:
    total = sum(len(word.text) for word in words)
    return round(sum(word.confidence * len(word.text) for word in words) / total, 3) if total else 1.0
