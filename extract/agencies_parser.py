"""The grammar of agency names: one name, one group, or a list of them, at a given token.

A name ends at a mark, at the next agency, or where the verb begins; the word classes say which words are verbs, and
underthesea is asked only about words that are in none of them. Groups ("các sở, ban, ngành cấp tỉnh") are closed in their
nouns and open in what follows them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extract.agencies_lexicon import Lexicon, Token
from extract.agencies_tagger import is_nominal
from extract.gazetteer import AgencyRecord, Place

_QUANTIFIERS = ("tat ca cac", "toan bo cac", "toan the cac", "he thong cac", "mot so", "cac", "nhung", "moi", "tung", "hai", "ba", "bon", "nam", "sau")
_NUMBERS = frozenset({"hai", "ba", "bon", "nam", "sau"})
_LINKS = frozenset({",", ";", "/", "&", "va", "cung", "hoac", "voi"})
_NESTING = frozenset({"van phong", "thanh tra", "phong", "trung tam", "dang uy", "ban quan ly du an", "co quan", "chi cuc"})
_APPOSITION = frozenset({"co", "pho", "truong", "don", "chu", "uy", "thanh", "dong"})
_LIMIT = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """One agency or group found in tokens ``first`` to ``stop`` (not included); ``name`` before canonical spelling rules."""

    name: str
    first: int
    stop: int
    kind: str
    is_group: bool = False
    confidence: float = 1.0
    places: tuple[str, ...] = ()
    bare: bool = False


Found = tuple[tuple[Piece, ...], int]


class Parser:
    """Parses agencies in one token sequence; positions are token indices."""

    __slots__ = ("lex", "text", "tokens")

    def __init__(self, text: str, tokens: tuple[Token, ...], lex: Lexicon) -> None:
        self.text, self.tokens, self.lex = text, tokens, lex

    # -- words ---------------------------------------------------------------------------------------------------------

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
        if self.cap(at):
            return False
        return bool(self.word("verb", at) or self.word("function", at) or self.word("order", at)) and not self._weak_in_name(at)

    def verb_at(self, at: int) -> bool:
        """Whether a verb or an adverb that opens a predicate stands here."""
        return bool(self.word("verb", at) or self.key(at) in {"can", "phai", "se", "co", "duoc", "la"})

    def _weak_in_name(self, at: int) -> bool:
        """A verb like "quản lý" inside a name: no object follows it and no other clause."""
        length = self.word("weak", at)
        if not length or length < self.word("verb", at):
            return False
        after = at + length
        if self.mark(after):
            return self.key(after) in {"-", ""} or (self.key(after) == "," and not self.verb_at(after + 1))
        return not self.word("object", after) and self.key(after) not in {"va", ","}

    # -- lists ---------------------------------------------------------------------------------------------------------

    def parse_list(self, at: int, *, semicolons: bool = True, bare: bool = True) -> Found | None:
        """A list of agencies from ``at`` on; ``semicolons``: ";" also separates."""
        first = self.parse_item(at, bare=bare)
        if first is None:
            return None
        pieces, stop = list(first[0]), first[1]
        while True:
            stop = self._skip_aside(stop)
            nxt = self._next_item(stop, semicolons)
            if nxt is None:
                return tuple(_share_places(pieces)), stop
            pieces += nxt[0]
            stop = nxt[1]

    def _next_item(self, at: int, semicolons: bool) -> Found | None:
        k, links = at, 0
        while self.key(k) in _LINKS and links < 3 and (semicolons or self.key(k) != ";"):
            if self.key(k) == "voi" and self.key(k - 1) != "cung":
                break
            k, links = k + 1, links + 1
        if not links and not self.starts_agency(k):
            return None
        if self.key(k) == "nhat" and self.key(k + 1) == "la":
            k += 2
        return self.parse_item(k, bare=links > 0)

    def _skip_aside(self, at: int) -> int:
        """Past "(…)" and an apposition: "Bộ X - Cơ quan thường trực Ban Chỉ đạo"."""
        if self.key(at) == "(":
            for k in range(at + 1, min(len(self.tokens), at + 30)):
                if self.key(k) == ")":
                    return self._skip_aside(k + 1)
            return at
        if self.key(at) == "-" and self.key(at + 1) in _APPOSITION and at + 1 < len(self.tokens):
            k = at + 1
            while k < len(self.tokens) and not self.mark(k) and (self.cap(k) or not self.boundary(k)) and k - at < 24:
                k += 1
            return k
        return at

    # -- one item ------------------------------------------------------------------------------------------------------

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
        return bool(self.lex.names.match(self.tokens, at)[0] or self._head(at))

    def _head(self, at: int) -> int:
        return 0 if self.word("not", at) else self.word("head", at)

    def parse_item(self, at: int, *, bare: bool = True) -> Found | None:
        """One agency, group, or enumeration ("các sở: A, B") at ``at``; ``bare`` allows a group without "các"."""
        if at >= len(self.tokens) or self.mark(at):
            return None
        if (titled := self._titled(at)) is not None:
            return titled
        return self._named(at) or self._plural(at) or (self._bare(at) if bare else None)

    def _titled(self, at: int) -> Found | None:
        """A head of agency: the agency ("Giám đốc Sở Nội vụ")."""
        quantified = self.key(at) in {"cac", "nhung"}
        k = at + quantified
        length = self.word("title", k)
        if not length:
            return None
        ministers = self.keys(k, length) == "bo truong"
        for cut in range(length, 0, -1):
            if self.word("title", k) < cut or not self._is_title(k, cut):
                continue
            after = k + cut
            found = self._after_titles(after)
            if found is not None:
                pieces, stop = found
                if ministers and pieces[0].is_group and (self.key(after) == "," or pieces[0].bare):
                    name = pieces[0].name
                    name = name.removeprefix("các ")
                    joined = "các bộ, " + (name[0].lower() + name[1:]) if not name.lower().startswith("bộ") else f"các {name}"
                    pieces = (replace(pieces[0], name=joined), *pieces[1:])
                pieces = tuple(
                    replace(p, name=f"các {p.name}", bare=False) if p.bare and not p.name.startswith("các ") and "," in p.name else replace(p, bare=False)
                    for p in pieces
                )
                return (replace(pieces[0], first=at), *pieces[1:]), stop
            if ministers and cut == length and self.boundary(after):
                return (Piece("các bộ", at, after, "group", is_group=True),), after
        return None

    def _is_title(self, at: int, length: int) -> bool:
        return self.lex.words["title"].match(self.tokens, at, at + length)[0] == length

    def _after_titles(self, at: int) -> Found | None:
        """The agency after one title, over further titles ("Giám đốc, Thủ trưởng các sở")."""
        k = at
        for _ in range(4):
            skip = k + 1 if self.key(k) in {",", "va", ";", "/"} else k
            more = self.word("title", skip + (self.key(skip) == "cac"))
            if not more or self.parse_plain(k) is not None:
                break
            k = skip + (self.key(skip) == "cac") + more
        return self.parse_plain(k)

    def parse_plain(self, at: int) -> Found | None:
        """An item without a title before it."""
        if at >= len(self.tokens) or self.mark(at):
            return None
        return self._named(at, titled=True) or self._plural(at) or self._bare(at)

    # -- named agencies ------------------------------------------------------------------------------------------------

    def _named(self, at: int, *, titled: bool = False) -> Found | None:
        if not (self.cap(at) or titled or self.key(at) in {"ubnd", "hdnd"}):
            return None
        if self.word("not", at) > self.word("head", at):
            return None
        length, record = self.lex.names.match(self.tokens, at)
        if self.key(at) in {"ubnd", "hdnd"}:
            return self._committee(at)
        if not self.cap(at) and length < 2:
            return None
        opened = self._open_name(at) if self.cap(at) else 0
        if length and (opened <= length or self.word("weak", at + length) or self._place_end(at + length) >= at + opened):
            return self._placed(at, length, record)
        if opened:
            nested = self._plural_places(at, at + opened, self.slice(at, at + opened))
            return nested or ((self._piece(at, at + opened, "open", 0.8),), at + opened)
        return self._placed(at, length, record) if length else None

    def _piece(self, first: int, stop: int, kind: str, confidence: float = 1.0) -> Piece:
        return Piece(self.slice(first, stop), first, stop, kind, confidence=confidence)

    def _placed(self, at: int, length: int, record: AgencyRecord) -> Found:
        """A gazetteer name with the place behind it, or over several places."""
        stop = at + length
        plural = self._plural_places(at, stop, record.name)
        if plural is None and (unit := next((n for n in (1, 2) if self._place_unit(stop - n) == n), 0)):
            plural = self._plural_places(at, stop - unit, self.slice(at, stop - unit))  # "Công an phường, xã"
        if plural is not None:
            return plural
        elided = self._elided(at, stop, record)
        if elided is not None:
            return elided
        end = self._place_end(stop)
        tail = self.slice(stop, end)
        exact = self.lex.units.match(self.tokens, stop - 1)[0] and tail
        name = f"{record.name} {tail}".strip() if tail or exact else record.name
        return (Piece(name, at, end, record.kind, is_group=record.kind.endswith("group")),), end

    def _elided(self, at: int, stop: int, record: AgencyRecord) -> Found | None:
        """"Sở Nội vụ, Tài chính và Tư pháp": the head said once."""
        head = self.key(at)
        if head not in self.lex.stems or not record.name.startswith(("Sở ", "Bộ ")):
            return None
        pieces = [Piece(record.name, at, stop, record.kind)]
        more = self._stems_from(stop, head, record.name.split()[0], leading_link=True)
        return (tuple(pieces + more), more[-1].stop) if more else None

    def _stems_from(self, at: int, head: str, word: str, *, leading_link: bool) -> list[Piece]:
        pieces: list[Piece] = []
        k = at
        while True:
            start = k
            if leading_link or pieces:
                if self.key(k) not in {",", ";", "va"}:
                    break
                start = k + 1 + (self.key(k) in {",", ";"} and self.key(k + 1) == "va")
            if not self.cap(start):
                break
            length, stem = self.lex.stems[head].match(self.tokens, start)
            if not length or self.cap(start + length):
                break
            pieces.append(Piece(f"{word} {stem}", start, start + length, "department" if head == "so" else "ministry"))
            k = start + length
        return pieces

    def _open_name(self, at: int) -> int:
        """How many tokens a name takes that only its head word shows to be an agency; 0 for none."""
        head = self._head(at)
        if not head:
            return 0
        k = at + head
        single = head == 1 and self.key(at) not in {"ubnd", "hdnd"}
        if self.mark(k):
            return head if head > 1 and self.keys(at, head) not in _NESTING | {"ngan hang", "uy ban"} or self.keys(at, head) == "cong an" else 0
        if single and not self.cap(k) and not self._place_unit(k) and not self.tokens[k].text[0].isdigit():
            return 0
        end = self._name_end(at, k)
        if end == k and single:
            return 0
        return end - at

    def _name_end(self, at: int, k: int) -> int:
        start = k
        while k < len(self.tokens) and k - at < _LIMIT:
            key = self.key(k)
            if key in {"-", "&"}:
                if self.mark(k + 1) or (key == "-" and self.key(k + 1) in _APPOSITION and self.cap(k + 1)):
                    break
            elif self.mark(k):
                break
            elif key == "va":
                if not self._and_inside(at, k):
                    break
            elif self.cap(k):
                if k > start and self.starts_agency(k) and not self._nested(at, start, k):
                    break
            elif key == "cac":
                if k != start and self.key(k - 1) != "ly":
                    break
            elif key in {"cua", "thuoc"}:
                if not self.cap(k + 1):
                    break
            elif self.boundary(k) or self.word("order", k) or (self.word("group", k) and self.word("modifier", k) == 0 and self.key(k - 1) == "-"):
                break
            elif self.keys(k, 2) in {"lien quan", "co lien"} or self.keys(k, 3) == "tren dia ban":
                break
            k += 1
        return k

    def _nested(self, at: int, start: int, k: int) -> bool:
        """"Thanh tra Sở Xây dựng", "Trung tâm X thuộc Sở Y" are one name; "Sở X Sở Y" are two."""
        head = self.keys(at, start - at)
        return (k == start and head in _NESTING) or self.key(k - 1) in {"cua", "thuoc"} or self.word("head", k) == 0

    def _and_inside(self, at: int, k: int) -> bool:
        after = k + 1
        if self.mark(after) or self.word("title", after) or self.key(after) in {"cac", "nhung"}:
            return False
        if self.cap(after):
            if self.starts_agency(after) and not self.key(after) == "dao":
                return False
            return k - at >= 2
        inside = any(self.key(i) == "cac" for i in range(at, k))
        return inside and not self.boundary(after) and not self.keys(after, 2).startswith(("don vi", "co quan", "dia phuong", "to chuc"))

    # -- places --------------------------------------------------------------------------------------------------------

    def _place_unit(self, at: int) -> int:
        if at >= len(self.tokens):
            return 0
        length = self.lex.units.match(self.tokens, at)[0]
        return length + (self.key(at) == "tp" and self.key(at + 1) == ".") if length else 0

    def _caps(self, at: int) -> int:
        """End of a run of capitalised words that may be a place name."""
        for level in ("province", "district"):
            length = self.lex.places[level].match(self.tokens, at)[0] if self.cap(at) else 0
            if length and not self.cap(at + length):
                return at + length
        k = at
        while k < len(self.tokens) and k - at < 6:
            if self.cap(k) and not self.mark(k) and not (k > at and self.starts_agency(k)):
                k += 1
            elif self.key(k) == "-" and k > at and self.cap(k + 1) and self.key(k + 1) not in _APPOSITION:
                k += 1
            elif self.tokens[k].text.isdigit() and k > at - 1 and len(self.tokens[k].text) < 3 and self._place_unit(k - 1):
                k += 1
            else:
                break
        return k

    def _place_end(self, at: int) -> int:
        """End of "tỉnh Nghệ An", "thành phố", "cấp huyện", "khu vực IV" or a bare place name after an agency's name."""
        if self.key(at) == "cap" and self._place_unit(at + 1):
            return at + 1 + self._place_unit(at + 1)
        if self.keys(at, 2) == "khu vuc":
            k = at + 2
            return k + 1 if k < len(self.tokens) and (self.cap(k) or self.tokens[k].text.isdigit()) else k
        if unit := self._place_unit(at):
            return self._caps(at + unit)
        if at < len(self.tokens) and self.cap(at) and not self.starts_agency(at):
            return self._caps(at)
        if self.keys(at, 2) in {"trung uong", "chi nhanh"}:
            return self._place_end(at + 2)
        return at

    def unit_list(self, at: int) -> tuple[tuple[str, ...], int]:
        """"huyện, thị xã và thành phố": the units and where they end."""
        units: list[str] = []
        k = at
        while True:
            start = k
            if units:
                if self.key(k) not in {",", "va", "/", "-"}:
                    break
                start = k + 1 + (self.key(k) == "," and self.key(k + 1) == "va")
            length = self._place_unit(start)
            if not length or (units and self.cap(start + length) and self.key(start + length) not in {"trung"} and not self._names_follow(units)):
                break
            units.append(self.lex.units.match(self.tokens, start)[1])
            k = start + length
        return tuple(units), k

    @staticmethod
    def _names_follow(units: list[str]) -> bool:
        return len(units) >= 1

    def _plural_places(self, at: int, head_end: int, head: str) -> Found | None:
        """An office in several places: "UBND các huyện, thị xã", "Sở X các tỉnh: A, B", "UBND xã, phường"."""
        quantifier = self.quantifier(head_end)
        start = head_end + quantifier
        units, k = self.unit_list(start)
        if not units or (not quantifier and len(units) < 2):
            return None
        while self.key(k) == "truc" or self.key(k) in {"ven", "mien"}:
            k = self.modifiers(k, 1) if self.modifiers(k, 1) > k else k + 2
        stop = self.modifiers(k, len(units))
        names_at = stop + (self.key(stop) == ":")
        names = self._place_names(names_at, units) if self.cap(names_at) or self._place_unit(names_at) else None
        if names is not None and (self.key(stop) == ":" or quantifier):
            places, end = names
            pieces = tuple(Piece(f"{head} {place}".strip(), at, end, "committee", places=tuple(places)) for place in places)
            return pieces, end
        group = " ".join(f"{head} {self.slice(head_end, stop)}".split())
        return (Piece(group, at, stop, "group", is_group=True, places=(self.slice(head_end, stop),)),), stop

    def _place_names(self, at: int, units: tuple[str, ...]) -> tuple[list[str], int] | None:
        places: list[str] = []
        k, unit_now = at, units[0]
        while True:
            start = k
            if places:
                if self.key(k) not in {",", ";", "va", "cung"}:
                    break
                start = k + 1 + (self.key(k) in {",", ";"} and self.key(k + 1) == "va")
            unit = self._place_unit(start)
            if unit:
                unit_now = self.lex.units.match(self.tokens, start)[1]
            if not self.cap(start + unit) or (not unit and self.starts_agency(start) and not self._known_place(start)):
                break
            end = self._caps(start + unit)
            if end == start + unit:
                break
            name = self.slice(start + unit, end)
            places.append(f"{unit_now if unit else self._unit_of(start, name, units, unit_now)} {name}")
            k = end
        return (places, k) if places else None

    def _known_place(self, at: int) -> bool:
        return any(self.lex.places[level].match(self.tokens, at)[0] for level in ("province", "district"))

    def _unit_of(self, at: int, name: str, units: tuple[str, ...], now: str) -> str:
        for level in ("province", "district"):
            length, place = self.lex.places[level].match(self.tokens, at)
            if length and isinstance(place, Place) and place.type in units and len(place.name.split()) >= len(name.split()):
                return place.type
        return now

    def _committee(self, at: int) -> Found:
        """UBND or HĐND with its place; also "HĐND và UBND tỉnh" as two."""
        head = self.tokens[at].key.replace("ubnd", "UBND").replace("hdnd", "HĐND")
        plural = self._plural_places(at, at + 1, head)
        if plural is not None:
            return plural
        end = self._place_end(at + 1)
        if self.key(end) in {",", "va"} and self.key(end + 1) == "cap" and self.key(end - 2) == "cap" and self._place_unit(end + 2):
            second = end + 2 + self._place_unit(end + 2)
            return (
                Piece(f"{head} {self.slice(at + 1, end)}", at, end, "committee", is_group=True),
                Piece(f"{head} {self.slice(end + 1, second)}", end + 1, second, "committee", is_group=True),
            ), second
        tail = self.slice(at + 1, end)
        return (Piece(f"{head} {tail}".strip(), at, end, "committee", is_group=tail.startswith("cấp"), bare=not tail),), end

    # -- groups --------------------------------------------------------------------------------------------------------

    def quantifier(self, at: int) -> int:
        """Length of "các", "những", "06" and the like."""
        for phrase in _QUANTIFIERS:
            size = phrase.count(" ") + 1
            if self.keys(at, size) == phrase and (phrase not in _NUMBERS or self.tokens[at].text.lower() in {"hai", "ba", "bốn", "năm", "sáu"}):
                return size
        if at < len(self.tokens) and self.tokens[at].text.isdigit() and len(self.tokens[at].text) <= 2:
            return 1
        return 0

    def _plural(self, at: int) -> Found | None:
        size = self.quantifier(at)
        if not size:
            return None
        inner = at + size
        return self._enumerated(at, inner) or self._plural_named(at, inner) or self._places_alone(at, inner) or self._group(at, inner)

    def _places_alone(self, at: int, inner: int) -> Found | None:
        """"các tỉnh: A, B" as doers."""
        units, k = self.unit_list(inner)
        if not units or self.key(k) != ":":
            return None
        names = self._place_names(k + 1, units)
        return (tuple(Piece(place, at, names[1], "place") for place in names[0]), names[1]) if names else None

    def _enumerated(self, at: int, inner: int) -> Found | None:
        """"Các sở: Tư pháp, Tài chính", "các Bộ CT, XD", "các Cục: A, B"."""
        length = self.word("head", inner)
        if not length or self.word("not", inner) > length:
            return None
        colon = self.key(inner + length) == ":"
        start = inner + length + colon
        head = self.key(inner)
        if length == 1 and head in self.lex.stems and (colon or self.cap(start)):
            word = {"so": "Sở", "bo": "Bộ", "phong": "Phòng"}[head]
            pieces = self._stems_from(start, head, word, leading_link=False)
            if pieces and (colon or len(pieces) > 1):
                pieces[0] = replace(pieces[0], first=at)
                return tuple(pieces), pieces[-1].stop
        if not colon or not self.cap(start):
            return None
        return self._enumerated_open(at, inner, start, length)

    def _enumerated_open(self, at: int, inner: int, start: int, length: int) -> Found | None:
        word = self.slice(inner, inner + length)
        word = word[0].upper() + word[1:]
        pieces: list[Piece] = []
        k = start
        while self.cap(k) and not (pieces and self.starts_agency(k)):
            end = k
            while end < len(self.tokens) and (self.cap(end) or not self.boundary(end)) and (not self.mark(end) or self.key(end) in {"-", "&"}):
                if self.key(end) == "va" and self.starts_agency(end + 1):
                    break
                end += 1
            if end == k:
                break
            pieces.append(Piece(f"{word} {self.slice(k, end)}", k, end, "open", confidence=0.8))
            k = end + (self.key(end) in {",", ";"})
            if k == end:
                break
        return (tuple(pieces), pieces[-1].stop) if pieces else None

    def _plural_named(self, at: int, inner: int) -> Found | None:
        """"các Sở Xây dựng liên quan", "các Khu Quản lý đường bộ III và IV"."""
        if not self.cap(inner) or not (self.lex.names.match(self.tokens, inner)[0] > 1 or (self.word("head", inner) and self.cap(inner + 1))):
            return None
        found = self._named(inner)
        if found is None or len(found[0]) != 1:
            return None
        stop = self.modifiers(found[1], 1)
        if self.key(stop) == "va" and self.cap(stop + 1) and self.tokens[stop + 1].text.isupper():
            stop += 2
        return (Piece(self.slice(at, stop), at, stop, "group", is_group=True),), stop

    def _bare(self, at: int) -> Found | None:
        """A group noun without "các": "chủ đầu tư", "đơn vị liên quan", "sở, ban, ngành"."""
        found = self._group(at, at)
        if found is None:
            return None
        return tuple(replace(piece, bare=True) for piece in found[0]), found[1]

    def _noun(self, at: int) -> int:
        length = self.word("group", at)
        if not length or self.word("not", at) >= length or self.word("verb", at) > length:
            return 0
        return length

    def _group(self, at: int, inner: int) -> Found | None:
        k, nouns = inner, 0
        end = inner
        while True:
            start = k
            if nouns:
                if self.key(k) in {",", "va", "/", "hoac"}:
                    start = k + 1 + (self.key(k) == "," and self.key(k + 1) == "va")
                elif not self._noun(k):
                    break
            length = self._noun(start)
            if not length or (self.cap(start) and self._named_rather(start)):
                break
            after = self.modifiers(start + length, nouns + 1)
            doubtful = self.word("verb", start) or self.keys(start, length) in {"bao", "hoi", "doi", "xa", "ban", "bo", "phong", "so", "to chuc", "doan", "ho"}
            lonely = after == start + length and not self._continues(after)
            if doubtful and lonely and (nouns or at == inner):
                break
            nouns += 1
            k = end = after
        if not nouns or (at == inner and nouns == 1 and end == inner + self._noun(inner) and self._too_plain(inner, end)):
            return None
        return (Piece(self.slice(at, end), at, end, "group", is_group=True, confidence=0.9),), end

    def _named_rather(self, at: int) -> bool:
        """"Sở Nội vụ" inside "các sở, ban, ngành, Sở Nội vụ"."""
        return bool(self.lex.names.match(self.tokens, at)[0] > 1 or (self._head(at) and self.cap(at + self._head(at))))

    def _continues(self, at: int) -> bool:
        return self.key(at) in {",", ";", "va", "", "."} and (bool(self._noun(at + 1)) or self.key(at) in {"", "."})

    def _too_plain(self, inner: int, end: int) -> bool:
        """One bare noun is a doer only if it can be nothing else ("chủ đầu tư"), or a predicate follows at once."""
        return self.keys(inner, end - inner) not in {"chu dau tu", "nha dau tu", "nha thau", "co quan", "don vi", "doanh nghiep", "dia phuong", "nha mang", "lien quan"}

    def modifiers(self, at: int, nouns: int) -> int:
        """End of what narrows a group: "có liên quan", "trên địa bàn tỉnh", "thuộc UBND tỉnh", "cấp xã" …"""
        k = at
        for _ in range(8):
            after = self._modifier(k, nouns)
            if after == k:
                break
            k = after
        return k

    def _modifier(self, k: int, nouns: int) -> int:
        if k >= len(self.tokens):
            return k
        if length := self.word("modifier", k):
            verbal = self.word("verb", k) or self.word("weak", k)
            free = not verbal or (nouns == 1 and (self.verb_at(k + length) or self.mark(k + length)) and self.key(k + length) != ",")
            if free and length >= (self.word("verb", k) if verbal else 0):
                return k + length
        if self.keys(k, 3) == "tren dia ban" or (self.key(k) in {"dong", "dung"} and self.keys(k + 1, 3) == "tren dia ban"):
            k += 3 if self.key(k) == "tren" else 4
            k += self.key(k) == "toan"
            unit = self._place_unit(k)
            return self._caps(k + unit) if unit or self.cap(k) else k
        if self.key(k) == "truc" and self.key(k + 1) == "thuoc":
            return self._owner(k + 2, k)
        if self.key(k) in {"thuoc", "cua"}:
            return self._owner(k + 1, k)
        if self.key(k) == "cap" and self._place_unit(k + 1):
            return k + 1 + self._place_unit(k + 1)
        if unit := self._place_unit(k):
            return self._caps(k + unit)
        if self.keys(k, 2) == "trung uong":
            return k + 2
        if self.key(k) in {"tw", "ubnd", "hdnd"}:
            return k + 1
        return self._unknown(k, nouns)

    def _owner(self, at: int, back: int) -> int:
        if self.keys(at, 2) in {"chinh phu", "trung uong", "dia phuong", "tham quyen", "pham vi"}:
            return at + 2
        if self.key(at) in {"minh", "nganh", "dang"}:
            return at + 1
        if unit := self._place_unit(at):
            return self._caps(at + unit)
        found = self._named(at) or self._plural(at)
        return found[1] if found else back

    def _unknown(self, k: int, nouns: int) -> int:
        """A word of no class after a group: underthesea says whether it still belongs to the noun."""
        if self.mark(k) or self.key(k) in _LINKS or self.key(k) in {"cac", "nhung"} or self.boundary(k) or self._noun(k) or self.starts_agency(k):
            return k
        if self.word("weak", k):
            return k + self.word("weak", k) if nouns == 1 else k
        return k + is_nominal(self.slice(max(0, k - 3), min(len(self.tokens), k + 6)), self.slice(k, min(len(self.tokens), k + 6)))


def _share_places(pieces: list[Piece]) -> list[Piece]:
    """"HĐND, UBND các huyện" and "Tỉnh ủy, UBND các tỉnh: A, B": the places of the second hold for the first too."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        shared = pieces[i + 1].places if i + 1 < len(pieces) else ()
        alone = piece.name.lower() in {"hđnd", "tỉnh ủy", "thành ủy", "huyện ủy", "tỉnh uỷ"} and not piece.places
        if not (shared and alone):
            out.append(piece)
        elif pieces[i + 1].is_group:
            out.append(replace(piece, name=f"{piece.name} {shared[0]}", is_group=True) if piece.name == "HĐND" else piece)
        else:
            word = "Tỉnh ủy" if "ủy" in piece.name.lower() or "uỷ" in piece.name.lower() else piece.name
            for place in shared:
                short = place.split(" ", 1)[1] if word == "Tỉnh ủy" and place.startswith("tỉnh ") else place.removeprefix("thành phố ")
                head = "Thành ủy" if word == "Tỉnh ủy" and place.startswith("thành phố") else word
                out.append(replace(piece, name=f"{head} {short if head.endswith('ủy') else place}", kind="party"))
    return out
