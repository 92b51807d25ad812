"""A task's place in the outline as a person says it: "PL.II.2/-3" is «Phụ lục II, mục 2, gạch đầu dòng 3».

The parts of a path are made in ``extract.outline`` (``step``) and ``extract.tasks``; điều and khoản are named as the law names them
(Nghị định 30/2020/NĐ-CP, Phụ lục I: "khoản 1 Điều 2").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ARTICLE = re.compile(r"(?P<article>Điều \w+)(?:\.(?P<clause>\d+))?(?:\.(?P<point>[a-zđ]))?(?P<rest>\..+)?$")
_COUNTED = re.compile(r"(?P<sign>[-+p])(?P<number>\d*)(?:\.(?P<rest>.+))?$")
_ANNEX = re.compile(r"PL(?:\.(?P<number>[IVXLC]+|\d+)(?=\.|$))?\.?(?P<rest>.*)$")
_SIGNS = {"-": "gạch đầu dòng", "+": "dấu cộng", "p": "đoạn"}


def place_in_words(path: str) -> str:
    """``path`` of a task in Vietnamese, begun with a small letter except for «Phụ lục»; empty when it says nothing."""
    first, *others = path.split("/")
    return ", ".join([*_steps(first), *(said for part in others for said in (_steps(part) if part[:1] in "-+p" else _row(part)))])


def _row(ordinal: str) -> Iterator[str]:
    """What follows a stroke and is no mark is the number of a table's row."""
    yield f"dòng {ordinal} của bảng"


def _steps(part: str) -> Iterator[str]:
    if counted := _COUNTED.match(part):
        # Of a paragraph with marks of its own below it nobody says the number.
        yield from _steps(counted["rest"]) if counted["rest"] else (f"{_SIGNS[counted['sign']]} {counted['number']}".strip(),)
    elif annex := _ANNEX.match(part):
        yield f"Phụ lục {annex['number'] or ''}".strip()
        yield from _steps(annex["rest"])
    elif article := _ARTICLE.match(part):
        point = f"điểm {article['point']} " if article["point"] else ""
        clause = f"khoản {article['clause']} " if article["clause"] else ""
        yield f"{point}{clause}{article['article']}"
        yield from _steps((article["rest"] or "").strip("."))
    elif part:
        yield f"mục {part}"
