"""The format of ``data/samples/NAME.yaml``: one file says how a directive looks and what is to be found in it.

In: a YAML file as data/samples/README.md describes it. Out: a :class:`Sample`, its gold text and its gold annotation. Nothing is
drawn here; ``sample_pdf`` does that from the same :class:`Sample`, so that paper and annotation cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ABOVE = "^"
"""A table cell that belongs to the cell above it."""
LEFT = "<"
"""A table cell that belongs to the cell on its left."""
END_MARK = "./."
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
STYLES = ("plain", "heading", "subheading", "italic", "center")

HEADER_FIELDS = ("number", "type", "issuer", "date", "place", "subject", "signer", "signer_title", "recipients")
DEADLINE_FIELDS = ("text", "start", "due", "bound", "recurrence")
DEADLINE_EXTRAS = ("day", "month", "time", "relative", "optional")


class SampleError(ValueError):
    """A sample file breaks the format; the message names the file and the place in it."""


class _Loader(yaml.SafeLoader):
    """YAML whose numbers and dates stay the text they are written as ("1.2" is a path, "01" a cell), besides true, false and null."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in {"int", "float", "timestamp"}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: ``mark`` ("-", "1.", "a)"), ``run_in`` (the doer before the colon, set bold) and the words themselves."""

    text: str
    mark: str = ""
    run_in: str = ""
    style: str = "plain"
    task: Mapping[str, Any] | None = None

    @property
    def line(self) -> str:
        """The paragraph as it stands on the paper."""
        return " ".join(part for part in (self.mark, self.run_in, self.text) if part)

    def lines(self) -> Iterator[str]:
        """Its one line of gold text."""
        yield self.line

    def tasks(self) -> Iterator[dict[str, Any]]:
        """Its gold task, if it gives one: the words without mark, without the doer before the colon and without the end mark."""
        if self.task is not None:
            yield _gold_task(self.task, self.text, None)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``section`` rows are headings inside it."""

    cells: tuple[str, ...]
    section: bool = False
    task: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. ``widths`` are shares of the text width; ``split`` lets a long row run over a page break."""

    widths: tuple[float, ...]
    header: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    task_column: int = 1
    result_column: int | None = None
    repeat_header: bool = True
    split: bool = False
    font_size: float = 12.0

    def lines(self) -> Iterator[str]:
        """A line a row, cells separated by tabs; what is merged into another cell is empty."""
        for cells in (*self.header, *(row.cells for row in self.rows)):
            yield "\t".join("" if cell in {ABOVE, LEFT} else " ".join(cell.split()) for cell in cells).rstrip("\t")

    def tasks(self) -> Iterator[dict[str, Any]]:
        """The gold tasks of its rows: the text of the task column, the expected result from the result column."""
        result = ""
        for row in self.rows:
            if self.result_column is not None and row.cells[self.result_column] != ABOVE:
                result = row.cells[self.result_column]
            if row.task is not None:
                yield _gold_task(row.task, row.cells[self.task_column], result)


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Appendix:
    """What is attached behind the signature: on a page of its own, numbered from 1; ``masthead`` repeats issuer and motto."""

    title: tuple[str, ...]
    attached: str
    body: tuple[Block, ...]
    landscape: bool = False
    masthead: bool = False

    def lines(self) -> Iterator[str]:
        """Title lines, the line that says to what it is attached, then the body."""
        yield from (*self.title, *([self.attached] if self.attached else []))
        for block in self.body:
            yield from block.lines()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the paper looks beyond what the gold header says."""

    head: tuple[str, ...]
    authority: tuple[str, ...]
    parent: tuple[str, ...] = ()
    kinh_gui: tuple[str, ...] = ()
    dien: tuple[str, ...] = ()
    number_line: str = ""
    urgency: str = ""
    font_size: float = 14.0
    leading: float = 1.25
    received: str = ""
    den_colour: str = "red"
    upside_down: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample directive."""

    name: str
    document: Mapping[str, Any]
    layout: Layout
    body: tuple[Block, ...]
    appendices: tuple[Appendix, ...] = ()
    references: tuple[Mapping[str, Any], ...] = ()
    negative: bool = False

    @property
    def is_letter(self) -> bool:
        """A công văn: no name of type, subject under the number."""
        return bool(self.document["type"] == "Công văn")

    @property
    def date_line(self) -> str:
        """Place and date as box 4 of Phụ lục I has them: day below 10 and months 1 and 2 with a leading zero."""
        day = date.fromisoformat(self.document["date"])
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{self.document['place']}, ngày {day.day:02d} tháng {month} năm {day.year}"

    @property
    def number_line(self) -> str:
        """Box 3."""
        return self.layout.number_line or f"Số: {self.document['number']}"

    def text(self) -> str:
        """The gold text in reading order: a line a paragraph or table row, without page numbers, stamps and repeated table heads."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        layout, subject = self.layout, self.document["subject"]
        yield from (*layout.parent, *layout.head, *MOTTO, self.number_line)
        if self.is_letter:
            yield f"V/v {subject}"
        if layout.urgency:
            yield layout.urgency
        yield self.date_line
        if not self.is_letter:
            yield from (str(self.document["type"]).upper(), subject)
        yield from addressee_lines("Kính gửi:", layout.kinh_gui)
        yield from addressee_lines(f"{' '.join(layout.head)} điện:", layout.dien)
        for block in self.body:
            yield from block.lines()
        yield from ("Nơi nhận:", *self.recipient_lines(), *layout.authority, self.document["signer"])
        for appendix in self.appendices:
            if appendix.masthead:
                yield from (*layout.parent, *layout.head, *MOTTO)
            yield from appendix.lines()

    def recipient_lines(self) -> list[str]:
        """Box 9b as printed."""
        names = list(self.document["recipients"])
        return [f"- {name}{'.' if number == len(names) else ';'}" for number, name in enumerate(names, 1)]

    def gold(self) -> dict[str, Any]:
        """The annotation in the schema of the gold set."""
        blocks = [*self.body, *(block for appendix in self.appendices for block in appendix.body)]
        return {
            "source": f"{self.name}.pdf",
            "document": {field: self.document[field] for field in HEADER_FIELDS},
            "references": [{"type": None, "number": None, "date": None, "issuer": None, **reference} for reference in self.references],
            "tasks": [task for block in blocks for task in block.tasks()],
        }


def addressee_lines(call: str, names: tuple[str, ...]) -> list[str]:
    """Kính gửi (or "… điện:") as printed: one addressee on the same line, more of them as a list."""
    if not names:
        return []
    if len(names) == 1:
        return [f"{call} {names[0]}."]
    return [call, *(f"- {name}{'.' if number == len(names) else ';'}" for number, name in enumerate(names, 1))]


def load(path: Path) -> Sample:
    """Read one sample file; raises :class:`SampleError` where it breaks the format."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # _Loader is a SafeLoader
        return _sample(path.stem, raw)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, IndexError) as error:
        raise SampleError(f"{path.name}: {type(error).__name__}: {error}") from error


def load_all(folder: Path) -> list[Sample]:
    """Every sample of a folder, by name."""
    return [load(path) for path in sorted(folder.glob("*.yaml"))]


def _sample(name: str, raw: Mapping[str, Any]) -> Sample:
    _only(raw, {"document", "layout", "body", "appendices", "references", "negative"}, "top level")
    document = dict(raw["document"])
    _only(document, set(HEADER_FIELDS), "document")
    if missing := set(HEADER_FIELDS) - set(document):
        raise ValueError(f"document lacks {sorted(missing)}")
    return Sample(
        name=name,
        document=document,
        layout=_layout(raw["layout"]),
        body=tuple(_block(block) for block in raw["body"]),
        appendices=tuple(_appendix(appendix) for appendix in raw.get("appendices", [])),
        references=tuple(raw.get("references", [])),
        negative=bool(raw.get("negative", False)),
    )


def _layout(raw: Mapping[str, Any]) -> Layout:
    values: dict[str, Any] = dict(raw)
    for key in ("head", "authority", "parent", "kinh_gui", "dien"):
        if key in values:
            values[key] = tuple(values[key])
    for key in ("font_size", "leading"):
        if key in values:
            values[key] = float(values[key])
    if "upside_down" in values:
        values["upside_down"] = tuple(int(page) for page in values["upside_down"])
    return Layout(**values)


def _appendix(raw: Mapping[str, Any]) -> Appendix:
    _only(raw, {"title", "attached", "body", "landscape", "masthead"}, "appendix")
    return Appendix(
        title=tuple(raw["title"]),
        attached=raw.get("attached", ""),
        body=tuple(_block(block) for block in raw["body"]),
        landscape=bool(raw.get("landscape", False)),
        masthead=bool(raw.get("masthead", False)),
    )


def _block(raw: Mapping[str, Any]) -> Block:
    if "table" in raw:
        _only(raw, {"table"}, "table block")
        return _grid(raw["table"])
    _only(raw, {"text", "mark", "run_in", "style", "task"}, "paragraph")
    style = raw.get("style", "plain")
    if style not in STYLES:
        raise ValueError(f"style {style!r} is none of {', '.join(STYLES)}")
    return Paragraph(" ".join(raw["text"].split()), raw.get("mark", ""), raw.get("run_in", ""), style, raw.get("task"))


def _grid(raw: Mapping[str, Any]) -> Grid:
    _only(raw, {"widths", "header", "rows", "task_column", "result_column", "repeat_header", "split", "font_size"}, "table")
    widths = tuple(float(width) for width in raw["widths"])
    header = raw["header"] if isinstance(raw["header"][0], list) else [raw["header"]]
    result = raw.get("result_column")
    grid = Grid(
        widths=widths,
        header=tuple(tuple(cells) for cells in header),
        rows=tuple(_row(row, len(widths)) for row in raw["rows"]),
        task_column=int(raw.get("task_column", 1)),
        result_column=None if result is None else int(result),
        repeat_header=bool(raw.get("repeat_header", True)),
        split=bool(raw.get("split", False)),
        font_size=float(raw.get("font_size", 12)),
    )
    for cells in (*grid.header, *(row.cells for row in grid.rows)):
        if len(cells) != len(widths):
            raise ValueError(f"{len(cells)} cells for {len(widths)} columns: {' | '.join(cells)[:80]}")
    return grid


def _row(raw: Mapping[str, Any], columns: int) -> Row:
    _only(raw, {"section", "cells", "task"}, "row")
    if "section" in raw:
        cells = [str(cell) for cell in raw["section"]]
        return Row(tuple(cells + [LEFT] * (columns - len(cells))), section=True)
    return Row(tuple("" if cell is None else str(cell) for cell in raw["cells"]), task=raw.get("task"))


def _gold_task(raw: Mapping[str, Any], text: str, result: str | None) -> dict[str, Any]:
    _only(raw, {"path", "lead", "coordinating", "deadlines", "references", "optional", "expected_result"}, f"task {raw.get('path')}")
    task: dict[str, Any] = {
        "path": str(raw["path"]),
        "text": _task_text(text),
        "lead": list(raw.get("lead", [])),
        "coordinating": list(raw.get("coordinating", [])),
        "deadlines": [_gold_deadline(deadline) for deadline in raw.get("deadlines", [])],
        "references": list(raw.get("references", [])),
        "optional": bool(raw.get("optional", False)),
    }
    if expected := raw.get("expected_result") or result:
        task["expected_result"] = " ".join(expected.split())
    return task


def _task_text(text: str) -> str:
    text = " ".join(text.split())
    return re.sub(r"[;,]?\s*\./\.$|\./\.$", ".", text)


def _gold_deadline(raw: Mapping[str, Any]) -> dict[str, Any]:
    _only(raw, {*DEADLINE_FIELDS, *DEADLINE_EXTRAS}, f"deadline {raw.get('text')}")
    deadline: dict[str, Any] = {field: raw.get(field) for field in DEADLINE_FIELDS}
    for extra in DEADLINE_EXTRAS:
        if extra in raw:
            deadline[extra] = int(raw[extra]) if extra in {"day", "month"} else raw[extra]
    if relative := deadline.get("relative"):
        deadline["relative"] = {"n": int(relative["n"]), "unit": relative["unit"], "from": relative["from"]}
    return deadline


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := set(raw) - known:
        raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
