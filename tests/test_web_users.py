"""The pages of users and passwords: who may use them, what they change, what is kept of it."""

from __future__ import annotations

import re

import pytest
from pages import PASSWORD, Pages, accounts

from dondoc.web.accounts import Accounts
from dondoc.workspace import Workspace

NEW = "một mật khẩu khác"


@pytest.fixture
def users(workspace: Workspace) -> Accounts:
    return accounts(workspace, Lan="admin", Nga="update", Hoa="view")


def logged_in(workspace: Workspace, name: str, password: str = PASSWORD) -> Pages:
    pages = Pages(workspace, login=True)
    assert pages.log_in(name, password).status_code == 303
    return pages


def token(pages: Pages) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', pages.get("/mat-khau").text)
    assert found is not None
    return found[1]


def told(workspace: Workspace) -> list[str]:
    with workspace.store() as store:
        return [f"{act.who}: {act.subject}: {', '.join(act.told)}" for act in reversed(store.history())]


def roles(users: Accounts) -> dict[str, str]:
    return {user.name: user.role if user.active else "barred" for user in users.users()}


def test_an_administrator_adds_changes_and_bars(workspace: Workspace, users: Accounts) -> None:
    pages = logged_in(workspace, "Lan")
    csrf = token(pages)
    pages.submit("/nguoi-dung/them", csrf=csrf, name="Nguyễn Thị  Mai", role="update", password=NEW, again=NEW)
    pages.submit("/nguoi-dung/doi", csrf=csrf, name="Nga", act="role", role="view")
    pages.submit("/nguoi-dung/doi", csrf=csrf, name="Hoa", act="bar")
    pages.submit("/nguoi-dung/doi", csrf=csrf, name="Nga", act="password", password=NEW, again=NEW)
    assert roles(users) == {"Hoa": "barred", "Lan": "admin", "Nga": "view", "Nguyễn Thị Mai": "update"}
    logged_in(workspace, "Nga", NEW)
    logged_in(workspace, "Nguyễn Thị Mai", NEW)
    assert Pages(workspace, login=True).log_in("Hoa").status_code == 401
    sentences = told(workspace)
    assert sentences == [
        "Lan: user:Nguyễn Thị Mai: quản lý người dùng người dùng là «Cập nhật»",
        "Lan: user:Nga: quản lý người dùng quyền từ «Cập nhật» thành «Xem»",
        "Lan: user:Hoa: quản lý người dùng được đăng nhập từ «có» thành «không»",
        "Lan: user:Nga: quản lý người dùng mật khẩu",
    ]
    page = pages.get("/nguoi-dung").text
    assert NEW not in page
    assert "$argon2" not in page
    assert 'href="/nguoi-dung"' in page
    pages.submit("/nguoi-dung/doi", csrf=csrf, name="Hoa", act="allow")
    assert roles(users)["Hoa"] == "view"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("them", {"name": "Nga", "role": "view", "password": NEW, "again": NEW}, 400),
        ("them", {"name": "Mai", "role": "root", "password": NEW, "again": NEW}, 400),
        ("them", {"name": "Mai", "role": "view", "password": "ngắn", "again": "ngắn"}, 400),
        ("them", {"name": "Mai", "role": "view", "password": NEW, "again": f"{NEW}!"}, 400),
        ("them", {"name": " ", "role": "view", "password": NEW, "again": NEW}, 400),
        ("doi", {"name": "Lan", "act": "bar"}, 400),
        ("doi", {"name": "Lan", "act": "role", "role": "view"}, 400),
        ("doi", {"name": "Nga", "act": "x"}, 400),
        ("doi", {"name": "Mai", "act": "bar"}, 404),
    ],
)
def test_what_makes_no_sense_changes_nothing(workspace: Workspace, users: Accounts, path: str, form: dict[str, str], status: int) -> None:
    pages = logged_in(workspace, "Lan")
    assert pages.submit(f"/nguoi-dung/{path}", csrf=token(pages), **form).status_code == status
    assert roles(users) == {"Hoa": "view", "Lan": "admin", "Nga": "update"}
    assert told(workspace) == []


@pytest.mark.parametrize("name", ["Nga", "Hoa"])
def test_only_administrators_see_it(workspace: Workspace, users: Accounts, name: str) -> None:
    pages = logged_in(workspace, name)
    page = pages.get("/mat-khau")
    assert page.status_code == 200
    assert 'href="/nguoi-dung"' not in page.text
    assert pages.get("/nguoi-dung").status_code == 403
    for path in ("them", "doi"):
        sent = pages.submit(f"/nguoi-dung/{path}", csrf=token(pages), name="Lan", act="bar", role="admin", password=NEW, again=NEW)
        assert sent.status_code == 403
    assert roles(users)["Lan"] == "admin"


def test_a_foreign_form_changes_no_password(workspace: Workspace, users: Accounts) -> None:
    pages = logged_in(workspace, "Nga")
    assert pages.submit("/mat-khau", csrf="0" * 64, current=PASSWORD, password=NEW, again=NEW).status_code == 403
    logged_in(workspace, "Nga")


def test_ones_own_password(workspace: Workspace, users: Accounts) -> None:
    pages, elsewhere = logged_in(workspace, "Hoa"), logged_in(workspace, "Hoa")
    wrong = pages.submit("/mat-khau", csrf=token(pages), current="không phải", password=NEW, again=NEW)
    assert wrong.status_code == 400
    assert "không đúng" in wrong.text
    before = pages.cookies["dondoc"]
    changed = pages.submit("/mat-khau", csrf=token(pages), current=PASSWORD, password=NEW, again=NEW)
    assert "Đã đổi mật khẩu" in changed.text
    assert pages.cookies["dondoc"] != before
    assert pages.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    # The form on the page shown belongs to the new session.
    fresh = re.search(r'name="csrf" value="(\w+)"', changed.text)
    assert fresh is not None
    assert pages.submit("/mat-khau", csrf=fresh[1], current=NEW, password=PASSWORD, again=PASSWORD).status_code == 200
    assert told(workspace)[0] == "Hoa: user:Hoa: quản lý người dùng mật khẩu"


def test_guessing_a_password_here_is_limited_too(workspace: Workspace, users: Accounts) -> None:
    pages = logged_in(workspace, "Hoa")
    csrf = token(pages)
    codes = [pages.submit("/mat-khau", csrf=csrf, current=f"sai {n}", password=NEW, again=NEW).status_code for n in range(6)]
    assert codes == [400] * 5 + [429]


@pytest.mark.parametrize("path", ["/nguoi-dung", "/mat-khau"])
def test_without_login_there_are_no_such_pages(workspace: Workspace, path: str) -> None:
    pages = Pages(workspace)
    assert pages.get(path).status_code == 404
    assert path not in pages.get("/nhiem-vu").text
