"""Brackets and quotations in an item: roles said in brackets, doers named in brackets at its end, words that are somebody else's."""

from __future__ import annotations

import re

_ROLE = r"chủ trì(?: thực hiện)?|phối hợp(?: thực hiện)?"
_AFTER_NAME = re.compile(rf"\(\s*(?:(?:là|làm)\s+)?(?:(?:cơ quan|đơn vị)\s+)?({_ROLE})\s*\)", re.IGNORECASE)
_QUOTED = re.compile(r"“([^“”]*)”|«([^«»]*)»|\"([^\"]*)\"")
_LONG_QUOTATION = 6
"""Words from which on a quotation is a text and no name."""
_AT_END = re.compile(r"\(([^()]*)\)[\s.;,:/]*$")
_LABEL = re.compile(r"^\s*(?:(?:giao|do)\s+|(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|thực hiện|đầu mối)\s*:\s*)", re.IGNORECASE)
_DOING = re.compile(
    r"\b(?:chủ trì|thực hiện|phụ trách|chịu trách nhiệm|đảm nhiệm|tham mưu|làm đầu mối|là đầu mối|đầu mối|theo dõi|hoàn thành)\b",
    re.IGNORECASE,
)


def readable(text: str) -> str:
    """``text`` letter by letter as long, without quoted sentences and with roles in brackets ("Sở A (chủ trì)") as bare words."""
    text = _QUOTED.sub(_blanked, text)
    return _AFTER_NAME.sub(lambda hit: hit.group(1).rjust(len(hit.group())), text)


def _blanked(hit: re.Match[str]) -> str:
    whole = hit.group()
    if len(whole.split()) < _LONG_QUOTATION:
        return whole
    return whole[0] + " " * (len(whole) - 2) + whole[-1]


def closing_note(text: str) -> tuple[int, str, bool]:
    """Where the note in brackets that ends ``text`` begins, and its words when they say who does it: "(Bảo tàng tỉnh thực hiện)".

    (-1, "", False) when there is none. Words that only introduce the doer ("do", "chủ trì:") are left out; the flag says that
    there were some.
    """
    hit = _AT_END.search(text)
    if hit is None:
        return -1, "", False
    label = _LABEL.match(hit.group(1))
    if label is None and not _DOING.search(hit.group(1)):
        return -1, "", False
    begin = label.end() if label is not None else 0
    return hit.start(1) + begin, hit.group(1)[begin:], label is not None
