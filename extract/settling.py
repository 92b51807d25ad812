"""Settles doubtful words by the gazetteer: "Số Kế hoạch và Đầu tư" whose first word may be "Sở" is the department.

Restoration knows the language, not the names; it hands on what else a word may be (:class:`~ingest.document.Doubt`). Where these words
spell a known name and the text as it stands does not, the name is taken. Where nothing else was offered, but the letters without their
marks are exactly those of one known name of three syllables or more, its marks are taken. A word whose letters differ by one is put
right only when it was in doubt and the rest of an office's name of four syllables stands around it. Numbers are never touched, and
neither is a line that was given (not recognised) and that restoration left alone.

On 1.6 M words of correct office prose and law, read as if OCR had given them, it changed eight, all slips of their typists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from extract import gazetteer
from extract.settling_names import Name, Names, letters_of, names, spelled
from ingest.document import CELL_SEPARATOR, Document, Doubt, Line

_TOKEN = re.compile(r"[^\W_]+")
_BREAK = "\f"
# What is left of a mark that OCR took for a sign of its own: "và?" for "và".
_LEFTOVER = frozenset("?'’`´~^*_<>|°ˆ")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.|\.vn\b|\.com\b)\S*", re.IGNORECASE)
# Alternatives of a word that is surer than this do not prolong a name that stands there already ("Công an tính toán …").
_DOUBTFUL = 0.8
# What restoration leaves as sure is not changed in its letters.
_UNSURE = 0.9
# Syllables; only names of companies and committees are longer.
_LONGEST = 13
_SETTLED = 0.9
"""The confidence that a settled word is given; what it was before stays among its alternatives."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a run. ``forms``: its own text, then what else it may be; ``fixed``: it may not be changed."""

    begin: int
    end: int
    forms: tuple[str, ...]
    letters: tuple[str, ...]
    doubt: Doubt | None
    fixed: bool

    @property
    def text(self) -> str:
        """As it stands."""
        return self.forms[0]


@dataclass(frozen=True, slots=True)
class _Match:
    """Tokens ``first`` to ``stop`` (excluded), each read in the form chosen, spell ``name`` (``sure``: with all its marks)."""

    name: Name
    first: int
    stop: int
    chosen: tuple[int, ...]
    sure: bool
    wrong_letter: bool = False

    @property
    def size(self) -> int:
        """Tokens."""
        return self.stop - self.first


@dataclass(frozen=True, slots=True)
class _Change:
    """``text`` for characters ``begin`` to ``end`` (excluded) of a run."""

    begin: int
    end: int
    text: str


def settled(document: Document, extra: Path | None = None) -> Document:
    """The document with doubtful words as the names that they spell; ``raw`` stays, and each settled word leaves a doubt behind.

    ``extra``: the user's own gazetteer file (see :func:`extract.gazetteer.load`). Settling twice changes nothing more.
    """
    if not any(_open(line) for _, line in document.lines()):
        return document
    gazetteer.refresh(extra)
    known = names(extra)
    return replace(document, pages=tuple(replace(page, lines=_settled_lines(page.lines, known)) for page in document.pages))


def _open(line: Line) -> bool:
    return bool(line.doubts) or line.confidence < 1.0 or line.text != line.raw


def _settled_lines(lines: tuple[Line, ...], known: Names) -> tuple[Line, ...]:
    text, starts = "", []
    for at, line in enumerate(lines):
        starts.append(len(text))
        after = lines[at + 1].text if at + 1 < len(lines) else ""
        apart = CELL_SEPARATOR in line.text or CELL_SEPARATOR in after or not line.text.strip()
        text += line.text + (_BREAK if apart else "\n")
    tokens = [token for line, start in zip(lines, starts, strict=True) for token in _tokens(line, start)]
    changes = _changes(text, tokens, known)
    if not changes:
        return lines
    return tuple(
        _with([c for c in changes if start <= c.begin < start + len(line.text)], line, start)
        for line, start in zip(lines, starts, strict=True)
    )


def _tokens(line: Line, start: int) -> Iterator[_Token]:
    """The words of a line; a doubt is one word, whatever signs it holds."""
    spans: list[tuple[int, int, Doubt | None]] = [(d.begin, d.end, d) for d in line.doubts]
    taken = {at for begin, end, _ in spans for at in range(begin, end)}
    spans += [(*hit.span(), None) for hit in _TOKEN.finditer(line.text) if hit.start() not in taken and hit.end() - 1 not in taken]
    kept = [(0, len(line.text))] if not _open(line) else [hit.span() for hit in _ADDRESS.finditer(line.text)]
    for begin, end, doubt in sorted(spans, key=lambda span: span[0]):
        text = line.text[begin:end]
        closed = _is_number(text) or any(first <= begin < stop for first, stop in kept)
        forms = (text, *(() if closed or doubt is None else _near_alternatives(text, doubt)))
        letters = tuple(letters_of(form) for form in forms)
        if letters[0] or len(forms) > 1:
            yield _Token(begin + start, end + start, forms, letters, doubt, closed)


def _is_number(text: str) -> bool:
    """Whether a word holds digits, but for a word with one digit inside or at its end that may be a misread letter ("So1" for "Sở")."""
    digits = sum(c.isdigit() for c in text)
    return digits > 1 or (digits == 1 and not text[:2].isalpha())


def _near_alternatives(text: str, doubt: Doubt) -> tuple[str, ...]:
    """What the word may be, its letters the same or one different: more would be another word, not another reading.

    Two words read as one ("Tỉnh" that may be "Tỉnh ủy") are an exception.
    """
    own = letters_of(text)
    return tuple(
        other
        for other in doubt.alternatives
        if not any(c.isdigit() for c in other)
        and (
            Levenshtein.distance(own, letters_of(other), score_cutoff=1) <= 1
            or (" " in other and doubt.confidence < _DOUBTFUL and letters_of(other).startswith(own))
        )
    )


def _changes(text: str, tokens: Sequence[_Token], known: Names) -> list[_Change]:
    right: list[_Match] = []
    wrong: list[_Match] = []
    for first in range(len(tokens)):
        for match in _matches(text, tokens, first, known):
            (right if _stands(text, tokens, match) else wrong).append(match)
    wrong = [match for match in wrong if _allowed(text, tokens, match, known, right)]
    wrong.sort(key=lambda m: (m.wrong_letter, -m.size, not m.sure, sum(m.chosen)))
    taken: set[int] = set()
    changes: list[_Change] = []
    for match in wrong:
        here = set(range(match.first, match.stop))
        if not here & taken:
            taken |= here
            changes += _rewritten(text, tokens, match)
    return changes


def _matches(text: str, tokens: Sequence[_Token], first: int, known: Names) -> Iterator[_Match]:
    """Every known name that the words from ``first`` on may spell."""
    open_ends: list[tuple[str, tuple[int, ...]]] = [("", ())]
    stop = first
    while open_ends and stop < len(tokens):
        token = tokens[stop]
        if stop > first and not _joins(text, tokens[stop - 1], token):
            break
        longer = [(so_far + letters, (*chosen, n)) for so_far, chosen in open_ends for n, letters in enumerate(token.letters) if letters]
        open_ends = [(letters, chosen) for letters, chosen in longer if known.begin_with(letters)]
        stop += 1
        for letters, chosen in open_ends:
            for name in known.by_letters.get(letters, ()):
                if _punctuated(text, tokens[first:stop], chosen, name):
                    sure = spelled(" ".join(t.forms[n] for t, n in zip(tokens[first:stop], chosen, strict=True))) == spelled(name.text)
                    yield _Match(name, first, stop, chosen, sure)
    if any(_unsure(token) for token in tokens[first + 1 : first + _LONGEST]):
        yield from _nearly(text, tokens, first, known)


def _nearly(text: str, tokens: Sequence[_Token], first: int, known: Names) -> Iterator[_Match]:
    """Names of four syllables and more that stand there but for one letter of one word in doubt."""
    for name in known.by_first.get(tokens[first].letters[0], ()):
        stop = first + len(name.words)
        window = tokens[first:stop]
        if len(window) < len(name.words):
            continue
        wanted = [name.letters[begin:end] for begin, end in zip(name.starts, (*name.starts[1:], len(name.letters)), strict=True)]
        off = [at for at, (token, word) in enumerate(zip(window, wanted, strict=True)) if token.letters[0] != word]
        if len(off) != 1 or not _may_be(window[off[0]], wanted[off[0]]):
            continue
        if all(_joins(text, a, b) for a, b in pairwise(window)):
            yield _Match(name, first, stop, (0,) * len(window), sure=False, wrong_letter=True)


def _unsure(token: _Token) -> bool:
    return not token.fixed and token.doubt is not None and token.doubt.confidence < _UNSURE


def _may_be(token: _Token, word: str) -> bool:
    return _unsure(token) and len(word) > 1 and Levenshtein.distance(token.letters[0], word, score_cutoff=1) == 1


def _joins(text: str, before: _Token, after: _Token) -> bool:
    gap = text[before.end : after.begin]
    return _BREAK not in gap and CELL_SEPARATOR not in gap and gap.count("\n") < 2 and len(gap.strip()) < 2


def _punctuated(text: str, tokens: Sequence[_Token], chosen: Sequence[int], name: Name) -> bool:
    """Whether punctuation stands between the words only where the name has some."""
    at = 0
    for token, after, n in zip(tokens, tokens[1:], chosen, strict=False):
        at += len(token.letters[n])
        gap = text[token.end : after.begin]
        if gap.strip() and at not in name.marks and not (_stray(token, gap) and len(name.words) > 2):
            return False
    return True


def _stands(text: str, tokens: Sequence[_Token], match: _Match) -> bool:
    here = tokens[match.first : match.stop]
    if match.wrong_letter or spelled(" ".join(token.text for token in here)) != spelled(match.name.text):
        return False
    return not any(_stray(a, text[a.end : b.begin]) for a, b in pairwise(here)) and not _small(text, here, match)


def _stray(token: _Token, gap: str) -> bool:
    """Whether what stands between a word and the next is a speck: a sign that no name holds, a point without blanks, "và," too."""
    sign = gap.strip()
    return sign in _LEFTOVER or (gap == "." and not token.text.isupper()) or (sign == "," and token.letters[0] == "va")


def _small(text: str, here: Sequence[_Token], match: _Match) -> bool:
    """Whether an office's name that opens a clause lost its first capital ("1. sở Nông nghiệp và Môi trường"; "cơ sở Văn hóa" did not)."""
    before = text[max(0, here[0].begin - 4) : here[0].begin].rstrip(" ")
    if before and (before[-1].isalnum() or before[-1] == "\n"):
        return False
    if match.name.kind != "office" or len(match.name.words) < 3 or not match.name.text[0].isupper() or not here[0].text[:1].islower():
        return False
    return not here[0].fixed and any(token.text[:1].isupper() for token in here[1:])


def _allowed(text: str, tokens: Sequence[_Token], match: _Match, known: Names, right: Sequence[_Match]) -> bool:
    """Whether the evidence is enough to write the name over what stands there."""
    here = tokens[match.first : match.stop]
    changed = [token for token, n in zip(here, match.chosen, strict=True) if n]
    if any(token.fixed for token in changed) or (not match.sure and any(token.fixed for token in here)):
        return False
    if not _capitals_fit(text, here, match) or not _abbreviations_stand(here, match):
        return False
    if match.name.kind == "commune" and not (match.sure and all(t.doubt is not None and t.doubt.confidence < _DOUBTFUL for t in changed)):
        return False
    syllables = len(match.name.words)
    grouped = match.name.text[0].islower() and not match.name.capitals
    # "Yte", "Nộivụ" are no words, whatever their marks.
    glued = len(here) == 1 and match.name.kind == "office"
    least = 2 if match.name.kind == "bare place" or glued else 3 + grouped
    if not match.sure and (syllables < least or len(known.by_letters[match.name.letters]) > 1):
        return False
    if match.name.kind == "bare place" and not (_all_doubtful(here, match) and _alone(text, tokens, match)):
        return False
    return not any(_outweighs(tokens, other, match) for other in right if other.first < match.stop and match.first < other.stop)


def _outweighs(tokens: Sequence[_Token], stands: _Match, match: _Match) -> bool:
    """Whether a name that stands there already speaks against another reading of the words around it."""
    if stands.size >= match.size:
        return True
    if stands.first != match.first:
        return False
    # The known name would only grow at its end: the words added have to be doubtful, or two of them stand there already.
    added = tokens[stands.stop : match.stop]
    off = [token for token in added if _differs(token, match)]
    return len(added) - len(off) < 2 and any(token.doubt is None or token.doubt.confidence >= _DOUBTFUL for token in off)


def _differs(token: _Token, match: _Match) -> bool:
    return spelled(token.text) not in {spelled(word) for word in match.name.words}


def _capitals_fit(text: str, here: Sequence[_Token], match: _Match) -> bool:
    """Whether the words that open the name and its proper part begin with capitals in the text too."""
    if match.wrong_letter:
        starts = dict(zip(match.name.starts, here, strict=True))
    else:
        starts, at = {}, 0
        for token, n in zip(here, match.chosen, strict=True):
            starts[at] = token
            at += len(token.letters[n])
    begins = [starts[at] for at in match.name.capitals if at in starts and not (at == 0 and _small(text, here, match))]
    return all(token.text[:1].isupper() or token.text[:1].isdigit() or not token.text[:1].isalpha() for token in begins)


def _abbreviations_stand(here: Sequence[_Token], match: _Match) -> bool:
    """Whether the abbreviations in a name are written so in the text: their letters alone are no evidence of anything."""
    short = {word for word in match.name.words if len(word) > 1 and word.isupper()}
    return short <= {token.text for token in here}


def _all_doubtful(here: Sequence[_Token], match: _Match) -> bool:
    """Whether restoration doubts every word that would change: some commune or person may be called like a province but for a mark."""
    return all(token.doubt is not None for token in here if _differs(token, match))


def _alone(text: str, tokens: Sequence[_Token], match: _Match) -> bool:
    """Whether no other capitalised word stands beside the name: it would be a person, a commune, a company."""
    before = tokens[match.first - 1] if match.first else None
    after = tokens[match.stop] if match.stop < len(tokens) else None
    beside = (before is not None and not text[before.end : tokens[match.first].begin].strip() and before.text[:1].isupper()) or (
        after is not None and text[tokens[match.stop - 1].end : after.begin] == " " and after.text[:1].isupper()
    )
    return not beside or all(token.text.isupper() for token in tokens[match.first : match.stop])


def _rewritten(text: str, tokens: Sequence[_Token], match: _Match) -> Iterator[_Change]:
    """The words that have to change, in the case in which they stand; words torn apart or glued together come out as the name has them."""
    here = tokens[match.first : match.stop]
    name = match.name
    heading = len(name.letters) > 3 and all(token.text.isupper() for token in here)
    ends = [*name.starts[1:], len(name.letters)]
    word = at = 0
    begin = 0
    for n, token in enumerate(here):
        at = ends[n] if match.wrong_letter else at + len(token.letters[match.chosen[n]])
        if at not in ends:
            continue
        last = ends.index(at)
        segment = here[begin : n + 1]
        old = text[segment[0].begin : segment[-1].end]
        words = name.words[word : last + 1]
        capital = not begin and _small(text, here, match)
        after = text[token.end : here[n + 1].begin] if n + 1 < len(here) else ""
        leftover = after.index(after.strip()) + 1 if at not in name.marks and _stray(token, after) else 0
        if "\n" not in old and (leftover or capital or spelled(old) != spelled(" ".join(words))):
            new = _cased(" ".join(words), old, heading=heading, capital=capital) + " " * (0 < leftover == len(after))
            yield _Change(segment[0].begin, token.end + leftover, new)
        word, begin = last + 1, n + 1


def _cased(words: str, old: str, *, heading: bool, capital: bool) -> str:
    """The words of a name with the first letter as large as it was before, all of them large in a heading."""
    if heading:
        return words.upper()
    first = words[0].upper() if old[:1].isupper() else words[0].lower() if old[:1].islower() and not capital else words[0]
    return first + words[1:]


def _with(changes: Sequence[_Change], line: Line, start: int) -> Line:
    """The line with its settled words; what they were stays among the alternatives of a doubt."""
    if not changes:
        return line
    text, done = "", 0
    moved: list[tuple[int, int]] = []
    doubts: list[Doubt] = []
    for change in sorted(changes, key=lambda c: c.begin):
        begin, end = change.begin - start, change.end - start
        text += line.text[done:begin]
        doubts.append(Doubt(len(text), len(text) + len(change.text.rstrip()), _SETTLED, (line.text[begin:end],)))
        text += change.text
        moved.append((end, len(text) - end))
        done = end
    text += line.text[done:]
    for doubt in line.doubts:
        if any(c.begin - start < doubt.end and doubt.begin < c.end - start for c in changes):
            continue
        shift = next((by for end, by in reversed(moved) if end <= doubt.begin), 0)
        doubts.append(replace(doubt, begin=doubt.begin + shift, end=doubt.end + shift))
    return line.restored(text, line.confidence, tuple(sorted(doubts, key=lambda doubt: doubt.begin)))
