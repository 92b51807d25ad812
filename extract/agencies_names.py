"""Canonical names, and finding agencies in running text or in a table cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from extract import gazetteer
from extract.agencies_lexicon import UNITS, lexicon, tokenize
from extract.agencies_parser import Parser
from extract.agencies_reader import Piece
from extract.folding import fold


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency or group in a text. ``text`` is ``source[begin:end]``, ``name`` its canonical spelling (heads of agencies read as
    their agency); in an enumeration ("các sở: A, B") several mentions may share one stretch. ``confidence`` from 0 to 1.
    """

    text: str
    name: str
    kind: str
    begin: int
    end: int
    is_group: bool = False
    confidence: float = 1.0


_REWRITES = (
    (re.compile(r"(?i)\b[uủ][ỷỳyý] ban nh[aâ]n d[aâ]n\b"), "UBND"),
    (re.compile(r"(?i)\bh[oộ]i đ?d?[oồ]ng nh[aâ]n d[aâ]n\b"), "HĐND"),
    (re.compile(r"\bUỷ\b"), "Ủy"),
    (re.compile(r"\b(?:UB|Ủy ban )MTTQVN\b"), "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    (re.compile(r"\b(?:UB|Ủy ban )MTTQ\b"), "Ủy ban Mặt trận Tổ quốc"),
    (re.compile(r"\buỷ\b"), "ủy"),
    (re.compile(r"\bTP\b\.?\s*"), "thành phố "),
    (re.compile(r"^((?:Sở|Ban Dân tộc)\b(?!.* các ).*\S) (?:tỉnh|[Tt]hành phố)$"), r"\1"),
)
_KEEPS_CAPITAL = frozenset({"UBND", "HĐND"})


def canonical(name: str, *, is_group: bool = False) -> str:
    """The spelling under which an agency is filed: UBND/HĐND short, sở without "tỉnh", groups with a small first letter."""
    name = " ".join(name.split()).strip(" ,;:.-–")
    for pattern, to in _REWRITES:
        name = pattern.sub(to, name)
    name = name.strip()
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


@gazetteer.forgettable
@lru_cache(maxsize=4096)
def _nearest(name: str, extra: Path | None) -> tuple[str, float] | None:
    """The gazetteer name that one slip of OCR away from ``name`` could be: as many words, at least 92 of 100 alike."""
    key = fold(name)
    size = len(key.split())
    if size < 2:
        return None
    known = gazetteer.load(extra).by_name
    choices = [other for other in known if len(other.split()) == size and abs(len(other) - len(key)) <= 2]
    best = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=92)
    if best is None or best[0].split()[0] != key.split()[0]:
        return None
    return known[best[0]].name, float(best[1]) / 100


def mention(piece: Piece, reader: Parser, extra: Path | None = None) -> AgencyMention:
    """The mention for a parsed piece."""
    begin, end = reader.tokens[piece.first].begin, reader.tokens[piece.stop - 1].end
    # A group of offices named by what they are ("Công an các xã") keeps its capital, one of nouns ("các sở") does not.
    name, confidence = canonical(piece.name, is_group=piece.is_group and not piece.places), piece.confidence
    if piece.kind == "open" and (near := _nearest(name, extra)):
        name, confidence = near[0], min(confidence, near[1] - 0.1)
    return AgencyMention(reader.text[begin:end], name, piece.kind, begin, end, piece.is_group, round(confidence, 3))


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
_LABEL = re.compile(r"^\s*(?:[-+•*]|\d+[.)]|[a-zđ]\))\s+")


def split_agencies(cell: str, extra: Path | None = None) -> tuple[str, ...]:
    """The agencies of a table cell or of the value after "Đơn vị phối hợp:", canonical, each once, in order.

    The whole text is taken to be a list: what the grammar cannot read is split at ";" and "," and kept as it stands. Partners
    in a cell for leads ("Sở A chủ trì, phối hợp với …") are left out: see :func:`extract.agencies.read_cell`.
    """
    names: list[str] = []
    cell = _PREDICATE.sub("", cell)
    for line in re.split(r"\n|;|(?<=\S)\s+[-+•]\s+(?=(?:Các|UBND|Sở|Bộ|Ủy ban)\b)", cell):
        part = _LABEL.sub("", line).strip(" .,;:-/")
        if part:
            names += _split_part(part, extra)
    return tuple(dict.fromkeys(name for name in names if name))


def _split_part(part: str, extra: Path | None) -> list[str]:
    reader = parser(part, extra)
    names: list[str] = []
    at = 0
    group = False
    while at < len(reader.tokens):
        if reader.mark(at) or reader.key(at) in {"va", "cung", "hoac"}:
            at += 1
            continue
        hit = reader.parse_list(at)
        if hit is not None:
            pieces, stop = list(hit[0]), hit[1]
            end = _rest(reader, stop)
            tail = reader.slice(stop, end)
            names += [mention(piece, reader, extra).name for piece in pieces[:-1]]
            last = mention(pieces[-1], reader, extra)
            keeps = tail and (pieces[-1].is_group or pieces[-1].kind == "open")
            names.append(canonical(f"{last.name} {tail}", is_group=last.is_group) if keeps else last.name)
            group = last.is_group
            at = max(end, at + 1)
            continue
        end = _rest(reader, at)
        rest = reader.slice(at, end)
        if group and not reader.cap(at):  # "các cơ quan được thanh tra, kiểm tra": the words go on, no other agency begins
            names[-1] += f", {rest}"
        else:
            names.append(canonical(rest))
        at = max(end, at + 1)
    return names


def _rest(reader: Parser, at: int) -> int:
    """End of the words that belong to the name before them in a cell: up to a separator that begins another name."""
    k = at
    while k < len(reader.tokens):
        if reader.key(k) in {",", ";"}:
            break
        if reader.key(k) in {"va", "cung"} and (reader.starts_agency(k + 1) or reader.parse_item(k + 1) is not None):
            break
        if reader.key(k) == "(":
            while k < len(reader.tokens) and reader.key(k) != ")":
                k += 1
        k += 1
    return min(k, len(reader.tokens))
