"""*Người dùng*: who may use the pages, for administrators; and everybody's own password."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dondoc.web.accounts import ROLES, SHORTEST_PASSWORD, TooManyFailures, User
from dondoc.web.guard import client_address, page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from ingest.errors import NotFound, UsageError

_YES_NO = {True: "có", False: "không"}


def users(request: Request) -> Response:
    """Everybody who may log in, or no longer may."""
    _demand_login(request)
    return _show(request)


def add(request: Request) -> Response:
    """Somebody new."""
    _demand_login(request)
    name, role = _text(request, "name"), _text(request, "role")
    password = _new_password(request)
    made = office_of(request).accounts.add(name, password, role)
    _note(request, made, "user", None, ROLES[made.role])
    return RedirectResponse("/nguoi-dung", status_code=303)


def change(request: Request) -> Response:
    """Another role or password, or whether somebody may log in. What was changed is said in the events, passwords not."""
    _demand_login(request)
    office, name, act = office_of(request), _text(request, "name"), _text(request, "act")
    before = next((user for user in office.accounts.users() if user.name == name), None)
    if before is None:
        raise NotFound(f"không có người dùng «{name}».")
    if act == "password":
        office.accounts.change(name, password=_new_password(request))
        _note(request, before, "password", None, None)
    elif act in ("bar", "allow"):
        office.accounts.change(name, active=act == "allow")
        _note(request, before, "active", _YES_NO[before.active], _YES_NO[act == "allow"])
    elif act == "role" and (role := _text(request, "role")) != before.role:
        after = office.accounts.change(name, role=role)
        _note(request, before, "role", ROLES[before.role], ROLES[after.role])
    elif act != "role":
        raise UsageError("không rõ phải đổi gì.")
    return RedirectResponse("/nguoi-dung", status_code=303)


def password(request: Request) -> Response:
    """The form for one's own password, and what it sends. All sessions of the user end but this one, which gets a new token."""
    _demand_login(request)
    if request.method == "GET":
        return render(request, "password.html", text="", done=False, shortest=SHORTEST_PASSWORD)
    user, accounts, address = request.state.user, office_of(request).accounts, client_address(request)
    try:
        # As a login, so that the limit on failed logins holds for guesses made here too.
        accounts.log_in(user.name, _secret(request, "current"), address)
    except TooManyFailures:
        raise
    except UsageError:
        text = "Mật khẩu hiện nay không đúng."
        return render(request, "password.html", 400, text=text, done=False, shortest=SHORTEST_PASSWORD)
    wanted = _new_password(request)
    accounts.change(user.name, password=wanted)
    _, request.state.new_token = accounts.log_in(user.name, wanted, address)
    request.state.token = request.state.new_token
    _note(request, user, "password", None, None)
    return render(request, "password.html", text="", done=True, shortest=SHORTEST_PASSWORD)


def _show(request: Request) -> Response:
    return render(request, "users.html", users=office_of(request).accounts.users(), shortest=SHORTEST_PASSWORD)


def _demand_login(request: Request) -> None:
    if not office_of(request).login:
        raise NotFound("trang này chỉ có khi bật đăng nhập.", remedy="Hãy chạy «dondoc serve --login».")


def _new_password(request: Request) -> str:
    given = _secret(request, "password")
    if given != _secret(request, "again"):
        raise UsageError("hai lần nhập mật khẩu mới không giống nhau.")
    return given


def _secret(request: Request, name: str) -> str:
    return str(request.state.form.get(name, ""))


def _text(request: Request, name: str) -> str:
    return " ".join(str(request.state.form.get(name, "")).split())


def _note(request: Request, user: User, field: str, old: str | None, new: str | None) -> None:
    with office_of(request).store() as store:
        store.note_event(who=request.state.user.name, what="user", subject=f"user:{user.name}", field=field, old=old, new=new)


routes = [
    page("/nguoi-dung", users, role="admin"),
    page("/nguoi-dung/them", add, "POST", role="admin"),
    page("/nguoi-dung/doi", change, "POST", role="admin"),
    page("/mat-khau", password, "GET", "POST"),
]
