"""The words of a text layer in Unicode: each font of a page is judged by itself, since old fonts and new ones stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pdfminer.pdffont import PDFFont, PDFSimpleFont
from pdfminer.pdfinterp import PDFResourceManager

from ingest.document import Word
from ingest.layout import rows_of
from ingest.legacy import LegacyFont, composed, decode_words, family, is_modern, legacy_font, needs_hyphens, recognised, support


class Fonts(PDFResourceManager):
    """Fonts as pdfminer reads them, but for two codes of windows-1252: it takes 173 for a blank, and has none at 160.

    PDF 32000-1, annex D.2: 173 is a hyphen, 160 a blank. In the fonts of TCVN3 173 is ư.
    """

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """The font of a page; called by pdfminer."""
        font = super().get_font(objid, spec)
        if isinstance(font, PDFSimpleFont) and font.cid2unicode.get(173) == " ":
            font.cid2unicode = {**font.cid2unicode, 160: "\xa0", 173: "\xad"}
        return font


@dataclass(frozen=True, slots=True)
class Printed:
    """A word as the text layer has it; ``runs`` are its parts, each with the name of its font."""

    word: Word
    runs: tuple[tuple[str, str], ...]


def in_unicode(words: Sequence[Printed]) -> list[Word]:
    """The words with the letters that their fonts show, in the order given; what is Unicode already is only composed."""
    rows = _rows(words)
    lines: dict[str, list[str]] = {}
    for row in rows:
        for name in dict.fromkeys(family(font) for word in row for _, font in word.runs):
            lines.setdefault(name, []).append(" ".join(text for word in row for text, font in word.runs if family(font) == name))
    readings = _readings(lines)
    vietnamese = is_modern(word.word.text for word in words)
    if not readings:
        return [replace(word.word, text=composed(word.word.text, vietnamese=vietnamese)) for word in words]
    hyphens = {reading: needs_hyphens(reading.encoding, _texts(lines, readings, reading)) for reading in readings.values()}
    found: dict[int, Word] = {}
    for row in rows:
        parts = [(word, text, readings.get(family(font))) for word in row for text, font in word.runs]
        done = [composed(text, vietnamese=vietnamese) if reading is None else "" for _, text, reading in parts]
        for reading in {reading for _, _, reading in parts if reading}:
            own = [at for at, part in enumerate(parts) if part[2] == reading]
            texts = [parts[at][1] for at in own]
            decoded = decode_words(texts, reading.encoding, hyphens=hyphens[reading], capitals=reading.capitals)
            for at, text in zip(own, decoded, strict=True):
                done[at] = text
        for word in row:
            text = "".join(text for text, part in zip(done, parts, strict=True) if part[0] is word)
            found[id(word)] = replace(word.word, text=text, raw=word.word.text if text != word.word.text else "")
    return [found[id(word)] for word in words]


def _rows(words: Sequence[Printed]) -> list[list[Printed]]:
    owner = {id(word.word): word for word in words}
    return [[owner[id(word)] for word in row] for row in rows_of(word.word for word in words)]


def _readings(lines: Mapping[str, Sequence[str]]) -> dict[str, LegacyFont]:
    """The legacy fonts of a page. What its words tell of a font goes before its name, and a font of few words follows the others."""
    found: dict[str, LegacyFont] = {}
    for name, texts in lines.items():
        promised, told = legacy_font(name), recognised(texts)
        if told:
            found[name] = promised if promised and promised.encoding == told else LegacyFont(told)
        elif promised and support(texts, promised.encoding) >= 0:
            found[name] = promised
    if found:
        main = Counter(reading.encoding for reading in found.values()).most_common(1)[0][0]
        found |= {name: LegacyFont(main) for name, texts in lines.items() if name not in found and support(texts, main) > 0}
    return found


def _texts(lines: Mapping[str, Sequence[str]], readings: Mapping[str, LegacyFont], reading: LegacyFont) -> list[str]:
    return [text for name, texts in lines.items() if readings.get(name) == reading for text in texts]
