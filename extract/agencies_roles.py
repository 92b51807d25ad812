"""Roles in one item or heading: who is ordered to do it, with whom, and who only gets the result.

The doer stands at the head of the sentence ("Sở Tài chính chủ trì …"), behind an order ("Giao Sở Tài chính …", "UBND tỉnh yêu
cầu Giám đốc các sở …") or after an opening phrase ("Trên cơ sở kết quả khảo sát, Sở Xây dựng …"). Partners follow "phối hợp";
whoever follows "báo cáo", "gửi", "trình", "tham mưu" receives and is never a doer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from extract.agencies_names import mention, parser, split_agencies
from extract.agencies_parser import Parser
from extract.agencies_reader import Found, Piece

_SENTENCE_END = re.compile(r"[.;]\s+(?=[A-ZĐÀ-Ỹ“\"(a-zđ])")
_MARK = re.compile(r"^\s*(?:[-+•*–]\s*|\(?(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ]|[ivx]+)[.)]\s*|(?:Điều|Mục)\s+\d+[.:]\s*)+")
_STRONG = frozenset(
    {
        "voi vai", "khan truong", "chu tri", "co trach", "can", "phai", "chu dong", "tiep tuc", "chiu trach", "tich cuc", "nghiem tuc", "tap trung",
    }
)  # fmt: skip
"""Beginnings of a predicate that orders: in a later sentence only these make the agency before them a doer."""
_CONDITIONS = frozenset({"khi", "truong", "neu", "sau", "truoc", "tren", "de"})
"""First syllables of a clause that stands before the order, behind a topic ("Về vướng mắc: Khi có kiến nghị, yêu cầu …")."""
_OF_LABELS = frozenset("chu tri thuc hien phoi hop dau moi theo doi tham muu soan thao trinh chinh , va / lien quan bao cao phu trach cung".split())
"""Words of "Cơ quan chủ trì, phối hợp:", "Đơn vị thực hiện:"."""
_IN_CHARGE = frozenset({"chu tri", "lam dau", "lam chu", "phu trach", "dam nhiem", "chiu trach", "to chuc", "thuc hien", "dam nhan"})
"""Beginnings of what "do Sở A …" must go on with."""
_ORDERS_OF_OTHERS = frozenset(
    {
        "chi dao", "y kien", "ket luan", "van ban", "cong van", "ke hoach", "quyet dinh", "nghi quyet", "thong bao", "chi thi",
        "nghi dinh", "chuong trinh", "cong dien", "yeu cau", "de nghi", "thong tu", "huong dan",
    }
)  # fmt: skip
"""What "Thực hiện …" must take to be an opening and not the order itself."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what in one item; names are canonical.

    ``further`` are doers that later sentences name in an item whose first sentence names none: they act beside the lead that
    the item inherits. ``lead_begin`` and ``verb_begin`` are offsets in the text: where the doers are named and where the
    predicate begins (-1 when no doer is named).
    """

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    lead_begin: int = -1
    verb_begin: int = -1
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Doers:
    names: tuple[str, ...]
    begin: int
    verb: int


def read_roles(text: str, extra: Path | None = None) -> Roles:
    """The roles in the text of one item (without its bullet); see :class:`Roles`."""
    lead: list[str] = []
    further: list[str] = []
    lead_begin = verb_begin = -1
    sentences = _sentences(text)
    for number, (begin, end, hard) in enumerate(sentences):
        # A list of doers may run over ";": the first clause is read to the end of its sentence.
        stop = end if number else next((b for b, _, full in sentences[1:] if full), len(text))
        part = text[begin:stop]
        doers = _doers(parser(part, extra), extra, first=number == 0, hard=hard)
        if doers is None and number == 0:
            doers = _by_whom(parser(part, extra), extra)
        if doers is None:
            continue
        ordered = not lead and bool(parser(text, extra).word("opening", 0)) and bool(parser(part, extra).word("order", 0))
        if number == 0 or ordered or (number == 1 and not lead and _is_label(text[:begin])):
            lead += doers.names
            lead_begin, verb_begin = begin + doers.begin, begin + doers.verb if doers.verb >= 0 else -1
        else:
            further += [name for name in doers.names if name not in further]
    partners = _partners(text, extra)
    receivers = tuple(name for name in _receivers(text, extra) if name not in lead)
    if lead:
        lead += [name for name in further if name not in lead and name not in partners]
        further = []
    names = tuple(dict.fromkeys(lead))
    partners = tuple(partner for partner in partners if partner not in names)
    return Roles(names, partners, receivers, lead_begin, verb_begin, tuple(name for name in further if name not in partners))


def read_cell(cell: str, extra: Path | None = None) -> Roles:
    """The roles in a table cell or value for whoever leads: a list, perhaps "Sở A chủ trì, phối hợp với Sở B"."""
    return Roles(split_agencies(cell, extra), _partners(cell, extra))


def _is_label(before: str) -> bool:
    return before.rstrip().endswith(":")


def _sentences(text: str) -> list[tuple[int, int, bool]]:
    """Begin and end of sentences and of the clauses that ";" separates; the flag says that a full stop opened it."""
    out: list[tuple[int, int, bool]] = []
    begin, hard = 0, True
    for hit in _SENTENCE_END.finditer(text):
        if text[hit.start()] == "." and (text[hit.end()].islower() or re.search(r"\b(?:TP|Tp|TX|số)$", text[: hit.start()])):
            continue
        out.append((begin, hit.start(), hard))
        begin, hard = hit.end(), text[hit.start()] == "."
    out.append((begin, len(text), hard))
    return out


def _doers(reader: Parser, extra: Path | None, *, first: bool, hard: bool) -> _Doers | None:
    for at in _starts(reader, first=first, hard=hard):
        doers = _doers_at(reader, extra, at, first=first, hard=hard)
        if doers is not None:
            return doers
    return None


def _starts(reader: Parser, *, first: bool, hard: bool) -> list[int]:
    """Tokens where the doer may be named: the head of the sentence, and after an opening phrase each "," or ":"."""
    starts = [0]
    if reader.keys(0, 2) in {"dong thoi", "trong do"} or reader.key(0) in {"rieng"}:
        starts = [3 if reader.key(2) == "," else 2, 1]
    if not first and not hard:
        return starts
    if reader.keys(0, 2) == "doi voi":
        starts = [2]
    topic = next((k + 1 for k in range(2, min(25, len(reader.tokens) - 1)) if reader.key(k) == ":"), 0) if first else 0
    begin = topic if topic and reader.cap(topic) and reader.key(topic) in _CONDITIONS else 0
    opens = reader.word("opening", begin)
    if reader.keys(0, 2) in {"thuc hien", "tiep thu", "trien khai"} and reader.keys(2, 2) not in _ORDERS_OF_OTHERS:
        opens = 0
    if opens and (opens >= reader.word("verb", begin)):
        nominal = reader.keys(begin, 2) == "can cu" or reader.key(begin) == "theo"
        for k in range(begin + 1, len(reader.tokens) - 1):
            if nominal and reader.key(k) == "," and (verb := reader.word("verb", k + 1)) > 1 and reader.key(k + 1 + verb) != "cua":
                break  # "Căn cứ tình hình thực tế, quyết định …": the order begins and names nobody
            if reader.key(k) in {",", ":"} and not _among_partners(reader, k):
                starts.append(k + 1)
            elif reader.keys(k, 2) in {"de nghi", "yeu cau"} and reader.key(k - 1) not in {"theo", "cua", "duoc", ","}:
                starts.append(k)
    elif first:
        starts += [k + 1 for k in range(1, min(12, len(reader.tokens) - 1)) if reader.key(k) == ":" and reader.word("order", k + 1)]
    return starts


def _among_partners(reader: Parser, at: int) -> bool:
    """Whether a list of partners goes on over this mark: "phối hợp với Sở A, Công an tỉnh"."""
    for begin in range(max(0, at - 40), at):
        if reader.keys(begin, 2) == "phoi hop":
            k = begin + 2
            while size := reader.word("together", k):
                k += size
            found = reader.parse_list(k, semicolons=False)
            if found is not None and k < at < found[1]:
                return True
    return False


def _doers_at(reader: Parser, extra: Path | None, at: int, *, first: bool, hard: bool) -> _Doers | None:
    order = reader.word("order", at)
    if order and (reader.cap(at) or at > 0 or not first):
        return _ordered(reader, extra, at + order)
    found = reader.parse_list(at, bare=at == 0)
    if found is None:
        return None
    pieces, stop = found
    if _is_role_label(pieces, reader, stop):
        return None
    subject_end = stop
    stop = _skip_adverbs(reader, stop)
    order = reader.word("order", stop) if reader.keys(stop, 2) != "kien nghi" else 0  # who proposes to others does it himself
    if (order and reader.keys(stop, order) != "giao") or (order and reader.keys(stop, 2) not in {"giao ban", "giao dich", "giao luu"}):
        ordered = _ordered(reader, extra, stop + order)
        if ordered is not None or reader.key(stop + order) in {":", ""}:
            return ordered
    if not _predicate(reader, subject_end, pieces, at):
        return None
    if not first and not (reader.keys(subject_end, 2) in _STRONG or reader.key(subject_end) in _STRONG):
        return None
    if not first and not hard and at == 0 and not _STRONG & {reader.keys(subject_end, 2)}:
        return None
    verb = reader.tokens[subject_end].begin if subject_end < len(reader.tokens) else -1
    return _Doers(_names(pieces, reader, extra), reader.tokens[at].begin, verb)


def _by_whom(reader: Parser, extra: Path | None) -> _Doers | None:
    """As in "Việc thẩm định do Sở A chủ trì": only where the sentence begins with what is to be done, not with a verb."""
    if reader.word("verb", 0) or reader.word("opening", 0):
        return None
    for at in range(1, len(reader.tokens) - 2):
        if reader.key(at) in {",", ";", "."}:
            return None
        if reader.key(at) != "do" or (found := reader.parse_list(at + 1, bare=False)) is None:
            continue
        pieces, stop = found
        if reader.keys(stop, 2) in _IN_CHARGE:
            return _Doers(_names(pieces, reader, extra), reader.tokens[at + 1].begin, reader.tokens[stop].begin)
        return None
    return None


def _is_role_label(pieces: tuple[Piece, ...], reader: Parser, stop: int) -> bool:
    """As in "Cơ quan chủ trì:", "Đơn vị thực hiện:" speak of a role and name nobody."""
    end = next((k for k in range(stop, min(stop + 5, len(reader.tokens))) if reader.key(k) == ":"), -1)
    end = len(reader.tokens) if end < 0 and len(reader.tokens) < stop + 5 else end
    bare = pieces[0].bare and reader.key(pieces[0].first) in {"co", "don"}
    return end >= 0 and bare and all(not reader.cap(k) and reader.key(k) in _OF_LABELS for k in range(2, end))


def _skip_adverbs(reader: Parser, at: int) -> int:
    while reader.keys(at, 2) in {"nghiem tuc", "trong khi", "tran trong"} or reader.key(at) in {"cung", "da"}:
        at += 2 if reader.keys(at, 2) in {"nghiem tuc", "tran trong"} else 1
    return at


def _ordered(reader: Parser, extra: Path | None, after: int) -> _Doers | None:
    found = reader.parse_list(after)
    if found is None and reader.keys(after, 2) in {"cac dong", "dong chi"}:
        after += 3 if reader.key(after) == "cac" else 2
        found = reader.parse_list(after)
    if found is None:
        return None
    pieces, stop = found
    verb = reader.tokens[stop].begin if stop < len(reader.tokens) else -1
    return _Doers(_names(pieces, reader, extra), reader.tokens[after].begin, verb)


def _predicate(reader: Parser, at: int, pieces: tuple[Piece, ...], start: int) -> bool:
    """Whether what follows a list of agencies makes it the doer."""
    if all(piece.bare for piece in pieces) and not reader.verb_at(at) and reader.key(at) not in {",", ":"}:
        return False
    if at >= len(reader.tokens):
        return start == 0
    if reader.key(at) in {",", ":"}:
        return start == 0 or (start == 2 and reader.keys(0, 2) == "doi voi") == (reader.key(at) == ":")
    if reader.mark(at):
        return reader.key(at) in {"-", "("}
    if reader.keys(at, 3) == "co y kien" or reader.keys(at, 2) in {"ket luan", "thong nhat ket"}:
        return False  # who speaks, and whose words follow
    if reader.key(at) in {"la", "ban", "tai", "ve", "da", "duoc"} and not reader.verb_at(at):
        return False
    return reader.verb_at(at) or bool(reader.word("function", at)) or not reader.cap(at)


def _names(pieces: tuple[Piece, ...], reader: Parser, extra: Path | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention(piece, reader, extra).name for piece in pieces))


def _partners(text: str, extra: Path | None) -> tuple[str, ...]:
    """Everybody after "phối hợp …"."""
    reader = parser(text, extra)
    names: list[str] = []
    for at in range(len(reader.tokens) - 1):
        shared = reader.keys(at, 4) in {"su tham gia cua", "su phoi hop cua"} and reader.key(at - 1) in {"co", "voi"}
        if not shared and (reader.keys(at, 2) != "phoi hop" or reader.key(at - 1) in {"ban", "su", "che"}):
            continue
        k = at + (4 if shared else 2)
        if reader.keys(k, 3) == ", ho tro" and reader.keys(k + 3, 3).startswith(("dia phuong", "cac dia phuong", "chinh quyen")):
            k += 3
        while size := reader.word("together", k) or int(reader.key(k) in {",", ":"}):
            k += size
        found = reader.parse_list(k, semicolons=False)
        if found is None:
            found = _before(reader, at)
        if found is not None and reader.key(found[1]) == ";":
            wider = reader.parse_list(k)
            if wider is not None and reader.keys(wider[1], 2) not in {"chu tri", "co trach", "chiu trach"}:
                found = wider  # nothing was ordered yet before ";", so the list goes on
        if found is not None:
            names += _names(found[0], reader, extra)
    return tuple(dict.fromkeys(names))


def _before(reader: Parser, at: int) -> Found | None:
    """As in "Sở A chủ trì, Sở B, các đơn vị phối hợp xử lý": those named between are the partners."""
    lead = next((k for k in range(at - 1, 0, -1) if reader.key(k) == "chu" and reader.key(k + 1) == "tri"), 0)
    for k in range(lead + 2, at) if lead else ():
        if reader.key(k) in {",", ";"} and (found := reader.parse_list(k + 1)) is not None and found[1] == at:
            return found
    return None


def _receivers(text: str, extra: Path | None) -> tuple[str, ...]:
    reader = parser(text, extra)
    names: list[str] = []
    for at in range(len(reader.tokens)):
        size = reader.word("receiving", at)
        if not size or reader.keys(at, 2) in {"trinh tu", "qua trinh"}:
            continue
        k = at + size + (reader.key(at + size) == "ve")
        if not reader.starts_agency(k) and not reader.word("title", k):
            continue
        found = reader.parse_list(k, semicolons=False, bare=False)
        if found is not None:
            names += _names(found[0], reader, extra)
    return tuple(dict.fromkeys(names))


def _agency_ends(reader: Parser, at: int) -> bool:
    """Whether an agency is named just before this token: whoever gives the order."""
    return any((found := reader.parse_item(begin, bare=False)) is not None and found[1] == at for begin in range(max(0, at - 9), at))


def _last_order(reader: Parser, extra: Path | None) -> _Doers | None:
    """The order at the end of a long opening: "Để khắc phục …, UBND tỉnh yêu cầu các sở, ban, ngành …"."""
    for at in range(len(reader.tokens) - 1, 0, -1):
        size = reader.word("order", at)
        if not size or not (reader.key(at - 1) in {",", ";"} or _agency_ends(reader, at)):
            continue
        doers = _ordered(reader, extra, at + size)
        if doers is not None:
            return doers
    return None


_HEADING_OPENING = re.compile(
    r"^(?:Trách nhiệm (?:của )?|Nhiệm vụ (?:cụ thể )?(?:của )?|Đối với |Về phía |Riêng (?:đối với )?|Phân công (?:nhiệm vụ )?(?:cho )?)",
    re.IGNORECASE,
)


def read_heading(text: str, extra: Path | None = None) -> Roles:
    """The doers and partners that a heading names for the items below it; empty when it names a subject only.

    ``text`` may still carry its number ("2. Sở Nội vụ").
    """
    mark = _MARK.match(text)
    offset = mark.end() if mark else 0
    opening = _HEADING_OPENING.match(text[offset:])
    if opening:
        offset += opening.end()
    reader = parser(text[offset:], extra)
    doers = _doers(reader, extra, first=True, hard=True) or _last_order(reader, extra)
    if doers is None:
        return Roles(coordinating=_partners(text, extra))
    partners = tuple(p for p in _partners(text, extra) if p not in doers.names)
    verb = offset + doers.verb if doers.verb >= 0 else -1
    return Roles(doers.names, partners, (), offset + doers.begin, verb)
