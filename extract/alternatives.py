"""What else an agency of a task may be, where its name on the paper is none that is known and was read as the likeliest.

Both readings are kept: the likeliest as the task's agency, the others beside it, for a person to choose.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extract.agencies import find_agencies
from extract.directive import Directive, Span, Task
from extract.folding import fold
from ingest.document import Document


def with_alternatives(directive: Directive, document: Document, extra: Path | None = None) -> Directive:
    """The directive with :attr:`Task.alternatives` filled from the lines on which the agencies of each task are named."""
    lines = {(page.number, line.number): line.text for page, line in document.lines()}
    return replace(directive, tasks=tuple(_with(task, lines, extra) for task in directive.tasks))


def _with(task: Task, lines: dict[tuple[int, int], str], extra: Path | None) -> Task:
    texts = [task.text, _text(task.span, lines), _text(task.lead_span, lines)]
    written = _letters(" ".join(texts))
    unseen = [name for name in (*task.lead, *task.coordinating) if _letters(name) not in written]
    if not unseen:
        return task
    likely = {mention.name: mention.alternatives for text in texts for mention in find_agencies(text, extra) if mention.alternatives}
    found = tuple((name, likely[name]) for name in unseen if name in likely)
    return replace(task, alternatives=found) if found else task


def _text(span: Span | None, lines: dict[tuple[int, int], str]) -> str:
    """The lines of a span; over a page break those of both pages."""
    if span is None:
        return ""
    last_page = span.end_page or span.page
    inside = (
        text
        for (page, number), text in lines.items()
        if span.page <= page <= last_page and (page > span.page or number >= span.first) and (page < last_page or number <= span.last)
    )
    return " ".join(inside)


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
