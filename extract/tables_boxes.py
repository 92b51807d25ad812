"""Task tables that lost their rulings to the scanner, or never had any: columns and rows from the boxes of the words.

Such a table comes as lines of text that run over all its columns. Its heading shows where the columns are: neighbouring groups of words
that name roles ("Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"). Below it a gap that no word crosses parts two columns, lines that stand
close together in the task column are one row, and every other cell belongs to the row beside it. Pages whose rulings were read are
tables already and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from extract.folding import fold
from extract.paragraphs import PlacedLine
from extract.tables_columns import Columns, read_heading_row
from ingest.document import Box, Word

# Points between words that stand in two columns; the widest space of a justified line is narrower than this in type of 12 to 14 pt.
_GUTTER = 7.0
# A blank between two words of a sentence.
_BLANK = 4.5
# Times the height of a word: no two lines of one cell are set further apart.
_PITCH = 1.75
# Share of the lines of the task column that have an ordinal beside them when every row is one line or little more.
_SHORT_ROWS = 0.6
# Lines that the heading may take, and points that may part two of them.
_HEADING_LINES = 5
_HEADING_GAP = 4.0
_ROLES = frozenset({"ordinal", "task", "lead", "coordinating", "both", "deadline", "begin", "end", "result", "person", "group", "basis"})
_LEAST_ROLES = 3
# Share of the page's width: no heading of one column is as wide, a line of prose is.
_PROSE = 0.45
# Lines further apart than this share of the usual step belong to two rows.
_ROW_STEP = 1.22
# Share of the lines of a page that may run over a gap, for a table to go on there.
_CROSSING = 0.25
_ORDINAL = re.compile(r"^\W*\d{1,3}(?:\.\d{1,3})*\W*$")
# Points by which words on one level may differ.
_LEVEL = 4.0
_END = re.compile(r"^\W*(?:n?oi nhan\b|ghi chu\s*:|phu luc\b)")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word with its box and its restored text, on line ``at`` of the page."""

    text: str
    box: Box
    at: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """Neighbouring words in one column: of a heading, or lines close together below it."""

    pieces: tuple[_Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def box(self) -> Box:
        boxes = [piece.box for piece in self.pieces]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class _Grid:
    """The columns of a table: what they say, where one ends and the next begins, and which of them hold tasks and leads."""

    roles: tuple[str, ...]
    edges: tuple[float, ...]
    task: int
    lead: int | None
    partners: int | None


def with_tables(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with those of such tables put together to rows of cells (joined by tabs); all others as they are, in order."""
    found: list[PlacedLine] = []
    grid: _Grid | None = None
    for _, group in groupby(lines, key=lambda placed: placed.page.number):
        page = list(group)
        if any("\t" in placed.line.text for placed in page) or not all(placed.line.words for placed in page if not placed.blank):
            found += page
            grid = None
            continue
        # Columns that were read one after the other stand beside each other again.
        ordered = sorted((placed for placed in page if placed.line.box is not None), key=_top)
        head = _heading(ordered)
        begin = below = 0
        repeated = False
        if head is not None:
            begin, below, heading, columns = head
            stop = _stop(ordered, below)
            edges = _edges(heading, _pieces(ordered[below:stop]))
            # A heading repeated on the next page may have lost words; the first one stands then.
            repeated = grid is not None and len(grid.roles) == len(columns.roles) and _known(grid.roles) > _known(columns.roles)
            roles = grid.roles if grid is not None and repeated else columns.roles
            lead, partners = (roles.index(role) if role in roles else None for role in ("lead", "coordinating"))
            grid = _Grid(roles, edges, roles.index("task"), lead, partners)
        elif grid is not None and _goes_on(ordered, grid.edges):
            stop = _stop(ordered, 0)
        else:
            grid = None
        if grid is None:
            found += page
            continue
        inside = {id(placed) for placed in ordered[begin:stop]}
        behind = {id(placed) for placed in ordered[stop:]}
        found += [placed for placed in page if id(placed) not in inside | behind]
        if head is not None and not repeated:
            found.append(_row_line(ordered[begin], tuple(cell.text for cell in head[2]), ordered[begin:below]))
        found += _rows(ordered[below:stop], grid)
        found += [placed for placed in page if id(placed) in behind]
        if behind:
            grid = None
    return found


def _known(roles: Sequence[str]) -> int:
    return sum(role in _ROLES for role in roles)


def _top(placed: PlacedLine) -> float:
    return placed.line.box[1] if placed.line.box is not None else 0.0


def _pieces(lines: Sequence[PlacedLine]) -> list[_Piece]:
    found: list[_Piece] = []
    for at, placed in enumerate(lines):
        words: Sequence[Word] = placed.line.words
        texts = placed.line.text.split()
        restored = texts if len(texts) == len(words) else [word.text for word in words]
        found += [_Piece(text, word.box, at) for text, word in zip(restored, words, strict=True) if word.box is not None]
    return found


def _segments(lines: Sequence[PlacedLine]) -> list[_Cell]:
    """The words of each line in groups that a gutter parts."""
    found: list[_Cell] = []
    for _, group in groupby(_pieces(lines), key=lambda piece: piece.at):
        run: list[_Piece] = []
        for piece in sorted(group, key=lambda piece: piece.box[0]):
            if run and piece.box[0] - run[-1].box[2] > _GUTTER:
                found.append(_Cell(tuple(run)))
                run = []
            run.append(piece)
        found.append(_Cell(tuple(run)))
    return found


def _heading(page: Sequence[PlacedLine]) -> tuple[int, int, list[_Cell], Columns] | None:
    """First line of the heading, first line below it, its cells and what they say; the widest that begins highest."""
    segments = [_segments([placed]) for placed in page]
    wide = [any(cell.box[2] - cell.box[0] > _PROSE * page[at].page.width for cell in cells) for at, cells in enumerate(segments)]
    for begin in range(len(page)):
        best: tuple[int, int, list[_Cell], Columns] | None = None
        for end in range(begin + 1, min(begin + _HEADING_LINES, len(page)) + 1):
            if wide[end - 1] or (end - begin > 1 and _gap(page[begin : end - 1], page[end - 1]) > _HEADING_GAP):
                break
            cells = _stacked([cell for line in segments[begin:end] for cell in line])
            columns = read_heading_row([cell.text for cell in cells]) if len(cells) > 2 else None
            if columns is not None and sum(role in _ROLES for role in columns.roles) >= max(_LEAST_ROLES, len(cells) - 2):
                best = (begin, end, cells, columns)
        if best is not None:
            return best
    return None


def _gap(above: Sequence[PlacedLine], line: PlacedLine) -> float:
    bottoms = [placed.line.box[3] for placed in above if placed.line.box is not None]
    return line.line.box[1] - max(bottoms) if bottoms and line.line.box is not None else 0.0


def _stacked(segments: Sequence[_Cell]) -> list[_Cell]:
    """Groups of words that stand above each other put together, left to right."""
    columns: list[list[_Cell]] = []
    for cell in segments:
        beside = [column for column in columns if any(_overlap(cell.box, other.box) > 0 for other in column)]
        merged = [cell, *(other for column in beside for other in column)]
        columns = [*(column for column in columns if column not in beside), merged]
    stacked = [_Cell(tuple(piece for cell in sorted(column, key=lambda cell: cell.box[1]) for piece in cell.pieces)) for column in columns]
    return sorted(stacked, key=lambda cell: cell.box[0])


def _overlap(one: Box, other: Box) -> float:
    return min(one[2], other[2]) - max(one[0], other[0])


def _stop(page: Sequence[PlacedLine], below: int) -> int:
    """The first line behind the table: nơi nhận, a note, another appendix, or the end of the page."""
    return next((at for at in range(below, len(page)) if _END.match(fold(page[at].text))), len(page))


def _edges(heading: Sequence[_Cell], pieces: Sequence[_Piece]) -> tuple[float, ...]:
    """Where one column ends and the next begins: between their headings, in the middle of the widest strip that fewest words cross."""
    edges = []
    for left, right in pairwise(heading):
        begin, end = (left.box[0] + left.box[2]) / 2, (right.box[0] + right.box[2]) / 2
        stops = sorted({begin, end, *(x for piece in pieces for x in (piece.box[0], piece.box[2]) if begin < x < end)})
        strips = [(sum(piece.box[0] < b and piece.box[2] > a for piece in pieces), a, b) for a, b in pairwise(stops)]
        # A section title may run over the gap; a strip of a point is none.
        _, a, b = min(
            ((crossed, a, b) for crossed, a, b in strips if b - a > 1), key=lambda s: (s[0], s[1] - s[2]), default=(0, begin, end)
        )
        edges.append((a + b) / 2)
    return tuple(edges)


def _goes_on(page: Sequence[PlacedLine], edges: Sequence[float]) -> bool:
    """Whether the lines of a page keep to the columns of the table on the page before."""
    told = [placed for placed in page if not placed.blank and placed.line.words]
    segments = [_segments([placed]) for placed in told]
    crossing = [cells for cells in segments if any(cell.box[0] < edge < cell.box[2] for cell in cells for edge in edges)]
    used = {sum((cell.box[0] + cell.box[2]) / 2 > edge for edge in edges) for cells in segments for cell in cells}
    return len(used) > 2 and len(crossing) <= _CROSSING * len(told)


def _rows(lines: Sequence[PlacedLine], grid: _Grid) -> Iterator[PlacedLine]:
    """The rows of the table: one for each block of the task column, with the cells that stand beside it."""
    edges, task = grid.edges, grid.task
    columns: list[list[_Piece]] = [[] for _ in range(len(edges) + 1)]
    for segment in _segments(lines):
        over = [edge for edge in edges if segment.box[0] + 2 < edge < segment.box[2] - 2]
        if over and _runs_on(segment, over):
            columns[task] += segment.pieces  # a section's title over several columns
            continue
        for piece in segment.pieces:
            middle = (piece.box[0] + piece.box[2]) / 2
            columns[sum(middle > edge for edge in edges)].append(piece)
    step = _step(columns[task])
    blocks = [_blocks(column, step) for column in columns]
    if task:
        blocks[0] = [block for one in blocks[0] for block in _split(one, [piece.box[1] for piece in one.pieces])]
        if begins := _numbered(columns[task], columns[0]):
            blocks[1:] = [[block for one in cells for block in _split(one, begins)] for cells in blocks[1:]]
    if not blocks[task]:
        yield from lines
        return
    rows: list[list[list[_Cell]]] = [[[] for _ in columns] for _ in blocks[task]]
    for column, cells in enumerate(blocks):
        for cell in cells:
            rows[_beside(cell, blocks[task])][column].append(cell)
    written = [[" ".join(cell.text for cell in cells) for cells in row] for row in rows]
    _spread_lead(written, grid)
    for row, texts in zip(rows, written, strict=True):
        used = sorted({piece.at for cells in row for cell in cells for piece in cell.pieces})
        yield _row_line(lines[used[0]], texts, [lines[at] for at in used])


def _spread_lead(rows: list[list[str]], grid: _Grid) -> None:
    """A lead that spans several rows stands in the middle of them: the rows above it up to the section, and those below, take it too."""
    if grid.lead is None:
        return
    told = [any(cell for at, cell in enumerate(row) if at > grid.task) for row in rows]
    for at, row in enumerate(rows):
        beside = [rows[near] for near in (at - 1, at + 1) if 0 <= near < len(rows) and told[near]]
        if told[at] and not row[grid.lead] and beside:
            row[grid.lead] = beside[0][grid.lead]
            if grid.partners is not None and not row[grid.partners]:
                row[grid.partners] = beside[0][grid.partners]


def _runs_on(segment: _Cell, edges: Sequence[float]) -> bool:
    """Whether the words run on over the edges as in a sentence, with no more than a blank between them there."""
    gaps = [
        min((b.box[0] - a.box[2] for a, b in pairwise(segment.pieces) if a.box[2] - 2 <= edge <= b.box[0] + 2), default=0.0)
        for edge in edges
    ]
    return max(gaps) <= _BLANK


def _step(pieces: Sequence[_Piece]) -> float:
    """The usual distance of two lines of one cell, in points."""
    tops = sorted(_line_tops(pieces))
    steps = [b - a for a, b in pairwise(tops)]
    close = [step for step in steps if step <= 1.3 * min(steps)] if steps else []
    usual = _PITCH * median(piece.box[3] - piece.box[1] for piece in pieces) if pieces else 0.0
    return min(median(close), usual) if close else usual


def _line_tops(pieces: Sequence[_Piece]) -> list[float]:
    by_line = groupby(sorted(pieces, key=lambda piece: piece.at), key=lambda piece: piece.at)
    return [median(piece.box[1] for piece in group) for _, group in by_line]


def _blocks(pieces: Sequence[_Piece], step: float) -> list[_Cell]:
    """The words of a column in blocks of lines that stand close together."""
    blocks: list[list[_Piece]] = []
    last = 0.0
    for _, group in groupby(sorted(pieces, key=lambda piece: piece.at), key=lambda piece: piece.at):
        line = sorted(group, key=lambda piece: piece.box[0])
        top = median(piece.box[1] for piece in line)
        if blocks and top - last <= _ROW_STEP * step:
            blocks[-1] += line
        else:
            blocks.append(line)
        last = top
    return [_Cell(tuple(block)) for block in blocks]


def _numbered(tasks: Sequence[_Piece], ordinals: Sequence[_Piece]) -> list[float]:
    """The levels of the lines of the task column with an ordinal beside them, when most have one: there each opens a row."""
    levels = [piece.box[1] for piece in ordinals if _ORDINAL.match(piece.text)]
    tops = {piece.at: piece.box[1] for piece in tasks}
    beside = [top for top in tops.values() if any(abs(top - level) < _LEVEL for level in levels)]
    return beside if len(beside) >= _SHORT_ROWS * len(tops) else []


def _split(block: _Cell, begins: Sequence[float]) -> list[_Cell]:
    runs: list[list[_Piece]] = []
    for _, group in groupby(block.pieces, key=lambda piece: piece.at):
        line = list(group)
        if not runs or any(abs(line[0].box[1] - top) < _LEVEL for top in begins):
            runs.append([])
        runs[-1] += line
    return [_Cell(tuple(run)) for run in runs]


def _beside(cell: _Cell, tasks: Sequence[_Cell]) -> int:
    """The task block that the cell stands beside: most of its height in common, else the nearest middle."""

    def nearness(at: int) -> tuple[float, float]:
        task = tasks[at].box
        shared = min(cell.box[3], task[3]) - max(cell.box[1], task[1])
        return (max(shared, 0.0) / max(1.0, min(cell.box[3] - cell.box[1], task[3] - task[1])), -abs(cell.middle - tasks[at].middle))

    return max(range(len(tasks)), key=nearness)


def _row_line(placed: PlacedLine, cells: Sequence[str], lines: Sequence[PlacedLine]) -> PlacedLine:
    boxes = [one.line.box for one in lines if one.line.box is not None]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)) if boxes else None
    confidence = min(one.line.confidence for one in lines)
    text = "\t".join(cells)
    return replace(placed, line=replace(placed.line, text=text, box=box, words=(), doubts=(), confidence=confidence))
