"""``dondoc serve`` and ``dondoc user``."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import JsonOption, WhoOption, WorkspaceOption, person
from ingest.errors import FileAccessError, UsageError

if TYPE_CHECKING:
    from dondoc.web.accounts import Accounts

_YES_NO = {True: "có", False: "không"}
users = typer.Typer(no_args_is_help=True, help="Who may use the pages of `dondoc serve`.")


def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen. Default: dondoc.toml, else 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", "-p", min=0, max=65535, metavar="N", help="Default: dondoc.toml, else 8765.")
    ] = None,
    login: Annotated[bool, typer.Option("--login", help="Demand a login on this machine too.")] = False,
    certificate: Annotated[Path | None, typer.Option("--certificate", metavar="PEM", help="Serve HTTPS with this certificate.")] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="PEM", help="Its private key, when not in the same file.")] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the pages in the browser.")] = False,
) -> None:
    """Serve the office's pages: overview, inbox, documents, tasks, departments, SQL.

    On this machine alone (127.0.0.1, the default) nobody has to log in. To listen elsewhere there must be users with passwords, one of
    them an administrator: `dondoc user add NAME`. Passwords travel readable over plain HTTP, so give a certificate on any network you
    do not trust. While it runs, files dropped into inbox/ are taken in as by `dondoc watch`. Ctrl-C ends it.

    Examples: `dondoc serve --open` · `dondoc serve --host 0.0.0.0 --certificate dondoc.pem`
    """
    import uvicorn

    from dondoc.web.accounts import FILE_NAME, Accounts
    from dondoc.web.app import create_app
    from dondoc.web.guard import LOOPBACK

    place = workspaces.find(workspace)
    web = place.settings().web
    host, port = host or web.host, web.port if port is None else port
    elsewhere = host not in LOOPBACK
    if (elsewhere or login) and not any(user.active and user.role == "admin" for user in Accounts(place.root / FILE_NAME).users()):
        raise UsageError(
            "chưa có người quản trị nên không mở trang cho máy khác."
            if elsewhere
            else "chưa có người quản trị nên chưa thể bắt đăng nhập.",
            remedy="Hãy tạo bằng «dondoc user add TÊN --role admin».",
        )
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise FileAccessError("không có tệp này.", path=path)
    place.make_folders()
    with place.store():
        pass  # migrations and the gazetteer, before the first page is asked for
    app = create_app(place, host=host, person=person(), login=elsewhere or login)
    scheme = "https" if certificate else "http"
    address = f"{scheme}://{'127.0.0.1' if host == '0.0.0.0' else f'[{host}]' if ':' in host else host}:{port}/"  # noqa: S104
    screen.say(f"dondoc: {address}  (Ctrl-C để dừng)", stderr=True)
    if elsewhere and not certificate:
        screen.say(
            "Chú ý: mật khẩu đi qua mạng không được mã hóa; hãy dùng --certificate nếu mạng không tin cậy.", stderr=True, style="yellow"
        )
    if browser:
        Timer(1, webbrowser.open, (address,)).start()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=5,
    )


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to log in with, as it will stand in histories.")],
    role: Annotated[
        str, typer.Option("--role", "-r", metavar="ROLE", help="view (xem), update (cập nhật) or admin (quản trị).")
    ] = "update",
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
) -> None:
    """Add somebody who may log in. The password is asked for, or read from standard input when that is no terminal.

    Example: `dondoc user add "Nguyễn Thị Lan" --role admin`
    """
    from dondoc.web.accounts import ROLES

    place = workspaces.find(workspace)
    with place.store() as store:
        user = _accounts(place).add(name, _password(), role)
        store.note_event(who=who or person(), what="user", subject=f"user:{user.name}", field="user", new=ROLES[user.role])
    screen.say(f"Đã thêm người dùng {user.name}.")


@users.command("set")
def change_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to log in with, as it will stand in histories.")],
    role: Annotated[str | None, typer.Option("--role", "-r", metavar="ROLE", help="Another role.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Another password; asked for.")] = False,
    active: Annotated[bool | None, typer.Option("--enable/--disable", help="Whether they may log in.")] = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
) -> None:
    """Change somebody's role or password, or bar them. Their sessions end.

    Examples: `dondoc user set Lan --password` · `dondoc user set Lan --disable`
    """
    if role is None and active is None and not password:
        raise UsageError("chưa nói đổi gì.", remedy="Hãy dùng --role, --password, --enable hoặc --disable.")
    from dondoc.web.accounts import ROLES

    place = workspaces.find(workspace)
    with place.store() as store:
        accounts = _accounts(place)
        before = accounts.named(name)
        user = accounts.change(name, password=_password() if password else None, role=role, active=active)
        for field, changed, old, new in (
            ("role", user.role != before.role, ROLES[before.role], ROLES[user.role]),
            ("active", user.active != before.active, _YES_NO[before.active], _YES_NO[user.active]),
            ("password", password, None, None),
        ):
            if changed:
                store.note_event(who=who or person(), what="user", subject=f"user:{user.name}", field=field, old=old, new=new)
    screen.say(f"Đã đổi người dùng {user.name}.")


@users.command("list")
def list_users(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show who may log in.

    Example: `dondoc user list`
    """
    from dondoc.web.accounts import ROLES

    found = _accounts(workspaces.find(workspace)).users()
    if as_json:
        screen.write_json([{"name": user.name, "role": user.role, "active": user.active} for user in found])
        return
    for user in found:
        screen.say(f"{user.name}: {ROLES[user.role]}" + ("" if user.active else " (đã khóa)"))
    if not found:
        screen.say("Chưa có người dùng nào.")


def _accounts(place: workspaces.Workspace) -> Accounts:
    from dondoc.web.accounts import FILE_NAME, Accounts

    return Accounts(place.root / FILE_NAME)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu"))
