"""What filled-in workbooks would change, as values: changes, conflicts, problems. :mod:`tracking.importing` makes such plans."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tracking.register import COLUMNS
from tracking.standing import SHARED, Standing, shown

LABELS = {column.field: column.title for column in COLUMNS if column.field}
"""Field → what a clerk calls it, the heading of its column."""

PAIR = ("status", "completed_on")
"""Fields that only make sense together."""

Key = tuple[int, str | None]
"""Task, and the department whose share of it is meant (None: the task itself)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that gets another value: of a task, or (``agency``) of that department's share of it.

    ``old`` and ``new`` are canonical values (:mod:`tracking.standing`). ``cell``: "Nhiệm vụ!K12". ``remark``: what else follows from it.
    """

    task_id: int
    agency: str | None
    field: str
    old: str | None
    new: str | None
    cell: str
    remark: str = ""

    @property
    def key(self) -> Key:
        """Task and department."""
        return self.task_id, self.agency

    @property
    def own(self) -> bool:
        """Whether it concerns the department's share only, not the task itself."""
        return self.agency is not None and self.field in SHARED

    def as_json(self) -> dict[str, Any]:
        """All fields, with Vietnamese words for the field and the values."""
        return {
            "task": self.task_id,
            "agency": self.agency if self.own else None,
            "field": self.field,
            "label": LABELS[self.field],
            "from": self.old,
            "to": self.new,
            "from_text": shown(self.field, self.old),
            "to_text": shown(self.field, self.new),
            "cell": self.cell,
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Others changed the same field meanwhile: ``change.old`` went out, ``change.new`` is in the file, ``now`` is in the database.

    ``who`` and ``at`` of the newest such change; None when taking the document in again changed it.
    """

    change: Change
    now: str | None
    who: str | None = None
    at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The change with ``now``, ``who`` and ``at``."""
        more = {"now": self.now, "now_text": shown(self.change.field, self.now), "who": self.who, "at": self.at}
        return self.change.as_json() | more


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that cannot be taken, in words for a clerk; ``cell`` is where."""

    cell: str
    message: str
    task_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return {"cell": self.cell, "task": self.task_id, "message": self.message}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a workbook would change. ``rows``: how many tasks it has; ``seen``: how these stand in the database now."""

    source: str
    exported_at: str
    rows: int
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    seen: Mapping[Key, Standing] = field(default_factory=dict)

    def taking(self, conflicts: Collection[Conflict]) -> ImportPlan:
        """The plan in which these conflicts are decided for the file."""
        taken = [replace(conflict.change, old=conflict.now) for conflict in self.conflicts if conflict in conflicts]
        left = tuple(conflict for conflict in self.conflicts if conflict not in conflicts)
        return replace(self, changes=(*self.changes, *taken), conflicts=left)

    def kept(self) -> str:
        """All of it as a text, for :meth:`of_kept`."""
        return json.dumps(asdict(self) | {"seen": [asdict(standing) for standing in self.seen.values()]}, ensure_ascii=False)

    @classmethod
    def of_kept(cls, text: str) -> ImportPlan:
        """The plan that :meth:`kept` wrote down."""
        told = json.loads(text)
        told["changes"] = tuple(Change(**one) for one in told["changes"])
        told["conflicts"] = tuple(Conflict(**one | {"change": Change(**one["change"])}) for one in told["conflicts"])
        told["problems"] = tuple(Problem(**one) for one in told["problems"])
        seen = [Standing(**one) for one in told.pop("seen")]
        return cls(**told, seen={(one.task_id, one.agency): one for one in seen})

    def as_json(self) -> dict[str, Any]:
        """Everything but ``seen``."""
        return {
            "source": self.source,
            "exported_at": self.exported_at,
            "rows": self.rows,
            "changes": [change.as_json() for change in self.changes],
            "conflicts": [conflict.as_json() for conflict in self.conflicts],
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written under which action (0: nothing was), what was left out because somebody was quicker, and what a task refused."""

    action: int
    written: tuple[Change, ...]
    too_late: tuple[Conflict, ...] = ()
    refused: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return {
            "action": self.action,
            "written": [change.as_json() for change in self.written],
            "too_late": [conflict.as_json() for conflict in self.too_late],
            "refused": [problem.as_json() for problem in self.refused],
        }


def combined(plans: Sequence[ImportPlan]) -> ImportPlan:
    """Several workbooks as one plan; where two of them want different things of one field the second is told as a problem."""
    changes: dict[tuple[int, str | None, str], Change] = {}
    problems: list[Problem] = []
    for one in plans:
        name = Path(one.source).name
        problems += [replace(problem, cell=f"{name}: {problem.cell}") for problem in one.problems]
        for change in one.changes:
            first = changes.setdefault((*change.key, change.field), replace(change, cell=f"{name}: {change.cell}"))
            if first.new != change.new:
                message = f"{LABELS[change.field]} khác với ô {first.cell}; ô này không được ghi."
                problems.append(Problem(f"{name}: {change.cell}", message, change.task_id))
    conflicts = [
        replace(conflict, change=replace(conflict.change, cell=f"{Path(one.source).name}: {conflict.change.cell}"))
        for one in plans
        for conflict in one.conflicts
    ]
    seen = {key: standing for one in plans for key, standing in one.seen.items()}
    source, at = "; ".join(one.source for one in plans), min((one.exported_at for one in plans), default="")
    return ImportPlan(source, at, sum(one.rows for one in plans), tuple(changes.values()), tuple(conflicts), tuple(problems), seen)
