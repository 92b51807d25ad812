"""Resolving citations: which mentions mean the same document, and which full number a short form stands for.

Comes in: what ``references`` found, in reading order. Goes out: distinct documents, or the same mentions completed.
A completion is accepted only when exactly one document remains; the key of a document is its number, kept apart by its date, since
numbers restart every 1 January (Nghị định 30/2020/NĐ-CP).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.directive import Reference
from extract.numbers import issuer_of_number, type_of_number


def resolve(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The distinct documents in order of first mention, each with what all its mentions say together.

    A short form counts to the full one with its number and type when exactly one such document is cited; with several it is dropped, with
    none it stays as it is. The same number with another day of another year is another document (numbers restart on 1 January).
    """
    whole = [(at, reference) for at, reference in enumerate(references) if reference.number and not _is_short(reference)]
    known = [reference for _, reference in whole]
    documents: list[tuple[int, list[Reference]]] = []
    for at, mention in whole:
        reference = _uncut(mention, known)
        home = next((mentions for _, mentions in documents if _same_document(mentions, reference)), None)
        if home is None:
            documents.append((at, [reference]))
        else:
            home.append(reference)
    placed = [(at, _merged(mentions)) for at, mentions in documents]
    merged = [document for _, document in placed]
    seen: set[tuple[str | None, str | None]] = set()
    for at, reference in enumerate(references):
        if not _is_short(reference) or _candidates(reference, merged) or (reference.type, reference.number) in seen:
            continue
        seen.add((reference.type, reference.number))
        placed.append((at, reference))
    return tuple(document for _, document in sorted(placed, key=lambda it: it[0]))


def complete(found: Iterable[Reference], known: Sequence[Reference]) -> tuple[Reference, ...]:
    """``found`` with short and cut forms replaced by the one document of ``known`` they can mean; offsets stay those of the mention."""
    out = []
    for given in found:
        reference = _uncut(given, known)
        candidates = _candidates(reference, known) if _is_short(reference) else []
        out.append(replace(candidates[0], begin=reference.begin, end=reference.end) if len(candidates) == 1 else reference)
    return tuple(out)


def _uncut(reference: Reference, known: Sequence[Reference]) -> Reference:
    """With the number of the one known document whose symbol goes on where this one ends ("262/KH" of 262/KH-UBND), else as it is."""
    number = reference.number
    if number is None or _is_short(reference):
        return reference
    longer = {one.number for one in known if one.number and one.number.startswith(f"{number}-") and _dates_agree(one, reference)}
    return replace(reference, number=longer.pop()) if len(longer) == 1 else reference


def _dates_agree(one: Reference, other: Reference) -> bool:
    return one.date is None or other.date is None or one.date == other.date


def _is_short(reference: Reference) -> bool:
    return reference.number is not None and reference.number.isdigit()


def _candidates(short: Reference, known: Sequence[Reference]) -> list[Reference]:
    return [
        one
        for one in known
        if one.number and not _is_short(one) and (match := re.match(r"\d+", one.number)) is not None
        and int(match[0]) == int(short.number or 0) and (one.type in (None, short.type) or type_of_number(one.number) == short.type)
    ]  # fmt: skip


def _same_document(mentions: list[Reference], other: Reference) -> bool:
    first = mentions[0]
    if first.number != other.number:
        return False
    dates = {mention.date for mention in mentions if mention.date}
    if not dates or other.date is None or other.date in dates:
        return True
    # A slip of the year ("20/12/2022" … "20/12/2023") is still the same document; another day of another year is not.
    return any((day.day, day.month) == (other.date.day, other.date.month) or day.year == other.date.year for day in dates)


def _merged(mentions: list[Reference]) -> Reference:
    first = mentions[0]
    dates = [mention.date for mention in mentions if mention.date]
    named = next((mention.type for mention in mentions if mention.type and mention.type != "Văn bản"), first.type)
    own = issuer_of_number(first.number or "")
    named_issuers = [mention.issuer for mention in mentions if mention.issuer and mention.issuer != own]
    # The title in capitals is the worst witness of a name.
    issuer = min(named_issuers, key=str.isupper) if named_issuers else None
    return replace(
        first,
        type=named,
        date=max(dates, key=lambda day: (dates.count(day), -dates.index(day))) if dates else None,
        issuer=issuer or own,
        confidence=max(mention.confidence for mention in mentions),
    )
