"""Slips in nearly right readings: single words with a wrong mark or letter (Tố for Tổ, kiếm tra for kiểm tra), told by both contexts.

Every word of the document is scored at once under the language model, with the three words before and the three after it; where
another word that OCR may have misread would be much more probable, it is put in its place. What is judged is one odds for each
candidate against the word as read; its weights were fitted on kept-out text (``python -m diacritics.fit_proofread``). Numbers, symbols,
abbreviations and foreign words are never touched, but for :mod:`diacritics.forms`; nor are names of persons and small places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diacritics.channel import Channel
from diacritics.forms import forced
from diacritics.letters import SPECIFIC, apply_case, case_of, is_syllable, plain
from diacritics.lm import NUMBER, START, SYMBOL, UNKNOWN, LanguageModel
from diacritics.names import in_name
from diacritics.pieces import Piece, pieces
from diacritics.slips import Slips, opens_nothing
from diacritics.symbols import abbreviations

Reals = npt.NDArray[np.float64]

FEATURES = ("bias", "context", "gain after", "reading", "unknown", "impossible", "name", "capitals", "doubt", "letter", "rarer", "no word")
"""What the odds of a candidate are made of, in the order of :data:`WEIGHTS`.

"No word" is what could be a syllable, is in no corpus and is no name. Its weight is a round figure: of 304,694 correct words four were
such, of those that OCR gave none was right.
"""

WEIGHTS = (0.62, 0.69, 0.05, -1.06, 0.76, 0.09, 0.27, -0.74, 2.39, 0.05, 0.11, 8.0)

WRONG, LIKELY = 0.8, 0.5
"""How probable it must be that a word is wrong, and that a candidate is right, for the one to replace the other."""

WRONG_NAME = 0.95
"""The same for a word with a capital beside another."""

FORCED = 0.97
"""Probability given to what a form's place alone puts right."""

OFFERED = 0.03
"""Probability from which a candidate is kept as an alternative."""

SLIP_RATE = 0.021
"""Share of misread words in the documents on which the weights were fitted."""

PRIOR_WORDS, PRIOR_SLIPS = 150.0, 0.6
"""What is supposed of a document before it is seen: so many slips in so many words."""

PAIR_FLOOR = -8.0
"""ln odds from which a candidate is tried together with those of the next word."""

SURPRISE = 13.0
"""−ln P of a word and the three after it, given what comes before, below which nothing about it is doubtful."""

STRANGE = 24.0
"""The same from which other letters, not only other marks, are thought of.

With 13 and 24, 410 of 552 slips in 22,767 kept-out words are put right, with 16 and 30, 403; neither spoils a word.
"""


OPINION_WEIGHT = 0.5
"""How much a second opinion counts beside the n-grams; not fitted."""


@dataclass(frozen=True, slots=True)
class Correction:
    """``text`` for characters ``begin`` to ``end`` (excluded) of line ``line`` (from 0).

    ``probability`` (0 to 1) is that of ``text``. A doubtful word that stays has its own text here; ``alternatives``, best first,
    are what else it may be (for a word that was changed, among them what was read).
    """

    line: int
    begin: int
    end: int
    text: str
    probability: float
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A doubtful word for a second opinion: where it stands and what it may be, in lower case; the first is what was read."""

    line: int
    begin: int
    end: int
    words: tuple[str, ...]


Opinion = Callable[[Sequence[Question]], Sequence[Sequence[float]]]
"""For each question ln P of each of its words, given the token as read and both contexts."""


@dataclass(frozen=True, slots=True)
class _Token:
    line: int
    piece: Piece
    place: int
    """Index in the row of word numbers."""
    confidence: float
    name: bool
    """A capital beside another: part of an agency's name, or of some other."""
    guarded: bool
    """Part of the name of a person or small place: doubted perhaps, never changed."""
    capitals: bool


@dataclass(slots=True)
class Table:
    """All candidates of a document: row by row the token, the word, and its features; the fit reads it too."""

    tokens: list[_Token]
    owner: npt.NDArray[np.int64]
    words: list[str]
    numbers: npt.NDArray[np.int64]
    features: Reals
    row: npt.NDArray[np.int64]
    """All word numbers of the document, see :attr:`_Token.place`."""


class Proofreader:
    """Proofreads documents with one language model and the ``vie`` column of one channel; holds caches, not safe between threads."""

    def __init__(self, model: LanguageModel, channel: Channel, weights: Sequence[float] = WEIGHTS) -> None:
        self._model = model
        self._slips = Slips(((w, i) for i, w in enumerate(model.vocabulary) if i > UNKNOWN), channel.columns["vie"])
        self._weights = np.array(weights, dtype=np.float64)

    def proofread(
        self,
        lines: Sequence[str],
        *,
        confidences: Sequence[Sequence[float] | None] | None = None,
        chosen: Sequence[bool] | None = None,
        opinion: Opinion | None = None,
    ) -> list[Correction]:
        """What should be put right, and what is doubtful, in the order of the text.

        ``confidences``: for each line the engine's trust (0 to 1) in each of its tokens between spaces and tabs, where known.
        ``chosen``: the lines that may be changed (all when None); the others serve as context. ``opinion`` is asked once, about the
        doubtful words only.
        """
        found = [
            Correction(n, begin, end, text, FORCED, (line[begin:end],))
            for n, line in enumerate(lines)
            if chosen is None or chosen[n]
            for begin, end, text in forced(line)
        ]
        table, words = self.table(lines, confidences=confidences, chosen=chosen)
        if not len(table.owner):
            return found
        odds = table.features @ self._weights
        if opinion is not None:
            odds += self._second_opinion(table, odds, opinion)
        odds += _shift(table.owner, odds, words)
        taken = {(c.line, c.begin) for c in found}
        found += [c for c in self._corrections(table, self._together(table, odds)) if (c.line, c.begin) not in taken]
        return sorted(found, key=lambda c: (c.line, c.begin))

    def table(
        self,
        lines: Sequence[str],
        *,
        confidences: Sequence[Sequence[float] | None] | None = None,
        chosen: Sequence[bool] | None = None,
    ) -> tuple[Table, int]:
        """The candidates of a document, and the number of words that might have had some."""
        tokens, row = self._tokens(lines, confidences, chosen)
        ids = np.array(row, dtype=np.int64)
        places = np.array([t.place for t in tokens], dtype=np.int64)
        own = self._scores(_windows(ids, places, ids[places]))
        totals = own.sum(axis=1)
        asked: list[_Token] = []
        rows: list[int] = []
        found: list[tuple[str, int, float, bool]] = []
        for n, (token, total) in enumerate(zip(tokens, totals.tolist(), strict=True)):
            word = token.piece.raw.lower()
            unknown = word not in self._model.ids
            if total > -SURPRISE and not unknown:
                continue
            options = [(*c, False) for c in self._slips.other_marks(word)]
            if unknown or total < -STRANGE:
                options += [(*c, True) for c in self._slips.other_letters(word)]
            if options:
                found += options
                rows += [n] * len(options)
                asked.append(token)
        numbers = np.array([number for _, number, _, _ in found], dtype=np.int64)
        at = np.array(rows, dtype=np.int64)
        gains = self._scores(_windows(ids, places[at], numbers)) - own[at]
        features = np.zeros((len(rows), len(FEATURES)))
        for i, (n, (_, number, cost, letter)) in enumerate(zip(rows, found, strict=True)):
            token = tokens[n]
            word = token.piece.raw.lower()
            features[i] = (
                1.0, 0.0, 0.0, cost, word not in self._model.ids, _is_impossible(word), token.name, token.capitals,
                math.log((1.02 - token.confidence) / 0.06), letter,
                float(self._model.unigrams[number]) - float(self._model.unigrams[self._model.id_of(word)]),
                self._is_none(token),
            )  # fmt: skip
        features[:, 1] = gains.sum(axis=1)
        features[:, 2] = gains[:, 1:].sum(axis=1)
        order = {id(t): i for i, t in enumerate(asked)}
        owner = np.array([order[id(tokens[n])] for n in rows], dtype=np.int64)
        return Table(asked, owner, [word for word, _, _, _ in found], numbers, features, ids), len(tokens)

    def _tokens(
        self, lines: Sequence[str], confidences: Sequence[Sequence[float] | None] | None, chosen: Sequence[bool] | None
    ) -> tuple[list[_Token], list[int]]:
        """The words that may be changed, and all word numbers in a row with three starts before each stretch of text."""
        row: list[int] = [START, START, START]
        tokens: list[_Token] = []
        for n, line in enumerate(lines):
            cells = line.split("\t")
            trust = _trust(line, confidences[n]) if confidences is not None else None
            base = 0
            for cell in cells:
                found = pieces(cell)
                if len(cells) > 1 or (found and cell[: found[0].begin].strip(' "“(')):
                    _break(row)
                capitals = _is_upper(found)
                for i, piece in enumerate(found):
                    row.append(self._number(piece))
                    if (chosen is None or chosen[n]) and _may_change(piece, capitals):
                        begin, end = base + piece.begin, base + piece.end
                        confidence = trust.get(begin, 0.96) if trust is not None else 0.96
                        begin -= piece.raw.islower() and opens_nothing(lines, n, begin - 1)
                        moved = Piece(line[begin:end], begin, end, piece.kind)
                        name = not capitals and _is_name(found, i)
                        tokens.append(_Token(n, moved, len(row) - 1, confidence, name, in_name(found, i), capitals))
                if len(cells) > 1 or cell.rstrip().endswith((".", ";", ":")):
                    _break(row)
                base += len(cell) + 1
        return tokens, [*row, START, START, START]

    def _is_none(self, token: _Token) -> bool:
        """Whether the token has the letters of a Vietnamese word that there is not, and cannot be a name."""
        word = token.piece.raw.lower()
        return word not in self._model.ids and (token.capitals or token.piece.raw.islower()) and (is_syllable(word) or _is_impossible(word))

    def _number(self, piece: Piece) -> int:
        if piece.kind in ("number", "symbol"):
            return NUMBER if piece.kind == "number" else SYMBOL
        word = piece.raw.lower()
        if not word.isalpha():
            return SYMBOL if any(c.isdigit() for c in word) else UNKNOWN
        return self._model.id_of(word)

    def _scores(self, windows: npt.NDArray[np.int64]) -> Reals:
        """(n, 4): ln P of the fourth word of each window, and of each of the three words after it; 0 past the end of a stretch."""
        result = np.zeros((len(windows), 4))
        inside = np.ones(len(windows), dtype=bool)
        for k in range(4):
            if k:
                inside &= windows[:, 3 + k] != START
            rows = np.flatnonzero(inside)
            result[rows, k] = self._model.score(windows[rows, k : k + 3], windows[rows, k + 3])
        return result

    def _together(self, table: Table, odds: Reals) -> Reals:
        """The odds with those raised of candidates that are probable only beside one another: "tống thế" for "tổng thể"."""
        likely: dict[int, list[int]] = {}
        for i in np.flatnonzero(odds > PAIR_FLOOR).tolist():
            likely.setdefault(table.tokens[table.owner[i]].place, []).append(i)
        pairs = [(i, j) for place, firsts in likely.items() for i in firsts for j in likely.get(place + 1, ())]
        if not pairs:
            return odds
        one, two = np.array(pairs).T
        places = np.array([table.tokens[owner].place for owner in table.owner[two]], dtype=np.int64)
        read, other = _windows(table.row, places, table.row[places]), _windows(table.row, places, table.numbers[two])
        read[:, 2] = other[:, 2] = table.numbers[one]
        gains = self._scores(other) - self._scores(read)
        context = FEATURES.index("context")
        change = np.stack([gains.sum(axis=1), gains[:, 1:].sum(axis=1)], axis=1) - table.features[two, context : context + 2]
        joint = odds[one] + odds[two] + change @ self._weights[context : context + 2]
        # Each of the two against itself as read, whatever the other is: that one alone is wrong may explain everything.
        own = np.log(_shares(table.owner, odds)[0])
        raised = odds.copy()
        np.maximum.at(raised, one, joint + own[table.owner[two]])
        np.maximum.at(raised, two, joint + own[table.owner[one]])
        return raised

    @staticmethod
    def _second_opinion(table: Table, odds: Reals, opinion: Opinion) -> Reals:
        """What the second opinion adds to the odds of the candidates that have a chance."""
        asked: dict[int, list[int]] = {}
        for i in np.flatnonzero(odds > -6.0).tolist():
            asked.setdefault(int(table.owner[i]), []).append(i)
        added = np.zeros_like(odds)
        if not asked:
            return added
        questions = []
        for owner, rows in asked.items():
            token = table.tokens[owner]
            words = (token.piece.raw.lower(), *(table.words[i] for i in rows))
            questions.append(Question(token.line, token.piece.begin, token.piece.end, words))
        for rows, answer in zip(asked.values(), opinion(questions), strict=True):
            for i, value in zip(rows, answer[1:], strict=True):
                added[i] = OPINION_WEIGHT * (value - answer[0])
        return added

    @staticmethod
    def _corrections(table: Table, odds: Reals) -> list[Correction]:
        own, shares = _shares(table.owner, odds)
        options: dict[int, list[tuple[float, str]]] = {}
        for i in np.flatnonzero(shares >= OFFERED).tolist():
            options.setdefault(int(table.owner[i]), []).append((float(shares[i]), table.words[i]))
        found = []
        for owner, ranked in sorted(options.items()):
            token = table.tokens[owner]
            raw, case = token.piece.raw, case_of(token.piece.raw)
            ranked.sort(reverse=True)
            words = [apply_case(word, case) for _, word in ranked]
            begin, end = token.piece.begin, token.piece.end
            needed = WRONG_NAME if token.name else WRONG
            if not token.guarded and 1 - own[owner] >= needed and ranked[0][0] >= LIKELY:
                found.append(Correction(token.line, begin, end, words[0], ranked[0][0], (raw, *words[1:])))
            else:
                found.append(Correction(token.line, begin, end, raw, float(own[owner]), tuple(words)))
        return found


def _shares(owner: npt.NDArray[np.int64], odds: Reals) -> tuple[Reals, Reals]:
    """(of each token the chance that it stands as read, of each candidate its own)."""
    weights = np.exp(np.minimum(odds, 30.0))
    own = 1 / (1 + np.bincount(owner, weights=weights))
    return own, weights * own[owner]


def _shift(owner: npt.NDArray[np.int64], odds: Reals, words: int) -> float:
    """What the document as a whole adds to the odds of each slip: clean ones have next to none, bad scans many."""
    shift = 0.0
    for _ in range(4):
        own, _ = _shares(owner, odds + shift)
        rate = (PRIOR_SLIPS + float((1 - own).sum())) / (PRIOR_WORDS + words)
        shift = min(0.7, math.log(rate / SLIP_RATE))
    return shift


def _windows(row: npt.NDArray[np.int64], places: npt.NDArray[np.int64], words: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(n, 7): the three word numbers before each place, the word given for it, the three after it."""
    windows: npt.NDArray[np.int64] = row[places[:, None] + np.arange(-3, 4)]
    windows[:, 3] = words
    return windows


def _break(row: list[int]) -> None:
    if row[-1] != START:
        row += [START, START, START]


def _trust(line: str, confidences: Sequence[float] | None) -> dict[int, float] | None:
    """Confidence by where a piece begins; None when there is not one for each token."""
    tokens = line.split()
    if confidences is None or len(tokens) != len(confidences):
        return None
    found, at = {}, 0
    for token, confidence in zip(tokens, confidences, strict=True):
        at = line.index(token, at)
        found.update(dict.fromkeys(range(at, at + len(token)), confidence))
        at += len(token)
    return found


def _is_impossible(word: str) -> bool:
    """Letters that only Vietnamese has, in a shape that no syllable has; a foreign word is merely unknown."""
    return not is_syllable(word) and any(c in SPECIFIC for c in word)


def _is_upper(row: Sequence[Piece]) -> bool:
    """Whether a heading is written in capitals."""
    words = [p.raw for p in row if p.kind in ("word", "keep") and len(p.raw) > 1]
    return len(words) > 1 and sum(w.isupper() for w in words) > 0.7 * len(words)


def _may_change(piece: Piece, capitals: bool) -> bool:
    """Words of Vietnamese letters; not abbreviations, not codes."""
    raw = piece.raw
    if piece.kind != "word" or not raw.isalpha() or len(raw) > 9 or (len(raw) == 1 and plain(raw) == raw):
        return False
    if raw.isupper() and len(raw) > 1:
        return (capitals or plain(raw) != raw) and raw not in abbreviations()
    return raw[1:].islower() or len(raw) == 1


def _is_name(row: Sequence[Piece], at: int) -> bool:
    """A capital beside another: names of persons and places."""
    if not row[at].raw[0].isupper():
        return False
    return any(0 <= i < len(row) and row[i].kind == "word" and row[i].raw[:1].isupper() for i in (at - 1, at + 1))
