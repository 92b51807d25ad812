"""Make dondoc/resources/glyphless.ttf, the font of invisible text. `python -m scripts.glyphless_font`

Made with fontTools, which comes with matplotlib; needed only when the font itself changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from dondoc.textlayer import ADVANCE, ASCENT, DESCENT

TARGET = Path(__file__).parents[1] / "dondoc" / "resources" / "glyphless.ttf"


def build() -> Any:
    """The font; times of making are left out, so that it is the same each time."""
    font = FontBuilder(1000, isTTF=True)
    names = [".notdef", "any"]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x20: "any"})
    font.setupGlyf(dict.fromkeys(names, _invisible()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (ADVANCE, 0)))
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.setupNameTable({"familyName": "DondocInvisible", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = 3_000_000_000  # seconds since 1904
    return font


def _invisible() -> Any:
    """A line there and back from corner to corner: no area to paint, but a box, without which PDFium's selection has no height and
    letters that stand alone are dropped from its text.
    """
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((ADVANCE, ASCENT))
    pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    built = build()
    built.font.recalcTimestamp = False
    built.save(TARGET)
