"""What all pages share: the workspace, who works here without login, the users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from dondoc.web.accounts import Accounts, User
from dondoc.workspace import Workspace

if TYPE_CHECKING:
    from tracking import Store


@dataclass(frozen=True, slots=True)
class Office:
    """One workspace with pages. ``login``: everybody must log in; otherwise ``local_user`` may do everything."""

    workspace: Workspace
    accounts: Accounts
    login: bool
    local_user: User

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, opened for this request: a store belongs to one thread, and requests run in several. Takes a few ms."""
        with self.workspace.store() as store:
            yield store


def office_of(request: Request) -> Office:
    """The office whose page was asked for."""
    office = request.app.state.office
    assert isinstance(office, Office)
    return office
