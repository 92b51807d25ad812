"""What OCR makes of letters: P(read segment | true segment), learned from aligned pairs, and its reverse over a trie of words.

A segment is one to three characters. The table keeps one column for each way of damage (:data:`SOURCES`), so that a document's
own mixture of them can be chosen when it is read.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from diacritics.candidates import Reads
from diacritics.letters import ALPHABET, plain

SOURCES = ("eng", "strip", "digit", "vie")
"""Latin OCR without Vietnamese; marks lost; vowels as digits and symbols; a Vietnamese reading with wrong marks."""

Segments = dict[tuple[str, str], float]
"""(true segment, read segment) → probability of the reading."""

_SHAPES = ((1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (0, 1))
FLOOR, SYMBOL_FLOOR = 2e-5, 2e-4
MINIMUM = 4e-6
MARKED = tuple(c for c in ALPHABET if plain(c) in "aeiouy" and plain(c) != c)
"""Vowels with a mark."""


def _first_cost(true: str, read: str) -> float:
    if true == read:
        return 0.0
    if plain(true) == plain(read):
        return 0.3 * len(true)
    cost = 1.5 + 1.2 * abs(len(true) - len(read)) + 0.4 * min(len(true), len(read))
    return cost - 0.5 * (plain(true)[:1] == plain(read)[:1]) + (1.0 if len(true) == len(read) == 2 else 0.0)


def align(true: str, read: str, table: Mapping[tuple[str, str], float] | None) -> list[tuple[str, str]] | None:
    """The cheapest segmentation of a token pair, by ``table`` (costs) or by looks; None when there is none."""
    n, m = len(true), len(read)
    best = [[math.inf] * (m + 1) for _ in range(n + 1)]
    back: dict[tuple[int, int], tuple[int, int]] = {}
    best[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            here = best[i][j]
            if here == math.inf:
                continue
            for a, b in _SHAPES:
                if i + a > n or j + b > m:
                    continue
                segment = (true[i : i + a], read[j : j + b])
                cost = here + (_first_cost(*segment) if table is None else table.get(segment, 4.0 + 2 * _first_cost(*segment)))
                if cost < best[i + a][j + b]:
                    best[i + a][j + b] = cost
                    back[i + a, j + b] = (i, j)
    if best[n][m] == math.inf:
        return None
    path, at = [], (n, m)
    while at != (0, 0):
        before = back[at]
        path.append((true[before[0] : at[0]], read[before[1] : at[1]]))
        at = before
    return path[::-1]


def learn(pairs: Iterable[tuple[str, str]], rounds: int = 3) -> Segments:
    """P(read | true) of segments from token pairs, by repeated best alignment."""
    counts = Counter(pairs)
    costs: dict[tuple[str, str], float] | None = None
    found: Segments = {}
    for _ in range(rounds):
        seen: Counter[tuple[str, str]] = Counter()
        for (true, read), n in counts.items():
            for segment in align(true, read, costs) or ():
                seen[segment] += n
        # The chance of a segment is shared over all ways to read its first letter, so that pairs and singles compete fairly.
        starts: Counter[str] = Counter()
        for (true, _), n in seen.items():
            for c in true:
                starts[c] += n
        found = {s: n / min(starts[c] for c in s[0]) if s[0] else n / sum(starts.values()) for s, n in seen.items()}
        costs = {s: -math.log(p) for s, p in found.items()}
    return {s: p for s, p in found.items() if seen[s] >= 2 or p > 0.01}


def stripped() -> Segments:
    """Regime a: every mark lost; ơ and its tones often read as d, final c as e, ư as u, i or ir."""
    table: Segments = {}
    for c in ALPHABET:
        base = plain(c)
        table[c, base] = 0.94
        table[c, c] = max(table.get((c, c), 0.0), 0.05)
        family = "ơờớởỡợ"
        if c in family:
            table[c, "d"], table[c, "o"], table[c, "b"], table[c, "g"], table[c, "a"] = 0.5, 0.3, 0.06, 0.03, 0.03
        elif c in "ưừứửữự":
            table[c, "ir"], table[c, "i"], table[c, "ii"], table[c, "u'"] = 0.04, 0.02, 0.01, 0.01
        elif c in "ôồốổỗộ":
            table[c, "d"], table[c, "b"], table[c, "6"] = 0.05, 0.01, 0.01
        elif c in "ếể":
            table[c, "l"] = 0.02
    table["c", "e"] = 0.06
    table["ự", "ir"] = 0.08
    table["ơn", "cm"], table["ơn", "on"], table["m", "rn"], table["n", "m"], table["ưu", "ini"] = 0.08, 0.3, 0.01, 0.003, 0.01
    for c in "iìíĩỉị":
        table[c + "n", "m"], table[c, "l"], table[c, "T"] = 0.01, 0.004, 0.002
    table["ướ", "ud"], table["ườ", "ud"], table["ưở", "ud"] = 0.4, 0.4, 0.4
    table["ợ", "g"] = table["ợ", "q"] = 0.06
    return table


_DIGITS = {
    "d": "đ à ô ò â ờ ề ố ồ ă ơ ậ ộ", "6": "á ă ô ế ố ê ớ ả ó ể ấ ề ồ ổ ơ ở", "i": "í ị ỉ ủ ả à ứ á ì ĩ ấ ầ ẩ ă",
    "u": "ư ụ ự ú ủ ừ ứ ữ", "Q": "ệ ộ ê ạ ự", "€": "ê ệ ế ề ể", "4": "ạ ă ậ", "q": "ợ ụ ự", "g": "ợ ụ ồ ự", "l": "đ i l t",
    "tl": "đ", "<l": "đ", "ttd": "đ", "t": "đ t", "il": "đ", "ri": "á ả ú ủ ử", "r,": "ú ủ ử", "iS": "ế ố", "iil": "ế ố",
    "ti5": "ế ố", "iit": "ấ ậ", "A": "â à ấ ậ", "0": "ủ ử ô o", "c": "ơ", "?r": "à á", "rh": "m", "ri̇": "ủ", "?": "à ạ",
    "v": "y", "O": "ồ ộ ố ế", "\\": "ụ", "ir": "ừ ư ứ", "ii": "ồ ố ấ ả", "a": "ã ẩ ả ạ á ầ", "o": "ô ơ ọ ò ó ổ",
    "e": "ê ế ệ ẻ é ể á ă", "ti": "ầ ấ ố ồ", "ft": "ữ", "f": "ữ ý ú", "[": "ữ", "tt": "đ", "ctu": "đư", "tlu": "đư", "5": "ẽ ế",
    "n": "h n", "ld": "đ", "(l": "đ", "b": "ộ", "7": "ị", "ü": "ứ ừ", "4r": "vụ", "r": "n",
}  # fmt: skip


def digits() -> Segments:
    """Regime c: vowels turned into digits and symbols (the table of seed 003)."""
    table: Segments = {}
    share: dict[str, int] = defaultdict(int)
    for trues in _DIGITS.values():
        for true in trues.split():
            share[true] += 1
    for read, trues in _DIGITS.items():
        for true in trues.split():
            often = 0.55 / share[true] if true in MARKED or true == "đ" else 0.03  # consonants and plain vowels are hit now and then only
            table[true, read] = max(table.get((true, read), 0.0), often if plain(true) != read else 0.4)
    for read in ("i", "d", "6", "4", "0", "O", "e", "o", "u", "a", "ri", "A", "r?", "f", "n"):
        for true in MARKED:
            table.setdefault((true, read), 0.002)
    for c in ALPHABET:
        table.setdefault((c, plain(c)), 0.25 if c != plain(c) else 0.97)
        if c != plain(c):
            table.setdefault((c, c), 0.05)
    return table


OTHER_MARK, RARE_SLIP = 5e-5, 1e-6
"""Chance of a wrong mark that was not seen; chance below which a confusion of letters is dropped."""


def wrong_marks(pairs: Iterable[tuple[str, str]] = ()) -> Segments:
    """Regime d: a Vietnamese reading in which now and then a mark, more rarely a letter, is another.

    ``pairs`` are (true, read) tokens of ``tesseract -l vie``, right ones too; without them every other mark is equally likely.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for c in ALPHABET:
        groups[plain(c)].append(c)
    tokens = [(true.lower(), read.lower()) for true, read in pairs if read.isalpha()]
    marks = Counter(letter for true, read in tokens if plain(true) == plain(read) for letter in zip(true, read, strict=True))
    totals: Counter[str] = Counter()
    for (true, _), n in marks.items():
        totals[true] += n
    table: Segments = {
        (t, r): p for (t, r), p in learn(tokens).items() if t and r and plain(t) != plain(r) and p > RARE_SLIP and {*ALPHABET} >= {*t}
    }
    for letters in groups.values():
        for true in letters:
            for read in letters:
                if tokens:
                    share = (marks[true, read] + 9.0 * (true == read)) / (totals[true] + 10)
                    table[true, read] = max(share, OTHER_MARK)
                else:
                    table[true, read] = 0.96 if true == read else 0.04 / len(letters)
    return table


def floor(*, symbols: bool) -> set[tuple[str, str]]:
    """Readings that are always thinkable: the same base letter with whatever mark, a vowel for its look-alike."""
    marks = ("aàáâãäåāă", "eèéêëēě", "iìíîïīı", "oòóôõöøō", "uùúûüūư", "yýÿ", "dđð", "cç", "nñ")
    pairs = set()
    for c in ALPHABET:
        for letters in marks:
            if letters[0] == plain(c):
                pairs |= {(c, r) for r in letters} | {(c.upper(), r.upper()) for r in letters if len(r.upper()) == 1}
        pairs |= {(c, c), (c, plain(c)), (c.upper(), c.upper()), (c.upper(), plain(c.upper()))}
    # Stacked marks are read as the dot of an i: cấp = cip, khắc = khic, sắp xếp = sip xép.
    pairs |= {(v, "i") for v in "ắằẵẳặấầẫẩậăâúứừữửảãá"}
    if not symbols:
        return pairs
    # A symbol or digit inside a word may be any vowel that carries marks (S¢ = Sở, K& = Kế), and such a vowel may be lost (Mt = Mặt).
    lost = {(c + v, c) for c in "bcdđghklmnpqrstvx" for v in MARKED}
    return pairs | lost | {(v, r) for v in MARKED for r in "&§¢€¥£@$0123456789ﬁ%?"}


def whole_tokens(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """P(read | true) of damaged tokens that were seen at least twice; the letters' chances alone miss what a word's shape does."""
    lowered = Counter((true.lower(), read) for true, read in pairs)
    totals: Counter[str] = Counter()
    for (true, _), n in lowered.items():
        totals[true] += n
    return {(t, r): n / (totals[t] + 5) for (t, r), n in lowered.items() if n >= 2 and t != r}


HEADER = (
    "# source: rendered corpus text read with tesseract -l eng (eng, token), -l vie (vie); confusions seen in seeds 000, 003 (strip, digit)"
)


class Channel:
    """All readings with their probabilities by source, and costs for one mixture of the sources."""

    def __init__(self, columns: Mapping[str, Segments], tokens: Mapping[tuple[str, str], float]) -> None:
        self.columns = {s: dict(columns.get(s, {})) for s in SOURCES}
        self.tokens = dict(tokens)
        """(true word in lower case, token as read) → P(read | true) of whole tokens seen more than once."""

    @classmethod
    def build(cls, pairs: Iterable[tuple[str, str]], slips: Iterable[tuple[str, str]] = ()) -> Channel:
        """The channel of aligned token pairs of a Latin OCR, of ``slips`` (pairs of a Vietnamese one), and of the two written tables."""
        pairs = list(pairs)
        written = {"strip": stripped(), "digit": digits(), "vie": wrong_marks(slips)}
        return cls({"eng": learn(pairs), **{s: _both_cases(t) for s, t in written.items()}}, whole_tokens(pairs))

    def costs(self, weights: Sequence[float], *, symbols: bool) -> dict[str, Reads]:
        """Read segment → what it may stand for with −ln P, for weights in the order of :data:`SOURCES`.

        ``symbols`` adds that any digit or symbol may be a vowel, which costs time and is needed for few tokens.
        """
        mixed: dict[tuple[str, str], float] = {
            (t, r): SYMBOL_FLOOR if len(t) == 1 and plain(r) != plain(t) else FLOOR for t, r in floor(symbols=symbols)
        }
        for source, weight in zip(SOURCES, weights, strict=True):
            for segment, p in self.columns[source].items() if weight else ():
                mixed[segment] = mixed.get(segment, 0.0) + weight * p
        table: dict[str, Reads] = defaultdict(lambda: ({}, []))
        pairs: dict[tuple[str, str], float] = {}
        for (true, read), p in mixed.items():
            if p < MINIMUM or not true:
                continue
            word = true.lower()
            if len(word) == 1:
                row = table[read][0]
                row[word] = min(row.get(word, 99.0), -math.log(min(p, 1.0)))
            else:
                pairs[word, read] = max(pairs.get((word, read), 0.0), p)
        for (word, read), p in pairs.items():
            table[read][1].append((word[0], word[1], -math.log(min(p, 1.0))))
        return dict(table)

    def save(self, path: Path) -> None:
        """One line a segment: source, true, read, ln P; a person can read it."""
        lines = [HEADER]
        for source, table in self.columns.items():
            lines += [f"{source}\t{t}\t{r}\t{math.log(p):.2f}" for (t, r), p in sorted(table.items())]
        lines += [f"token\t{t}\t{r}\t{math.log(p):.2f}" for (t, r), p in sorted(self.tokens.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Channel:
        """Reads what :meth:`save` wrote."""
        columns: dict[str, Segments] = {s: {} for s in SOURCES}
        tokens: Segments = {}
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("#"):
                source, true, read, log = line.split("\t")
                (tokens if source == "token" else columns[source])[true, read] = math.exp(float(log))
        return cls(columns, tokens)


def _both_cases(table: Segments) -> Segments:
    upper = {}
    for (true, read), p in table.items():
        if len(true) == 1 and len(read) == 1 and read.isalpha() and len(read.upper()) == 1:
            upper[true.upper(), read.upper()] = p
        if len(true) == 1 and len(read) == 1:
            upper[true.upper(), read] = upper.get((true.upper(), read), p * 0.05)
    return {**table, **upper}
