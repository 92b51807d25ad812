"""Roles in one item or heading: who is ordered to do it, with whom, and who only gets the result.

The doer stands at the head of the sentence ("Sở Tài chính chủ trì …"), behind an order ("Giao Sở Tài chính …", "UBND tỉnh yêu
cầu Giám đốc các sở …") or after an opening phrase ("Trên cơ sở kết quả khảo sát, Sở Xây dựng …"). Partners follow "phối hợp";
whoever follows "báo cáo", "gửi", "trình", "tham mưu" receives and is never a doer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract import gazetteer
from extract.agencies_brackets import closing_note, readable
from extract.agencies_capitals import in_small_letters
from extract.agencies_doers import by_whom, find_doers, last_order, reports
from extract.agencies_fragments import names_nobody
from extract.agencies_names import Namer, parser, split_cell
from extract.agencies_parser import Parser
from extract.agencies_partners import find_partners, find_receivers

_SENTENCE_END = re.compile(r"[.;]\s+(?=[A-ZĐÀ-Ỹ“\"(a-zđ])")
_MARK = re.compile(r"^\s*(?:[-+•*–]\s*|\(?(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ]|[ivx]+)[.)]\s*|(?:Điều|Mục)\s+\d+[.:]\s*)+")


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what in one item; names are canonical.

    ``further`` are doers that later sentences name in an item whose first sentence names none: they act beside the lead that
    the item inherits. ``lead_begin`` and ``verb_begin`` are offsets in the text: where the doers are named and where the
    predicate begins (-1 when no doer is named). ``doubtful`` pairs names that are only likely with what else they might be, the
    likeliest first and last the name as it is written.
    """

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    lead_begin: int = -1
    verb_begin: int = -1
    further: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, tuple[str, ...]], ...] = ()


@gazetteer.forgettable
@lru_cache(maxsize=2048)
def read_roles(text: str, extra: Path | None = None) -> Roles:
    """The roles in the text of one item (without its bullet); see :class:`Roles`."""
    namer = Namer(extra)
    text = readable(text)
    lead: list[str] = []
    further: list[str] = []
    lead_begin = verb_begin = -1
    sentences = _sentences(text)
    for number, (begin, end, hard) in enumerate(sentences):
        # A list of doers may run over ";": the first clause is read to the end of its sentence.
        stop = end if number else next((b for b, _, full in sentences[1:] if full), len(text))
        part = in_small_letters(text[begin:stop], extra)
        doers = find_doers(parser(part, extra), namer, first=number == 0, hard=hard)
        if doers is None and number == 0:
            doers = by_whom(parser(part, extra), namer)
        if doers is None:
            continue
        ordered = not lead and _opens(parser(text, extra)) and bool(parser(part, extra).word("order", 0))
        ordered = ordered or (number > 0 and not lead and reports(parser(text, extra)))
        if number == 0 or ordered or (number == 1 and not lead and _is_label(text[:begin])):
            lead += doers.names
            lead_begin, verb_begin = begin + doers.begin, begin + doers.verb if doers.verb >= 0 else -1
        else:
            further += [name for name in doers.names if name not in further]
    if not lead and (noted := _noted(text, namer)) is not None:
        names_noted, lead_begin = noted
        lead += names_noted
    partners = find_partners(text, namer)
    receivers = tuple(name for name in find_receivers(text, namer) if name not in lead)
    if lead:
        lead += [name for name in further if name not in lead and name not in partners]
        further = []
    names = tuple(name for name in dict.fromkeys(lead) if not names_nobody(name))
    lead_begin, verb_begin = (lead_begin, verb_begin) if names else (-1, -1)
    partners = tuple(partner for partner in partners if partner not in names and not names_nobody(partner))
    others = tuple(name for name in further if name not in partners and not names_nobody(name))
    doubtful = namer.doubtful((*names, *partners, *receivers, *others))
    return Roles(names, partners, receivers, lead_begin, verb_begin, others, doubtful)


def _noted(text: str, namer: Namer) -> tuple[tuple[str, ...], int] | None:
    """The doers that a note in brackets at the end of the item names, and where: "… (Bảo tàng tỉnh thực hiện)"."""
    begin, note, labelled = closing_note(text)
    if begin < 0:
        return None
    found = parser(note, namer.extra).parse_list(0, semicolons=False, bare=False) if labelled else None
    if found is not None:
        return namer.names(found[0], parser(note, namer.extra)), begin
    doers = find_doers(parser(note, namer.extra), namer, first=True, hard=True)
    return None if doers is None or "cơ quan" in doers.names else (doers.names, begin + doers.begin)


def read_cell(cell: str, extra: Path | None = None) -> Roles:
    """The roles in a table cell or value for whoever leads: a list, perhaps "Sở A chủ trì, phối hợp với Sở B"."""
    namer = Namer(extra)
    lead, partners = split_cell(cell, namer), find_partners(cell, namer)
    return Roles(lead, partners, doubtful=namer.doubtful((*lead, *partners)))


def _opens(reader: Parser) -> bool:
    """Whether the first clause only leads up to the order: "Căn cứ …; giao Sở A …", "Đồng ý với …; giao Sở A …"."""
    agrees = reader.keys(0, 2) in {"dong y", "thong nhat", "nhat tri", "co ban", "ghi nhan", "hoan nghenh"}
    return agrees or bool(reader.word("opening", 0))


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


_HEADING = 150
"""Letters that a heading has; what is longer is a sentence."""
_HEADING_OPENING = re.compile(
    r"^(?:Trách nhiệm (?:của )?|Nhiệm vụ (?:cụ thể )?(?:của )?|Đối với |Về phía |Riêng (?:đối với )?|Phân công (?:nhiệm vụ )?(?:cho )?)",
    re.IGNORECASE,
)


@gazetteer.forgettable
@lru_cache(maxsize=1024)
def read_heading(text: str, extra: Path | None = None) -> Roles:
    """The doers and partners that a heading names for the items below it; empty when it names a subject only.

    ``text`` may still carry its number ("2. Sở Nội vụ").
    """
    text = readable(text).rstrip()
    text = text[:-1] if text.endswith(".") else text  # a heading may close like a sentence
    text = text if text.endswith(":") or len(text) > _HEADING else text + ":"
    mark = _MARK.match(text)
    offset = mark.end() if mark else 0
    opening = _HEADING_OPENING.match(text[offset:])
    if opening:
        offset += opening.end()
    namer = Namer(extra)
    reader = parser(in_small_letters(text[offset:], extra), extra)
    doers = find_doers(reader, namer, first=True, hard=True) or last_order(reader, namer)
    partners = tuple(partner for partner in find_partners(text, namer) if not names_nobody(partner))
    if doers is not None and all(names_nobody(name) for name in doers.names):
        doers = None
    if doers is None:
        return Roles(coordinating=partners, doubtful=namer.doubtful(partners))
    verb = offset + doers.verb if doers.verb >= 0 else -1
    partners = tuple(partner for partner in partners if partner not in doers.names)
    names = tuple(name for name in doers.names if not names_nobody(name))
    return Roles(names, partners, (), offset + doers.begin, verb, doubtful=namer.doubtful((*names, *partners)))
