"""Headings in capitals: the same letters as they would stand in a sentence, so that names and groups can be told apart by case."""

from __future__ import annotations

from pathlib import Path

from extract.agencies_lexicon import Lexicon, Token, lexicon, tokenize

_SHORTEST = 8
"""A shorter run of capitals may be an abbreviation."""
_PLACE = 3
"""Syllables of a place name."""


def in_small_letters(text: str, extra: Path | None = None) -> str:
    """``text`` with the capitals of a sentence, letter by letter as long; returned as it is unless all of it is in capitals."""
    low = text.lower()
    if len(text) < _SHORTEST or not text.isupper() or len(low) != len(text):
        return text
    lex, tokens = lexicon(extra), tokenize(low)
    capitals = {0} | {i for i in range(1, len(tokens)) if tokens[i - 1].key in {",", ";", "va"} and lex.word("head", tokens, i) > 1}
    i = 0
    while i < len(tokens):
        length, record = lex.names.match(tokens, i)
        if length:
            capitals |= {i + at for at in _name_capitals(tokens[i : i + length], record.name)}
        length = max(length, lex.units.match(tokens, i)[0], 1)
        i += length
        if any(i >= size and lex.units.match(tokens, i - size)[0] == size for size in (1, 2)):
            capitals |= set(range(i, _place_end(tokens, i, lex)))
    letters = list(low)
    for at in capitals:
        if at < len(tokens):
            letters[tokens[at].begin] = text[tokens[at].begin]
    return "".join(letters)


def _name_capitals(tokens: tuple[Token, ...], name: str) -> set[int]:
    spelled = tokenize(name)
    if [token.key for token in spelled] != [token.key for token in tokens]:
        return set(range(len(tokens)))  # an abbreviation
    return {at for at, token in enumerate(spelled) if token.cap}


def _place_end(tokens: tuple[Token, ...], at: int, lex: Lexicon) -> int:
    """End of the place name that follows "tỉnh", "xã" and the like."""
    for places in lex.places.values():
        length = places.match(tokens, at)[0]
        if length:
            return at + length
    k = at
    while k < min(len(tokens), at + _PLACE) and not tokens[k].is_mark and tokens[k].key not in {"va", "cac", "cung", "voi"}:
        if lex.word("verb", tokens, k) > 1 or lex.word("function", tokens, k) or lex.units.match(tokens, k)[0]:
            break
        k += 1
    return k
