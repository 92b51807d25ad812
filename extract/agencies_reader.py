"""Reading tokens: the words, marks and boundaries from which the agency grammar is made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from extract.agencies_lexicon import Lexicon, Token


@dataclass(frozen=True, slots=True)
class Piece:
    """One agency or group found in tokens ``first`` to ``stop`` (not included); ``name`` before canonical spelling rules.

    ``places`` are those an office was said of; ``bare``: a group without "các"; ``joins``: such a group behind a title, which
    continues the group before it ("Bộ trưởng các bộ, Thủ trưởng cơ quan ngang bộ").
    """

    name: str
    first: int
    stop: int
    kind: str
    is_group: bool = False
    confidence: float = 1.0
    places: tuple[str, ...] = ()
    bare: bool = False
    joins: bool = False


Found = tuple[tuple[Piece, ...], int]
"""Pieces and the token after the last of them."""

LINKS = frozenset({",", ";", "/", "&", "va", "cung", "hoac", "voi"})
SURNAMES = frozenset(
    {
        "nguyen",
        "tran",
        "le",
        "pham",
        "hoang",
        "huynh",
        "phan",
        "vu",
        "vo",
        "dang",
        "bui",
        "do",
        "ho",
        "ngo",
        "duong",
        "ly",
        "dinh",
        "trinh",
        "mai",
        "dao",
        "ta",
        "luong",
    }
)
APPOSITION = frozenset({"co", "pho", "truong", "don", "chu", "uy", "thanh", "dong"})
"""First syllables of what may follow a name and a dash without belonging to it: "- Cơ quan thường trực …", "- Phó Trưởng ban"."""


class Reader(ABC):
    """One token sequence; positions are token indices."""

    __slots__ = ("lex", "text", "tokens")

    def __init__(self, text: str, tokens: tuple[Token, ...], lex: Lexicon) -> None:
        self.text, self.tokens, self.lex = text, tokens, lex

    def key(self, at: int) -> str:
        """The folded token, "" past the end."""
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def keys(self, at: int, count: int) -> str:
        """``count`` folded tokens joined by spaces."""
        return " ".join(token.key for token in self.tokens[at : at + count])

    def cap(self, at: int) -> bool:
        """Whether the token begins with a capital."""
        return at < len(self.tokens) and self.tokens[at].cap

    def mark(self, at: int) -> bool:
        """Whether the token is punctuation, or past the end."""
        return at >= len(self.tokens) or self.tokens[at].is_mark

    def slice(self, first: int, stop: int) -> str:
        """The text of the tokens, white space made single."""
        if stop <= first:
            return ""
        return " ".join(self.text[self.tokens[first].begin : self.tokens[stop - 1].end].split())

    def word(self, kind: str, at: int) -> int:
        """Length of the longest word of a class at ``at``."""
        return self.lex.word(kind, self.tokens, at) if at < len(self.tokens) else 0

    def boundary(self, at: int) -> bool:
        """Whether a name must end before this token: a mark, or a verb, adverb or particle in lower case."""
        if self.mark(at):
            return self.key(at) not in {"-", "&"}
        if self.key(at)[:1].isdigit() and self.key(at).count("/") == 2:
            return True  # a date
        if self.cap(at) or self._inside_compound(at):
            return False
        return bool(self.word("verb", at) or self.word("function", at) or self.word("order", at)) and not self._weak_in_name(at)

    def _inside_compound(self, at: int) -> bool:
        """As in "việc" in "Dịch vụ việc làm", "hàng" in "Ngân hàng" end no name."""
        here = self.word("compound", at)
        return here > self.word("verb", at) or any(self.word("compound", at - back) > back for back in (1, 2, 3, 4, 5, 6) if at >= back)

    def verb_at(self, at: int) -> bool:
        """Whether a verb or an adverb that opens a predicate stands here."""
        return bool(self.word("verb", at) or self.key(at) in {"can", "phai", "se", "co", "duoc", "la"})

    def _weak_in_name(self, at: int) -> bool:
        """A verb like "quản lý" inside a name: no object follows it and no other clause."""
        length = self.word("weak", at)
        if not length or length < self.word("verb", at):
            return False
        after = at + length
        if self.key(after)[:1].isdigit():
            return False  # "kiểm tra 24 công trình"
        if self.mark(after):
            return self.key(after) in {"-", ""} or (self.key(after) == "," and not self.verb_at(after + 1))
        return not self.word("object", after) and self.key(after) not in {"va", ","}

    def starts_agency(self, at: int) -> bool:
        """Whether a named agency or a group in the plural begins here (cheap test, by its first words)."""
        if at >= len(self.tokens) or self.mark(at):
            return False
        if self.key(at) in {"cac", "nhung"}:
            return bool(self.word("group", at + 1)) and not self.word("not", at + 1)
        if self.key(at) in {"ubnd", "hdnd"}:
            return True
        if not self.cap(at):
            return False
        if self.lex.names.match(self.tokens, at)[0]:
            return True
        head = self.head(at)
        after = at + head
        return head > 1 or (head == 1 and (self.cap(after) or bool(self.place_unit(after)) or self.key(after)[:1].isdigit()))

    def head(self, at: int) -> int:
        """Length of a word that begins names of agencies ("Sở", "Ban Quản lý"), 0 for none."""
        size = self.word("head", at)
        return 0 if self.word("not", at) >= max(size, 1) else size

    def place_unit(self, at: int) -> int:
        """Length of "tỉnh", "thành phố", "TP." and the like, 0 for none."""
        if at >= len(self.tokens):
            return 0
        length = self.lex.units.match(self.tokens, at)[0]
        return length + (self.key(at) == "tp" and self.key(at + 1) == ".") if length else 0

    def quantifier(self, at: int) -> int:
        """Length of "các", "những", "06" and the like."""
        if length := self.word("quantifier", at):
            return length
        if at >= len(self.tokens) or not self.tokens[at].text.isdigit() or len(self.tokens[at].text) > 2:
            return 0
        return int(bool(self.place_unit(at + 1)) or self.keys(at + 1, 2) in {"don vi", "co quan", "dia phuong"} or self.key(at + 1) == "so")

    @abstractmethod
    def named(self, at: int, *, titled: bool = False) -> Found | None:
        """A named agency at ``at``; behind a title small letters do as well."""

    @abstractmethod
    def plural(self, at: int) -> Found | None:
        """What "các" opens: an enumeration, offices in several places, or a group."""

    @abstractmethod
    def modifiers(self, at: int, nouns: int) -> int:
        """End of what narrows a group of ``nouns`` nouns."""
