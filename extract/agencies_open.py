"""Open names: what only its head word shows to be an agency ("Trung tâm …", "Công ty …"), and where such a name ends."""

from __future__ import annotations

from extract.agencies_reader import APPOSITION
from extract.agencies_tagger import begins_word, is_verb
from extract.agencies_titles import TitleGrammar

_NESTING = frozenset(
    {
        "van phong", "thanh tra", "phong", "trung tam", "dang uy", "chi nhanh", "ban quan ly du an", "co quan", "chi cuc",
        "van phong thuong truc",
        "co quan thuong truc", "bo phan thuong truc", "to thuong truc", "ban thuong truc", "thuong truc", "cong doan", "doan thanh nien",
        "ban can su dang", "dang doan", "uy ban kiem tra",
    }
)  # fmt: skip
STEERING = frozenset(
    {
        "to cong tac", "ban chi dao", "to giup viec", "doan cong tac", "hoi dong", "ban dieu hanh", "ban chi huy", "cong an", "thanh tra",
        "cong doan",
    }
)  # fmt: skip
"""Bodies that may stand in each of a group ("Ban Chỉ đạo 389 các bộ, ngành") or be named for a task."""
_VERBAL = frozenset({"thong ke", "kiem toan", "thanh tra", "kiem lam", "hai quan", "cong chuc", "cau lac bo"})
"""Head words that in front of a small letter are verbs ("Thống kê thiệt hại …") or say no name ("công chức chấp hành")."""
_UNFINISHED = frozenset({"chi cuc", "tong cuc", "trung tam", "benh vien", "hiep hoi"})
"""Head words that want a name behind them, in small letters if need be ("Chi cục thủy lợi")."""
_ACTIONS = frozenset({"kiem tra", "giam sat", "thong ke", "chi dao", "tiep nhan", "tham dinh", "ho tro", "cung cap", "phuc vu"})
"""Verbs that seldom stand late in a name."""
_LIMIT = 20
"""Tokens that a name may have."""


class OpenNameGrammar(TitleGrammar):
    """Names that begin with a head word and are in no list."""

    __slots__ = ()

    def open_name(self, at: int) -> int:
        """How many tokens a name takes that only its head word shows to be an agency; 0 for none."""
        head = self.head(at)
        if not head:
            return 0
        k = at + head
        single = head == 1 and self.key(at) not in {"ubnd", "hdnd"}
        if self.mark(k):
            alone = head > 1 and self.keys(at, head) not in _NESTING | {"ngan hang", "uy ban", "cong chuc", "cau lac bo"}
            return head if alone else 0
        if (single or self.keys(at, head) in _VERBAL) and not self._capital_or_place(k):
            return 0
        end = self._name_end(at, k)
        if end == k and single:
            return 0
        return end - at

    def _capital_or_place(self, k: int) -> bool:
        """Whether a name goes on at ``k``: a capital, a place, a number."""
        numbered = self.keys(k, 2) == "co so" and self.key(k + 2)[:1].isdigit()
        placed = bool(self.place_unit(k)) or self.key(k) == "cap" or self.keys(k, 2) in {"khu vuc", "nha nuoc"} or numbered
        return self.cap(k) or placed or self.key(k)[:1].isdigit() or self.plural_places(k, k, "") is not None

    def _name_end(self, at: int, k: int) -> int:
        start = k
        while k < len(self.tokens) and k - at < _LIMIT and self._goes_on(at, start, k):
            here = self.key(k) in {"so", "bo"} and k > at and self.keys(at, k - at) in _NESTING
            if here and not self.cap(k + 1) and self.word("verb", k + 1):
                return k + 1  # "Văn phòng Sở xây dựng đề thi"
            if k == start and self.starts_agency(k) and self.keys(at, start - at) in _NESTING and (inner := self.named(k)) is not None:
                return inner[1]  # "Văn phòng Ban Chỉ huy Phòng thủ dân sự tỉnh": the inner name says where it ends
            k += 1
        return k

    def _goes_on(self, at: int, start: int, k: int) -> bool:
        """Whether the open name that began at ``at`` (its head word ending before ``start``) still runs at ``k``."""
        key = self.key(k)
        if key == "-":
            return not self.mark(k + 1) and not (self.key(k + 1) in APPOSITION and self.cap(k + 1))
        if key == ",":
            return self._comma_inside(at, k)
        if self.mark(k):
            short = key == "/" and self.tokens[k - 1].text.isupper() and not self.mark(k + 1) and self.tokens[k + 1].text.isupper()
            return (key == "&" and not self.mark(k + 1)) or short  # "HIV/AIDS"
        if key == "va":
            return self._and_inside(at, k)
        if self.cap(k):
            verb = self.word("verb", k) > 1 and not self.cap(k + 1) and k > start + 1 and self.key(k - 1) not in {"va", ",", "-", "&"}
            verb = verb and not self._inside_compound(k)
            several = k == start + 1 and self.key(start) == "cac"  # "Liên hiệp các Hội …"
            return not verb and not (k > start and not several and self.starts_agency(k) and not self._nested(at, start, k))
        if key == "cac":
            return k == start or self.key(k - 1) == "ly" or self._inside_compound(k)
        if key in {"cua", "thuoc"}:
            return self.cap(k + 1)
        if k == start and self._charged(at, k):
            return True
        if self.word("verb", k) == 1 and k - 2 >= start and self.cap(k - 1) and self.cap(k - 2):
            return False  # a place closes the name: "… Sông Lam trực 24/24 giờ"
        if not self._begins_word(at, k):
            return True
        return not self._closed(start, k) and not self._ends(at, start, k)

    def _closed(self, start: int, k: int) -> bool:
        """Whether a place or a unit before ``k`` closes the name: "… Sông Lam vận hành", "Hiệp hội Du lịch tỉnh xúc tiến …"."""
        party = self.key(k) in {"uy", "doan"}  # "Huyện ủy", "Huyện đoàn"
        if not party and any(k - n >= start and self.place_unit(k - n) == n and not self.word("not", k - n) for n in (1, 2)):
            return True
        weak = self.word("weak", k) and k - 1 >= start and not self._inside_compound(k)
        return bool(weak) and (self.cap(k - 1) or self._acts_here(start, k))

    def _ends(self, at: int, start: int, k: int) -> bool:
        """Whether a verb or "liên quan" and the like begins at ``k``."""
        ends = self.boundary(k) or self.keys(k, 2) in {"lien quan", "co lien"} or self.keys(k, 3) == "tren dia ban"
        unfinished = k == start and self.keys(at, start - at) in _UNFINISHED
        return ends or (not unfinished and self._verb_of_no_class(at, k))

    def _acts_here(self, start: int, k: int) -> bool:
        """Whether a verb like "kiểm tra" behind a name that has three words is the predicate: "Khoa Kiểm soát nhiễm khuẩn kiểm tra …"."""
        if self.keys(k, 2) not in _ACTIONS or k - start < 3 or self.key(k - 1) in {"va", "-", "&", ",", "ban"}:
            return False
        return not self.mark(k + 2) and not self.place_unit(k + 2) and not self.cap(k + 2)

    def _charged(self, at: int, k: int) -> bool:
        """As in "Tổ công tác triển khai Đề án 06": what the body is there for."""
        purpose = self.keys(k, 2) in {"trien khai", "thuc hien"} and self.keys(k + 2, 2) in {"de an", "du an", "nghi quyet"}
        return purpose and self.keys(at, k - at) in STEERING and k + 4 < len(self.tokens) and self.tokens[k + 4].text[0].isdigit()

    def _begins_word(self, at: int, k: int) -> bool:
        """Whether underthesea lets a word begin here; asked only of single syllables that look like a verb ("trình" in "công trình")."""
        if self.word("verb", k) != 1 and self.word("function", k) != 1:
            return True
        stop = min(len(self.tokens), k + 5)
        return begins_word(self.slice(at, stop), self.slice(k, stop))

    def _verb_of_no_class(self, at: int, k: int) -> bool:
        """Whether underthesea sees a verb in a word that the lists do not have."""
        if any(self.word(kind, k) for kind in ("weak", "modifier", "group", "compound")) or self._inside_compound(k):
            return False
        stop = min(len(self.tokens), k + 5)
        return is_verb(self.slice(at, stop), self.slice(k, stop))

    def _comma_inside(self, at: int, k: int) -> bool:
        """As in "Công ty Đầu tư, Xây dựng và Kinh doanh …", "Trung tâm Phòng, chống HIV/AIDS", "Trung tâm Truyền thông, Giáo dục …"."""
        if self._inside_compound(k):
            return True
        if self.keys(at, 3) == "ban quan ly" and any(self.key(i) == "cac" for i in range(at, k)) and not self.cap(k + 1):
            return not (self.boundary(k + 1) or self.starts_agency(k + 1) or self.word("title", k + 1))  # "các chợ, siêu thị"
        if self.keys(at, 2) == "trung tam" and k > at + 2 and self.cap(k + 1) and not self.cap(k + 2):
            return not (self.starts_agency(k + 1) or self.word("title", k + 1) or self._known_place(k + 1) or self.mark(k + 2))
        if self.keys(at, 2) not in {"cong ty", "tong cong"} or not self.cap(k + 1) or self.starts_agency(k + 1):
            return False
        ahead = next((i for i in range(k + 1, min(k + 6, len(self.tokens))) if self.key(i) == "va"), 0)
        return bool(ahead) and self.cap(ahead + 1) and not self.starts_agency(ahead + 1)

    def _nested(self, at: int, start: int, k: int) -> bool:
        """As in "Thanh tra Sở Xây dựng", "Trung tâm X thuộc Sở Y" are one name; "Sở X Sở Y" are two."""
        head = self.keys(at, start - at)
        return (k == start and head in _NESTING) or self.key(k - 1) in {"truc", "vu", "cua", "thuoc"} or self.word("head", k) == 0

    def _and_inside(self, at: int, k: int) -> bool:
        after = k + 1
        if self._inside_compound(k):
            return True
        if self.mark(after) or self.word("title", after) or self.key(after) in {"cac", "nhung"}:
            return False
        if self.cap(after):
            return k - at >= 2 and (self.key(after) == "dao" or not self.starts_agency(after))
        inside = any(self.key(i) == "cac" for i in range(at, k)) or self._of_a_board(at, after)
        return inside and not self.boundary(after) and not self.keys(after, 2).startswith(("don vi", "co quan", "dia phuong", "to chuc"))

    def _of_a_board(self, at: int, after: int) -> bool:
        """As in "Ban Quản lý dự án công trình hạ tầng kỹ thuật và nông nghiệp Thành phố": a place closes the name further on."""
        if self.keys(at, 3) != "ban quan ly" or self.boundary(after):
            return False
        ahead = next((k for k in range(after, min(after + 8, len(self.tokens))) if self.place_unit(k) or self.mark(k)), len(self.tokens))
        return ahead < len(self.tokens) and not self.mark(ahead) and not any(self.boundary(k) for k in range(after, ahead))
