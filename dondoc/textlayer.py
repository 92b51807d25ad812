"""The invisible text of a PDF page: restored words, each stretched over its place in the picture, in a font without shapes."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from statistics import median
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

from dondoc.placing import Placed, beside, place
from ingest.document import Box, Page

ADVANCE, ASCENT, DESCENT = 500, 800, -200
"""Of every letter, in thousandths of the font's size; what the font file says too."""

_BELOW = frozenset("gjpqyQ,;()[]{}/ạặậẹệịọộợụựỵ")
"""Letters that reach below the baseline."""

_FONT_NAME = "DondocInvisible"


def make_font(pdf: pikepdf.Pdf, pages: Iterable[Page]) -> Any:
    """A font for the text of ``pages``: the code of a letter is its Unicode number, all letters look like nothing.

    The way Tesseract's own PDFs do it, which every viewer in use has learned to read.
    """
    rows = sorted({high for page in pages for line in page.lines for high in _codes(line.text)[::2]} | {0x00, 0x01, 0x1E})
    program = files("dondoc").joinpath("resources/glyphless.ttf").read_bytes()
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + _FONT_NAME),
        Flags=5,  # fixed pitch, symbolic
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=_packed(pdf, program, Length1=len(program)),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + _FONT_NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        CIDToGIDMap=_packed(pdf, b"\0\1" * 0x10000),
        DW=ADVANCE,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + _FONT_NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_packed(pdf, _to_unicode(rows)),
        )
    )


def _packed(pdf: pikepdf.Pdf, content: bytes, **entries: Any) -> Any:
    return pdf.make_stream(zlib.compress(content, 9), Filter=Name.FlateDecode, **entries)


def _to_unicode(rows: Sequence[int]) -> bytes:
    """Each code is its own Unicode number; a range may not leave the codes of one first byte, and a block holds a hundred of them."""
    blocks = []
    for start in range(0, len(rows), 100):
        some = rows[start : start + 100]
        ranges = "\n".join(f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in some)
        blocks.append(f"{len(some)} beginbfrange\n{ranges}\nendbfrange")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


def add_layer(pdf: pikepdf.Pdf, target: Any, page: Page, font: Any) -> None:
    """Put the text of ``page`` behind ``target``, the page of the file (pikepdf) that it was read from.

    It comes first in the page's content, where the coordinates are still those of the page, whatever the rest does to them.
    """
    # Both are copied: other pages may share them.
    resources = _copied(target.obj.get("/Resources"))
    fonts = _copied(resources.get("/Font"))
    name = next(name for number in range(len(fonts) + 1) if (name := f"/Dondoc{number}") not in fonts)
    middle = page.width / 2, -page.height / 2
    tilt = Matrix().translated(*middle).rotated(page.skew).translated(-middle[0], -middle[1])
    content = "\n".join(_page_content(page, name, tilt))
    if not content:
        return
    fonts[name] = font
    resources.Font = fonts
    target.obj.Resources = resources
    numbers = " ".join(_number(value, 6) for value in to_page(target, page).shorthand)
    stream = _packed(pdf, f"q {numbers} cm BT 3 Tr\n{content}\nET Q".encode())
    target.contents_add(stream, prepend=True)


def _copied(found: Any) -> Dictionary:
    return Dictionary(found) if found is not None else Dictionary()


def to_page(target: Any, page: Page) -> Matrix:
    """From the page as it was turned to be read (points from the top left, but y upwards: negative) to the coordinates of ``target``.

    Undoes, in turn: the turning by ``rotation``, the page's own /Rotate, and the place of the visible box in the sheet.
    """
    left, bottom, right, top = visible_box(target)
    turn = (target.rotation + page.rotation) % 360
    across, down = (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)
    # What is upright starts at another corner of the sheet for each turn.
    corner = {0: (left, top), 90: (left, bottom), 180: (right, bottom), 270: (right, top)}[turn]
    return Matrix().translated(*corner).rotated(turn).scaled(across / page.width, down / page.height)


def visible_box(target: Any) -> Box:
    """What a viewer shows of a page (pikepdf), in the page's coordinates: left, bottom, right, top."""
    media, crop = (_ordered([float(side) for side in box]) for box in (target.mediabox, target.cropbox))
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def _ordered(box: Sequence[float]) -> Box:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


def _page_content(page: Page, font: str, tilt: Matrix) -> Iterator[str]:
    seen: set[tuple[float, ...]] = set()
    for line in page.lines:
        fresh = []
        for word in place(line):
            # A merged cell may come with each of its rows; its words stand on the page once.
            if word.box not in seen and word.box[2] - word.box[0] > 0.1 and word.box[3] - word.box[1] > 0.1:
                seen.add(word.box)
                fresh.append(word)
        for run in _runs(fresh):
            yield _run_content(run, font, tilt)


def _runs(words: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Words on one line of print without wide gaps: the lines of a cell are several, and so are two columns."""
    run: list[Placed] = []
    for word in words:
        if run and not (beside(run[-1].box, word.box) and word.box[0] - run[-1].box[2] < 3 * (word.box[3] - word.box[1])):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _run_content(run: Sequence[Placed], font: str, tilt: Matrix) -> str:
    """The operators that write ``run``: one size, each word as wide as its box, a blank as wide as each gap.

    On a crooked page each word keeps its place but lies level: poppler cuts a word whose letters step down by more than half a point.
    """
    baseline, size = _baseline(run)
    parts = [f"{font} {_number(size)} Tf"]
    for word, following in pairwise([*run, None]):
        assert word is not None
        left, right, gap = word.box[0], word.box[2], 0.0
        if following is not None:
            # Boxes may overlap by a hair; the blank between them needs a place, or readers that sort by place would put it into a word.
            gap = max(following.box[0] - right, 0.1 * min(size, following.box[0] - left))
            right = following.box[0] - gap
        x, y = tilt.transform(((left + right) / 2, -baseline))
        parts.append(f"1 0 0 1 {_number(x - (right - left) / 2)} {_number(y)} Tm {_shown(word.text, right - left, size)}")
        if following is not None:
            parts.append(_shown(" ", gap, size))
    return " ".join(parts)


def _shown(text: str, width: float, size: float) -> str:
    codes = _codes(text)
    stretch = 200_000 * width / (ADVANCE * size * len(codes))
    return f"{_number(stretch, 1)} Tz <{codes.hex()}> Tj"


def _codes(text: str) -> bytes:
    """Two bytes a letter; signs beyond the first 65,536 become two letters, but no Vietnamese is there."""
    return text.encode("utf-16-be", "replace")


def _baseline(run: Sequence[Placed]) -> tuple[float, float]:
    """Where the words stand (points from the top) and the size at which the font's box is theirs."""
    standing = [word.box[3] for word in run if not _BELOW & set(word.text)]
    tops = sorted(word.box[1] for word in run)
    top = tops[len(tops) // 4]  # not the least: a speck or a seal read into the line reaches higher
    if standing:
        baseline = median(standing)
    else:
        bottom = median(word.box[3] for word in run)
        baseline = bottom + (bottom - top) * DESCENT / (ASCENT - DESCENT)
    baseline = max(baseline, top + 1.0)
    return baseline, (baseline - top) * 1000 / ASCENT


def _number(value: float, digits: int = 2) -> str:
    if not math.isfinite(value):
        return "0"
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"
