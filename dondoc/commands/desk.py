"""What all commands share by which a person acts: the workspace, a name, a note, JSON instead of words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

from dondoc import workspace as workspaces
from dondoc.commands import telling
from dondoc.commands.options import JsonOption, NoteOption, WhoOption, WorkspaceOption, person

if TYPE_CHECKING:
    from tracking import Store, TaskRow


@dataclass(frozen=True, slots=True)
class Desk:
    """The open workspace, who acts and what they remark, and how they are told what became of it."""

    store: Store
    who: str
    note: str | None
    as_json: bool

    def tell(self, row: TaskRow) -> None:
        """One task after the change."""
        telling.tell(row, as_json=self.as_json)

    def tell_all(self, rows: Sequence[TaskRow]) -> None:
        """Several tasks after the change."""
        telling.tell_all(rows, as_json=self.as_json)


def acting(command: Callable[..., None]) -> Callable[..., None]:
    """A command of Typer: the options ``--workspace``, ``--who``, ``--note`` and ``--json`` become its first argument, a :class:`Desk`."""

    @wraps(command)
    def run(workspace: Any, who: str | None, note: str | None, as_json: bool, **given: Any) -> None:
        with workspaces.find(workspace).store() as store:
            command(Desk(store, who or person(), note, as_json), **given)

    hints = get_type_hints(command, include_extras=True)
    own = [each.replace(annotation=hints[name]) for name, each in list(inspect.signature(command).parameters.items())[1:]]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, option, default in (
            ("workspace", WorkspaceOption, None),
            ("who", WhoOption, None),
            ("note", NoteOption, None),
            ("as_json", JsonOption, False),
        )
    ]
    parameters = [*(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run
