"""What else an agency of a task may be, where its name on the paper is none that is known and was read as the likeliest.

Both readings are kept: the likeliest as the task's agency, the others beside it, for a person to choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from extract.agencies import find_agencies
from extract.directive import Directive, Span, Task
from extract.folding import fold
from ingest.document import Document, Page


def with_alternatives(directive: Directive, document: Document, extra: Path | None = None) -> Directive:
    """The directive with :attr:`Task.alternatives` filled from the lines on which the agencies of each task are named."""
    pages = {page.number: page for page in document.pages}
    return replace(directive, tasks=tuple(_with(task, pages, extra) for task in directive.tasks))


def _with(task: Task, pages: Mapping[int, Page], extra: Path | None) -> Task:
    texts = [task.text, _text(task.span, pages), _text(task.lead_span, pages)]
    written = _letters(" ".join(texts))
    unseen = [name for name in (*task.lead, *task.coordinating) if _letters(name) not in written]
    if not unseen:
        return task
    likely = {mention.name: mention.alternatives for text in texts for mention in find_agencies(text, extra) if mention.alternatives}
    found = tuple((name, likely[name]) for name in unseen if name in likely)
    return replace(task, alternatives=found) if found else task


def _text(span: Span | None, pages: Mapping[int, Page]) -> str:
    """The lines of a span; over a page break those of both pages."""
    if span is None:
        return ""
    numbers = range(span.page, (span.end_page or span.page) + 1)
    return " ".join(line.text for number in numbers if number in pages for line in pages[number].lines if span.covers(number, line.number))


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
