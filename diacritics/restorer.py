"""The restorer: lines in, as many lines out. Decides line by line whether anything is to be done at all."""

from __future__ import annotations

import math
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from diacritics.candidates import Candidate, Trie
from diacritics.channel import Channel
from diacritics.decoder import Context, Slot, decode, posteriors
from diacritics.judge import evidence, prior
from diacritics.letters import Case, apply_case, case_of, is_syllable
from diacritics.lm import NUMBER, START, SYMBOL, UNKNOWN, LanguageModel
from diacritics.pieces import Piece, clean_gap, pieces, tidied
from diacritics.symbols import abbreviations, repair_abbreviation, repair_symbol

MODEL_FOLDER = Path(__file__).parent / "model"
CANDIDATES = 14
SPLIT_COST, MERGE_COST, DIGIT_COST, ABBREVIATION_COST = 7.0, 6.0, 2.3, 2.0
UNKNOWN_COST, UNKNOWN_LETTER_COST = 8.0, 1.2
"""-ln P of a token that is none of our words, and for each of its letters."""
CAPITAL_WEIGHT = 0.7
ALTERNATIVES = 4
SAMPLE = 40
"""Tokens by which a document's kind of damage is told."""
POOR = 9.0
"""A token whose best word costs more than this is read again with stray characters and symbols allowed."""

SPREAD = 11.0
"""Candidates dearer than the best by more than this never win; dropping them saves work in the beam."""

RARE = -16.5
"""Words that are no syllables and rarer than this (ln P) are not guessed, only recognised."""

REGIMES = {"eng": (0.84, 0.1, 0.04, 0.02), "strip": (0.2, 0.75, 0.03, 0.02), "digit": (0.38, 0.1, 0.5, 0.02)}
"""Mixtures of the channel's sources (eng, strip, digit, vie) for documents of each kind."""

_DIGIT_TAIL = re.compile(r"[0-9iIloO]{0,3}[0-9][0-9iIloO]{0,3}$")
_FIGURES = str.maketrans("iIloO", "11100")

Flag = Literal["title", "lower", ""]
"""What the case of a token inside a sentence says; nothing at its start and in headings."""


class ModelError(Exception):
    """The model's files are missing or cannot be read; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """One word of a line: as it was read, as it is restored, the chance (0 to 1) that it is right, what else it may be.

    ``begin`` and ``end`` (excluded) are its characters in the restored line's ``text``.
    """

    raw: str
    text: str
    confidence: float
    alternatives: tuple[str, ...]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class RestoredLine:
    """A line before and after. ``confidence`` (0 to 1) is the mean over its syllables, 1 for a line that was left alone."""

    raw: str
    text: str
    confidence: float
    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One cell of one line with its pieces."""

    line: int
    text: str
    pieces: list[Piece]


class Restorer:
    """Restores lines with one language model and one channel; holds caches, not safe to share between threads."""

    def __init__(self, model: LanguageModel, channel: Channel) -> None:
        self._model = model
        self._channel = channel
        unigrams = model.unigrams
        self._trie = Trie((w, i) for i, w in enumerate(model.vocabulary) if i > UNKNOWN and (unigrams[i] > RARE or is_syllable(w)))
        self._tables = {name: channel.costs(weights, symbols=False) for name, weights in REGIMES.items()}
        self._wide = {name: channel.costs(weights, symbols=True) for name, weights in REGIMES.items()}
        self._regime = "eng"
        self._tokens: dict[str, list[tuple[str, int, float]]] = {}
        for (true, read), p in channel.tokens.items():
            if true in model.ids:
                self._tokens.setdefault(read, []).append((true, model.ids[true], -math.log(p)))
        self._matches: dict[tuple[str, str, Flag], list[Candidate]] = {}
        self._capitals = CAPITAL_WEIGHT * model.capitals
        self._smalls = CAPITAL_WEIGHT * np.log1p(-np.exp(np.minimum(model.capitals, -1e-4)))

    @classmethod
    def from_folder(cls, folder: Path = MODEL_FOLDER) -> Restorer:
        """The restorer whose model lies in ``folder``; :class:`ModelError` when it does not."""
        language, channel = folder / "syllables.zip", folder / "channel.tsv"
        for path in (language, channel):
            if not path.is_file():
                remedy = "Hãy cài lại dondoc, hoặc: python -m diacritics.train --corpus THƯ_MỤC"
                raise ModelError(f"Thiếu tệp mô hình phục hồi dấu: {path}. {remedy}")
        try:
            return cls(LanguageModel.read(language), Channel.read(channel))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ModelError(f"Tệp mô hình phục hồi dấu bị hỏng trong {folder}: {error}") from error

    def restore(self, lines: Sequence[str]) -> list[RestoredLine]:
        """The same number of lines, each restored when it is damaged and byte-identical when it is not."""
        units = [[_Unit(n, cell, pieces(cell)) for cell in line.split("\t")] for n, line in enumerate(lines)]
        found = [sum(evidence(u.pieces, self._model.ids) for u in row) for row in units]
        bias = prior(found)
        damaged = [self._damaged(row, e, bias) for row, e in zip(units, found, strict=True)]
        for n, row in enumerate(units):
            if damaged[n]:
                units[n] = [_Unit(n, text, pieces(text)) for text in map(tidied, (u.text for u in row))]
        bad_units = [u for row, bad in zip(units, damaged, strict=True) if bad for u in row]
        self._regime = self._kind_of_damage([p.raw for u in bad_units for p in u.pieces if p.kind == "word"])
        cells: dict[int, list[tuple[str, list[Syllable]]]] = {}
        for stream in self._streams(units, damaged):
            for unit, restored in zip(stream[1], self._restore_stream(*stream), strict=True):
                cells.setdefault(unit.line, []).append(restored)
        for n, row in enumerate(units):
            if damaged[n] and not any(u.pieces for u in row) and lines[n].strip():
                cells[n] = [(u.text if any(c.isalnum() for c in u.text) else "", []) for u in row]
        return [self._line(raw, cells.get(n)) for n, raw in enumerate(lines)]

    def _damaged(self, row: list[_Unit], found: float, bias: float) -> bool:
        if found + bias >= 0 or not any(u.pieces for u in row):
            return False
        if bias <= 3:
            return True
        return sum(evidence(u.pieces, self._model.ids, codes=False) for u in row) + bias < 0

    def _kind_of_damage(self, tokens: list[str]) -> str:
        """The regime under which a sample of the damaged tokens is most probable."""
        sample = [t for t in dict.fromkeys(tokens) if len(t) > 1 and not t.isupper()]
        sample = sample[:: max(1, len(sample) // SAMPLE)]
        unigrams = self._model.unigrams
        totals = {}
        for name, table in self._tables.items():
            best = (min((c - 0.7 * float(unigrams[i]) for _, i, c in self._trie.match(t, table)), default=25.0) for t in sample)
            totals[name] = sum(min(b, 25.0) for b in best)
        return min(totals, key=totals.__getitem__)

    def _streams(self, units: list[list[_Unit]], damaged: list[bool]) -> list[tuple[Context, list[_Unit]]]:
        """Damaged cells that are read on from one another, each run with the words before it."""
        streams: list[tuple[Context, list[_Unit]]] = []
        context: Context = (START, START, START)
        open_run = False
        for row, bad in zip(units, damaged, strict=True):
            if not any(u.pieces for u in row):
                continue
            fresh = len(row) > 1 or row[0].text[: row[0].pieces[0].begin].strip(' "“(') != ""
            if fresh:
                context, open_run = (START, START, START), False
            if not bad:
                ids = self._model.encode(row[-1].text)
                a, b, c = [START, START, START, *ids][-3:]
                context = (a, b, c)
                open_run = False
            elif len(row) > 1:
                streams += [((START, START, START), [u]) for u in row]
            elif open_run:
                streams[-1][1].append(row[0])
            else:
                streams.append((context, [row[0]]))
                open_run = True
            if row[-1].text.rstrip().endswith((".", ";", ":", "./.")) or len(row) > 1:
                context, open_run = (START, START, START), False
        return streams

    def _restore_stream(self, context: Context, units: list[_Unit]) -> list[tuple[str, list[Syllable]]]:
        slots: list[Slot] = []
        owners: list[tuple[int, int]] = []
        for n, unit in enumerate(units):
            upper = _is_upper(unit)
            for i in range(len(unit.pieces)):
                merged = self._merged(unit, i) if i else ()
                slots.append(Slot(self._candidates(unit, i, upper=upper), merged))
                owners.append((n, i))
        path = decode(slots, self._model, context)
        rivals = posteriors(path, slots, self._model, context)
        chosen: list[list[tuple[int, int, Candidate, list[tuple[float, Candidate]]]]] = [[] for _ in units]
        for choice, ranked in zip(path, rivals, strict=True):
            n, last = owners[choice.last]
            chosen[n].append((owners[choice.first][1], last, choice.candidate, ranked))
        return [self._assemble(unit, found) for unit, found in zip(units, chosen, strict=True)]

    def _candidates(self, unit: _Unit, at: int, *, upper: bool) -> list[Candidate]:
        row = unit.pieces
        piece = row[at]
        raw = piece.raw
        if piece.kind == "number":
            own = Candidate((NUMBER,), (raw,), DIGIT_COST * len(raw), keep=True)
            return [own, *(c for c in self._match(raw, "") if len(raw) <= 2 and c.cost < 12)][:6]
        if piece.kind == "symbol":
            return [Candidate((SYMBOL,), (repair_symbol(raw),), 0.0, keep=True)]
        if piece.kind == "keep" or (len(raw) == 1 and raw.isupper() and raw not in "YÝ"):
            return [Candidate((self._model.id_of(raw.lower()),), (raw,), 0.0, keep=True)]
        if raw.isupper() and len(raw) > 1 and raw.isalpha():
            right = repair_abbreviation(raw)
            known = right in abbreviations()
            own = Candidate((self._model.id_of(right.lower()),), (right,), 0.5 if known else ABBREVIATION_COST, keep=True)
            if not upper and (known or not _upper_neighbour(row, at)):
                return [own]
            if not upper or (known and len(raw) > 2):
                return [own, *self._match(raw, "")]
        unknown = UNKNOWN_COST + UNKNOWN_LETTER_COST * len(raw) + (4.0 if any(c.isdigit() for c in raw) else 0.0)
        return [*self._match(raw, "" if upper else _flag(unit, at)), Candidate((UNKNOWN,), (raw,), unknown, keep=True)]

    def _match(self, raw: str, flag: Flag) -> list[Candidate]:
        key = (self._regime, raw, flag)
        found = self._matches.get(key)
        if found is None:
            found = self._words(raw, flag)
            if len(raw) > 3:
                found += self._splits(raw, min((c.cost for c in found), default=30.0))
            if len(self._matches) > 50_000:
                self._matches.clear()
            self._matches[key] = found
        return found

    def _ranked(self, raw: str, flag: Flag, most: int) -> list[tuple[str, int, float]]:
        """(word, number, cost) of the likeliest words behind a token."""
        matched = self._trie.match(raw, self._tables[self._regime]) if raw.isalpha() else []
        if len(raw) > 1 and min((c - 0.25 * float(self._model.unigrams[i]) for _, i, c in matched), default=99.0) > POOR:
            matched = self._trie.match(raw, self._wide[self._regime], stray=True)
        elif not raw.isalpha() and len(raw) == 1:
            matched = self._trie.match(raw, self._wide[self._regime])
        found = {number: (word, cost) for word, number, cost in matched}
        for word, number, cost in self._tokens.get(raw, ()):
            if cost + 0.7 < found.get(number, ("", 99.0))[1]:
                found[number] = (word, cost + 0.7)
        adjust = {"title": self._capitals, "lower": self._smalls}.get(flag)
        if adjust is not None:
            found = {n: (w, c - float(adjust[n])) for n, (w, c) in found.items()}
        unigrams = self._model.unigrams
        ranked = sorted(found.items(), key=lambda m: m[1][1] - 0.6 * float(unigrams[m[0]]))
        worst = ranked[0][1][1] - 0.6 * float(unigrams[ranked[0][0]]) + SPREAD if ranked else 0.0
        return [(w, n, c) for n, (w, c) in ranked[:most] if c - 0.6 * float(unigrams[n]) <= worst]

    def _words(self, raw: str, flag: Flag) -> list[Candidate]:
        return [Candidate((number,), (word,), cost) for word, number, cost in self._ranked(raw, flag, CANDIDATES)]

    def _splits(self, raw: str, whole: float) -> list[Candidate]:
        """A token that two words were glued into; digits at the end are a number of their own."""
        tail = _DIGIT_TAIL.search(raw)
        digits = len(tail.group()) if tail else 0
        found: list[Candidate] = []
        unigrams = self._model.unigrams
        for cut in range(1, len(raw)):
            left, right = raw[:cut], raw[cut:]
            if not left[0].isalpha() or (whole < 8 and cut != len(raw) - digits):
                continue
            if digits and cut == len(raw) - digits:
                right = right.translate(_FIGURES)
                found += [Candidate((i, NUMBER), (w, right), c + SPLIT_COST - 3) for w, i, c in self._ranked(left, "", 3)]
            elif len(left) > 1 and len(right) > 1 and not digits:
                rights = self._ranked(right, "", 3)
                found += [Candidate((a, b), (v, w), c + d + SPLIT_COST) for v, a, c in self._ranked(left, "", 3) for w, b, d in rights]
        return sorted(found, key=lambda c: c.cost - 0.6 * sum(float(unigrams[w]) for w in c.words))[:6]

    def _merged(self, unit: _Unit, at: int) -> list[Candidate]:
        """The token torn from the one before it: only pieces that are no words by themselves."""
        one, two = unit.pieces[at - 1], unit.pieces[at]
        gap = unit.text[one.end : two.begin]
        if one.kind != "word" or two.kind != "word" or len(one.raw) + len(two.raw) > 8 or gap.strip(" .'’`"):
            return []
        torn = gap.strip(" ") != "" or min(len(one.raw), len(two.raw)) <= 2
        if not torn or (is_syllable(one.raw.lower()) and is_syllable(two.raw.lower())):
            return []
        return [Candidate(c.words, c.texts, c.cost + MERGE_COST) for c in self._words(one.raw + two.raw, "")[:5]]

    def _assemble(self, unit: _Unit, chosen: list[tuple[int, int, Candidate, list[tuple[float, Candidate]]]]) -> tuple[str, list[Syllable]]:
        """The cell's new text and its syllables with their places in it."""
        upper = _is_upper(unit)
        text, done = "", 0
        syllables: list[Syllable] = []
        for first, last, candidate, ranked in chosen:
            begin, end = unit.pieces[first].begin, unit.pieces[last].end
            text += clean_gap(unit.text[done:begin]) if done or text else unit.text[:begin].lstrip()
            done = end
            raw = unit.text[begin:end]
            case = _case(unit, first, math.exp(float(self._model.capitals[candidate.words[0]])), upper=upper)

            def shown(c: Candidate, case: Case = case) -> str:
                if c.keep:
                    return c.texts[0]
                rest: Case = "upper" if case == "upper" else "lower"
                return " ".join(apply_case(t, rest if i else case) for i, t in enumerate(c.texts))

            confidence = next((p for p, c in ranked if c is candidate), 0.5)
            others = tuple(dict.fromkeys(shown(c) for p, c in ranked if c is not candidate and p > 0.01))[:ALTERNATIVES]
            word = shown(candidate)
            syllables.append(Syllable(raw, word, confidence, others, len(text), len(text) + len(word)))
            text += word
        text += clean_gap(unit.text[done:]).rstrip() if done else unit.text
        return unicodedata.normalize("NFC", text), syllables

    @staticmethod
    def _line(raw: str, cells: list[tuple[str, list[Syllable]]] | None) -> RestoredLine:
        if cells is None:
            return RestoredLine(raw, raw, 1.0, ())
        text, syllables = "", list[Syllable]()
        for n, (cell, found) in enumerate(cells):
            text += "\t" * (n > 0)
            syllables += [Syllable(s.raw, s.text, s.confidence, s.alternatives, s.begin + len(text), s.end + len(text)) for s in found]
            text += cell
        confidence = sum(s.confidence for s in syllables) / len(syllables) if syllables else 1.0
        return RestoredLine(raw, text, confidence, tuple(syllables))


def _is_upper(unit: _Unit) -> bool:
    """Whether a heading is written in capitals: nearly all of its words are."""
    words = [p.raw for p in unit.pieces if p.kind in ("word", "keep") and sum(c.isalpha() for c in p.raw) > 1]
    capital = sum(not any(c.islower() for c in w) for w in words)
    return bool(words) and capital / len(words) > 0.7


def _flag(unit: _Unit, at: int) -> Flag:
    """What the case of a token says about its word: only inside a sentence, and only when it has letters."""
    raw = unit.pieces[at].raw
    if not at or not raw[0].isalpha() or raw.isupper():
        return ""
    gap = unit.text[unit.pieces[at - 1].end : unit.pieces[at].begin]
    if any(c in gap for c in '.:-–“"(') or unit.pieces[at - 1].kind == "keep":
        return "" if raw[0].isupper() else "lower"
    return "title" if raw[0].isupper() else "lower"


def _upper_neighbour(row: list[Piece], at: int) -> bool:
    return any(0 <= i < len(row) and row[i].kind == "word" and len(row[i].raw) > 1 and row[i].raw.isupper() for i in (at - 1, at + 1))


def _case(unit: _Unit, first: int, capital: float, *, upper: bool) -> Case:
    """The case to write; ``capital`` is how often the chosen word has a capital inside a sentence."""
    raw = unit.pieces[first].raw
    case = case_of(raw)
    if upper and any(c.isupper() or c.isdigit() for c in raw):
        return "upper"
    if case == "upper" and not raw.isupper():
        case = "title"
    if not raw[0].isalpha():
        following = unit.pieces[first + 1].raw if first + 1 < len(unit.pieces) else ""
        return "title" if following[:1].isupper() and not following.isupper() and capital > 0.2 else "lower"
    if case == "title" and raw[0] in "SVXZ" and capital < 0.006 and _flag(unit, first) == "title":
        return "lower"  # letters whose capital only differs in size: sap Xep
    return case


@cache
def load() -> Restorer:
    """The restorer with the shipped model, loaded once in a process."""
    return Restorer.from_folder()
