"""What each damaged token may stand for: the words of the tagger, the readings of the channel, splits and merges of tokens."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from diacritics.candidates import Candidate, Trie
from diacritics.casing import Flag, beside_capitals, flag_of
from diacritics.channel import Channel
from diacritics.letters import is_foreign, is_syllable
from diacritics.lm import NUMBER, SYMBOL, UNKNOWN, LanguageModel
from diacritics.pieces import Piece
from diacritics.symbols import abbreviations, repair_abbreviation, repair_symbol
from diacritics.tagger import Reading

CANDIDATES = 14
SPLIT_COST, MERGE_COST, DIGIT_COST, ABBREVIATION_COST = 7.0, 6.0, 2.3, 2.0
UNKNOWN_COST, UNKNOWN_LETTER_COST = 8.0, 1.2
"""-ln P of a token that is none of our words, and for each of its letters."""
CAPITAL_WEIGHT = 0.7
SAMPLE = 24
"""Tokens by which a document's kind of damage is told."""
POOR = 9.0
"""A token whose best word costs more than this is read again with stray characters and symbols allowed."""

SPREAD = 11.0
"""Candidates dearer than the best by more than this never win; dropping them saves work in the beam."""

RARE = -16.5
"""Words that are no syllables and rarer than this (ln P) are not guessed, only recognised."""

REGIMES = {"eng": (0.84, 0.1, 0.04, 0.02), "strip": (0.2, 0.75, 0.03, 0.02), "digit": (0.38, 0.1, 0.5, 0.02)}
"""Mixtures of the channel's sources (eng, strip, digit, vie) for documents of each kind."""

TAGGER_WEIGHT, LETTER_WEIGHT = 0.7, 0.5
"""Of the tagger's −ln P and of the channel's where both speak."""
THOUGHT, CERTAIN, FAR = 0.002, 0.995, 7.0
"""Probability from which the tagger's words are candidates; from which nobody else is asked; distance in ln P of the last candidate."""
UNKNOWN_SMALL = 4.0
"""Names have capitals: a word in small letters is seldom unknown."""
FAMILIAR = 0.8
"""Probability of the tagger's first word from which only its words are weighed against the letters."""
UNKNOWN_TAGGED, UNKNOWN_LETTER_TAGGED = 5.0, 0.3
"""The same as UNKNOWN_COST and its letters where the tagger says how likely the token is none of our words."""
UNSEEN = 3.0
"""Added to the dearest reading for a word that the tagger names and the channel cannot read."""
NAMED_FOREIGN, FOREIGN = 0.3, 4.0
"""A foreign word as read that the tagger thinks so probable costs so much less; the language model hardly knows such words."""
TWO_WORDS = 4.0
"""Tagger's part in the cost of two words in one token, about which it was not taught."""

_DIGIT_TAIL = re.compile(r"[0-9iIloO]{0,3}[0-9][0-9iIloO]{0,3}$")
_FIGURES = str.maketrans("iIloO", "11100")


@dataclass(frozen=True, slots=True)
class Unit:
    """One cell of one line with its pieces."""

    line: int
    text: str
    pieces: list[Piece]
    first: int = -1
    """Index of its first piece among the tokens that the tagger read; −1 when it did not read them."""


class Tagged:
    """The tagger's view of the tokens of one document."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._likely = reading.likely(THOUGHT)

    def likely(self, token: int) -> tuple[list[int], list[float]]:
        """Words and ln P of the likely ones."""
        return self._likely[token]

    def one(self, token: int, word: int) -> float:
        """The ln P of one word at one token."""
        words, logs = self._likely[token]
        return logs[words.index(word)] if word in words else self.of(token, [word])[0]

    def of(self, token: int, words: list[int]) -> list[float]:
        """Ln P of some words at one token."""
        found: list[float] = self._reading.of(token, words).tolist()
        return found


class Proposals:
    """Candidates for tokens; holds caches, not safe to share between threads."""

    def __init__(self, model: LanguageModel, channel: Channel) -> None:
        self._model = model
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
        self._guessed = np.array([unigrams[i] > RARE or is_syllable(w) for i, w in enumerate(model.vocabulary)])

    def set_regime(self, tokens: list[str]) -> None:
        """Takes the mixture of the channel under which a sample of the damaged tokens is most probable."""
        sample = [t for t in dict.fromkeys(tokens) if len(t) > 1 and not t.isupper()]
        sample = sample[:: max(1, len(sample) // SAMPLE)]
        unigrams = self._model.unigrams
        totals = {}
        for name, table in self._tables.items():
            best = (min((c - 0.7 * float(unigrams[i]) for _, i, c in self._trie.match(t, table)), default=25.0) for t in sample)
            totals[name] = sum(min(b, 25.0) for b in best)
        self._regime = min(totals, key=totals.__getitem__)

    def of(self, unit: Unit, at: int, tagged: Tagged | None, *, heading: bool) -> list[Candidate]:
        """What the piece ``at`` of a unit may be."""
        row = unit.pieces
        piece = row[at]
        raw = piece.raw
        if piece.kind == "symbol":
            return [Candidate((SYMBOL,), (repair_symbol(raw),), 0.0, keep=True)]
        if piece.kind == "keep" or (len(raw) == 1 and raw.isupper() and raw not in "YÝ"):
            return [Candidate((self._model.id_of(raw.lower()),), (raw,), 0.0, keep=True)]
        if piece.kind == "number":
            own = Candidate((NUMBER,), (raw,), DIGIT_COST * len(raw), keep=True)
            if len(raw) > 2:
                return [own]
            found = [own, *(c for c in self._match(raw, "") if c.cost < 12)][:6]
            return found if tagged is None else self._weighed(found, tagged, unit.first + at)
        if raw.isupper() and len(raw) > 1 and raw.isalpha():
            right = repair_abbreviation(raw)
            known = right in abbreviations()
            own = Candidate((self._model.id_of(right.lower()),), (right,), 0.5 if known else ABBREVIATION_COST, keep=True)
            if not heading and known:
                return [own]
            if tagged is not None and not known and len(raw) == 2:  # BO Noi vu, SO Tai chinh: a mark made the vowel large
                return self._weighed([own, *self._match(raw, "")], tagged, unit.first + at)
            if not heading and not beside_capitals(row, at):
                return [own]
            if not heading or (known and len(raw) > 2):
                return [own, *self._match(raw, "")]
        flag = "" if heading else flag_of(unit.text, row, at)
        if tagged is None:
            unknown = UNKNOWN_COST + UNKNOWN_LETTER_COST * len(raw) + (4.0 if any(c.isdigit() for c in raw) else 0.0)
            return [*self._match(raw, flag), Candidate((UNKNOWN,), (raw,), unknown, keep=True)]
        words, logs = tagged.likely(unit.first + at)
        best = max(logs, default=-99.0)
        if best > math.log(CERTAIN) and words[logs.index(best)] > UNKNOWN:
            return self._named(words, logs)
        unknown = UNKNOWN_TAGGED + UNKNOWN_LETTER_TAGGED * len(raw) + UNKNOWN_SMALL * (not raw[0].isupper())
        own = Candidate((UNKNOWN,), (raw,), unknown, keep=True)
        readings = self._among(raw, words) if best > math.log(FAMILIAR) and len(raw) < 8 else self._match(raw, flag)
        return self._weighed([*readings, own], tagged, unit.first + at, raw.lower())

    def _among(self, raw: str, words: list[int]) -> list[Candidate]:
        """The channel's costs of a few words only, which is much quicker than looking for all that the token can be read from."""
        vocabulary = self._model.vocabulary
        trie = Trie((vocabulary[n], n) for n in words if n > UNKNOWN)
        table = (self._tables if raw.isalpha() else self._wide)[self._regime]
        return [Candidate((n,), (word,), cost) for word, n, cost in trie.match(raw, table, stray=not raw.isalpha())]

    def _named(self, words: list[int], logs: list[float]) -> list[Candidate]:
        """The tagger's words alone."""
        best = max(logs)
        vocabulary = self._model.vocabulary
        return [
            Candidate((n,), (vocabulary[n],), -TAGGER_WEIGHT * p)
            for n, p in zip(words, logs, strict=True)
            if n > UNKNOWN and p > best - FAR
        ]

    def _weighed(self, readings: list[Candidate], tagged: Tagged, token: int, raw: str = "") -> list[Candidate]:
        """The channel's readings with the tagger's opinion of each, and the tagger's words that the channel did not think of."""
        single = [c for c in readings if len(c.words) == 1]
        logs = tagged.of(token, [c.words[0] for c in single])
        if is_foreign(raw):  # "fax", "index" as read: a word of the vocabulary or none, it is the same
            for n, c in enumerate(single):
                if c.texts[0] == raw:
                    logs[n] = float(np.logaddexp(logs[n], tagged.of(token, [UNKNOWN])[0]))
                    other_letters = len(raw) > 2 and any(letter in "fjwz" for letter in raw)  # no Vietnamese word has them: fax, Zalo, web
                    if logs[n] > math.log(NAMED_FOREIGN / 10 if other_letters else NAMED_FOREIGN):
                        logs[n] += FOREIGN / TAGGER_WEIGHT * (2 if other_letters else 1)
        found = [Candidate(c.words, c.texts, LETTER_WEIGHT * c.cost - TAGGER_WEIGHT * p, c.keep) for c, p in zip(single, logs, strict=True)]
        found += [
            Candidate(c.words, c.texts, LETTER_WEIGHT * c.cost + TAGGER_WEIGHT * TWO_WORDS, c.keep) for c in readings if len(c.words) > 1
        ]
        known = {c.words[0] for c in single}
        dearest = max((c.cost for c in single if not c.keep), default=10.0) + UNSEEN
        vocabulary = self._model.vocabulary
        for n, p in zip(*tagged.likely(token), strict=True):
            if n > UNKNOWN and n not in known and self._guessed[n]:
                found.append(Candidate((n,), (vocabulary[n],), LETTER_WEIGHT * dearest - TAGGER_WEIGHT * p))
        best = min(c.cost for c in found)
        return [c for c in found if c.cost < best + SPREAD] or found[:1]

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

    def merged(self, unit: Unit, at: int, tagged: Tagged | None) -> list[Candidate]:
        """The token torn from the one before it: only pieces that are no words by themselves."""
        one, two = unit.pieces[at - 1], unit.pieces[at]
        gap = unit.text[one.end : two.begin]
        if one.kind != "word" or two.kind != "word" or len(one.raw) + len(two.raw) > 8 or gap.strip(" .'’`"):
            return []
        torn = gap.strip(" ") != "" or min(len(one.raw), len(two.raw)) <= 2
        if not torn or (is_syllable(one.raw.lower()) and is_syllable(two.raw.lower())):
            return []
        if tagged and max(max(tagged.likely(unit.first + i)[1], default=-99.0) for i in (at - 1, at)) > math.log(FAMILIAR):
            return []
        found = [(c, c.cost + MERGE_COST) for c in self._words(one.raw + two.raw, "")[:5]]
        return [Candidate(c.words, c.texts, LETTER_WEIGHT * cost + TAGGER_WEIGHT * TWO_WORDS if tagged else cost) for c, cost in found]
