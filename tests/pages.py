"""A client for the pages of a workspace: follows no redirects, knows the session's form token."""

from __future__ import annotations

import re
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from dondoc.web.accounts import FILE_NAME, Accounts
from dondoc.web.app import create_app
from dondoc.workspace import Workspace

ADDRESS = "http://127.0.0.1:8765"
PASSWORD = "mật khẩu đủ dài"


class Pages(TestClient):
    """The pages as a browser on this machine sees them; ``post`` sends the form token along unless the caller gives ``csrf``."""

    def __init__(self, workspace: Workspace, *, login: bool = False, address: str = ADDRESS) -> None:
        self.workspace = workspace
        super().__init__(
            create_app(workspace, person="Lan", login=login), base_url=address, follow_redirects=False, raise_server_exceptions=False
        )

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="(\w+)"|"X-CSRF-Token": "(\w+)"', self.get("/dang-nhap", follow_redirects=True).text)
        assert found is not None
        return found[1] or found[2]

    def submit(self, path: str, *, csrf: str | None = None, headers: dict[str, str] | None = None, **form: Any) -> Response:
        """Post a form with the token."""
        return self.post(path, data={"csrf": self.csrf if csrf is None else csrf, **form}, headers=headers)

    def log_in(self, name: str, password: str = PASSWORD, **more: Any) -> Response:
        """Log in."""
        return self.submit("/dang-nhap", name=name, password=password, **more)


def accounts(workspace: Workspace, **roles: str) -> Accounts:
    """Users with these roles, all with the one password."""
    made = Accounts(workspace.root / FILE_NAME)
    for name, role in roles.items():
        made.add(name, PASSWORD, role)
    return made
