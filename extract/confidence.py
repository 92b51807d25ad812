"""How sure each field of a task is, and why a person should look at it.

Comes in: a directive as it was read and the document it was read from. Goes out: the same directive, each task with the chance that its
text, lead, partners, deadlines and cited numbers are right, and with reasons in Vietnamese where lead or deadlines may be wrong. The
chance is a logistic model on the evidence of :mod:`extract.evidence`, one for each field; its weights, threshold and reasons are data
(``resources/confidence_weights.csv``, ``resources/review_reasons.csv``), fitted by ``python -m scripts.fit_task_confidence``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from extract.directive import Directive, FieldConfidence, Task
from extract.evidence import FIELDS, Case, Evidence, Field, names_counted, text_evidence
from extract.evidence_agencies import coordinating_evidence, lead_evidence
from extract.evidence_terms import deadline_evidence, reference_evidence
from extract.gazetteer import rows
from extract.header_doubts import header_confidence, warnings
from extract.legibility import Paper
from extract.zones import Part
from ingest.document import Document

GATHERERS = {
    "text": text_evidence,
    "lead": lead_evidence,
    "coordinating": coordinating_evidence,
    "deadlines": deadline_evidence,
    "references": reference_evidence,
}


def cases(directive: Directive, document: Document, extra: Path | None = None) -> Iterator[Case]:
    """Every task with what its evidence is gathered from; ``extra`` as for :func:`extract.extract`."""
    paper, named = Paper(document), names_counted(directive.tasks)
    for task in directive.tasks:
        yield Case(task, paper, directive.header, named, extra)


def gather(case: Case) -> tuple[Evidence, ...]:
    """All evidence on all fields of one task."""
    return tuple(one for field in FIELDS for one in GATHERERS[field](case))


@dataclass(frozen=True, slots=True)
class Model:
    """``weights`` by (field, evidence); the key (field, "") is the field's constant. ``threshold``: below it a task needs review.

    ``header``: the share of the samples in which a field of the header was right, by "number given", "number recognised" and so on.
    """

    weights: dict[tuple[str, str], float]
    threshold: float
    header: dict[str, float]

    def chance(self, field: Field, evidence: Iterable[Evidence]) -> float:
        """The chance that ``field`` is right."""
        logit = self.weights.get((field, ""), 0.0) + sum(self.weight(one) * one.value for one in evidence if one.field == field)
        return 1 / (1 + math.exp(-logit))

    def weight(self, one: Evidence) -> float:
        """What a unit of this evidence adds to the logit; 0 for evidence that the file does not know."""
        return self.weights.get((one.field, one.name), 0.0)


@cache
def model() -> Model:
    """The weights of ``resources/confidence_weights.csv``."""
    weights = {(row["field"], row["evidence"]): float(row["weight"]) for row in rows("confidence_weights.csv")}
    header = {evidence: weights.pop((field, evidence)) for field, evidence in list(weights) if field == "header"}
    return Model(weights, weights.pop(("review", "threshold")), header)


@cache
def _reasons() -> dict[tuple[str, str], str]:
    return {(row["field"], row["evidence"]): row["reason"] for row in rows("review_reasons.csv")}


# Evidence that moves the chance by less than this (in the logit) is not worth a clerk's time.
_TELLING = 0.4
# Nor is what weighs less than this share of the heaviest reason.
_BESIDE = 0.35
_MOST_REASONS = 3
_SHOWN: tuple[Field, ...] = ("lead", "deadlines", "text")
# No right task of the samples or of the real directives had a text less sure than .85.
_ILLEGIBLE = 0.8
_LONGEST_WORDS = 90


def with_confidence(directive: Directive, document: Document, parts: Sequence[Part], extra: Path | None = None) -> Directive:
    """``directive`` with a confidence for each field, reasons on the tasks that a person should check, and warnings on the whole.

    ``document`` and ``parts``: the settled document and what it was split into; ``extra`` as for :func:`extract.extract`.
    """
    tasks, paper = tuple(assessed(case) for case in cases(directive, document, extra)), Paper(document)
    return replace(
        directive,
        tasks=tasks,
        warnings=(*directive.warnings, *warnings(directive.header, parts, paper, tasks)),
        header_confidence=header_confidence(directive.header, parts, paper, model().header),
    )


def assessed(case: Case) -> Task:
    """The task of ``case`` with its confidence and reasons."""
    evidence = gather(case)
    chances = {field: model().chance(field, evidence) for field in FIELDS}
    sure = chances["lead"] * chances["deadlines"]
    doubtful = sure < model().threshold or chances["text"] < _ILLEGIBLE or not case.task.lead
    reasons = _why(evidence, chances) if doubtful else ()
    return replace(case.task, confidence=sure * chances["text"], field_confidence=FieldConfidence(**chances), reasons=reasons)


def _why(evidence: Iterable[Evidence], chances: dict[Field, float]) -> tuple[str, ...]:
    """The reasons that weigh most, the heaviest first; at least one. Of the same words only one thing is said."""
    weighed = sorted(((-model().weight(one) * one.value, one) for one in evidence if one.field in _SHOWN), key=lambda pair: -pair[0])
    least = max(_TELLING, _BESIDE * weighed[0][0]) if weighed else _TELLING
    found: dict[str, str] = {}
    for weight, one in weighed:
        if weight >= least and (one.field, one.name) in _reasons():
            found.setdefault(one.words or one.name, _sentence(one))
    if not found:
        return (_reasons()[min(_SHOWN, key=lambda field: chances[field]), ""],)
    return tuple(found.values())[:_MOST_REASONS]


def _sentence(one: Evidence) -> str:
    words = one.words.strip('“”" ')
    words = words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS].rsplit(" ", 1)[0] + "…"
    return _reasons()[one.field, one.name].format(words=words)
