"""Heads of agencies: "Giám đốc Sở Nội vụ", "Bộ trưởng, Thủ trưởng cơ quan ngang bộ" stand for their agencies."""

from __future__ import annotations

from dataclasses import replace

from extract.agencies_groups import GroupGrammar
from extract.agencies_reader import Found, Piece

_PERSONAL = frozenset({"dong chi", "cac dong chi", "ong", "ba", "cac ong"})


class TitleGrammar(GroupGrammar):
    """Titles before a name or a group."""

    __slots__ = ()

    def titled(self, at: int) -> Found | None:
        """A head of agency: the agency ("Giám đốc Sở Nội vụ")."""
        quantified = self.key(at) in {"cac", "nhung"}
        k = at + quantified
        length = self.word("title", k)
        if not length or self.word("group", k) > length:  # "các tổng công ty"
            return None
        if self.keys(k, length) in _PERSONAL and (inner := self.titled(k + length) or self._person(k + length)):
            return (replace(inner[0][0], first=at), *inner[0][1:]), inner[1]
        ministers = self.keys(k, length) == "bo truong"
        if ministers and self.key(k + length) in {":", "("} and (pieces := self.stems_from(k + length + 1, "bo", "Bộ", leading_link=False)):
            return (replace(pieces[0], first=at), *pieces[1:]), pieces[-1].stop
        for cut in range(length, 0, -1):
            if not self._is_title(k, cut):
                continue
            after = k + cut
            found = self._after_titles(after)
            if found is not None and not (cut < length and found[0][0].bare):  # "Trưởng ban chủ trì …" is no "trưởng" of "các ban"
                (head, *others), stop = found
                head = replace(head, first=at, name=self._with_ministers(head, after) if ministers else head.name)
                return (self._joining(head), *map(self._joining, others)), stop
            if ministers and cut == length and self.boundary(after):
                return (Piece("các bộ", at, after, "group", is_group=True),), after
        return None

    def _person(self, at: int) -> Found | None:
        """The agency that a person's name is followed by: "Nguyễn Văn An (Giám đốc Sở Nội vụ)", "Lê Văn Bình, Chánh Thanh tra tỉnh"."""
        k = self.persons_name(at)
        if k == at or self.key(k) not in {",", "-", "("}:
            return None
        found = self.titled(self._past_memberships(k + 1))
        if found is None:
            return None
        stop = next((i for i in range(found[1], min(found[1] + 12, len(self.tokens))) if self.key(i) == ")"), -1) + 1
        return (found[0], stop) if self.key(k) == "(" and stop else found

    def _past_memberships(self, at: int) -> int:
        """Past "Ủy viên Ban Thường vụ Tỉnh ủy," before the office that somebody holds."""
        while self.keys(at, 2) == "uy vien":
            comma = next((k for k in range(at, min(at + 14, len(self.tokens))) if self.key(k) == ","), 0)
            if not comma:
                break
            at = comma + 1
        return at

    def _with_ministers(self, head: Piece, after: int) -> str:
        """As in "Bộ trưởng, Thủ trưởng cơ quan ngang bộ": the ministries belong to the group."""
        if not head.is_group or not (self.key(after) == "," or head.bare):
            return head.name
        name = head.name.removeprefix("các ")
        return f"các {name}" if name.lower().startswith("bộ") else f"các bộ, {name[0].lower()}{name[1:]}"

    @staticmethod
    def _joining(piece: Piece) -> Piece:
        """A group without "các" behind a title is still a group of several."""
        if not piece.bare or piece.kind != "group" or piece.name.startswith("các "):
            return replace(piece, bare=False)
        return replace(piece, name=f"các {piece.name}", bare=False, joins=True)

    def _is_title(self, at: int, length: int) -> bool:
        return self.lex.words["title"].match(self.tokens, at, at + length)[0] == length

    def _after_titles(self, at: int) -> Found | None:
        """The agency after one title, over further titles ("Giám đốc, Thủ trưởng các sở")."""
        k = at
        for _ in range(4):
            skip = k + 1 if self.key(k) in {",", "va", ";", "/", "kiem", "-"} else k
            more = self.word("title", skip + (self.key(skip) == "cac"))
            if not more or self.parse_plain(k) is not None:
                break
            k = skip + (self.key(skip) == "cac") + more
        return self.parse_plain(k)

    def parse_plain(self, at: int) -> Found | None:
        """An item without a title before it."""
        if at >= len(self.tokens) or self.mark(at):
            return None
        if self.key(at) in {"so", "bo", "cuc", "vu", "phong", "ban"} and self.persons_name(at + 1) > at + 1:
            return None  # "Phó Giám đốc Sở Lê Văn Tám"
        return self.named(at, titled=True) or self.plural(at) or self.bare(at, titled=True)
