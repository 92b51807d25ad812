"""The grammar of agency names: one name, one group, or a list of them, at a given token.

A name ends at a mark, at the next agency, or where the verb begins; the word classes say which words are verbs, and
underthesea is asked only about words that are in none of them. Groups ("các sở, ban, ngành cấp tỉnh") are closed in their
nouns and open in what follows them.
"""

from __future__ import annotations

from dataclasses import replace

from extract.agencies_lexicon import tokenize
from extract.agencies_lists import joined, share_places
from extract.agencies_open import STEERING, OpenNameGrammar
from extract.agencies_reader import APPOSITION, LINKS, Found, Piece
from extract.gazetteer import AgencyRecord

_RANKS = {
    "tỉnh": 1, "thành phố": 2, "huyện": 2, "quận": 2, "thị xã": 2, "xã": 3, "phường": 3, "thị trấn": 3, "đặc khu": 3,
}  # fmt: skip
"""Units by their level; a city may also be of the first."""
_OF_STATES = frozenset({"hoa", "dan", "chu", "chung", "quoc", "nhan", "bang", "hoi", "nghia", "vuong"})
"""Small letters inside the names of states: "Cộng hòa dân chủ nhân dân Lào"."""
_DEPUTY = "Phó Thủ tướng Chính phủ"


class Parser(OpenNameGrammar):
    """Parses agencies in one token sequence."""

    __slots__ = ()

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
                return tuple(share_places(pieces)), stop
            more, stop = self._of_committee(pieces[-1], nxt[0]), nxt[1]
            pieces = joined(pieces, more, after_title=bool(self.word("title", pieces[-1].first))) if more else pieces

    def _next_item(self, at: int, semicolons: bool) -> Found | None:
        k, links = at, 0
        while self.key(k) in LINKS and links < 3 and (semicolons or self.key(k) != ";"):
            if self.key(k) == "voi" and self.key(k - 1) != "cung":
                break
            k, links = k + 1, links + 1
        if not links and not self.starts_agency(k):
            return None
        if self.key(k) == "nhat" and self.key(k + 1) == "la":
            k += 2
        return self.parse_item(k, bare=links > 0) or self._past_people(k)

    def _of_committee(self, last: Piece, more: tuple[Piece, ...]) -> list[Piece]:
        """As in "UBND tỉnh Nghệ An và tỉnh Hà Tĩnh": two committees; in "UBND xã Tân Lập, huyện Nam Sơn" the district says where."""
        head, _, place = last.name.partition(" ")
        if head not in {"UBND", "HĐND"} or more[0].kind != "place":
            return list(more)
        here, there = self._rank(place), self._rank(more[0].name)
        if not here or not there or (here != there and self.key(more[0].first - 1) != ","):
            return list(more)
        if here > there:
            return list(more[1:])
        return [replace(piece, name=f"{head} {piece.name}", kind="committee") if piece.kind == "place" else piece for piece in more]

    def _rank(self, place: str) -> int:
        """1 for a province or a city of its rank, 2 for a district, 3 for a commune; 0 for what is no place by name."""
        unit = next((unit for unit in _RANKS if place.startswith(f"{unit} ")), "")
        if unit == "thành phố":
            tokens = tokenize(place.removeprefix(unit).strip())
            length, province = self.lex.places["province"].match(tokens, 0)
            return 1 if length == len(tokens) and province.type == unit else 2
        return _RANKS.get(unit, 0)

    def _past_people(self, at: int) -> Found | None:
        """The next of a list over people in general: "từng bộ, ngành, từng cán bộ, công chức, các chủ đầu tư"."""
        k, people = at, False
        while k < min(len(self.tokens), at + 20):
            skip = self.quantifier(k)
            size = self.word("people", k + skip)
            if not size:
                break
            people, k = True, k + skip + size
            if self.key(k) not in LINKS:
                return None
            k += 1
        return self.parse_item(k, bare=False) if people else None

    def _skip_aside(self, at: int) -> int:
        """Past "(…)" and an apposition: "Bộ X - Cơ quan thường trực Ban Chỉ đạo"."""
        if self.keys(at, 3) == "trong pham vi" and (after := self._scope(at)):
            return after
        if self.key(at) == "," and self.keys(at + 1, 4) == "co quan thuong truc":
            return self._apposition(at + 5)
        if self.key(at) == "(":
            for k in range(at + 1, min(len(self.tokens), at + 30)):
                if self.key(k) == ")":
                    return self._skip_aside(k + 1)
            return at
        if self.key(at) == "-" and self.key(at + 1) in APPOSITION and at + 1 < len(self.tokens):
            return self._apposition(at + 1)
        return at

    def _apposition(self, k: int) -> int:
        end = min(len(self.tokens), k + 24)
        while k < end and not self.mark(k) and (self.cap(k) or not self.boundary(k)):
            k += 1
        return k

    def _scope(self, at: int) -> int:
        """Past "trong phạm vi chức năng, nhiệm vụ của mình" when the list goes on behind it; else 0."""
        k = at + 3
        while k < len(self.tokens) and k - at < 16:
            if self.key(k) in LINKS:
                skip = k + 1 + (self.key(k + 1) == "va")
                if self.starts_agency(skip) or self.word("title", skip):
                    return k
            elif self.mark(k) or self.word("verb", k) > 1:
                return 0
            k += 1
        return 0

    def parse_item(self, at: int, *, bare: bool = True) -> Found | None:
        """One agency, group, or enumeration ("các sở: A, B") at ``at``; ``bare`` allows a group without "các"."""
        if at >= len(self.tokens) or self.mark(at):
            return None
        if self.head(at) <= self.word("title", at) and (titled := self.titled(at)) is not None:
            return titled
        return self.named(at) or self._listed(self.plural(at)) or (self._told_who(at) or self.bare(at) if bare else None)

    def _listed(self, found: Found | None) -> Found | None:
        """As in "Các cơ quan đăng ký đầu tư (Sở Tài chính, Ban Quản lý …)": those named in brackets instead of the group."""
        if found is None or not found[0][-1].is_group or found[0][-1].places or self.key(found[1]) != "(":
            return found
        inner = self.parse_list(found[1] + 1, bare=False)
        if inner is None or len(inner[0]) < 2 or self.key(inner[1]) != ")" or any(piece.is_group for piece in inner[0]):
            return found
        return (*found[0][:-1], *inner[0]), inner[1] + 1

    def _told_who(self, at: int) -> Found | None:
        """As in "nhà đầu tư (Tập đoàn Sông Lam)": the name in brackets."""
        found = self.bare(at)
        if found is None or len(found[0]) > 1 or self.key(found[1]) != "(":
            return None
        named = self.named(found[1] + 1)
        if named is None or len(named[0]) > 1 or self.key(named[1]) != ")":
            return None
        return (replace(named[0][0], first=at, stop=named[1] + 1),), named[1] + 1

    def named(self, at: int, *, titled: bool = False) -> Found | None:
        """One agency by its name: of the gazetteer, or one that its head word shows; behind a title small letters do as well."""
        if not (self.cap(at) or titled or self.key(at) in {"ubnd", "hdnd"}):
            return None
        if self.word("not", at) > self.word("head", at):
            return None
        if (inside := self._called_agency(at)) is not None:
            return inside
        length, record = self.lex.names.match(self.tokens, at)
        if self.key(at) in {"ubnd", "hdnd"}:
            return self._committee(at)
        if not self.cap(at) and length < 2:
            return self._small_head(at)
        if self.cap(at) and (embassies := self._embassies(at)) is not None:
            return embassies
        if self.cap(at) and (steering := self._steering_of(at, at + self.head(at))):
            return steering
        opened = self.open_name(at) if self.cap(at) else 0
        whole = length and (
            (record.kind in {"ministry", "central", "department", "committee"} and self.key(at) != "van")
            or any(self.place_unit(at + length - n) == n for n in (1, 2))  # "Bộ CHQS tỉnh": only a place may follow
            or self.keys(at + length - 2, 2) == "khu vuc"
            or self.keys(at + length, 3) == "- chi nhanh"
        )
        if length and (
            opened <= length or whole or self.word("weak", self._place_end(at + length)) or self._place_end(at + length) >= at + opened
        ):
            return self._placed(at, length, record)
        if opened:
            nested = self.plural_places(at, at + opened, self.slice(at, at + opened))
            if nested is None and (unit := next((n for n in (1, 2) if self.place_unit(at + opened - n) == n), 0)):
                nested = self.plural_places(at, at + opened - unit, self.slice(at, at + opened - unit))  # "Trung tâm Y tế huyện, thị xã"
            nested = nested or self._steering_of(at, at + opened)
            opened += self.level(at + opened)
            return nested or ((self._piece(at, at + opened, "open", 0.8),), at + opened)
        return self._placed(at, length, record) if length else None

    def _called_agency(self, at: int) -> Found | None:
        """As in "Cơ quan Báo và Phát thanh, Truyền hình tỉnh": the word before the name says what it is and is no agency of its own."""
        if self.keys(at, 2) != "co quan" or not self.cap(at + 2) or self.head(at) or self._modifier(at + 2, 1) > at + 2:
            return None
        found = self.named(at + 2)
        return ((replace(found[0][0], first=at), *found[0][1:]), found[1]) if found is not None else None

    def _embassies(self, at: int) -> Found | None:
        """As in "Đại sứ quán các nước: Trung Quốc, Ấn Độ": one in each."""
        head = self.head(at)
        if self.keys(at, head) not in {"dai su quan", "tong lanh su quan"} or self.keys(at + head, 2) != "cac nuoc":
            return None
        pieces: list[Piece] = []
        k = at + head + 2
        k += self.key(k) == ":"
        while self.cap(k):
            end = k + 1
            while self.cap(end) or (self.key(end) in _OF_STATES and not self.mark(end)):
                end += 1
            pieces.append(Piece(f"{self.slice(at, at + head)} {self.slice(k, end)}", at, end, "open", confidence=0.8))
            more = self.key(end) in {",", "va"} and self.cap(end + 1) and not self.starts_agency(end + 1)
            if not more:
                break
            k = end + 1
        return (tuple(pieces), pieces[-1].stop) if pieces else None

    def _small_head(self, at: int) -> Found | None:
        """As in "Trưởng ban Kinh tế - Ngân sách HĐND tỉnh", "Giám đốc bệnh viện Sông Lam": behind a title the head may be small."""
        head = self.head(at)
        if not head or not self.cap(at + head) or not (size := self.open_name(at)):
            return None
        name = self.slice(at, at + size)
        return (Piece(name[0].upper() + name[1:], at, at + size, "open", confidence=0.8),), at + size

    def _piece(self, first: int, stop: int, kind: str, confidence: float = 1.0) -> Piece:
        return Piece(self.slice(first, stop), first, stop, kind, confidence=confidence)

    def _placed(self, at: int, length: int, record: AgencyRecord) -> Found:
        """A gazetteer name with the place behind it, or over several places."""
        stop = at + length
        if steering := self._steering_of(at, stop):
            return steering
        dash = int(self.key(stop) == "-")
        if self.keys(stop + dash, 2) == "chi nhanh":
            end = self._place_end(stop + dash)
            return (Piece(f"{record.name} {self.slice(stop, end)}", at, end, "vertical"),), end
        if record.kind in {"central", "ministry"}:  # these stand in no province; what follows may be a person's name
            if record.name == _DEPUTY and (end := self.persons_name(stop)) > stop:  # each has fields of his own
                return (Piece(f"{record.name} {self.slice(stop, end)}", at, end, record.kind),), end
            return self._elided(at, stop, record) or ((Piece(record.name, at, stop, record.kind),), stop)
        plural = self.plural_places(at, stop, record.name)
        if plural is None and (unit := next((n for n in (1, 2) if self.place_unit(stop - n) == n), 0)):
            plural = self.plural_places(at, stop - unit, self.slice(at, stop - unit))  # "Công an phường, xã"
        if plural is not None:
            return plural
        elided = self._elided(at, stop, record)
        if elided is not None:
            return elided
        end = self._place_end(stop)
        numbered = stop < len(self.tokens) and (self.cap(stop) or self.tokens[stop].text.isdigit())
        if numbered and self.keys(stop - 2, 2) in {"khu vuc", "co so"}:
            end = stop + 1  # "Kho bạc Nhà nước khu vực IX", "Ngân hàng Nhà nước Khu vực 8"
        end = self._zones(end)
        branch = record.kind == "state-owned" and end > stop and length < len(record.name.split())  # "VNPT Sông Lam" is no head office
        name = self.slice(at, end) if branch else f"{record.name} {self.slice(stop, end)}".strip()
        piece = Piece(name, at, end, record.kind, is_group=record.kind.endswith("group"))
        return self._second_level(piece, record.name, stop)

    def _zones(self, at: int) -> int:
        """Past "và các khu công nghiệp …" behind "Ban Quản lý Khu kinh tế …"."""
        size = 3 if self.keys(at, 3) == "va cac kcn" else 5 if self.keys(at, 5) in {"va cac khu cong nghiep", "va cac khu che xuat"} else 0
        return self._place_end(at + size) if size else at

    def _steering_of(self, at: int, stop: int) -> Found | None:
        """As in "Ban Chỉ đạo 389 các bộ, ngành, địa phương": one such body in each of the group."""
        head = self.word("head", at)
        if self.key(stop) != "cac" or self.keys(at, head) not in STEERING or (found := self.group(stop, stop + 1)) is None:
            return None
        return (Piece(self.slice(at, found[1]), at, found[1], "group", is_group=True, places=(self.slice(stop, found[1]),)),), found[1]

    def _elided(self, at: int, stop: int, record: AgencyRecord) -> Found | None:
        """As in "Sở Nội vụ, Tài chính và Tư pháp": the head said once."""
        head = self.key(at)
        if head not in self.lex.stems or not record.name.startswith(("Sở ", "Bộ ")):
            return None
        pieces = [Piece(record.name, at, stop, record.kind)]
        more = self.stems_from(stop, head, record.name.split()[0], leading_link=True)
        return (tuple(pieces + more), more[-1].stop) if more else None

    def _committee(self, at: int) -> Found:
        """UBND or HĐND with its place; also "HĐND và UBND tỉnh" as two."""
        head = self.tokens[at].key.replace("ubnd", "UBND").replace("hdnd", "HĐND")
        plural = self.plural_places(at, at + 1, head)
        if plural is not None:
            return plural
        if self.keys(at + 1, 2) in {"cac cap"} or self.keys(at + 1, 3) == "cac dia phuong":
            stop = at + (3 if self.key(at + 2) == "cap" else 4)
            return (Piece(f"{head} {self.slice(at + 1, stop)}", at, stop, "committee", is_group=True),), stop
        end = self._place_end(at + 1)
        tail = self.slice(at + 1, end)
        piece = Piece(f"{head} {tail}".strip(), at, end, "committee", is_group=tail.startswith("cấp"), bare=not tail)
        return self._second_level(piece, head, at + 1)

    def _second_level(self, piece: Piece, head: str, place_at: int) -> Found:
        """As in "UBND cấp huyện, cấp xã": two or more."""
        pieces, end = [piece], piece.stop
        while self.key(place_at) == "cap" and self.key(end) in {",", "va"} and self.key(end + 1) == "cap" and self.place_unit(end + 2):
            stop = end + 2 + self.place_unit(end + 2)
            pieces.append(Piece(f"{head} {self.slice(end + 1, stop)}", end + 1, stop, piece.kind, is_group=piece.is_group))
            end = stop
        return tuple(pieces), end

    def plural(self, at: int) -> Found | None:
        """What "các" opens: an enumeration, offices in several places, or a group."""
        size = self.quantifier(at)
        if not size:
            return None
        inner = at + size
        if self.cap(inner) and (embassies := self._embassies(inner)) is not None:
            return embassies
        return self._enumerated(at, inner) or self._plural_named(at, inner) or self.places_alone(at, inner) or self.group(at, inner)

    def _enumerated(self, at: int, inner: int) -> Found | None:
        """As in "Các sở: Tư pháp, Tài chính", "các Bộ CT, XD", "các Cục: A, B"."""
        length = self.word("head", inner)
        if not length or self.word("not", inner) > length:
            return None
        colon = self.key(inner + length) in {":", "("}
        start = inner + length + colon
        head = self.key(inner)
        if length == 1 and head in self.lex.stems and (colon or self.cap(start)):
            word = {"so": "Sở", "bo": "Bộ", "phong": "Phòng"}[head]
            pieces = self.stems_from(start, head, word, leading_link=False)
            if pieces and (colon or len(pieces) > 1):
                pieces[0] = replace(pieces[0], first=at)
                closed = self.key(start - 1) == "(" and self.key(pieces[-1].stop) == ")"
                return tuple(pieces), pieces[-1].stop + closed
        if not colon or not self.cap(start):
            return None
        return self._enumerated_open(inner, start, length)

    def _enumerated_open(self, inner: int, start: int, length: int) -> Found | None:
        word = self.slice(inner, inner + length)
        word = word[0].upper() + word[1:]
        pieces: list[Piece] = []
        k = start
        while self.cap(k) and not (pieces and self.starts_agency(k)) and not (self.word("verb", k) > 1 and not self.cap(k + 1)):
            end = k
            while end < len(self.tokens) and (self.cap(end) or self.key(end) in {"-", "&"} or not self.boundary(end)):
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
        """As in "các Sở Xây dựng liên quan", "các Khu Quản lý đường bộ III và IV"."""
        head = self.word("head", inner)
        known = self.lex.names.match(self.tokens, inner)[0] > 1 or (head and (self.cap(inner + 1) or self.cap(inner + head)))
        if not self.cap(inner) or not known:
            return None
        found = self.named(inner)
        if found is None or len(found[0]) != 1:
            return None
        stop = self.modifiers(found[1], 1)
        if self.key(stop) == "va" and self.cap(stop + 1) and self.tokens[stop + 1].text.isupper():
            stop += 2
        return (Piece(self.slice(at, stop), at, stop, "group", is_group=True),), stop
