"""Canonical names, and finding agencies in running text or in a table cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract import gazetteer
from extract.agencies_capitals import in_small_letters
from extract.agencies_fragments import is_clause, names_nobody, undated
from extract.agencies_lexicon import UNITS, lexicon, tokenize
from extract.agencies_likely import likely_names
from extract.agencies_parser import Parser
from extract.agencies_reader import Piece
from extract.folding import fold


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency or group in a text. ``text`` is ``source[begin:end]``, ``name`` its canonical spelling (heads of agencies read as
    their agency); in an enumeration ("các sở: A, B") several mentions may share one stretch. ``confidence`` from 0 to 1.

    ``alternatives``: where the name is none that is known and was read as the likeliest, what else it might be, likeliest first; the
    last of them is the name as it is written.
    """

    text: str
    name: str
    kind: str
    begin: int
    end: int
    is_group: bool = False
    confidence: float = 1.0
    alternatives: tuple[str, ...] = ()


_REWRITES = (
    (re.compile(r"(?i)\b[uủ][ỷỳyý] ban nh[aâ]n d[aâ]n\b"), "UBND"),
    (re.compile(r"(?i)\bh[oộ]i đ?d?[oồ]ng nh[aâ]n d[aâ]n\b"), "HĐND"),
    (re.compile(r"(?<=[a-zà-ỹ]{2})\d{1,3}$"), ""),  # the number of a footnote
    (re.compile(r"\bUỷ\b"), "Ủy"),
    (re.compile(r"\b(?:UB|Ủy ban )MTTQVN\b"), "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    (re.compile(r"\b(?:UB|Ủy ban )MTTQ\b"), "Ủy ban Mặt trận Tổ quốc"),
    (re.compile(r"\buỷ\b"), "ủy"),
    (re.compile(r"\bTP\b\.?\s*"), "thành phố "),
    (re.compile(r"\bTN+H+\b"), "TNHH"),
    (re.compile(r"^TCT (?=[A-ZĐ])"), "Tổng công ty "),
    (re.compile(r"^((?:Sở|Ban Dân tộc)\b(?!.* các ).*\S) (?:tỉnh|[Tt]hành phố)$"), r"\1"),
)
_KEEPS_CAPITAL = frozenset({"UBND", "HĐND"})


# "các huyện. thành phố": a comma read as a full stop.
_FULL_STOP_INSIDE = re.compile(r"(?<=[^\W\dA-Z])\. (?=[^\W\dA-Z])")


def canonical(name: str, *, is_group: bool = False) -> str:
    """The spelling under which an agency is filed: UBND/HĐND short, sở without "tỉnh", groups with a small first letter."""
    name = " ".join(name.split()).strip(" ,;:.-–")
    for pattern, to in _REWRITES[: -1 if is_group else None]:
        name = pattern.sub(to, name)
    name = name.strip()
    if is_group:
        name = _FULL_STOP_INSIDE.sub(", ", name)
    if len(name) > 8 and name.isupper():  # a heading in capitals
        name = _without_capitals(name, is_group=is_group)
    first = name.split(" ")[0] if name else ""
    if is_group and first not in _KEEPS_CAPITAL and not first.isupper() and not _named_group(name):
        name = name[:1].lower() + name[1:]
    return name


def _without_capitals(name: str, *, is_group: bool) -> str:
    low = name.lower() if is_group else name.title()
    for unit in () if is_group else UNITS:
        low = re.sub(rf"\b{unit.title()}\b", unit, low)
    return re.sub(r"(?i)\bhđnd\b", "HĐND", re.sub(r"(?i)\bubnd\b", "UBND", low))


def _named_group(name: str) -> bool:
    return name.startswith(("Công an", "Sở ", "Bộ ", "Đảng ủy", "Huyện ủy", "Phòng ", "Trung tâm", "Ban "))


@gazetteer.forgettable
@lru_cache(maxsize=256)
def parser(text: str, extra: Path | None = None) -> Parser:
    """A parser on the tokens of ``text``."""
    return Parser(text, tokenize(text), lexicon(extra))


def mention(piece: Piece, reader: Parser, extra: Path | None = None) -> AgencyMention:
    """The mention for a parsed piece."""
    begin, end = reader.tokens[piece.first].begin, reader.tokens[piece.stop - 1].end
    # A group of offices named by what they are ("Công an các xã") keeps its capital, one of nouns ("các sở") does not.
    name, confidence = canonical(piece.name, is_group=piece.is_group and not piece.places), piece.confidence
    alternatives: tuple[str, ...] = ()
    if piece.kind == "open" and (likely := likely_names(name, extra)):
        alternatives = (*(other.name for other in likely[1:]), name)
        name, confidence = likely[0].name, min(confidence, (likely[0].alike - 0.1) / len(likely))
    return AgencyMention(reader.text[begin:end], name, piece.kind, begin, end, piece.is_group, round(confidence, 3), alternatives)


class Namer:
    """Gives parsed pieces their canonical names, and remembers which of these are only likely."""

    __slots__ = ("doubts", "extra")

    def __init__(self, extra: Path | None = None) -> None:
        self.extra = extra
        self.doubts: dict[str, tuple[str, ...]] = {}

    def name(self, piece: Piece, reader: Parser) -> AgencyMention:
        """The mention for a piece."""
        found = mention(piece, reader, self.extra)
        if found.alternatives:
            self.doubts[found.name] = found.alternatives
        return found

    def names(self, pieces: tuple[Piece, ...], reader: Parser) -> tuple[str, ...]:
        """The canonical names of pieces, each once."""
        return tuple(dict.fromkeys(self.name(piece, reader).name for piece in pieces))

    def doubtful(self, names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Those of ``names`` that are only likely, with what else they might be."""
        return tuple((name, self.doubts[name]) for name in dict.fromkeys(names) if name in self.doubts)


@gazetteer.forgettable
@lru_cache(maxsize=2048)
def find_agencies(text: str, extra: Path | None = None) -> tuple[AgencyMention, ...]:
    """Every agency and group named in ``text``, in order; none overlap except the members of one enumeration.

    ``extra``: the user's own gazetteer file (see :func:`extract.gazetteer.load`).
    """
    reader = parser(text, extra)
    found: list[AgencyMention] = []
    at = 0
    while at < len(reader.tokens):
        hit = None
        if _may_begin(reader, at):
            hit = reader.parse_list(at, bare=_plain_doer(reader, at))
        if hit is None:
            at += 1
            continue
        found += [mention(piece, reader, extra) for piece in hit[0] if not (piece.bare and fold(piece.name) in _WORDS)]
        at = max(hit[1], at + 1)
    return tuple(found)


_WORDS = frozenset({"co quan", "don vi", "doanh nghiep", "dia phuong", "ubnd", "hdnd"})
"""Bare nouns that in running text speak of agencies in general."""


def _may_begin(reader: Parser, at: int) -> bool:
    if at and (reader.place_unit(at - 1) or reader.word("not", at - 1) > 1):
        return False  # "xã Trường Sơn" is no school, "cơ sở dữ liệu" no department
    return reader.starts_agency(at) or bool(reader.word("title", at)) or bool(reader.quantifier(at)) or _plain_doer(reader, at)


def _plain_doer(reader: Parser, at: int) -> bool:
    return reader.keys(at, 3) == "chu dau tu" or (reader.key(at) in {"so", "bo", "co", "don"} and bool(reader.word("group", at)))


_PREDICATE = re.compile(r"(?<=\S),?\s+(?:chủ trì|phối hợp (?:chặt chẽ )?(?:với|cùng))\b.*", re.IGNORECASE | re.DOTALL)
_GROUP = 16
"""Syllables of a group in a cell; what follows is another name."""
_ASIDE = re.compile(r"(?:theo|căn cứ|trong phạm vi|trên cơ sở|để|nhằm|tùy|khi|có trách nhiệm)\b", re.IGNORECASE)
"""What behind a group says how it acts and not which it is."""
_LABEL = re.compile(r"^\s*(?:(?:Đồng )?[Kk]ính gửi\s*:|[-+•*]|\d+[.)]|[a-zđ]\))\s+")


def split_agencies(cell: str, extra: Path | None = None) -> tuple[str, ...]:
    """The agencies of a table cell or of the value after "Đơn vị phối hợp:", canonical, each once, in order.

    The whole text is taken to be a list: what the grammar cannot read is split at ";" and "," and kept as it stands. Partners
    in a cell for leads ("Sở A chủ trì, phối hợp với …") are left out: see :func:`extract.agencies.read_cell`.
    """
    return split_cell(cell, Namer(extra))


def split_cell(cell: str, namer: Namer) -> tuple[str, ...]:
    """:func:`split_agencies` with names given by ``namer``."""
    names: list[str] = []
    cell = _PREDICATE.sub("", cell)
    for line in re.split(r"\n|;|(?<=\S)\s+[-+•]\s+(?=(?:Các|UBND|Sở|Bộ|Ủy ban)\b)", cell):
        part = in_small_letters(undated(_LABEL.sub("", line)).strip(" .,;:-/"), namer.extra)
        if part:
            names += _split_part(part, namer)
    return tuple(dict.fromkeys(name for name in names if name and not names_nobody(name)))


def _split_part(part: str, namer: Namer) -> list[str]:
    reader = parser(part, namer.extra)
    names: list[str] = []
    at = 0
    group = aside = False
    while at < len(reader.tokens):
        if reader.mark(at) or reader.key(at) in {"va", "cung", "hoac"}:
            at += 1
            continue
        hit = reader.parse_list(at)
        if hit is not None:
            pieces, stop = list(hit[0]), hit[1]
            end = _rest(reader, stop)
            tail = reader.slice(stop, end)
            names += [namer.name(piece, reader).name for piece in pieces[:-1]]
            last = namer.name(pieces[-1], reader)
            aside = bool(_ASIDE.match(tail))
            keeps = tail and (pieces[-1].is_group or pieces[-1].kind == "open") and not aside
            names.append(canonical(f"{last.name} {tail}", is_group=last.is_group) if keeps else last.name)
            group = last.is_group
            at = max(end, at + 1)
            continue
        end = _rest(reader, at)
        rest = reader.slice(at, end)
        if aside and not reader.cap(at):  # "theo chức năng, nhiệm vụ được giao": how, not who
            at = max(end, at + 1)
            continue
        group = group and not rest.startswith("các ")
        # "các cơ quan được thanh tra, kiểm tra": the words go on, no other agency begins
        if group and not reader.cap(at) and len(names[-1].split()) + len(rest.split()) < _GROUP:
            names[-1] += f", {rest}"
        elif not is_clause(reader, at, end):
            names.append(canonical(rest, is_group=rest.startswith(("Các ", "Những "))))
        at = max(end, at + 1)
    return names


def _rest(reader: Parser, at: int) -> int:
    """End of the words that belong to the name before them in a cell: up to a separator that begins another name."""
    k = at
    while k < len(reader.tokens):
        if reader.key(k) in {",", ";"}:
            break
        if k > at and reader.cap(k) and reader.key(k - 1) not in {"thuoc", "cua"} and reader.lex.names.match(reader.tokens, k)[0] > 2:
            break  # the next line of a cell whose lines ran together
        if reader.key(k) in {"va", "cung"} and (reader.starts_agency(k + 1) or reader.parse_item(k + 1) is not None):
            break
        if reader.key(k) == "(":
            while k < len(reader.tokens) and reader.key(k) != ")":
                k += 1
        k += 1
    return min(k, len(reader.tokens))
