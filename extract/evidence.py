"""What speaks for and against each field of a task: who names the doer and how, what was left unread, how well the words are legible.

Evidence is only gathered here; what it weighs is data (``resources/confidence_weights.csv``, see :mod:`extract.confidence`). A value
lies between 0 (not so) and 1 (very much so); ``words`` are what a person should look at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from extract.agencies import AgencyMention, Roles, find_agencies, read_roles
from extract.directive import Header, Task
from extract.folding import fold
from extract.legibility import Paper, Weak
from extract.phrases import opens_order

Field = Literal["text", "lead", "coordinating", "deadlines", "references"]
FIELDS: tuple[Field, ...] = ("text", "lead", "coordinating", "deadlines", "references")

_RUN_TOGETHER = re.compile(r"[.;:]\s(?:[-+•]|\d{1,2}[.)]|[a-zđ]\))\s*[A-ZĐÀ-Ỹ]")
_ENDS = re.compile(r"[.;:!?…/]\W*$|,$")
_PAST = re.compile(r"\b(?:đã|thời gian qua|vừa qua|đạt được|còn (?:hạn chế|chậm|thấp))\b", re.IGNORECASE)
_BY_ORDER = re.compile(r"\b(?:yêu cầu|đề nghị|giao)\b", re.IGNORECASE)
_UNMARKED = re.compile(r"(?:^|[/.])p\d+$")
_LONG_TEXT, _SHORT_TEXT = 120, 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation on ``field``; ``name`` is its key in the weights, ``words`` what to look at (may be empty)."""

    field: Field
    name: str
    value: float
    words: str = ""


@dataclass(frozen=True)
class Case:
    """One task with everything that was known when it was read. ``named`` counts how often each name leads or takes part anywhere,
    ``extra`` is the office's own gazetteer.
    """

    task: Task
    paper: Paper
    header: Header
    named: Counter[str]
    extra: Path | None = None

    @cached_property
    def folded(self) -> str:
        """The folded text."""
        return fold(self.task.text)

    @cached_property
    def roles(self) -> Roles:
        """The roles that the text itself tells."""
        return read_roles(self.task.text, self.extra)

    @cached_property
    def mentions(self) -> tuple[AgencyMention, ...]:
        """Every agency in the text."""
        return find_agencies(self.task.text, self.extra)

    @cached_property
    def weak(self) -> tuple[Weak, ...]:
        """Words of the task's lines that may be others."""
        return self.paper.weak(self.task.span)

    @cached_property
    def weak_lead(self) -> tuple[Weak, ...]:
        """Words that may be others where the lead was read."""
        return self.paper.weak(self.task.lead_span) if self.task.lead_span else self.weak

    @cached_property
    def heading(self) -> str:
        """The heading or label that named the lead; empty when the item did so itself."""
        return self.paper.text(self.task.lead_span) if self.task.lead_span else ""

    @cached_property
    def heading_mentions(self) -> tuple[AgencyMention, ...]:
        """Every agency in what the heading announces."""
        return find_agencies(announced(self.heading), self.extra) if self.heading else ()

    @cached_property
    def own_lead(self) -> bool:
        """Whether the item itself names its doer."""
        return self.task.lead_source == "item" and bool(self.roles.lead)


def names_counted(tasks: Sequence[Task]) -> Counter[str]:
    """How often each agency leads or takes part in the directive, by folded name."""
    return Counter(fold(name) for task in tasks for name in (*task.lead, *task.coordinating))


def announced(heading: str) -> str:
    """A heading from its last "yêu cầu", "giao" on: what stands before is whoever gives the order, and why."""
    return heading[next((hit.end() for hit in reversed(list(_BY_ORDER.finditer(heading)))), 0) :]


def words_from(text: str, match: re.Match[str] | None, count: int = 8) -> str:
    """The first words of ``text`` from the match on; nothing without one."""
    return " ".join(text[match.start() :].split()[:count]) if match else ""


def text_evidence(case: Case) -> Iterator[Evidence]:
    """On the text: whether it is one whole order."""
    task = case.task
    words = task.text.split()

    def seen(name: str, value: float, shown: str = "") -> Evidence:
        return Evidence("text", name, float(value), shown)

    row = task.lead_source in {"cell", "cell above", "section"}
    yield seen("row of a table", row)
    yield seen("no doer", not task.lead)
    yield seen("unmarked paragraph", bool(_UNMARKED.search(task.path)))
    yield seen("no end", not row and not _ENDS.search(task.text), " ".join(words[-5:]))
    yield seen("small first letter", task.text[:1].islower(), " ".join(words[:5]))
    yield seen("short", len(words) < _SHORT_TEXT)
    yield seen("long", len(words) > _LONG_TEXT)
    yield seen("no verb", not opens_order(task.text) and not case.own_lead, " ".join(words[:5]))
    yield seen("tells the past", bool(_PAST.search(task.text)), words_from(task.text, _PAST.search(task.text), 5))
    inside = _RUN_TOGETHER.search(task.text)
    yield seen("mark inside", inside is not None, words_from(task.text, inside, 5))
    yield seen("weak words", min(1.0, 8 * sum(one.doubt for one in case.weak) / max(1, len(words))), _worst(case.weak))
    yield seen("hard to read", min(1.0, 4 * (1 - case.paper.legibility(task.span))))


def _worst(weak: Sequence[Weak]) -> str:
    return ", ".join(f"{one.word} ({one.place})" for one in sorted(weak, key=lambda one: -one.doubt)[:3])
