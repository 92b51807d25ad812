"""Lines that say one thing of a task: "Cơ quan chủ trì: …", "Đơn vị phối hợp: …", "Thời gian thực hiện: …", "Sản phẩm: …".

Plans write them as items of their own below a task, or as sentences at its end; tables have them as columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.folding import fold_with_offsets
from extract.phrases import phrases


@dataclass(frozen=True, slots=True)
class Attribute:
    """``role`` is lead, coordinating, deadline, result, task or other; ``begin`` is where its label starts in the text."""

    role: str
    value: str
    begin: int


@cache
def _labels() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<{role}>{pattern.pattern})" for role, pattern in phrases().attributes)
    return re.compile(rf"(?:^|(?<=[.;:] )|(?<=[;(] ))(?:\W{{0,3}})(?:{alternatives})\s*:\s*")


@lru_cache(maxsize=2048)
def read_attributes(text: str) -> tuple[Attribute, ...]:
    """The labelled values of ``text`` in order; each value runs to the next label or the end."""
    folded = fold_with_offsets(text)
    matches = list(_labels().finditer(folded.text))
    found = []
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(folded.text)
        if end <= match.end():
            value = ""
        else:
            begin_at, end_at = folded.span(match.end(), end)
            value = text[begin_at:end_at].strip(" ;.*,")
        begin = folded.span(match.start(), match.start() + 1)[0]
        role = next(role for role, group in match.groupdict().items() if group is not None and role in _roles())
        found.append(Attribute(role, value, begin))
    return tuple(found)


@cache
def _roles() -> frozenset[str]:
    return frozenset(role for role, _ in phrases().attributes)
