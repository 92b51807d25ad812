"""Who takes part ("phối hợp với …") and who only gets the result ("báo cáo …", "trình …", "qua …")."""

from __future__ import annotations

from extract.agencies_brackets import readable
from extract.agencies_names import Namer, parser
from extract.agencies_parser import Parser
from extract.agencies_reader import Found


def find_partners(text: str, namer: Namer) -> tuple[str, ...]:
    """Everybody after "phối hợp …"."""
    reader = parser(readable(text), namer.extra)
    names: list[str] = []
    for at in range(len(reader.tokens) - 1):
        shared = reader.keys(at, 4) in {"su tham gia cua", "su phoi hop cua"} and reader.key(at - 1) in {"co", "voi"}
        beside = reader.key(at) == "cung" and reader.keys(at - 2 - (reader.key(at - 1) == ","), 2) == "chu tri"  # "chủ trì, cùng với Sở B"
        together = reader.keys(at, 2) == "phoi hop" and reader.key(at - 1) not in {"ban", "su", "che"}
        if not (shared or beside or together):
            continue
        k = at + (4 if shared else 1 if beside else 2)
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
            names += namer.names(found[0], reader)
    return tuple(dict.fromkeys(names))


def _before(reader: Parser, at: int) -> Found | None:
    """As in "Sở A chủ trì, Sở B, các đơn vị phối hợp xử lý": those named between are the partners."""
    clause = next((k for k in range(at - 1, 0, -1) if reader.key(k) == ";"), 0)
    if clause and (reader.mark(at + 2) or reader.keys(at + 2, 2) == "thuc hien"):
        found = reader.parse_list(clause + 1)
        if found is not None and found[1] == at:
            return found  # "Sở A tham mưu; các đơn vị liên quan phối hợp."
    lead = next((k for k in range(at - 1, 0, -1) if reader.key(k) == "chu" and reader.key(k + 1) == "tri"), 0)
    for k in range(lead + 2, at) if lead else ():
        if reader.key(k) in {",", ";", "va"} and (found := reader.parse_list(k + 1)) is not None and found[1] == at:
            return found
    return None


def find_receivers(text: str, namer: Namer) -> tuple[str, ...]:
    """Everybody to whom something is reported, sent or submitted, or who is asked or advised."""
    reader = parser(text, namer.extra)
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
            names += namer.names(found[0], reader)
    return tuple(dict.fromkeys(names))
