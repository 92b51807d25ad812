"""Who may reach the pages, and what is refused at the door."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pages import ADDRESS, PASSWORD, Pages, accounts

from dondoc.web import accounts as accounts_module
from dondoc.web.accounts import FAILURES_OF_A_NAME, Accounts, TooManyFailures
from dondoc.workspace import Workspace
from ingest.errors import NotFound, UsageError


def test_on_loopback_nobody_logs_in(workspace: Workspace) -> None:
    page = Pages(workspace).get("/sql")
    assert page.status_code == 200
    assert "Lan · Quản trị" in page.text


@pytest.mark.parametrize("address", ["http://dondoc.example", "http://127.0.0.1.evil.example:8765", "http://10.0.0.1:8765"])
def test_on_loopback_other_names_are_refused(workspace: Workspace, address: str) -> None:
    assert Pages(workspace, address=address).get("/sql").status_code == 400


def test_what_is_said_under_a_foreign_name_holds_nothing_of_ours(workspace: Workspace) -> None:
    # The web site whose name points here could read it: for the browser it is that site's own page.
    page = Pages(workspace, address="http://evil.example:8765").get("/")
    assert page.status_code == 400
    assert "http://127.0.0.1:" in page.text
    assert workspace.root.name not in page.text
    assert "csrf" not in page.text.lower()
    assert "set-cookie" not in page.headers
    assert page.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["http://localhost:8765", "http://[::1]:8765", "http://127.0.0.1"])
def test_all_names_of_this_machine_are_its_own(workspace: Workspace, address: str) -> None:
    assert Pages(workspace, address=address).get("/nhap-lai").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"Site": "cross-site", "Mode": "navigate", "Dest": "document"}, 200, id="a link in a webmail"),
        pytest.param({"Site": "same-origin", "Mode": "cors", "Dest": "empty"}, 200, id="our own script"),
        pytest.param({"Site": "none", "Mode": "navigate", "Dest": "document"}, 200, id="typed"),
        pytest.param({"Site": "cross-site", "Mode": "no-cors", "Dest": "image"}, 403, id="picture in another site"),
        pytest.param({"Site": "same-site", "Mode": "no-cors", "Dest": "script"}, 403, id="script in a program on another port"),
        pytest.param({"Site": "cross-site", "Mode": "navigate", "Dest": "iframe"}, 403, id="frame of another site"),
    ],
)
def test_other_sites_may_link_here_and_nothing_more(workspace: Workspace, sent: dict[str, str], status: int) -> None:
    answer = Pages(workspace).get("/sql/dondoc.json?sql=select+1", headers={f"Sec-Fetch-{name}": value for name, value in sent.items()})
    assert answer.status_code == status
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sql", "/sql/", "/sql/dondoc.json?sql=select+1", "/sql/dondoc/qua-han.csv"])
def test_elsewhere_pages_ask_for_a_login_and_come_back(workspace: Workspace, path: str) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    sent = pages.get(path)
    assert sent.status_code == 303
    assert "sqlite" not in sent.text
    back = pages.post(sent.headers["location"], data={"csrf": pages.csrf, "name": "lan", "password": PASSWORD})
    assert back.headers["location"] == path
    assert pages.get(path).status_code == 200


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil"],
)
def test_a_login_leads_nowhere_else(workspace: Workspace, target: str) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    sent = pages.post("/dang-nhap", params={"ve": target}, data={"csrf": pages.csrf, "name": "Lan", "password": PASSWORD})
    assert (sent.status_code, sent.headers["location"]) == (303, "/")


def test_a_part_of_a_page_leads_back_to_the_whole_page(workspace: Workspace) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    asked = {"HX-Request": "true", "HX-Current-URL": f"{ADDRESS}/van-ban?tu=x"}
    part = pages.get("/hop-thu/tinh-hinh", headers=asked)
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/dang-nhap?ve=%2Fvan-ban%3Ftu%3Dx")
    form = pages.submit("/nhiem-vu/7/trang-thai", status="done", headers={"Referer": f"{ADDRESS}/nhiem-vu/7"})
    assert form.headers["location"] == "/dang-nhap?ve=%2Fnhiem-vu%2F7"
    planted = pages.get("/hop-thu/tinh-hinh", headers={"HX-Request": "true", "HX-Current-URL": "http://x//evil.example/"})
    assert planted.headers["hx-redirect"] == "/dang-nhap?ve=%2F"


def test_a_session_set_by_somebody_else_is_worth_nothing(workspace: Workspace) -> None:
    accounts(workspace, Lan="admin")
    planted = "A" * 43
    victim = Pages(workspace, login=True)
    victim.cookies.set("dondoc", planted, domain="127.0.0.1")
    assert victim.log_in("Lan").status_code == 303
    attacker = Pages(workspace, login=True)
    attacker.cookies.set("dondoc", planted, domain="127.0.0.1")
    assert attacker.get("/sql").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(workspace: Workspace) -> None:
    header = Pages(workspace).get("/sql").headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Secure" not in header
    assert "Secure" in Pages(workspace, address="https://127.0.0.1:8765").get("/sql").headers["set-cookie"]


def test_logging_out_ends_the_session_for_good(workspace: Workspace) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    pages.log_in("Lan")
    cookie = pages.cookies["dondoc"]
    token = re.search(r'name="csrf" value="(\w+)"', pages.get("/sql").text)
    assert token is not None
    assert pages.submit("/dang-xuat", csrf=token[1]).status_code == 303
    pages.cookies.set("dondoc", cookie, domain="127.0.0.1")
    assert pages.get("/sql").status_code == 303


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        pytest.param({}, "", id="no token"),
        pytest.param({}, "0" * 64, id="wrong token"),
        pytest.param({"Origin": "https://evil.example"}, None, id="another origin"),
        pytest.param({"Origin": "null"}, None, id="no origin at all"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, None, id="cross-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, None, id="same site, other host"),
    ],
)
def test_forms_from_elsewhere_change_nothing(workspace: Workspace, headers: dict[str, str], token: str | None) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    form = {"csrf": pages.csrf if token is None else token, "name": "Lan", "password": PASSWORD}
    assert pages.post("/dang-nhap", data=form, headers=headers).status_code == 403
    assert pages.get("/sql").status_code == 303
    assert pages.post("/dang-nhap", data=form | {"csrf": pages.csrf}, headers={"Origin": ADDRESS}).status_code == 303


def test_the_token_of_one_session_is_not_that_of_another(workspace: Workspace) -> None:
    assert Pages(workspace).csrf != Pages(workspace).csrf


def test_wrong_name_and_wrong_password_look_alike(workspace: Workspace) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    lan, nga = (re.sub(r'value="[^"]*"|Token": "\w+"', "", pages.log_in(name, "sai").text) for name in ("Lan", "Nga"))
    assert lan == nga
    assert "tên hoặc mật khẩu không đúng" in lan.lower()


def test_guessing_is_stopped_for_a_while(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts(workspace, Lan="view", Nga="view")
    pages = Pages(workspace, login=True)
    answers = [pages.log_in("Lan", f"sai {number}").status_code for number in range(FAILURES_OF_A_NAME + 1)]
    assert answers == [401] * FAILURES_OF_A_NAME + [429]
    assert pages.log_in("Lan").status_code == 429  # even with the right password
    assert pages.log_in("Nga").status_code == 303
    now = time.time
    monkeypatch.setattr(accounts_module.time, "time", lambda: now() + accounts_module.FAILURE_WINDOW + 1)
    assert Pages(workspace, login=True).log_in("Lan").status_code == 303


def test_guessing_many_names_from_one_address_is_stopped_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Accounts, "_matches", lambda *_: False)
    made = Accounts(tmp_path / "users.db")
    for number in range(accounts_module.FAILURES_OF_AN_ADDRESS):
        with pytest.raises(UsageError, match="không đúng"):
            made.log_in(f"tên {number}", "sai", "10.0.0.9")
    with pytest.raises(TooManyFailures):
        made.log_in("tên khác", "sai", "10.0.0.9")


def test_a_session_ends_when_nobody_uses_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = accounts(workspace, Lan="view")
    _, token = made.log_in("Lan", PASSWORD, "")
    assert made.session(token) is not None
    now = time.time
    monkeypatch.setattr(accounts_module.time, "time", lambda: now() + 13 * 3600)
    assert made.session(token) is None


def test_a_page_left_open_keeps_no_session_alive(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    pages.log_in("Lan")
    now, past = time.time, [0]
    monkeypatch.setattr(accounts_module.time, "time", lambda: now() + past[-1] * 3600)
    for hours in (5, 11):
        past.append(hours)
        assert pages.get("/hop-thu/tinh-hinh").status_code == 200
    past.append(13)
    assert pages.get("/").status_code == 303


def test_few_passwords_are_looked_at_at_a_time(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = accounts(workspace, Lan="view")
    most, now, lock = 0, 0, threading.Lock()

    def verify(*_: object) -> bool:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return True

    monkeypatch.setattr(accounts_module.PasswordHasher, "verify", verify)
    with ThreadPoolExecutor(12) as pool:
        for _ in range(12):
            pool.submit(made._matches, "", "x")
    assert most <= accounts_module.AT_ONCE


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_the_form_open_to_everybody_takes_no_heap(workspace: Workspace, kind: str, told: bool) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    parts = ["a=b&" * 300_000] * 5
    if "multipart" in kind:
        parts = ['--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n', *["y" * 1_000_000] * 5, "\r\n--x--\r\n"]
    body = "".join(parts).encode()
    answer = pages.post("/dang-nhap", content=body if told else iter([body[:3_000_000], body[3_000_000:]]), headers={"Content-Type": kind})
    assert answer.status_code in (400, 413)
    file = pages.post("/dang-nhap", files={"f": ("x.pdf", b"x" * 2_000_000)}, data={"csrf": pages.csrf})
    assert file.status_code == 400


def test_a_list_of_a_thousand_rows_can_be_sent(workspace: Workspace) -> None:
    pages = Pages(workspace)
    seen = {f"seen-{number}": "1" for number in range(1500)}
    assert pages.submit("/nhiem-vu/999/trang-thai", status="done", **seen).status_code == 404


@pytest.mark.parametrize("change", [{"password": "một mật khẩu khác"}, {"role": "view"}, {"active": False}], ids=str)
def test_a_changed_user_has_to_log_in_again(workspace: Workspace, change: dict[str, str]) -> None:
    made = accounts(workspace, Lan="update", Nga="admin")
    _, token = made.log_in("Lan", PASSWORD, "")
    made.change("LAN", **change)  # type: ignore[arg-type]
    assert made.session(token) is None


def test_the_last_administrator_stays(workspace: Workspace) -> None:
    made = accounts(workspace, Lan="admin", Nga="view")
    for change in ({"role": "view"}, {"active": False}):
        with pytest.raises(UsageError, match="quản trị"):
            made.change("Lan", **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "password", "role", "told"),
    [
        ("lan", PASSWORD, "view", "đã có"),
        ("", PASSWORD, "view", "tên"),
        ("a\x00b", PASSWORD, "view", "tên"),
        ("Nga", "ngắn", "view", "10 ký tự"),
        ("Nga", PASSWORD, "root", "quyền"),
    ],
)
def test_what_cannot_be_a_user(workspace: Workspace, name: str, password: str, role: str, told: str) -> None:
    made = accounts(workspace, Lan="admin")
    with pytest.raises(UsageError, match=told):
        made.add(name, password, role)
    assert [user.name for user in made.users()] == ["Lan"]


def test_nobody_of_that_name(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        accounts(workspace, Lan="admin").change("Nga", role="view")


def test_hashes_are_argon2_and_nobody_else_can_read_the_file(workspace: Workspace) -> None:
    made = accounts(workspace, Lan="admin")
    content = made.path.read_bytes()
    assert b"$argon2id$" in content
    assert PASSWORD.encode() not in content
    assert made.path.stat().st_mode & 0o077 == 0


def test_pages_name_no_other_host_and_allow_no_inline_script(workspace: Workspace) -> None:
    page = Pages(workspace).get("/sql")
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_what_breaks_says_so_and_leads_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "store", lambda _: 1 / 0)
    pages = Pages(workspace)
    whole = pages.get("/nhiem-vu")
    assert whole.status_code == 500
    assert "Hãy mở lại trang" in whole.text
    assert "ZeroDivisionError" not in whole.text
    assert "default-src 'self'" in whole.headers["content-security-policy"]
    part = pages.get("/hop-thu/tinh-hinh", headers={"HX-Request": "true"})
    assert (part.headers["hx-retarget"], part.headers["hx-reselect"]) == ("#message", "p.notice")


def test_a_refused_form_leads_back_to_its_page(workspace: Workspace) -> None:
    pages = Pages(workspace)
    sent = pages.submit("/nhiem-vu/9/trang-thai", status="done", headers={"Referer": f"{ADDRESS}/nhiem-vu/9?x=1"})
    assert sent.status_code == 404
    assert 'href="/nhiem-vu/9?x=1"' in sent.text
    assert "Quay lại" in sent.text


HUGE = "9" * 25


@pytest.mark.parametrize(
    "path", [f"/van-ban/{HUGE}", f"/nhiem-vu/{HUGE}", f"/van-ban/1/trang/{HUGE}.webp", f"/van-ban/{HUGE}/tep", f"/van-ban/{HUGE}/co-quan"]
)
def test_numbers_past_all_counting_are_not_found(workspace: Workspace, path: str) -> None:
    assert Pages(workspace).get(path).status_code == 404


def test_scripts_are_asked_after_again_once_they_are_upgraded(workspace: Workspace) -> None:
    answer = Pages(workspace).get("/static/document.js")
    assert (answer.headers["cache-control"], bool(answer.headers["etag"])) == ("no-cache", True)
