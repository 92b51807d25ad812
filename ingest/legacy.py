"""Text in the encodings that came before Unicode: told by what it gives once decoded, and decoded.

Such a text reaches us as the Latin letters that stand at the same codes ("Céng hßa x· héi", "Coäng hoøa xaõ hoäi"). The evidence is
in the words: those that change are hardly ever Vietnamese syllables before and nearly always after. Names of fonts help where a
text layer has them, and are the only evidence that the small letters of ".VnTimeH" print as capitals; but they also lie, so what
the words say goes first.

Sources of the tables stand in ``resources/legacy_encodings.csv``. The names of the fonts are those of the ABC and VNI sets.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, product
from pathlib import Path
from typing import Literal, get_args

from ingest.language import is_syllable

Encoding = Literal["tcvn3", "vni", "viscii"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

TABLE = Path(__file__).parent / "resources" / "legacy_encodings.csv"


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """What the name of a font promises: its encoding, and whether small letters print as capitals."""

    encoding: Encoding
    capitals: bool = False


_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLE = re.compile(r"[,-]?(Bold|Italic|Oblique|Regular|MT)+$", re.IGNORECASE)


def legacy_font(name: str) -> LegacyFont | None:
    """What the name of an embedded font ("ABCDEF+.VnTimeH,Bold") promises; None for a font of no known set.

    The VISCII fonts share no naming, so their text is told by its words alone.
    """
    plain = family(name)
    if re.match(r"[._]vn|vn(time|arial)", plain, re.IGNORECASE):
        return LegacyFont("tcvn3", plain.endswith("H"))
    return LegacyFont("vni") if re.match(r"vni[-_ ]", plain, re.IGNORECASE) else None


def family(name: str) -> str:
    """The name of a font without the mark of a subset and the style: its faces share one encoding."""
    return _STYLE.sub("", _SUBSET.sub("", name))


# --- from codes to the signs they are shown as, and to the letters they mean ---------------------------------------------


def shown(data: bytes) -> str:
    """The signs that ``data`` looks like where its encoding is not known: windows-1252, its five gaps as they are.

    VISCII letters at control codes become private signs, as in fonts with a symbol table, so that they pass for text.
    """
    return "".join(chr(0xF000 + code) if code in _CONTROL_LETTERS else _sign(code) for code in data)


def _sign(code: int) -> str:
    sign = bytes([code]).decode("cp1252", "ignore")
    return sign or chr(code)


_CONTROL_LETTERS = frozenset((0x02, 0x05, 0x06, 0x14, 0x19, 0x1E))
_SIGNS = {0xF000 + code: _sign(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
_SIGNS |= {first + code: _sign(code) for first in (0, 0xF000) for code in range(0x80, 0xA0)}
_SIGNS |= {0x03BC: "µ", 0x2219: "·", 0x22C5: "·"}
_UNNAMED = re.compile(r"\(cid:(1[2-9]\d|2[0-4]\d|25[0-5])\)")


def _plain(text: str) -> str:
    """One sign for one code: private signs of symbol fonts, unnamed glyphs and control characters become windows-1252."""
    return _UNNAMED.sub(lambda found: _sign(int(found[1])), text).translate(_SIGNS)


@cache
def table(encoding: Encoding) -> dict[str, str]:
    """The one or two signs of each code → its letter."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        found = {
            "".join(chr(0xF000 + c) if c in _CONTROL_LETTERS else _sign(c) for c in bytes.fromhex(row["codes"])): row["letter"]
            for row in rows
            if row["encoding"] == encoding
        }
    # Only the letter needs the shift key held: "Uûy ban" is as common as "UÛy ban".
    mixed = {signs[0] + signs[1].lower(): letter for signs, letter in found.items() if len(signs) == 2 and signs[0].isupper()}
    return mixed | found


@cache
def _pattern(encoding: Encoding) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(table(encoding), key=len, reverse=True))))


def _letters(signs: str, encoding: Encoding) -> str:
    letters = table(encoding)
    return _pattern(encoding).sub(lambda found: letters[found[0]], signs)


# --- one word ----------------------------------------------------------------------------------------------------------

_PARTS = re.compile(r"[^\x00-@\[-`{-\xa0“”‘’„‚…–—•‹›«»]+")
_LETTERS_ONLY = re.compile(r"[^\W\d_]+")
_OPEN: dict[Encoding, str] = {"viscii": "“”‘’‚„…†‡ˆ‰‹›•–—˜™€", "tcvn3": "-", "vni": ""}
"""Signs that are letters of the encoding or just themselves: VISCII has capitals at the codes of quotes and dashes, and the code of
TCVN3's ư is in windows-1252 a hyphen, which programs replace by the ordinary one."""
MOST_OPEN = 4
"""More of them in one word are a rule of dots or dashes."""
_AFTER_FIGURE = re.compile(r"(?<=\d)[×°²³½¼¾·±]+")
_LIST_LETTER = re.compile(r"[A-HIVX]+-$")


@lru_cache(maxsize=50_000)
def _decoded(word: str, encoding: Encoding, hyphens: bool) -> str:
    """One word without white space. ``hyphens``: an ordinary one may stand for ư."""
    signs = _plain(word)
    figures = {at for found in _AFTER_FIGURE.finditer(signs) for at in range(*found.span())}
    open_signs = _OPEN[encoding] if hyphens or encoding == "viscii" else ""
    places = [at for at, sign in enumerate(signs) if sign in open_signs]
    if not places and not figures:
        return _letters(signs, encoding)
    best, most = "", -1
    for taken in product((False, True), repeat=len(places)) if len(places) <= MOST_OPEN else [(False,) * len(places)]:
        kept = figures | {at for at, is_letter in zip(places, taken, strict=True) if not is_letter}
        text = "".join(
            run if is_kept else _letters(run.replace("-", "\xad") if encoding == "tcvn3" else run, encoding)
            for is_kept, group in groupby(range(len(signs)), key=kept.__contains__)
            for run in ["".join(signs[at] for at in group)]
        )
        good = sum(len(part) for part in re.split(rf"[{re.escape(_OPEN[encoding])}\W]+", text) if len(part) > 1 and _is_word(part))
        if good > most:
            best, most = text, good
    return best


def _is_word(part: str) -> bool:
    """Whether letters are a syllable in a case that people write: "Tỉnh", "TỈNH", "tỉnh", not "tØnh"."""
    return is_syllable(part) and (part.islower() or part.isupper() or part[1:].islower())


@lru_cache(maxsize=50_000)
def _quality(text: str) -> int:
    """1 when the parts of a word that hold more than plain Latin are Vietnamese syllables, −1 when not; 0 for a code ("QĐ-UBND")
    and for a lone letter, which may be a sign of measure or of currency.
    """
    parts = [part for part in _PARTS.findall(text) if not part.isascii()]
    if all(_LETTERS_ONLY.fullmatch(part) and _is_word(part) for part in parts):
        return int(any(len(part) > 1 for part in parts))
    return 0 if all(part.isupper() and part.isalpha() for part in parts) else -1


# --- lines -------------------------------------------------------------------------------------------------------------

_CAPITAL_WORD = re.compile(r"[^\W\d_]*[A-ZĂÂĐÊÔƠƯ]{2}|[^\W\d_]+[A-ZĂÂĐÊÔƠƯ]")
_SMALL_LATIN = re.compile("[a-z]")


def decode_words(words: Sequence[str], encoding: Encoding, *, hyphens: bool = False, capitals: bool = False) -> list[str]:
    """The words of one line in Unicode. ``capitals``: the font prints small letters as capitals.

    TCVN3 has no capitals with tones: in a heading typed with the shift key held ("CéNG HßA X· HéI") they follow their neighbours.
    """
    text = [
        word if hyphens and not at and _LIST_LETTER.fullmatch(word) else unicodedata.normalize("NFC", _decoded(word, encoding, hyphens))
        for at, word in enumerate(words)
    ]
    if capitals:
        return [word.upper() for word in text]
    if encoding != "tcvn3":
        return text
    out: list[str] = []
    for may_be_heading, run in groupby(zip(words, text, strict=True), key=lambda pair: not _SMALL_LATIN.search(pair[0])):
        pairs = list(run)
        loud = may_be_heading and any(_CAPITAL_WORD.match(after) and not before.isascii() for before, after in pairs)
        out += [after.upper() if loud else after for _, after in pairs]
    return out


def needs_hyphens(encoding: Encoding, texts: Iterable[str]) -> bool:
    """Whether ordinary hyphens have to be looked at: TCVN3 whose own code for ư is nowhere in the text."""
    return encoding == "tcvn3" and not any("\xad" in text or "\uf0ad" in text or "(cid:173)" in text for text in texts)


def decode(lines: Sequence[str], encoding: Encoding) -> list[str]:
    """The lines in Unicode, NFC, white space kept."""
    hyphens = needs_hyphens(encoding, lines)
    return [_decode_line(line, encoding, hyphens=hyphens) for line in lines]


def _decode_line(line: str, encoding: Encoding, *, hyphens: bool) -> str:
    parts = re.split(r"([ \t\r\n\f\v\xa0]+)", line)
    parts[::2] = decode_words(parts[::2], encoding, hyphens=hyphens)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Of the words that an encoding changes: how many there are, are right before, are right after; ``words`` are the right ones."""

    changed: int
    before: int
    after: int
    words: frozenset[str]

    @property
    def gain(self) -> int:
        return self.after - self.before


def _evidence(words: Iterable[str], encoding: Encoding, *, hyphens: bool) -> _Evidence:
    changed = before = after = 0
    right = set()
    for word in words:
        if word.isascii() and "(cid:" not in word:
            continue
        text = decode_words([word], encoding, hyphens=hyphens)[0]
        quality = _quality(text)
        if text == word or not quality:
            continue
        changed += 1
        before += _quality(word) > 0
        if quality > 0:
            after += 1
            right.add(text.lower())
    return _Evidence(changed, before, after, frozenset(right))


FEWEST, FEWEST_DIFFERENT, LEAST_RIGHT, MOST_BEFORE = 5, 4, 0.8, 0.4
"""To be sure of an encoding: words it puts right, different ones among them, the share right after, the share right before."""


def _is_sure(found: Iterable[_Evidence]) -> bool:
    every = list(found)
    changed, before, after = (sum(getattr(each, name) for each in every) for name in ("changed", "before", "after"))
    different = len(frozenset[str]().union(*(each.words for each in every)))
    return after >= FEWEST and different >= FEWEST_DIFFERENT and after >= LEAST_RIGHT * changed and before <= MOST_BEFORE * changed


_MODERN = re.compile("[\u0102-\u0111\u0128-\u0129\u0168-\u0169\u01a0-\u01b0\u0300-\u036f\u1ea0-\u1ef9]")


def _is_modern(word: str) -> bool:
    """Whether a word holds a letter that only Unicode text has (ạ, ơ, đ), so that it needs no decoding."""
    return bool(_MODERN.search(word))


def _runs(line: str) -> list[list[str]]:
    """The words of a line between those that are Unicode already."""
    return [list(group) for modern, group in groupby(line.split(), key=_is_modern) if not modern]


STRONG, MARGIN = 3, 2
"""Words that a line must put right, and by how many more than in any other encoding, to speak for a second encoding of the text."""


def _by_line(lines: Sequence[str], *, hyphens: bool) -> list[Encoding | None]:
    """The encoding of each line whose own words tell it, of those encodings that all their lines together are sure of."""
    found = [_every_evidence(line, hyphens) for line in lines]
    totals = {each: sum(max(0, row[each].gain) for row in found if row) for each in ENCODINGS}
    main = max(ENCODINGS, key=totals.__getitem__)
    sure = [main] if _is_sure(row[main] for row in found if row and row[main].gain >= max(1, _rivals(row, main))) else []
    others = [each for each in ENCODINGS if each != main]
    sure += [each for each in others if _is_sure(row[each] for row in found if row and _speaks_for(row, each))]
    out: list[Encoding | None] = []
    current = sure[0] if sure else None
    for row in found:
        if row and current:
            best = max(sure, key=lambda each: row[each].gain)
            current = best if row[best].gain >= row[current].gain + MARGIN else current
        out.append(current if row and current and row[current].gain > 0 else None)
    return out


def _every_evidence(line: str, hyphens: bool) -> dict[Encoding, _Evidence] | None:
    """What each encoding makes of a line; None for one without a foreign sign."""
    words = [word for run in _runs(line) for word in run]
    if all(word.isascii() for word in words) and "(cid:" not in line:
        return None
    return {each: _evidence(words, each, hyphens=hyphens and each == "tcvn3") for each in ENCODINGS}


def _speaks_for(row: dict[Encoding, _Evidence], encoding: Encoding) -> bool:
    return row[encoding].gain >= max(STRONG, _rivals(row, encoding) + MARGIN)


def _rivals(row: dict[Encoding, _Evidence], encoding: Encoding) -> int:
    return max(row[each].gain for each in ENCODINGS if each != encoding)


def recognised(lines: Sequence[str]) -> Encoding | None:
    """The legacy encoding of most lines, or None: of Unicode, of another language, of text that OCR garbled, of a few words."""
    found = Counter(each for each in _by_line(lines, hyphens=needs_hyphens("tcvn3", lines)) if each)
    return found.most_common(1)[0][0] if found else None


def support(lines: Sequence[str], encoding: Encoding) -> int:
    """What the words say of an encoding that other evidence suggests: how many more it puts right than it spoils; −1 for Unicode."""
    words = [word for line in lines for word in line.split()]
    return -1 if any(map(_is_modern, words)) else _evidence(words, encoding, hyphens=False).gain


def to_unicode(lines: Sequence[str]) -> list[str]:
    """Every line in Unicode, composed. Lines of several encodings, and Unicode among them, may be mixed; clean text stays as it is.

    A line that its own words do not tell follows the line before it (at the top: after it), unless that makes it worse.
    """
    hyphens = needs_hyphens("tcvn3", lines)
    own = _by_line(lines, hyphens=hyphens)
    current = next((each for each in own if each), None)
    vietnamese = is_modern(lines)
    out = []
    for line, encoding in zip(lines, own, strict=True):
        current = encoding or current
        text = line if current is None else _mixed_line(line, current, hyphens=hyphens and current == "tcvn3", told=encoding is not None)
        out.append(composed(line, vietnamese=vietnamese) if text == line else text)
    return out


def _mixed_line(line: str, encoding: Encoding, *, hyphens: bool, told: bool) -> str:
    runs = _runs(line)
    if runs == [line.split()]:
        worse = not told and _evidence(runs[0], encoding, hyphens=hyphens).gain < 0
        return line if worse else _decode_line(line, encoding, hyphens=hyphens)
    parts = re.split(r"([ \t\r\n\f\v\xa0]+)", line)
    out = []
    for modern, group in groupby(parts, key=lambda part: bool(part.strip()) and _is_modern(part)):
        text = "".join(group)
        legacy = not modern and _evidence(text.split(), encoding, hyphens=hyphens).gain > 0
        out.append(_decode_line(text, encoding, hyphens=hyphens) if legacy else composed(text, vietnamese=True))
    return "".join(out)


# --- Unicode written in other ways --------------------------------------------------------------------------------------

_MARK = re.compile("[\u0300-\u036f]")
_CLUSTER = re.compile("[\u0300-\u036f]{2,}")
_SHAPES = "\u0302\u0306\u031b"
_D_BAR = str.maketrans("ÐðƉɖ", "ĐđĐđ")


def is_modern(lines: Iterable[str]) -> bool:
    """Whether any line holds a letter that Vietnamese has in Unicode only (ạ, ơ, đ)."""
    return any(map(_is_modern, lines))


def composed(text: str, *, vietnamese: bool) -> str:
    """NFC, tone marks that were typed before the circumflex, breve or horn put after it.

    In a ``vietnamese`` document Eth, which looks the same, becomes Đ ("Ðiều").
    """
    text = unicodedata.normalize("NFC", text)
    if _MARK.search(text):
        text = unicodedata.normalize("NFC", _CLUSTER.sub(_shape_first, unicodedata.normalize("NFD", text)))
    return text.translate(_D_BAR) if vietnamese else text


def _shape_first(found: re.Match[str]) -> str:
    return "".join(sorted(found[0], key=lambda mark: mark not in _SHAPES))
