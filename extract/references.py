"""Citations: find the documents that a text names, then resolve later short mentions to the full ones.

Comes in: text of one item or paragraph. Goes out: :class:`extract.directive.Reference` with the type, the number as Nghị định 30/2020
writes it, the date and the issuer that stand beside it, and offsets of the whole mention. Two phases,
as citation parsers for case law have them: finding looks at one place only; resolving (``references_resolve``) sees all mentions and
accepts a completion only when one candidate remains.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from extract.deadlines_atoms import date_at
from extract.directive import Reference
from extract.folding import Folded, fold, fold_with_offsets
from extract.numbers import FULL_NUMBER, document_types, issuer_of_number, repair_number, type_of_number
from extract.references_issuers import citation_words, issuer_after
from extract.references_resolve import complete, resolve

_REACH = 160
_NEXT_CITED = re.compile(r"\s+tại (?:Công văn|Tờ trình|Báo cáo|Văn bản|Thông báo|văn bản)\b")
# Numbers that carry no document: forms, standards, accounts, licences.
_NOT_CITED = re.compile(rf"\b(?:{'|'.join(map(fold, citation_words()['not_cited']))})(?: (?:so|kem theo))?[ :.]*$")
_SO = r"(?: ?(?:so|s6|sd|s5)(?: hieu)? ?[:.]? ?)?"
# Between the type and its number: "Công văn hỏa tốc số", "các Quyết định số 876, 878/…".
_BETWEEN = re.compile(rf"(?P<more>(?: (?!so\b)[a-z]+){{0,3}}?)(?P<so>{_SO})(?:[0-9 ,;]|va )*$")
_LAWS = {"bo luat": "Bộ luật", "luat": "Luật", "phap lenh": "Pháp lệnh"}
_OTHER_LAW = "(?:,| va) (?:bo luat|luat|phap lenh)"
_NUMBERED_LAW = re.compile(rf"\b(?P<type>bo luat|luat|phap lenh)\b(?:(?!{_OTHER_LAW})[^;:()]){{0,140}}? so ?$")
_ABBREVIATED = re.compile(r"(?<![\wĐđ/\-])([A-ZĐ][A-ZĐTr]{1,3})(?:\s+số)?\s*$")
_SHAPE_OF_NUMBER = re.compile(r"/\d{4}/|/[A-ZĐ]{2,}")
_DATE_LINK = re.compile(r"^[\s,(]*(?:ky |de |ban hanh )?(?:ngay (?=ngay))?(?=ngay|[0-9])")
_LATE_DATE = re.compile(r"^ ?,? ?(?=ngay )")
_CITATION_GOES_ON = re.compile(r"^ ?(?:$|[;.)]|, ?$|,? (?:ve|quy dinh|huong dan|phe duyet|ban hanh|sua doi|cong bo|va)\b)")
_YEAR_LINK = re.compile(r"^ ?,? ?(?:nam )?(?:19|20)[0-9]{2}(?![/0-9\-])")
_OF = re.compile(r"^[\s,)]*(?:do |(?:cua )+)")
_ISSUED_THEN = re.compile(r"^ ?, ?[^.;:0-9]{0,70}?(?:\btai|ban hanh|da co|\bco|\bky)(?: cac)? ?$")
_SAME_LIST = re.compile(r"^ ?(?:,|;|va|va so|,? ?so|hoac)? ?(?:va )?(?:cac )?(?:so )?[:.]? ?$")
_BARE_LIST = re.compile(r"(?:(?<=so )|(?<=so: )|^)((?:[0-9]{1,5}(?: ?, ?| va | ?; ?))+)$")
_GIVEN_BY = re.compile(r".*\bcua (?P<who>[^,;.:()]{4,90}?) (?:tai|trong|theo|neu tai|ve viec .{0,60} tai)(?: cac)? $")
_SHORT = re.compile(r"(?<![0-9a-z/])so ?:? ?(?P<num>[0-9]{1,5})(?![0-9]|[/\-.,][0-9a-z]| ?/| ?- ?[a-z]{2,4}/|%| [%])")
# Only the Government gives decrees: "Nghị định 123/2020" leaves nothing open.
_DECREE = re.compile(r"\bnghi dinh (?:so ?:? ?)?(?P<num>[0-9]{1,3}) ?/ ?(?P<year>(?:19|20)[0-9]{2})(?![0-9]| ?[/\-] ?[a-z])")
_AFTER_LAW = "ngày|năm|số|của|và các|được|quy|có|này|đã|hiện|tại|theo|sửa|trên|các|để|trong|cho|khi|về|là"
_LAW_NAME = rf"[A-ZĐ][\wÀ-ỹ]*(?:(?:, | |-)(?!(?:{_AFTER_LAW})\b)[\wÀ-ỹ]+){{0,18}}?"
_LAW = re.compile(
    rf"\b(?P<type>Bộ [Ll]uật|Luật|Pháp lệnh) (?P<name>{_LAW_NAME})"
    rf"(?:(?: năm)? (?P<year>(?:19|20)\d\d)(?!\d)|(?=[,;.:)]|$| (?:{_AFTER_LAW})\b))"
)
_NOT_LAW = re.compile(r"(?:Đoàn|Hội|nghề|Khoa|Trường|ĐH|học) $")


@dataclass(frozen=True, slots=True)
class _Mention:
    """One number in its place: offsets of the raw number in the text and in its folded form."""

    number: str
    begin: int
    end: int
    folded_begin: int
    folded_end: int
    certain: bool
    bare: bool = False


@lru_cache(maxsize=2048)
def find_references(text: str) -> tuple[Reference, ...]:
    """Every citation in ``text``, in reading order, also repeated ones.

    ``number`` is None only for laws cited by name; it is digits only for short forms ("Kế hoạch số 262") and numbers in a list whose
    symbol is not to be known. A date and an issuer are given when they stand beside the number, or are shared by the list it stands in.
    """
    if not any(c.isdigit() for c in text) and "uật" not in text and "Pháp lệnh" not in text:
        return ()
    folded = fold_with_offsets(text)
    mentions = _mentions(text, folded)
    found = _lists_shared([_reference(text, folded, mention) for mention in mentions], text)
    found += _short_forms(text, folded, found)
    found += _laws(text, found)
    return tuple(sorted(found, key=lambda it: it.begin))


def linked_references(text: str, known: Sequence[Reference]) -> tuple[Reference, ...]:
    """Every citation in ``text``, short, cut and indirect mentions ("Kế hoạch 262", "Quyết định nêu trên") as the document they mean.

    ``known`` are the documents that the paper cites (what :func:`resolve` gives). A mention is linked when exactly one of them fits; a
    short form with "số" that none fits stays as it is, a looser mention is left out.
    """
    found = find_references(text)
    folded = fold_with_offsets(text)
    loose = []
    for match in _indirect().finditer(folded.text):
        begin, end = folded.span(match.start(), match.end())
        if any(one.begin < end and begin < one.end for one in found):
            continue
        kind = _type_names()[match["type"]]
        if match["num"]:
            loose.append(Reference(kind, match["num"], begin=begin, end=end, confidence=0.4))
            continue
        same = [one for one in known if one.type == kind and one.number]
        if len(same) == 1:
            loose.append(replace(same[0], begin=begin, end=end, confidence=0.5))
    linked = (one for one in complete(loose, known) if not (one.number or "").isdigit())
    return tuple(sorted([*complete(found, known), *linked], key=lambda one: one.begin))


# --- finding -------------------------------------------------------------------------------------------------------------------------


def _mentions(text: str, folded: Folded) -> list[_Mention]:
    found: list[_Mention] = []
    for match in FULL_NUMBER.finditer(text):
        repaired = repair_number(match[0])
        begin, end = _folded_span(folded, match.start(), match.end())
        before = folded.text[max(0, begin - _REACH) : begin]
        if _NOT_CITED.search(before) or not _looks_cited(repaired.text, before, certain=repaired.certain):
            continue
        found += _bare_before(folded, before, begin, repaired.text)
        found.append(_Mention(repaired.text, match.start(), match.end(), begin, end, repaired.certain))
    return found


def _looks_cited(number: str, before: str, *, certain: bool) -> bool:
    """Whether digits with letters are a document number: introduced by "số" or a type, or of a shape that nothing else has."""
    if _introduction().search(before):
        return "-" in number or certain or type_of_number(number) is not None or _SHAPE_OF_NUMBER.search(number) is not None
    symbols = re.findall(r"[A-ZĐa-zđ&]+", number)
    return (certain and len(symbols) > 1) or re.match(r"^\d+/\d{4}/(?:QH|UBTVQH)\d+$", number) is not None


def _bare_before(folded: Folded, before: str, begin: int, number: str) -> list[_Mention]:
    """The numbers of "các Quyết định số 876, 878/QĐ-BNV" that leave their symbol to the last one."""
    listed = _BARE_LIST.search(before)
    if listed is None:
        return []
    symbol = re.sub(r"^\d+[a-zđ]?", "", number)
    at = begin - len(before) + listed.start(1)
    out = []
    for piece in re.finditer(r"[0-9]{1,5}", listed[1]):
        a, b = at + piece.start(), at + piece.end()
        out.append(_Mention(piece[0] + symbol, folded.starts[a], folded.ends[b - 1], a, b, certain=True, bare=True))
    return out


def _reference(text: str, folded: Folded, mention: _Mention) -> Reference:
    before = folded.text[max(0, mention.folded_begin - _REACH) : mention.folded_begin]
    between = _date_between(before)
    if between is not None:
        before = between[1]
    named, begin = _type_before(text, folded, before, mention)
    kind = named or type_of_number(mention.number)
    when, issuer, end = _date_and_issuer(text, folded, mention.folded_end)
    if when is None and between is not None:
        when = between[0]
    elif when is None:
        when = _narrated_date(folded, begin)
    own = issuer_of_number(mention.number)
    if issuer is None:
        issuer = own or _giver(text, folded, begin, mention.number)
    elif own is not None and issuer.isupper() and fold(own) == fold(issuer):
        issuer = own
    end = max(end, mention.end)
    return Reference(kind, mention.number, when, issuer, begin, end, 0.95 if mention.certain else 0.85)


def _type_before(text: str, folded: Folded, before: str, mention: _Mention) -> tuple[str | None, int]:
    """The type named right before the number, and where the mention begins."""
    last = next(iter(reversed([*_type_regex().finditer(before)])), None)
    found = _BETWEEN.match(before, last.end()) if last else None
    law = _NUMBERED_LAW.search(before) if last is not None and last[0] in _LAWS else None
    if law is not None and re.search(r"/\d{4}/(?:QH|UBTVQH)|/L", mention.number):
        # "Luật sửa đổi … Bộ luật Tố tụng hình sự số 99/2025/QH15": the number is that of the first law named.
        return _LAWS[law["type"]], folded.starts[mention.folded_begin - len(before) + law.start()]
    if last is not None and found is not None and (not found["more"] or found["so"].strip()):
        return _type_names()[last[0]], folded.starts[mention.folded_begin - len(before) + last.start()]
    near = max(0, mention.begin - 12)
    abbreviated = _ABBREVIATED.search(text[near : mention.begin])
    if abbreviated is not None and abbreviated[1] in _abbreviations():
        return _abbreviations()[abbreviated[1]], near + abbreviated.start()
    so = re.search(r"\bso ?[:.]? ?$", before)
    at = mention.folded_begin - (len(before) - so.start() if so else 0)
    return None, folded.starts[at] if so else mention.begin


def _date_and_issuer(text: str, folded: Folded, at: int) -> tuple[date | None, str | None, int]:
    """What stands behind the number: its date, who issued it, and the offset in ``text`` where that ends."""
    when, end = None, at
    if link := _DATE_LINK.match(folded.text[at : at + 16]):
        dated = date_at(folded.text, at + link.end())
        if dated is not None:
            when, end = dated
    if when is None and (year := _YEAR_LINK.match(folded.text[at : at + 12])):
        end = at + year.end()
    issuer = None
    if of := _OF.match(folded.text[end : end + 12]):
        start = end + of.end()
        if start < len(folded.text) and "\t" not in text[folded.starts[end] : folded.starts[start]]:
            original = folded.starts[start]
            issuer = issuer_after(text[original : original + 300])
            if issuer is not None:
                end_of_issuer = original + _raw_length(text[original:], issuer)
                if folded.text[end : end + 1] == "," and _NEXT_CITED.match(text[end_of_issuer:]):
                    return when, None, folded.ends[end - 1]  # "… ngày 01/02/2024, của Thanh tra tỉnh tại Công văn số …": the next one's
                if when is None and (later := _date_after_issuer(folded, end_of_issuer)):
                    return later[0], issuer, folded.ends[later[1] - 1]
                return when, issuer, end_of_issuer
    return when, None, folded.ends[end - 1]


def _date_after_issuer(folded: Folded, end: int) -> tuple[date, int] | None:
    """The day of "Nghị định số … của Chính phủ ngày 05/3/2020 về …"; behind a comma only where the citation goes on or ends."""
    at = bisect_left(folded.starts, end)
    link = _LATE_DATE.match(folded.text[at : at + 12])
    dated = date_at(folded.text, at + link.end()) if link else None
    if dated is None or link is None or ("," in link[0] and not _CITATION_GOES_ON.match(folded.text[dated[1] : dated[1] + 12])):
        return None
    return dated


def _date_between(before: str) -> tuple[date, str] | None:
    """The day of "Công văn ngày 10/02/2025 số 88/UBND-NC", and ``before`` without it."""
    at = before.rfind("ngay ", max(0, len(before) - 40))
    dated = date_at(before, at) if at >= 0 else None
    if dated is None or not re.match(r"^,? ?(?:so ?[:.]? ?)$", before[dated[1] :]):
        return None
    # The same length, since offsets count from its end.
    return dated[0], before[:at] + "so".rjust(len(before) - at - 1) + " "


def _narrated_date(folded: Folded, begin: int) -> date | None:
    """The day of "Ngày 22/10/2025, Thủ tướng Chính phủ đã ban hành Công điện số …"."""
    at = _folded_span(folded, begin, begin + 1)[0]
    window = folded.text[max(0, at - 110) : at]
    last = window.rfind("ngay ")
    dated = date_at(window, last) if last >= 0 else None
    return dated[0] if dated is not None and _ISSUED_THEN.match(window[dated[1] :]) else None


def _raw_length(text: str, words: str) -> int:
    """Length in ``text`` of ``words``, whose white space was made single."""
    found = re.match(r"\s*" + r"\s+".join(re.escape(word) for word in words.split()), text)
    return found.end() if found else len(words)


def _giver(text: str, folded: Folded, begin: int, number: str) -> str | None:
    """The issuer named before a document whose symbol many offices share: "chỉ đạo của UBND tỉnh tại Công văn số …"."""
    if type_of_number(number) not in ("Công văn", "Tờ trình", "Báo cáo", "Kết luận", "Chỉ thị", "Công điện"):
        return None
    at = _folded_span(folded, begin, begin + 1)[0]
    said = _GIVEN_BY.search(folded.text[max(0, at - 120) : at])
    if said is None:
        return None
    start = folded.starts[max(0, at - 120) + said.start("who")]
    return issuer_after(text[start:begin]) if text[start - 4 : start - 1].lower() == "của" else None


def _lists_shared(found: list[Reference], text: str) -> list[Reference]:
    """Neighbours in one list share what only one of them names: the type from the head, date and issuer of bare numbers from the end."""
    out = list(found)
    for at in range(1, len(out)):
        gap = fold(text[out[at - 1].end : out[at].begin])
        if out[at - 1].end <= out[at].begin and _SAME_LIST.match(gap) and _symbol_type(out[at]) == _symbol_type(out[at - 1]):
            before = fold(text[max(0, out[at].begin - 3) : out[at].begin + 3])
            if out[at - 1].type and not _names_type(text, out[at]) and before is not None:
                out[at] = replace(out[at], type=out[at - 1].type)
    for at in range(len(out) - 2, -1, -1):
        gap = text[out[at].end : out[at + 1].begin] if out[at].end <= out[at + 1].begin else ""
        same_symbol = _symbol(out[at]) == _symbol(out[at + 1])
        if same_symbol and _SAME_LIST.match(fold(gap)) and len(gap) < 12:
            bare = re.search(r"[/\-]", text[out[at].begin : out[at].end]) is None
            issuer = out[at + 1].issuer if out[at].issuer in (None, issuer_of_number(out[at].number or "")) else out[at].issuer
            out[at] = replace(out[at], issuer=issuer, date=out[at].date or (out[at + 1].date if bare else None))
    return out


def _names_type(text: str, reference: Reference) -> bool:
    return _type_regex().match(fold(text[reference.begin : reference.end])) is not None


def _symbol(reference: Reference) -> str:
    return re.sub(r"^\d+[a-zđ]?(?:/\d{4}(?=/))?", "", reference.number or "")


def _symbol_type(reference: Reference) -> str | None:
    return type_of_number(reference.number or "")


def _short_forms(text: str, folded: Folded, found: list[Reference]) -> list[Reference]:
    """A type, "số" and digits only: "Kế hoạch số 262", "Chương trình hành động số 09 của Tỉnh ủy"."""
    out = []
    for match in _SHORT.finditer(folded.text):
        before = folded.text[max(0, match.start() - 40) : match.start()]
        kind = _short_type().search(before)
        begin, end = folded.span(match.start(), match.end())
        if kind is None or any(one.begin < end and begin < one.end for one in found):
            continue
        begin = folded.starts[match.start() - len(before) + kind.start("type")]
        when, issuer, end = _date_and_issuer(text, folded, match.end())
        out.append(Reference(_type_names()[kind["type"]], match["num"], when, issuer, begin, end, 0.5))
    for match in _DECREE.finditer(folded.text):
        begin, end = folded.span(match.start(), match.end())
        if not any(one.begin < end and begin < one.end for one in found):
            when, issuer, end = _date_and_issuer(text, folded, match.end())
            number = f"{match['num']}/{match['year']}/NĐ-CP"
            out.append(Reference("Nghị định", number, when, issuer or issuer_of_number(number), begin, max(end, begin + 1), 0.6))
    return out


def _laws(text: str, found: list[Reference]) -> list[Reference]:
    """Laws cited by name, with their date when it follows; the year in a law's name gives no date."""
    out = []
    for match in _LAW.finditer(text):
        if any(one.begin < match.end() and match.start() < one.end for one in found) or _NOT_LAW.search(text[: match.start()]):
            continue
        tail = fold_with_offsets(text[match.end() : match.end() + 40])
        dated = date_at(tail.text, 0)
        end = match.end() if dated is None else match.end() + tail.ends[dated[1] - 1]
        out.append(Reference(match["type"].replace("Bộ Luật", "Bộ luật"), None, dated[0] if dated else None, None, match.start(), end, 0.6))
    return out


def _folded_span(folded: Folded, begin: int, end: int) -> tuple[int, int]:
    """Offsets in the folded text of ``original[begin:end]``."""
    return bisect_left(folded.starts, begin), bisect_left(folded.starts, end)


# --- tables --------------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _type_names() -> dict[str, str]:
    """Folded name or longer name of a type → the type."""
    return {fold(name): kind.name for kind in document_types() for name in (kind.name, *kind.names)}


@lru_cache(maxsize=1)
def _type_pattern() -> str:
    return r"\b(?:" + "|".join(sorted(map(re.escape, _type_names()), key=len, reverse=True)).replace(r"\ ", " ") + r")\b"


@lru_cache(maxsize=1)
def _introduction() -> re.Pattern[str]:
    return re.compile(rf"(?:\bso ?[:.]?|{_type_pattern()}) ?(?:[0-9 ,;va]*)$")


@lru_cache(maxsize=1)
def _short_type() -> re.Pattern[str]:
    return re.compile(rf"(?P<type>{_type_pattern()}) ?$")


@lru_cache(maxsize=1)
def _indirect() -> re.Pattern[str]:
    above = r"(?:da )?(?:neu tren|noi tren|vua neu|tren day|neu|ban hanh tren)"
    return re.compile(rf"(?P<type>{_type_pattern()}) (?:(?P<num>[0-9]{{1,5}})(?![0-9/%]|[.,\-][0-9a-z]| ?/)|{above}\b)")


@lru_cache(maxsize=1)
def _type_regex() -> re.Pattern[str]:
    return re.compile(_type_pattern())


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    return {short: kind.name for kind in document_types() for short in kind.abbreviations}


__all__ = ["complete", "find_references", "linked_references", "resolve"]
