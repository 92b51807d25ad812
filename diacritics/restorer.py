"""The restorer: lines in, as many lines out. Decides line by line whether anything is to be done at all."""

from __future__ import annotations

import math
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from diacritics.candidates import Candidate
from diacritics.casing import flag_of, is_heading, written_case
from diacritics.channel import Channel
from diacritics.confidence import Evidence, bounded, confidence
from diacritics.decoder import Context, Slot, Weights, decode, posteriors
from diacritics.judge import evidence, prior
from diacritics.letters import Case, apply_case, is_syllable
from diacritics.lm import START, LanguageModel
from diacritics.numbers import certain
from diacritics.opinions import Opinions, token_row
from diacritics.pieces import clean_gap, pieces, second_d, tidied
from diacritics.proofread import Correction, Proofreader
from diacritics.proposals import Proposals, Tagged, Unit
from diacritics.tagger import Tagger

MODEL_FOLDER = Path(__file__).parent / "model"
ALTERNATIVES = 4

CHANNEL_ONLY = Weights(cost=0.8, language=1.0)
"""Without the tagger; set by judgement while reading errors."""

WITH_TAGGER = Weights(cost=1.0, language=0.7)
"""The tagger has seen the context already; the language model decides between what it leaves open."""

CONTEXT_LINES = 3
"""Correct lines around damaged ones that the tagger reads as context."""


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


class Restorer:
    """Restores lines with one language model and one channel; holds caches, not safe to share between threads."""

    def __init__(
        self, model: LanguageModel, channel: Channel, tagger: Tagger | None = None, confidence: Callable[[Evidence], float] = confidence
    ) -> None:
        self._confidence = confidence
        self._model = model
        self._proposals = Proposals(model, channel)
        self._tagger = tagger
        self._weights = WITH_TAGGER if tagger else CHANNEL_ONLY
        self._proofreader = Proofreader(model, channel)

    @classmethod
    def from_folder(cls, folder: Path = MODEL_FOLDER) -> Restorer:
        """The restorer whose model lies in ``folder``; :class:`ModelError` when it does not."""
        language, channel, tagger = folder / "syllables.zip", folder / "channel.tsv", folder / "tagger.npz"
        for path in (language, channel, tagger):
            if not path.is_file():
                remedy = "Hãy cài lại dondoc, hoặc: python -m diacritics.train --corpus THƯ_MỤC"
                raise ModelError(f"Thiếu tệp mô hình phục hồi dấu: {path}. {remedy}")
        try:
            return cls(LanguageModel.read(language), Channel.read(channel), Tagger.read(tagger))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ModelError(f"Tệp mô hình phục hồi dấu bị hỏng trong {folder}: {error}") from error

    def restore(self, lines: Sequence[str], confidences: Sequence[Sequence[float] | None] | None = None) -> list[RestoredLine]:
        """The same number of lines. Damaged ones are read anew; of the others only slips are put right, and most stay byte-identical.

        ``confidences``: for each line the engine's trust (0 to 1) in each of its tokens between blanks, where known.
        """
        units = [[Unit(n, cell, pieces(cell)) for cell in line.split("\t")] for n, line in enumerate(lines)]
        found = [sum(evidence(u.pieces, self._model.ids) for u in row) for row in units]
        bias = prior(found)
        damaged = [self._damaged(row, e, bias) for row, e in zip(units, found, strict=True)]
        texts = second_d(
            "\t".join(tidied(u.text) for u in row) if bad else lines[n] for n, (row, bad) in enumerate(zip(units, damaged, strict=True))
        )
        for n, text in enumerate(texts):
            if damaged[n]:
                units[n] = [Unit(n, cell, pieces(cell)) for cell in text.split("\t")]
        bad_units = [u for row, bad in zip(units, damaged, strict=True) if bad for u in row]
        self._proposals.set_regime([p.raw for u in bad_units for p in u.pieces if p.kind == "word"])
        units, tagged = self._tagged(units, damaged)
        cells: dict[int, list[tuple[str, list[Syllable]]]] = {}
        for stream in self._streams(units, damaged):
            for unit, restored in zip(stream[1], self._restore_stream(*stream, tagged), strict=True):
                cells.setdefault(unit.line, []).append(restored)
        for n, row in enumerate(units):
            if damaged[n] and not any(u.pieces for u in row) and lines[n].strip():
                cells[n] = [(u.text if any(c.isalnum() for c in u.text) else "", []) for u in row]
        done = {n: _line(lines[n], found) for n, found in cells.items()}
        return self._proofread([done.get(n, raw) for n, raw in enumerate(lines)], confidences)

    def _proofread(self, lines: Sequence[RestoredLine | str], confidences: Sequence[Sequence[float] | None] | None) -> list[RestoredLine]:
        """Puts the slips of the lines right that were not read anew; those serve as context."""
        texts = [certain(line) if isinstance(line, str) else line.text for line in lines]
        open_lines = [isinstance(line, str) for line in lines]
        found: dict[int, list[Correction]] = {}
        if any(open_lines):
            opinion = Opinions(self._tagger, self._model, texts) if self._tagger else None
            for c in self._proofreader.proofread(texts, confidences=confidences, chosen=open_lines, opinion=opinion):
                found.setdefault(c.line, []).append(c)
        return [
            _corrected(line, text, found.get(n, [])) if isinstance(line, str) else line
            for n, (line, text) in enumerate(zip(lines, texts, strict=True))
        ]

    def _damaged(self, row: list[Unit], found: float, bias: float) -> bool:
        if found + bias >= 0 or not any(u.pieces for u in row):
            return False
        if bias <= 3:
            return True
        return sum(evidence(u.pieces, self._model.ids, codes=False) for u in row) + bias < 0

    def _tagged(self, units: list[list[Unit]], damaged: list[bool]) -> tuple[list[list[Unit]], Tagged | None]:
        """The units with the places of their tokens in what the tagger reads: the damaged lines and a few around them."""
        if self._tagger is None or not any(damaged):
            return units, None
        size = len(units)
        near = [any(damaged[max(0, n - CONTEXT_LINES) : min(size, n + CONTEXT_LINES + 1)]) for n in range(size)]
        row = token_row((u.text, u.pieces, len(cells) > 1) for n, cells in enumerate(units) if near[n] for u in cells)
        firsts = iter(row.firsts)
        placed = [[replace(u, first=next(firsts)) for u in cells] if near[n] else cells for n, cells in enumerate(units)]
        return placed, Tagged(self._tagger.read_tokens(row.tokens, row.gaps)) if row.tokens else None

    def _streams(self, units: list[list[Unit]], damaged: list[bool]) -> list[tuple[Context, list[Unit]]]:
        """Damaged cells that are read on from one another, each run with the words before it."""
        streams: list[tuple[Context, list[Unit]]] = []
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

    def _restore_stream(self, context: Context, units: list[Unit], tagged: Tagged | None) -> list[tuple[str, list[Syllable]]]:
        slots: list[Slot] = []
        owners: list[tuple[int, int]] = []
        for n, unit in enumerate(units):
            heading = is_heading(unit.pieces)
            for i in range(len(unit.pieces)):
                merged = self._proposals.merged(unit, i, tagged) if i else ()
                slots.append(Slot(self._proposals.of(unit, i, tagged, heading=heading), merged))
                owners.append((n, i))
        path = decode(slots, self._model, self._weights, context)
        rivals = posteriors(path, slots, self._model, self._weights, context)
        chosen: list[list[tuple[int, int, Candidate, list[tuple[float, Candidate]]]]] = [[] for _ in units]
        for choice, ranked in zip(path, rivals, strict=True):
            n, last = owners[choice.last]
            chosen[n].append((owners[choice.first][1], last, choice.candidate, ranked))
        return [self._assemble(unit, found, tagged) for unit, found in zip(units, chosen, strict=True)]

    def _assemble(
        self, unit: Unit, chosen: list[tuple[int, int, Candidate, list[tuple[float, Candidate]]]], tagged: Tagged | None
    ) -> tuple[str, list[Syllable]]:
        """The cell's new text and its syllables with their places in it."""
        heading = is_heading(unit.pieces)
        text, done = "", 0
        syllables: list[Syllable] = []
        logs = [tagged.one(unit.first + first, c.words[0]) if tagged and len(c.words) == 1 else None for first, _, c, _ in chosen]
        known = [bounded(log) for log in logs]
        line = sum(known) / len(known) if known else 0.0
        for n, (first, last, candidate, ranked) in enumerate(chosen):
            begin, end = unit.pieces[first].begin, unit.pieces[last].end
            text += clean_gap(unit.text[done:begin]) if done or text else unit.text[:begin].lstrip()
            done = end
            raw = unit.text[begin:end]
            capital = math.exp(float(self._model.capitals[candidate.words[0]]))
            case = written_case(unit.text, unit.pieces, first, capital, heading=heading)
            posterior = next((p for p, c in ranked if c is candidate), 0.5)
            name = flag_of(unit.text, unit.pieces, first) == "title"
            word = _shown(candidate, raw, case, heading=heading)
            others = tuple(dict.fromkeys(t for p, c in ranked if p > 0.01 and (t := _shown(c, raw, case, heading=heading)) != word))[
                :ALTERNATIVES
            ]
            confidence = self._confidence(
                Evidence(posterior, logs[n], raw, name, line, min([*known[max(0, n - 1) : n], *known[n + 1 : n + 2]], default=0.0))
            )
            syllables.append(Syllable(raw, word, confidence, others, len(text), len(text) + len(word)))
            text += word
        text += clean_gap(unit.text[done:]).rstrip() if done else unit.text
        return unicodedata.normalize("NFC", text), syllables


def _shown(candidate: Candidate, raw: str, case: Case, *, heading: bool) -> str:
    """A candidate as it is written in place of ``raw``."""
    first = candidate.texts[0]
    if candidate.keep:
        return first
    if raw.isupper() and len(raw) > 1 and not is_syllable(first):
        return first.upper()  # an abbreviation that the vocabulary knows
    if not heading and first == raw.lower() and sum(c.isupper() for c in raw) > 1:
        return raw  # PCTr, VNeID
    rest: Case = "upper" if case == "upper" else "lower"
    return " ".join(apply_case(t, rest if i else case) for i, t in enumerate(candidate.texts))


def _line(raw: str, cells: list[tuple[str, list[Syllable]]]) -> RestoredLine:
    """A line from its cells."""
    text, syllables = "", list[Syllable]()
    for n, (cell, found) in enumerate(cells):
        text += "\t" * (n > 0)
        syllables += [replace(s, begin=s.begin + len(text), end=s.end + len(text)) for s in found]
        text += cell
    confidence = sum(s.confidence for s in syllables) / len(syllables) if syllables else 1.0
    return RestoredLine(raw, text, confidence, tuple(syllables))


def _corrected(raw: str, text: str, corrections: Sequence[Correction]) -> RestoredLine:
    """A line with single words put right; its doubtful words are the syllables that are listed."""
    result, done = "", 0
    syllables = []
    for c in corrections:
        result += text[done : c.begin]
        done = c.end
        syllables.append(Syllable(text[c.begin : c.end], c.text, c.probability, c.alternatives, len(result), len(result) + len(c.text)))
        result += c.text
    result += text[done:]
    words = max(1, len(text.split()))
    return RestoredLine(raw, result, 1 - sum(1 - s.confidence for s in syllables) / words, tuple(syllables))


@cache
def load() -> Restorer:
    """The restorer with the shipped model, loaded once in a process."""
    return Restorer.from_folder()
