"""Reads the text tables of invented directives (traps.txt, tasks.txt) and tells what extraction makes of them.

A case is ``=== id``, a line ``as`` with the frame around the body (see ``_FRAMES``; ``whole``: the text has its own), the text, then
``--- tasks`` with one row a task and, where it matters, ``--- references`` with one row a cited document. In the text `` | `` parts
the cells of a table row and ``<page>`` begins a page. Rows of tasks are

    path | beginning … end of its text | lead; … | coordinating; … | deadlines | numbers cited | expected result

``?`` before the path: may be found or not. An empty path, number or result is not compared; an empty lead is nobody.
A deadline is its last day, ``before``/``by``/``within`` and the day, a rhythm (``monthly``, ``monthly@15``) or a term (``5 working_day``);
``?`` before it: may be found or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract import Deadline, Directive, Task
from extract.folding import fold
from ingest.document import Document, Line, Page

_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
_FRAMES = {
    "công văn": "Số: 412/{symbol}-TH\nV/v {about}\n{place}, ngày {day}\n\nKính gửi: {to}.\n",
    "chỉ thị": "Số: 07/CT-{symbol}\n{place}, ngày {day}\n\nCHỈ THỊ\nVề việc {about}\n",
    "kế hoạch": "Số: 96/KH-{symbol}\n{place}, ngày {day}\n\nKẾ HOẠCH\nVề {about}\n",
    "thông báo": "Số: 63/TB-{symbol}\n{place}, ngày {day}\n\nTHÔNG BÁO\nKết luận của đồng chí Chủ tịch về {about}\n",
    "công điện": "Số: 05/CĐ-{symbol}\n{place}, ngày {day}\n\nCÔNG ĐIỆN\nVề việc {about}\n",
    "quyết định": "Số: 814/QĐ-{symbol}\n{place}, ngày {day}\n\nQUYẾT ĐỊNH\nVề việc {about}\n",
    "nghị quyết": "Số: 22/NQ-{symbol}\n{place}, ngày {day}\n\nNGHỊ QUYẾT\nVề {about}\n",
    "báo cáo": "Số: 155/BC-{symbol}\n{place}, ngày {day}\n\nBÁO CÁO\nVề {about}\n",
    "giấy mời": "Số: 31/GM-{symbol}\n{place}, ngày {day}\n\nGIẤY MỜI\nVề việc {about}\n",
    "tờ trình": "Số: 48/TTr-{symbol}\n{place}, ngày {day}\n\nTỜ TRÌNH\nVề việc {about}\n",
}
_DEFAULTS = {
    "head": "ỦY BAN NHÂN DÂN/TỈNH SÔNG LAM",
    "symbol": "UBND",
    "place": "Sông Lam",
    "day": "05 tháng 3 năm 2024",
    "about": "tăng cường công tác quản lý nhà nước trên địa bàn",
    "to": "Các sở, ban, ngành cấp tỉnh",
    "sign": "TM. ỦY BAN NHÂN DÂN/KT. CHỦ TỊCH/PHÓ CHỦ TỊCH",
}
_FOOT = "\nNơi nhận:\n- Như trên;\n- Lưu: VT, TH.\n\n{sign}\n\nTrần Văn Hải"
_NAMES = (
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    ("mat tran to quoc", "mttq"),
    ("dai bieu quoc hoi", "dbqh"),
    ("uy ban mttq", "ubmttq"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One invented directive: its pages of text and the rows that a careful clerk would write."""

    name: str
    pages: tuple[str, ...]
    tasks: tuple[tuple[str, ...], ...]
    references: tuple[tuple[str, ...], ...]

    def document(self) -> Document:
        """The text as the document that a perfect reading would give."""
        pages = tuple(
            Page(number, tuple(Line(at, line, line) for at, line in enumerate(text.split("\n"), start=1)), "text")
            for number, text in enumerate(self.pages, start=1)
        )
        return Document(self.name, "0" * 64, "text", pages)


def load(name: str) -> Iterator[Case]:
    """The cases of a table that lies beside this module."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, frame, rest = block.split("\n", 2)
        body, _, expected = rest.partition("--- tasks")
        tasks, _, references = expected.partition("--- references")
        framed = re.sub(r" *\| *", "\t", _framed(frame.removeprefix("as "), body.strip("\n")))
        yield Case(title.strip(), tuple(page.strip("\n") for page in framed.split("<page>")), _rows(tasks, 7), _rows(references, 4))


def _rows(text: str, width: int) -> tuple[tuple[str, ...], ...]:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)


def _framed(frame: str, body: str) -> str:
    kind, *settings = [part.strip() for part in frame.split(" , ")]
    if kind == "whole":
        return body
    values = _DEFAULTS | dict(setting.split("=", 1) for setting in settings)
    head, sign = values["head"].replace("/", "\n"), values["sign"].replace("/", "\n")
    return f"{head}\n{_MOTTO}\n\n{_FRAMES[kind].format(**values)}\n{body}\n{_FOOT.format(sign=sign)}"


def wanted_and_found(case: Case, directive: Directive) -> tuple[list[str], list[str]]:
    """What the case asks for and what was found, as lines of the same form; optional tasks that were found are in neither."""
    wanted: list[str] = []
    found: list[str] = []
    left = list(directive.tasks)
    for row in case.tasks:
        task = next((task for task in left if _is_text(row[1], task.text)), None)
        if task is not None:
            left.remove(task)
        if row[0].startswith("?"):
            continue
        wanted.append(_wanted(row))
        if task is not None:
            found.append(_found(row, task))
    found += [f"NO TASK: {task.path} {task.text}" for task in left]
    for row in case.references:
        wanted.append(f"cites {' | '.join(cell for cell in row if cell)}")
        number = _number(row[1])
        reference = next((one for one in directive.references if _number(one.number or "") == number), None)
        if reference is not None:
            values = (reference.type or "", reference.number or "", str(reference.date or ""), reference.issuer or "")
            found.append(f"cites {' | '.join(value for value, cell in zip(values, row, strict=True) if cell)}")
    if case.references:
        numbers = {_number(row[1]) for row in case.references}
        found += [f"NO CITATION: {one.number}" for one in directive.references if _number(one.number or "") not in numbers]
    return wanted, found


def _is_text(key: str, text: str) -> bool:
    begin, _, end = (part.strip() for part in key.partition("…"))
    plain = _plain(text)
    return plain.startswith(_plain(begin)) and plain.endswith(_plain(end))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9][a-z0-9/]*", fold(text)))


def _agency(name: str) -> str:
    key = fold(name)
    for long, short in _NAMES:
        key = key.replace(long, short)
    return " ".join(word for word in re.findall(r"[a-z0-9]+", key) if word not in {"cac", "va", "cua", "co"})


def _agencies(names: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return "; ".join(sorted(filter(None, map(_agency, names))))


def _number(number: str) -> str:
    return re.sub(r"[^A-Z0-9/]", "", fold(number).upper())


def _wanted(row: tuple[str, ...]) -> str:
    path, key, lead, coordinating, deadlines, references, result = row
    terms = "; ".join(sorted(term.strip() for term in deadlines.split(";") if term.strip() and not term.strip().startswith("?")))
    line = f"{path + ' ' if path else ''}{key} <{_agencies(lead.split(';'))}> with <{_agencies(coordinating.split(';'))}> due <{terms}>"
    if references:
        line += f" cites <{'; '.join(sorted(map(_number, references.split(';'))))}>"
    return line + (f" result <{_plain(result)}>" if result else "")


def _found(row: tuple[str, ...], task: Task) -> str:
    path, key, _, _, deadlines, references, result = row
    free = {term.strip().removeprefix("?") for term in deadlines.split(";") if term.strip().startswith("?")}
    terms = sorted(term for one in task.deadlines if (term := _term(one, deadlines)) not in free)
    line = f"{task.path + ' ' if path else ''}{key} <{_agencies(task.lead)}> with <{_agencies(task.coordinating)}> due <{'; '.join(terms)}>"
    if references:
        line += f" cites <{'; '.join(sorted(map(_number, task.references)))}>"
    return line + (f" result <{_plain(task.expected_result or '')}>" if result else "")


def _term(deadline: Deadline, asked: str) -> str:
    """A deadline as the row writes it, with its bound and its day only where the row asks for them."""
    if deadline.due is not None:
        day = deadline.due.isoformat()
        return f"{deadline.bound} {day}" if re.search(rf"[a-z] {day}", asked) else day
    if deadline.relative is not None:
        return f"{deadline.relative.n} {deadline.relative.unit}"
    return f"{deadline.recurrence}@{deadline.day}" if deadline.day and "@" in asked else str(deadline.recurrence)
