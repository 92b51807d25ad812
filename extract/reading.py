"""The two ways in: a whole document, or one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract import gazetteer
from extract.agencies import read_roles
from extract.alternatives import with_alternatives
from extract.confidence import with_confidence
from extract.deadlines import find_deadlines
from extract.directive import Deadline, Directive, Reference, Task
from extract.header import NUMBER_LABEL, read_header
from extract.paragraphs import FOOTNOTE, PlacedLine, paragraphs
from extract.references import find_references, linked_references, resolve
from extract.settling import settled
from extract.tasks import read_tasks
from extract.zones import Part, split_parts
from ingest.document import Document

if TYPE_CHECKING:
    from spacy.language import Language


# Types of paper that nearly always give somebody a task; a person should look at one from which none was read.
_ORDERING = frozenset({"Chỉ thị", "Công điện", "Công văn", "Kế hoạch", "Chương trình", "Thông báo"})
_NO_TASKS = "Không đọc được nhiệm vụ nào trong văn bản: nên xem lại bản gốc."


@dataclass(frozen=True, slots=True)
class Explanation:
    """What extraction sees in one sentence; ``agencies`` pairs each name with its role (lead, coordinating or receiver)."""

    agencies: tuple[tuple[str, str], ...]
    deadlines: tuple[Deadline, ...]
    references: tuple[Reference, ...]

    def as_json(self) -> dict[str, Any]:
        """The object that ``dondoc explain`` prints."""
        return {
            "agencies": [{"name": name, "role": role} for name, role in self.agencies],
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "references": [reference.as_json() for reference in self.references],
        }


def extract(document: Document, extra: Path | None = None, *, settle: bool = True) -> Directive:
    """Read a document that ``ingest`` gave (and ``diacritics`` restored). What is not found stays empty.

    Words in doubt are settled by the gazetteer first; who also shows the document's text calls :func:`settled` before, so that both agree,
    and says so (``settle`` False), which saves a tenth of the time.
    ``extra``: the office's own agencies (see :func:`extract.gazetteer_files.own_agencies`), read again when the file has changed.

    :raises UsageError: the office's file cannot be used; nothing else is raised.
    """
    gazetteer.refresh(extra)
    best = settled(document, extra) if settle else document
    parts = split_parts([PlacedLine(page, line) for page, line in best.lines()])
    if not parts:
        return Directive(read_header((Part((), (), ()),)))
    header = read_header(parts)
    tasks = read_tasks(parts, dated=header.about, addressees=header.addressees, kind=header.type, issuer=header.issuer, extra=extra)
    references = _references(parts, own=header.number)
    warnings = document.warnings if tasks or header.type not in _ORDERING else (*document.warnings, _NO_TASKS)
    directive = Directive(header, references, tuple(_linked(task, references) for task in tasks), warnings)
    return with_alternatives(with_confidence(directive, best, parts, extra), best, extra)


def _linked(task: Task, known: Sequence[Reference]) -> Task:
    """The task with its short and indirect citations ("Kế hoạch số 262", "Quyết định nêu trên") as the documents they mean."""
    whole = [number for number in task.references if not number.isdigit()]
    linked = [reference.number for reference in linked_references(task.text, known) if reference.number]
    return replace(task, references=tuple(dict.fromkeys([*whole, *linked])))


def explain(text: str, dated: date | None = None, extra: Path | None = None) -> Explanation:
    """What one sentence says; ``dated`` is the date of the document it stands in, for terms without a year.

    ``extra``: the office's own agencies, as for :func:`extract`.

    :raises UsageError: the office's own file of agencies cannot be used.
    """
    gazetteer.refresh(extra)
    roles = read_roles(text, extra)
    named = (
        [(name, "lead") for name in roles.lead]
        + [(name, "coordinating") for name in roles.coordinating]
        + [(name, "receiver") for name in roles.receivers]
    )
    return Explanation(tuple(named), find_deadlines(text, dated), find_references(text))


def load(extra: Path | None = None, *, tasks: bool = False) -> Language:
    """The spaCy pipeline: own tokenizer, and agencies, deadlines and references as span groups of those names.

    See :mod:`extract.pipeline`; ``extra`` as for :func:`extract`; ``tasks`` for texts that are whole directives.
    """
    from extract.pipeline import load as load_pipeline  # noqa: PLC0415 - spaCy takes most of a second to import

    return load_pipeline(extra, tasks=tasks)


def _references(parts: tuple[Part, ...], own: str | None) -> tuple[Reference, ...]:
    """Every document cited anywhere, in order of first mention, without the paper itself ("Kèm theo Kế hoạch số …")."""
    found: list[Reference] = []
    for part in parts:
        # Of a main document's tail only the footnotes cite; nơi nhận does not.
        notes = next(
            (at for at, placed in enumerate(part.tail) if placed.line.part == "footnote" or FOOTNOTE.match(placed.text)), len(part.tail)
        )
        header = [placed for placed in part.header if part.annex or not NUMBER_LABEL.match(placed.text)]
        for run in (header, part.body, part.tail[notes:]):
            for paragraph in paragraphs(run, footnotes=True):
                found += find_references(paragraph.text)
    return tuple(reference for reference in resolve(found) if reference.number and reference.number != own)
