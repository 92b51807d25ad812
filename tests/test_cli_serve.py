"""``dondoc serve`` and ``dondoc user`` from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pages import PASSWORD, Pages, accounts
from typer.testing import Result

from dondoc.commands.options import person
from dondoc.workspace import Workspace

Command = Callable[..., Result]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been served."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **settings: found.append({"office": app.state.office, **settings}))
    return found


def test_on_this_machine_it_starts_without_users(workspace: Workspace, dondoc: Command, served: list[dict[str, Any]]) -> None:
    result = dondoc("serve", "-w", workspace.root, "--port", "8799")
    assert result.exit_code == 0, result.stderr
    assert "http://127.0.0.1:8799/" in result.stderr
    assert (served[0]["host"], served[0]["port"], served[0]["office"].login) == ("127.0.0.1", 8799, False)


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "::"), ("--host", "10.1.2.3"), ("--login",)], ids=str)
@pytest.mark.parametrize("users", [{}, {"Lan": "update"}], ids=["nobody", "no administrator"])
def test_elsewhere_it_refuses_to_start_without_an_administrator(
    workspace: Workspace, dondoc: Command, served: list[dict[str, Any]], options: tuple[str, ...], users: dict[str, str]
) -> None:
    accounts(workspace, **users)
    result = dondoc("serve", "-w", workspace.root, *options)
    assert result.exit_code == 2
    assert "dondoc user add" in result.stderr
    assert served == []


def test_elsewhere_everybody_logs_in(workspace: Workspace, dondoc: Command, served: list[dict[str, Any]]) -> None:
    accounts(workspace, Lan="admin")
    result = dondoc("serve", "-w", workspace.root, "--host", "0.0.0.0")
    assert "không được mã hóa" in result.stderr
    assert served[0]["office"].login


def test_the_settings_say_where(workspace: Workspace, dondoc: Command, served: list[dict[str, Any]]) -> None:
    with workspace.settings_path.open("a", encoding="utf-8") as settings:
        settings.write('[web]\nhost = "localhost"\nport = 9001\n')
    dondoc("serve", "-w", workspace.root)
    assert (served[0]["host"], served[0]["port"]) == ("localhost", 9001)


def test_a_certificate_that_is_not_there(workspace: Workspace, dondoc: Command, served: list[dict[str, Any]]) -> None:
    result = dondoc("serve", "-w", workspace.root, "--certificate", workspace.root / "none.pem")
    assert result.exit_code == 5
    assert served == []


def test_users_from_the_command_line(workspace: Workspace, dondoc: Command) -> None:
    assert dondoc("user", "add", "Nguyễn Thị Lan", "--role", "admin", "-w", workspace.root, stdin=f"{PASSWORD}\n").exit_code == 0
    assert dondoc("user", "add", "Nga", "-w", workspace.root, stdin="ngắn\n").exit_code == 2
    assert dondoc("user", "add", "Nga", "-w", workspace.root, stdin=f"{PASSWORD}\n").exit_code == 0
    assert dondoc("user", "set", "nga", "--disable", "-w", workspace.root).exit_code == 0
    listed = json.loads(dondoc("user", "list", "--json", "-w", workspace.root).stdout)
    assert listed == [{"name": "Nga", "role": "update", "active": False}, {"name": "Nguyễn Thị Lan", "role": "admin", "active": True}]
    pages = Pages(workspace, login=True)
    assert pages.log_in("Nga").status_code == 401
    assert pages.log_in("nguyễn thị lan").status_code == 303
    assert dondoc("user", "set", "Nga", "--password", "--who", "Lan", "-w", workspace.root, stdin=f"{PASSWORD}x\n").exit_code == 0
    with workspace.store() as store:
        told = [(act.who, act.subject, act.told) for act in store.history()]
    assert sorted(told[:2]) == [
        ("Lan", "user:Nga", ("quản lý người dùng mật khẩu",)),
        (person(), "user:Nga", ("quản lý người dùng được đăng nhập từ «có» thành «không»",)),
    ]
    assert {subject for _, subject, _ in told[2:]} == {"user:Nga", "user:Nguyễn Thị Lan"}
    assert dondoc("user", "set", "Nga", "-w", workspace.root).exit_code == 2
    assert dondoc("user", "set", "Hoa", "--enable", "-w", workspace.root).exit_code == 15


def test_the_first_page_is_light(workspace: Workspace) -> None:
    """At most 300 kB without pictures, everything that it loads included."""
    pages = Pages(workspace)
    page = pages.get("/")
    parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(parts) >= 4
    assert len(page.content) + sum(len(pages.get(part).content) for part in parts) <= 300_000
