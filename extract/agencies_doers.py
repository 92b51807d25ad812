"""Where a sentence names its doer: at its head, behind an order ("Giao Sở A …") or after an opening phrase ("Theo …, Sở A …")."""

from __future__ import annotations

from dataclasses import dataclass

from extract.agencies_names import Namer
from extract.agencies_parser import Parser
from extract.agencies_reader import Piece

_STRONG = frozenset(
    {
        "voi vai", "khan truong", "chu tri", "co trach", "can", "phai", "chu dong", "tiep tuc", "chiu trach", "tich cuc", "nghiem tuc",
        "tap trung",
    }
)  # fmt: skip
"""Beginnings of a predicate that orders: in a later sentence only these make the agency before them a doer."""
_CONDITIONS = frozenset({"khi", "truong", "neu", "sau", "truoc", "tren", "de"})
"""First syllables of a clause that stands before the order, behind a topic ("Về vướng mắc: Khi có kiến nghị, yêu cầu …")."""
_GOVERNING = frozenset({"cua", "voi", "cho", "tai", "ve", "den", "va", "o", "theo", "tu", "trong", "boi", "do", "giua", "cung"})
"""Words on which the name behind them depends: it is no subject."""
_OF_LABELS = frozenset(
    {
        "chu", "tri", "thuc", "hien", "phoi", "hop", "dau", "moi", "theo", "doi", "tham", "muu", "soan", "thao", "trinh", "chinh", ",",
        "va", "/", "lien", "quan", "bao", "cao", "phu", "trach", "cung",
    }
)  # fmt: skip
"""Words of "Cơ quan chủ trì, phối hợp:", "Đơn vị thực hiện:"."""
_NOT_REPORTING = frozenset({"khi", "nhan", "duoc", "cua", "co", "ky", "ngay", "che"})
"""Before "báo cáo" these make it a noun, or the verb of a clause that only says when."""
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
class Doers:
    """Doers by name; where they are named and where their predicate begins (-1: nowhere), offsets in the text read."""

    names: tuple[str, ...]
    begin: int
    verb: int


def find_doers(reader: Parser, namer: Namer, *, first: bool, hard: bool) -> Doers | None:
    """The doers of one sentence or clause; ``first`` says that it begins the item, ``hard`` that a full stop stands before it."""
    for at in _starts(reader, first=first, hard=hard):
        doers = _doers_at(reader, namer, at, first=first, hard=hard)
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
        starts += _behind_opening(reader, begin)
    elif first:
        starts += [k + 1 for k in range(1, min(12, len(reader.tokens) - 1)) if reader.key(k) == ":" and reader.word("order", k + 1)]
    return starts


def _behind_opening(reader: Parser, begin: int) -> list[int]:
    """Where the doer may be named behind an opening phrase: after each "," or ":", and where "đề nghị", "yêu cầu" stand."""
    starts: list[int] = []
    timed = reader.key(begin) in {"hang", "ket", "dinh", "cham", "cuoi"} or reader.keys(begin, 2) == "truoc ngay"
    nominal = reader.keys(begin, 2) == "can cu" or reader.key(begin) == "theo"
    for k in range(begin + 1, len(reader.tokens) - 1):
        if nominal and reader.key(k) == "," and (verb := reader.word("verb", k + 1)) > 1 and reader.key(k + 1 + verb) != "cua":
            break  # "Căn cứ tình hình thực tế, quyết định …": the order begins and names nobody
        if timed and reader.word("receiving", k) and reader.key(k - 1) not in _NOT_REPORTING and _receive(reader, k):
            break  # "Định kỳ hằng quý báo cáo UBND tỉnh, Sở A": the order begins and names nobody
        if reader.key(k) in {",", ":"} and not _among_partners(reader, k):
            starts.append(k + 1)
        elif timed and k > begin + 1 and reader.word("verb", k) > 1:
            timed = False  # "Định kỳ hướng dẫn các đơn vị …"
        elif timed and k < begin + 12 and reader.key(k - 1) not in _GOVERNING and reader.starts_agency(k):
            starts.append(k)  # "Hằng quý các đơn vị báo cáo …": a comma is often left out
        elif reader.keys(k, 2) in {"de nghi", "yeu cau"} and reader.key(k - 1) not in {"theo", "cua", "duoc", ","}:
            starts.append(k)
    return starts


def _receive(reader: Parser, at: int) -> bool:
    """Whether several receivers, and no predicate of theirs, follow a word like "báo cáo" or "gửi báo cáo về"."""
    k = at
    while size := reader.word("receiving", k) or int(reader.key(k) in {"ve", "cho"}):
        k += size
    found = reader.parse_list(k, semicolons=False, bare=False)
    return found is not None and len(found[0]) > 1 and not reader.verb_at(found[1])


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


def _doers_at(reader: Parser, namer: Namer, at: int, *, first: bool, hard: bool) -> Doers | None:
    order = reader.word("order", at)
    if order and (reader.cap(at) or at > 0 or not first):
        return _ordered(reader, namer, at + order)
    found = reader.parse_list(at, bare=at == 0)
    if found is None:
        return None
    pieces, stop = found
    if _is_role_label(pieces, reader, stop):
        return None
    subject_end = stop
    stop = _skip_adverbs(reader, stop)
    order = reader.word("order", stop) if reader.keys(stop, 2) != "kien nghi" else 0  # who proposes to others does it himself
    word = reader.keys(stop, 2) in {"giao ban", "giao dich", "giao luu"} and not reader.cap(stop + 1)  # but "giao Ban Tổ chức …"
    if order and (reader.keys(stop, order) != "giao" or not word):
        ordered = _ordered(reader, namer, stop + order)
        told = ordered is not None and reader.keys(stop, 2) == "thong bao"
        if told and not first:
            return None  # the closing line of a notice: "Văn phòng UBND tỉnh thông báo để các đơn vị biết, thực hiện"
        if told and not _for_action(reader, stop + order):
            ordered = None  # "UBND xã thông báo đến từng hộ": he who tells is the doer
        if ordered is not None or (reader.key(stop + order) in {":", ""} and reader.keys(stop, 2) != "thong bao"):
            return ordered
    if not _predicate(reader, subject_end, pieces, at):
        return None
    strong = reader.keys(subject_end, 2) in _STRONG or reader.key(subject_end) in _STRONG
    if not first and not strong and not (hard and at == 0 and _acts(pieces, reader, subject_end)):
        return None
    if not first and not hard and at == 0 and not _STRONG & {reader.keys(subject_end, 2)}:
        return None
    verb = reader.tokens[subject_end].begin if subject_end < len(reader.tokens) else -1
    return Doers(namer.names(pieces, reader), reader.tokens[at].begin, verb)


def _acts(pieces: tuple[Piece, ...], reader: Parser, at: int) -> bool:
    """Whether a sentence of its own says what a named agency does: "… Sở Tài chính thẩm định."."""
    named = not any(piece.is_group or piece.bare for piece in pieces)
    return named and reader.word("verb", at) > 1 and reader.keys(at, 2) not in {"phoi hop", "bao cao", "tong hop", "tham muu"}


def by_whom(reader: Parser, namer: Namer) -> Doers | None:
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
            return Doers(namer.names(pieces, reader), reader.tokens[at + 1].begin, reader.tokens[stop].begin)
        return None
    return None


def _for_action(reader: Parser, at: int) -> bool:
    """Whether those told something are told to act on it: "… để các đơn vị biết, thực hiện"."""
    found = reader.parse_list(at)
    return found is not None and reader.keys(found[1], 2).startswith(("biet", "de biet", "duoc biet", "thuc hien", "trien khai", "to chuc"))


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


def _ordered(reader: Parser, namer: Namer, after: int) -> Doers | None:
    found = reader.parse_list(after)
    if found is None and reader.keys(after - 2, 2) == "dong chi":  # "Giao đồng chí Nguyễn Văn An, Giám đốc Sở Nội vụ …"
        found = reader.parse_list(after - 2)
    if found is None and reader.keys(after, 2) in {"cac dong", "dong chi"}:
        after += 3 if reader.key(after) == "cac" else 2
        found = reader.parse_list(after)
    if found is None:
        return None
    pieces, stop = found
    if reader.key(after - 1) == "moi" and reader.key(after - 2) != "kinh" and pieces[0].is_group and not pieces[0].places:
        return None  # "Mời các chuyên gia tham dự" is work for whoever invites
    verb = reader.tokens[stop].begin if stop < len(reader.tokens) else -1
    return Doers(namer.names(pieces, reader), reader.tokens[after].begin, verb)


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
    if reader.keys(at, 3) == "co y kien" or reader.keys(at, 2) in {"ket luan", "thong nhat ket"} or _speaks(reader, at):
        return False  # who speaks, and whose words follow
    if reader.key(at) in {"la", "ban", "tai", "ve", "da", "duoc"} and not reader.verb_at(at):
        return False
    return reader.verb_at(at) or bool(reader.word("function", at)) or not reader.cap(at)


def _speaks(reader: Parser, at: int) -> bool:
    """Whether the predicate tells what the author has before him or thinks of it, and orders nothing: "nhận được văn bản …"."""
    k = at + (reader.key(at) in {"da", "vua", "moi"})
    return reader.keys(k, 2) in {"nhan duoc", "co van"} or (k > at and reader.keys(k, 2) in {"xem xet", "co cong", "co y", "nghien cuu"})


def reports(reader: Parser) -> bool:
    """Whether the text begins with what its author has before him: "UBND tỉnh nhận được …. UBND tỉnh giao Sở A …"."""
    found = reader.parse_list(0)
    return found is not None and (_speaks(reader, found[1]) or reader.keys(found[1], 3) == "co y kien")


def _agency_ends(reader: Parser, at: int) -> bool:
    """Whether an agency is named just before this token: whoever gives the order."""
    return any((found := reader.parse_item(begin, bare=False)) is not None and found[1] == at for begin in range(max(0, at - 9), at))


def last_order(reader: Parser, namer: Namer) -> Doers | None:
    """The order at the end of a long opening: "Để khắc phục …, UBND tỉnh yêu cầu các sở, ban, ngành …"."""
    for at in range(len(reader.tokens) - 1, 0, -1):
        size = reader.word("order", at)
        if not size or not (reader.key(at - 1) in {",", ";"} or _agency_ends(reader, at)):
            continue
        doers = _ordered(reader, namer, at + size)
        if doers is not None:
            return doers
    return None
