"""Groups: "các sở, ban, ngành cấp tỉnh", "chủ đầu tư", "các cơ quan có liên quan"."""

from __future__ import annotations

from dataclasses import replace

from extract.agencies_places import PlaceGrammar
from extract.agencies_reader import LINKS, Found, Piece
from extract.agencies_tagger import is_nominal

_PLAIN_DOERS = frozenset(
    {
        "chu dau tu", "nha dau tu", "nha thau", "co quan", "don vi", "doanh nghiep", "dia phuong", "nha mang", "chu rung", "chu dap",
        "chu ho chua", "nha cung cap dich vu", "chu dap , ho chua", "chu dap , ho chua nuoc",
    }
)  # fmt: skip
"""Nouns that alone and without "các" may name a doer."""
_PRIVATE = frozenset(
    {
        "chu dau tu", "nha dau tu", "nha thau", "doanh nghiep", "nha mang", "nha cung cap", "nha cung cap dich vu", "don vi tu van",
        "chu rung", "chu dap", "chu ho chua", "nha san xuat", "nha phan phoi",
    }
)  # fmt: skip
"""Nouns of which each names a doer of its own: "doanh nghiệp, nhà đầu tư" are two, "các cơ quan, đơn vị" one."""
_ACTORS = frozenset(
    {
        "to chuc", "ca nhan", "ho gia dinh", "ho", "ho kinh doanh", "doanh nghiep", "don vi", "co so", "hop tac xa", "nguoi dan", "co quan",
        "co so kinh doanh", "nha thau", "nha dau tu", "cong ty", "ngan hang", "truong", "co so giao duc", "co so y te",
    }
)  # fmt: skip
"""Nouns that a clause may narrow."""
_RELATIVE = frozenset(
    {
        "khai thac", "su dung", "quan ly", "kinh doanh", "san xuat", "cung cap", "hoat dong", "thi cong", "van hanh", "che bien",
        "nuoi trong", "chan nuoi", "thu gom", "van chuyen", "dang", "co hoat dong", "co nhu cau", "duoc giao", "duoc cap phep",
        "vi pham", "thue", "co su dung", "dau tu", "xuat khau", "nhap khau", "lap dat", "dong tren dia", "duoc phan cong",
    }
)  # fmt: skip
"""Verbs with which such a clause begins."""
_OF_PROJECTS = frozenset({"dau tu", "chu quan", "nha thau"})
"""Ends of "chủ đầu tư", "cơ quan chủ quản", behind which "các dự án …" says whose."""
_PREDICATES = frozenset(
    {
        "co trach", "chiu trach", "khan truong", "chu dong", "nghiem tuc", "chap hanh", "chu tri", "phoi hop", "tu giac", "thuc hien",
        "tiep tuc", "bao cao", "tang cuong", "cam ket", "ra soat", "kip thoi", "nghiem chinh", "tuan thu", "day nhanh", "xay dung",
    }
)  # fmt: skip
"""Where the predicate of the sentence begins behind it."""
_DUTIES = frozenset({"bao dam", "dam bao", "co trach", "chiu trach", "chap hanh", "tuan thu", "khong duoc"})
"""What a body called "tổ chức" does but nobody "organises to" do."""
_BRANCHES = frozenset(
    {
        "kiem lam", "thue", "hai quan", "cong an", "bao hiem xa hoi", "quan su", "bien phong", "thong ke", "kho bac", "kho bac nha nuoc",
        "thi hanh an dan su", "toa an", "vien kiem sat", "thanh tra", "quan doi", "quan ly thi truong", "dan quan", "cong an nhan dan",
        "cong thuong", "y te", "giao duc", "ngan hang", "dien luc", "xay dung", "noi vu", "tu phap", "tai chinh",
    }
)  # fmt: skip
"""Branches of the administration that "cơ quan", "lực lượng", "ngành" are narrowed by."""
_ADVERBS = frozenset({"chat", "tot", "hieu", "nghiem", "dung", "day", "kip"})
"""First syllables of adverbs that show the verb before them to be the predicate ("quản lý chặt chẽ")."""
_OF_ORGANISATIONS = frozenset({"chinh tri", "tin dung", "xa hoi", "co lien", "lien quan", "dang ,", "kinh te", "hanh nghe"})
_DOUBTFUL = frozenset({"bao", "hoi", "doi", "xa", "ban", "bo", "phong", "so", "to chuc", "doan", "ho"})


class GroupGrammar(PlaceGrammar):
    """Group nouns and what narrows them."""

    __slots__ = ()

    def group(self, at: int, inner: int, *, titled: bool = False) -> Found | None:
        """Nouns from ``inner`` on: one group, or several where each noun names a doer; behind a title one plain noun is enough."""
        parts = self._parts(at, inner, titled=titled)
        if not parts:
            return None
        end = parts[-1][1]
        plain = at == inner and not titled and end == inner + self._noun(inner)
        if plain and end - inner < 3 and self.keys(inner, end - inner) not in _PLAIN_DOERS:
            return None
        bounds = [(at if begin == inner else begin, stop) for begin, stop in parts]
        return tuple(Piece(self.slice(begin, stop), begin, stop, "group", is_group=True, confidence=0.9) for begin, stop in bounds), end

    def _parts(self, at: int, inner: int, *, titled: bool) -> list[tuple[int, int]]:
        """Begin and end of each run of nouns that names one doer or group."""
        parts: list[tuple[int, int]] = []
        nouns, last = 0, 0
        start = inner
        while length := self._noun(start):
            first = start == inner
            if self.cap(start) and (self._named_rather(start) or (not first and not self.cap(inner) and self.head(start) > 1)):
                break  # "các chủ đầu tư, Ban Quản lý dự án"
            apart = not first and self._apart(last, parts[-1][1], start, length, bare=at == inner)
            nouns = 1 if first or apart else nouns + 1
            end = self.modifiers(start + length, nouns)
            if not titled and (not first or at == inner) and end == start + length and self._doubtful(start, length):
                break
            end = self.relative(end, start, length)
            if first or apart:
                parts.append((start, end))
            else:
                parts[-1] = (parts[-1][0], end)
            last, start = start, end
            if self.keys(end, 2) == "to chuc":  # without a comma the verb
                break
            if self.key(end) in {",", "va", "/", "hoac"}:
                start = end + 1 + (self.key(end) == "," and self.key(end + 1) == "va")
        return parts

    def _apart(self, last: int, end: int, start: int, length: int, *, bare: bool) -> bool:
        """Whether another doer begins with the noun at ``start`` ("các doanh nghiệp viễn thông, tổ chức, cá nhân có liên quan")."""
        size = self._noun(last)
        if self.keys(last, size) not in _PRIVATE | {"co quan", "luc luong"} or self.key(start - 1) == "/":
            return False
        noun, modified = self.keys(start, length), end > last + size
        if self.keys(last, size) in {"co quan", "luc luong"}:  # "cơ quan Thuế, lực lượng Công an xã"
            return self.cap(last + size) and noun in {"co quan", "luc luong", "chinh quyen", "chinh quyen dia phuong", "chu rung"}
        return noun in _PRIVATE or (noun == "to chuc" and modified) or (bare and noun in {"ngan hang", "hop tac xa"})

    def relative(self, at: int, noun: int, length: int) -> int:
        """End of a clause that narrows the group: "các tổ chức, cá nhân khai thác nước trên địa bàn tỉnh" before "có trách nhiệm" or ":".

        Without such an end after it the verb is the predicate.
        """
        size = next((n for n in (3, 2, 1) if self.keys(at, n) in _RELATIVE), 0)
        projects = self.key(at) == "cac" and self.keys(at + 1, 2) in {"du an", "cong trinh", "chuong trinh"}
        if projects and self.keys(at - 2, 2) in _OF_PROJECTS:
            return next((k for k in range(at + 3, min(len(self.tokens), at + 25)) if self.keys(k, 2) in _PREDICATES), at)
        if self.keys(at, 2) == "chu tri" and self.keys(at + 2, 2) in {"giai quyet", "soan thao", "tham dinh"}:
            size = 4
        if not size or self.keys(noun, length) not in _ACTORS or self.key(at + size) in _ADVERBS:
            return at
        for k in range(at + size, min(len(self.tokens), at + 30)):
            if self.key(k) == ":" and k + 1 == len(self.tokens):
                return k
            if self.key(k) in {".", ";", "(", ":"} or self.starts_agency(k) or self.word("title", k) > 1:
                return at
            if self.keys(k, 2) in _PREDICATES or self.key(k) in {"phai", "can"}:
                weak = size == 4 and self.keys(k, 2) not in {"co trach", "chiu trach"}
                return at if weak or self.key(k - 1) in {",", "trinh", "viec", "tac", "de", "nham", "muc"} else k
            aim = self.key(k) == "de" and self.keys(at, 2) in {"quan ly", "van hanh"} and self.key(noun - 1) == ","
            if aim:
                return k
            listing = self.key(k) == "," and (not self.verb_at(k + 1) or bool(self.word("weak", k + 1)))
            if (self.mark(k) and self.key(k) not in {"-", "&"} and not listing) or self.word("order", k):
                return at
        return at

    def _doubtful(self, at: int, length: int) -> bool:
        """A noun that is as often something else ("tổ chức", "báo") and stands alone."""
        if self.keys(at, length) == "to chuc" and self.key(at - 1) == "," and self.keys(at - 3, 2) in {"co quan", "don vi", "doanh nghiep"}:
            return False  # "các cơ quan, tổ chức quản lý trạm": no comma stands before a verb
        if self.keys(at, length) == "to chuc" and (self.keys(at + 2, 2) in _DUTIES or self.key(at + 2) == "phai"):
            return False
        other = self.word("verb", at) >= length or self.keys(at, length) in _DOUBTFUL
        return other and not self._continues(at + length)

    def _noun(self, at: int) -> int:
        length = self.word("group", at)
        if not length or self.word("not", at) >= length or max(self.word("verb", at), self.word("title", at)) > length:
            return 0
        return length

    def _named_rather(self, at: int) -> bool:
        """As in "Sở Nội vụ" inside "các sở, ban, ngành, Sở Nội vụ"."""
        return bool(self.lex.names.match(self.tokens, at)[0] > 1 or (self.head(at) and self.cap(at + self.head(at))))

    def _continues(self, at: int) -> bool:
        return self.key(at) in {",", ";", "va", "", "."} and (bool(self._noun(at + 1)) or self.key(at) in {"", "."})

    def bare(self, at: int, *, titled: bool = False) -> Found | None:
        """A group noun without "các": "chủ đầu tư", "đơn vị liên quan", "sở, ban, ngành"."""
        if self.keys(at, 2) == "to chuc" and self.key(at + 2) not in {",", "va", ""} and self.keys(at + 2, 2) not in _OF_ORGANISATIONS:
            return None  # the verb
        unit = self.place_unit(at)
        if unit and self.cap(at + unit) and not self.starts_agency(at + unit):  # "thành phố Huế" as a doer
            end = self._caps(at + unit)
            name = f"{self.lex.units.match(self.tokens, at)[1]} {self.slice(at + unit, end)}"
            return (Piece(name, at, end, "place", confidence=0.8),), end
        found = self.group(at, at, titled=titled)
        if found is None:
            return None
        return tuple(replace(piece, bare=True) for piece in found[0]), found[1]

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
        level = self.place_unit(k + 2) if self.key(k) in {",", "va"} and self.key(k + 1) == "cap" else 0
        if level and any(self.key(k - n - 1) == "cap" and self.place_unit(k - n) == n for n in (1, 2)):
            return k + 2 + level  # "cấp tỉnh, cấp huyện và cấp xã"
        steps = (self._belonging, self._known_modifier, self._where)
        for step in steps:
            if (after := step(k, nouns)) > k:
                return after
        return self._unknown(k, nouns)

    def _belonging(self, k: int, nouns: int) -> int:  # noqa: ARG002 - one signature for all steps
        """As in "thuộc Chính phủ", "trực thuộc Sở", "của tỉnh"."""
        if self.keys(k - 2, 2) == "thanh vien" and self.starts_agency(k) and (board := self.named(k)) is not None and len(board[0]) == 1:
            return board[1]  # "các thành viên Ban Chỉ huy phòng thủ dân sự tỉnh"
        if self.keys(k, 4) == "thuoc , truc thuoc":
            return self._owner(k + 4, k)
        size = 2 if self.keys(k, 2) == "truc thuoc" else int(self.key(k) in {"thuoc", "cua"})
        return self._owner(k + size, k) if size else k

    def _known_modifier(self, k: int, nouns: int) -> int:
        """A modifier of the word list; one that is also a verb counts only behind a single noun, before the predicate."""
        if same := self.level(k):
            return k + same
        if self.keys(k, 2) == "chu tri":
            return self._in_charge(k)
        duty = self.keys(k + 2, 2) in {"co trach", "chiu trach"} and self.keys(k - 2, 2) in {"co quan", "don vi"}
        small = any(self._noun(k - n) == n and not self.cap(k - n) and not self.place_unit(k - n) for n in (1, 2, 3))
        if self.keys(k, 2) in {"phoi hop", "tham gia"} and not duty and not small:
            return k
        length = self.word("modifier", k)
        verbal = max(self.word("verb", k), self.word("weak", k))
        after = k + length
        if self.keys(k, 2) in {"phoi hop", "chu tri", "tham gia", "tong hop"} and {self.key(k - 2), self.key(k - 3)} & {
            "cac",
            "nhung",
            "hoi",
        }:
            return k
        closed = nouns == 1 and (self.verb_at(after) or self.mark(after)) and self.key(after) != ","
        return after if length > verbal or (length and closed and length == verbal) else k

    def _in_charge(self, k: int) -> int:
        """As in "các cơ quan chủ trì, phối hợp chịu trách nhiệm": before the predicate "chủ trì" says which."""
        length = self.word("modifier", k)
        if length > 2:
            return k + length
        after = k + (5 if self.keys(k + 2, 3) == ", phoi hop" else 4 if self.keys(k + 2, 2) == "phoi hop" else 2)
        if self.keys(k - 2, 2) in {"don vi", "co quan"} and self.key(k - 3) in {"voi", "cung", "cho", "cua"}:
            return k + 2  # "phối hợp với đơn vị chủ trì"
        strong = self.keys(after, 2) in {"co trach", "chiu trach", "khan truong", "chu dong", "can cu", "bao cao", "tiep tuc"}
        return after if strong or self.key(after) in {"gui", "can", "phai", "va"} else k

    def _where(self, k: int, nouns: int) -> int:  # noqa: ARG002 - one signature for all steps
        """As in "trên địa bàn tỉnh", "cấp xã", "thành phố", "Trung ương"; also "cơ quan Thuế", "lực lượng Kiểm lâm"."""
        if self.cap(k) and (self.keys(k - 2, 2) in {"co quan", "luc luong"} or self.key(k - 1) == "nganh"):
            branch = next((n for n in (4, 3, 2, 1) if k + n <= len(self.tokens) and self.keys(k, n) in _BRANCHES), 0)
            return self._place_end(k + branch) if branch else k
        stands = self.key(k) in {"dong", "dung"}
        if self.keys(k + stands, 3) == "tren dia ban":
            k += 3 + stands
            k += self.key(k) == "toan"
            unit = self.place_unit(k)
            return self._caps(k + unit) if unit or self.cap(k) else k
        if self.key(k) == "cap" and self.place_unit(k + 1):
            return k + 1 + self.place_unit(k + 1)
        if unit := self.place_unit(k):
            return self._caps(k + unit)
        if self.keys(k, 2) == "trung uong":
            return k + 2
        return k + (self.key(k) in {"tw", "ubnd", "hdnd"})

    def _is_final(self, k: int) -> bool:
        """Whether "liên quan" and the like stand before: only places and owners may follow them."""
        return self.keys(k - 2, 2) in {"lien quan", "huu quan", "neu tren", "noi tren", "ke tren"} or self.key(k - 1) == "khac"

    def _owner(self, at: int, back: int) -> int:
        if self.keys(at, 2) in {"chinh phu", "trung uong", "dia phuong", "tham quyen", "pham vi"}:
            return at + 2
        if self.key(at) in {"minh", "nganh", "dang"}:
            return at + 1
        if self.key(at) in {"bo", "so", "ubnd", "ban", "cuc", "qh"} and not self.named(at):
            return at + 1
        if at < len(self.tokens) and self.tokens[at].text.isupper() and len(self.tokens[at].text) > 1 and not self.starts_agency(at):
            return at + 1  # "thuộc CP"
        found = self.named(at) or self.plural(at)
        if found is None and (unit := self.place_unit(at)):
            return self._caps(at + unit)
        return found[1] if found else back

    def _unknown(self, k: int, nouns: int) -> int:
        """A word of no class after a group: underthesea says whether it still belongs to the noun."""
        if self.mark(k) or self.key(k) in LINKS | {"cac", "nhung"} or self.boundary(k) or self._noun(k) or self.starts_agency(k):
            return k
        if weak := self.word("weak", k):
            beside = any(self._noun(k - n) == n and self.keys(k - n, n) in _ACTORS for n in (1, 2, 3))
            beside = beside or self.word("weak", k - 2) == 2 or self.keys(k - 2, 2) == "duoc giao"
            whole = nouns == 1 and beside and not self.word("object", k + weak) and self.key(k + weak) not in _ADVERBS
            return k + weak if whole else k
        if self._is_final(k) and self.key(k) != "cua":
            return k
        if self._short(k):
            while self._short(k + 1) or (self.key(k + 1) in {"-", "&"} and self._short(k + 2)):
                k += 1 + (self.key(k + 1) in {"-", "&"})
            return k + 1  # "các trường THPT", "các Trung tâm GDNN-GDTX"
        stop = min(len(self.tokens), k + 6)
        syllables = is_nominal(self.slice(max(0, k - 3), stop), self.slice(k, stop))
        while syllables > 0 and k < stop:  # a token may hold several, a mark none
            syllables -= len(self.tokens[k].key.replace("/", " ").split()) if not self.mark(k) else 0
            k += 1
        return k

    def _short(self, k: int) -> bool:
        """Whether an abbreviation of more than two letters stands here that names no agency."""
        return self.cap(k) and self.tokens[k].text.isupper() and len(self.tokens[k].text) > 2 and not self.starts_agency(k)

    def stems_from(self, at: int, head: str, word: str, *, leading_link: bool) -> list[Piece]:
        """As in "Tư pháp, Tài chính và Y tế" behind a head said once."""
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
