"""What the members of a list share: a place named once, a group that goes on behind a second title."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.agencies_reader import Piece

_PARTY = frozenset({"tỉnh ủy", "thành ủy", "huyện ủy", "tỉnh uỷ", "đảng ủy", "các đảng ủy"})
_SHARING = frozenset({"hđnd", "tòa án nhân dân", "toà án nhân dân", "viện kiểm sát nhân dân", "công an", "thuế", *_PARTY})
"""Names that, alone in a list, stand where the next one stands."""
_STANDS = re.compile(
    r" (?:(?:hai cấp tỉnh|hai cấp|tỉnh|thành phố|huyện|xã|phường|khu vực|cấp tỉnh|cấp huyện|cấp xã|các cấp|cùng cấp)(?: [A-ZĐ].*)?)$"
)


def joined(pieces: list[Piece], more: list[Piece], *, after_title: bool) -> list[Piece]:
    """As in "Giám đốc các sở, Thủ trưởng cơ quan, ban, ngành" is one group."""
    last, first = pieces[-1], more[0]
    if not (first.joins and after_title and last.kind == "group" and last.name.lower().startswith("các ")):
        return pieces + more
    name = first.name.removeprefix("các ")
    return [*pieces[:-1], replace(last, name=f"{last.name}, {name[0].lower()}{name[1:]}", stop=first.stop), *more[1:]]


def share_places(pieces: list[Piece]) -> list[Piece]:
    """As in "HĐND, UBND các huyện" and "Tỉnh ủy, UBND các tỉnh: A, B": the places of the second hold for the first too."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        name = piece.name.lower()
        if following is None or piece.places or name not in _SHARING:
            out.append(piece)
        elif not following.places:
            where = _STANDS.search(following.name)
            out.append(_beside(piece, where.group()) if where else piece)
        elif following.is_group:
            out.append(_in_group(piece, following.places))
        elif name == "hđnd" or name in _PARTY:
            out += [_there(piece, place) for place in following.places]
        else:
            out.append(piece)
    return out


def _beside(piece: Piece, where: str) -> Piece:
    """The name with the place of the next: "Tòa án nhân dân tỉnh"; a party committee is named by the province alone."""
    if piece.name.lower() not in _PARTY:
        return replace(piece, name=piece.name + where)
    place = where.strip().removeprefix("tỉnh").removeprefix("thành phố").removeprefix("huyện").strip()
    named = place and "đảng" not in piece.name.lower() and not piece.name.startswith("các ")
    return replace(piece, name=f"{piece.name} {place}") if named else piece


def _in_group(piece: Piece, places: tuple[str, ...]) -> Piece:
    name = piece.name.removeprefix("các ")
    if name.lower() not in {"hđnd", "đảng ủy"}:
        return piece
    return replace(piece, name=f"{name[0].upper()}{name[1:]} {places[0]}", is_group=True, places=places)


def _there(piece: Piece, place: str) -> Piece:
    """The party committee or council of one place: "Tỉnh ủy Nghệ An", "Thành ủy Huế", "HĐND tỉnh Nghệ An"."""
    if piece.name.upper() == "HĐND":
        return replace(piece, name=f"HĐND {place}")
    if "đảng" in piece.name.lower():
        return replace(piece, name=f"Đảng ủy {place}", is_group=False)
    if place.startswith("thành phố"):
        return replace(piece, name=f"Thành ủy {place.removeprefix('thành phố ')}", kind="party")
    return replace(piece, name=f"Tỉnh ủy {place.removeprefix('tỉnh ')}", kind="party")
