"""Hộp thư: what may come in, under which name, and what the page says of it."""

from __future__ import annotations

import asyncio
import functools
import multiprocessing
import os
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import fake_stages
import pytest
from pages import Pages, accounts
from starlette.requests import ClientDisconnect, Request

from dondoc import quarantine
from dondoc.inbox import scan
from dondoc.intake import Taken
from dondoc.pool import Pool
from dondoc.web import intake_thread
from dondoc.web.background import Background
from dondoc.web.intake_thread import IntakeThread
from dondoc.web.uploads import receive, safe_name, sweep
from dondoc.workspace import Workspace
from ingest.errors import NotFound, UsageError

JSON = {"accept": "application/json"}


def in_inbox(workspace: Workspace) -> dict[str, bytes]:
    return {path.relative_to(workspace.inbox).as_posix(): path.read_bytes() for path in scan(workspace.inbox)}


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Công văn 1520.pdf", "Công văn 1520.pdf"),
        ("../../dondoc.db", "dondoc.db"),
        ("C:\\Users\\Lan\\a.pdf", "a.pdf"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("~$cv.docx", "cv.docx"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ('cv "12": 3?.pdf', "cv _12__ 3_.pdf"),
        ("Quyết định.pdf", "Quyết định.pdf"),
        ("..", ""),
        ("", ""),
        ("a/", ""),
        ("x.part", ""),
        ("Thumbs.db", ""),
    ],
)
def test_a_name_from_outside_is_one_plain_name_or_none(given: str, name: str) -> None:
    assert safe_name(given) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("ệ" * 300 + ".pdf")
    assert name.endswith("ệ.pdf")
    assert len(name.encode()) <= 200


def test_files_come_into_the_inbox_and_who_dropped_them_is_known(workspace: Workspace) -> None:
    pages = Pages(workspace)
    files = [("files", ("../cv.pdf", b"%PDF-1")), ("files", ("cv.pdf", b"%PDF-2")), ("files", ("..", b"x"))]
    answer = pages.post("/hop-thu", files=files, headers={"X-CSRF-Token": pages.csrf} | JSON)
    assert answer.json() == {"saved": ["cv.pdf", "cv (2).pdf"], "refused": [{"name": "..", "reason": "tên tệp không dùng được."}]}
    assert in_inbox(workspace) == {"cv.pdf": b"%PDF-1", "cv (2).pdf": b"%PDF-2"}
    with workspace.store() as store:
        told = store.query("SELECT who, what, subject FROM office_events").rows
    assert told == (("Lan", "upload", "inbox/cv.pdf"), ("Lan", "upload", "inbox/cv (2).pdf"))


def test_a_plain_form_sends_files_too(workspace: Workspace) -> None:
    pages = Pages(workspace)
    answer = pages.post("/hop-thu", data={"csrf": pages.csrf}, files=[("files", ("a.pdf", b"1"))])
    assert (answer.status_code, answer.headers["location"]) == (303, "/hop-thu")
    assert in_inbox(workspace) == {"a.pdf": b"1"}
    nothing = pages.post("/hop-thu", data={"csrf": pages.csrf}, files=[("files", ("", b""))])
    assert (nothing.status_code, "Chưa chọn tệp nào" in nothing.text) == (400, True)


@pytest.mark.parametrize(
    ("token", "headers"),
    [("", {}), ("0" * 64, {}), (None, {}), ("right", {"origin": "http://evil.example"}), ("right", {"sec-fetch-site": "cross-site"})],
    ids=["empty", "wrong", "behind the file", "from another page", "from another site"],
)
def test_what_did_not_come_from_our_page_leaves_nothing(workspace: Workspace, token: str | None, headers: dict[str, str]) -> None:
    pages = Pages(workspace)
    files: list[tuple[str, tuple[str | None, str]]] = [("files", ("a.pdf", "1"))]
    if token is not None:
        files.insert(0, ("csrf", (None, pages.csrf if token == "right" else token)))
    else:
        files.append(("csrf", (None, pages.csrf)))
    assert pages.post("/hop-thu", files=files, headers=headers).status_code == 403
    assert everything_in(workspace.inbox) == []


def test_whoever_may_only_look_drops_nothing(workspace: Workspace) -> None:
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    pages.log_in("Lan")
    assert pages.post("/hop-thu", files=[("files", ("a.pdf", b"1"))], headers={"X-CSRF-Token": pages.csrf}).status_code == 403
    assert 'type="file"' not in pages.get("/hop-thu").text
    assert everything_in(workspace.inbox) == []


def test_a_file_over_the_limit_is_refused_and_the_others_taken(workspace: Workspace) -> None:
    workspace.settings_path.write_text("[web]\nmax_upload_mb = 1\n", "utf-8")
    pages = Pages(workspace)
    files = [("files", ("big.pdf", b"x" * 1_000_001)), ("files", ("small.pdf", b"x" * 1_000_000))]
    answer = pages.post("/hop-thu", files=files, headers={"X-CSRF-Token": pages.csrf} | JSON).json()
    assert (answer["saved"], [one["name"] for one in answer["refused"]]) == (["small.pdf"], ["big.pdf"])
    assert everything_in(workspace.inbox) == ["small.pdf"]


def _sent(chunks: list[bytes | None], seen: Callable[[], None] = lambda: None) -> Request:
    """A request whose body comes in these chunks; None: the sender is gone."""
    boundary = "multipart/form-data; boundary=x"
    request = Request({"type": "http", "headers": [(b"content-type", boundary.encode())], "method": "POST"})

    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            if chunk is None:
                raise ClientDisconnect
            seen()
            yield chunk

    request.stream = stream  # type: ignore[method-assign]
    return request


_HEAD = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'


def test_half_a_file_is_on_disk_but_nobody_takes_it_for_whole(workspace: Workspace) -> None:
    looks: list[tuple[int, list[Path]]] = []

    def look() -> None:
        looks.append((sum(path.stat().st_size for path in workspace.inbox.iterdir()), list(scan(workspace.inbox))))

    part = b"y" * 300_000
    request = _sent([_HEAD, part, part, b"\r\n--x--\r\n"], look)
    received = asyncio.run(receive(request, workspace.inbox, 10**9, lambda _: None))
    assert looks[-1][0] >= 500_000  # nothing waits in memory for the end
    assert all(found == [] for _, found in looks)
    assert [one.path for one in received] == [workspace.inbox / "a.pdf"]
    assert (workspace.inbox / "a.pdf").stat().st_size == 600_000


def test_an_upload_that_is_cut_off_leaves_nothing(workspace: Workspace) -> None:
    with pytest.raises(ClientDisconnect):
        asyncio.run(receive(_sent([_HEAD, b"half", None]), workspace.inbox, 10**9, lambda _: None))
    assert everything_in(workspace.inbox) == []


@pytest.mark.parametrize("body", [b"no form", b"--x\r\nbroken"], ids=["no boundary", "broken header"])
def test_a_form_that_is_none_is_refused(workspace: Workspace, body: bytes) -> None:
    with pytest.raises(UsageError):
        asyncio.run(receive(_sent([body]), workspace.inbox, 10**9, lambda _: None))


def test_what_a_crash_left_is_swept_after_a_day(workspace: Workspace) -> None:
    for name, hours in (("old", 30), ("new", 1)):
        path = workspace.inbox / f".tai-len-{name}.part"
        path.write_bytes(b"x")
        os.utime(path, (time.time() - hours * 3600,) * 2)
    sweep(workspace.inbox)
    assert everything_in(workspace.inbox) == [".tai-len-new.part"]


def put_in_quarantine(workspace: Workspace, name: str, reason: str = "Tệp hỏng.") -> None:
    path = workspace.quarantine / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"hong")
    lines = f"Tệp: {name}\nThời điểm: 21/11/2026 16:22:36\nLý do: {reason}\nCách xử lý: Quét lại.\n"
    path.with_name(path.name + ".reason.txt").write_text(lines, "utf-8")


def test_quarantine_tells_why_and_gives_back(workspace: Workspace) -> None:
    put_in_quarantine(workspace, "x/hong.pdf", "Tệp <b>hỏng</b>.")
    (workspace.inbox / "hong.pdf").write_bytes(b"other")
    pages = Pages(workspace)
    page = pages.get("/hop-thu").text
    assert "Tệp &lt;b&gt;hỏng&lt;/b&gt;." in page
    assert "Quét lại." in page
    download = pages.get("/hop-thu/cach-ly", params={"ten": "x/hong.pdf"})
    assert (download.content, download.headers["content-disposition"][:10]) == (b"hong", "attachment")
    assert pages.submit("/hop-thu/thu-lai", name="x/hong.pdf").status_code == 303
    assert in_inbox(workspace) == {"hong.pdf": b"other", "hong (2).pdf": b"hong"}
    assert quarantine.listing(workspace.quarantine) == []
    with workspace.store() as store:
        assert store.query("SELECT who, what, subject FROM office_events").rows == (("Lan", "retry", "quarantine/x/hong.pdf"),)


@pytest.mark.parametrize("name", ["../dondoc.db", "/etc/passwd", "hong.pdf.reason.txt", "x/../hong.pdf", "", ".", "khac.pdf"])
def test_quarantine_gives_out_nothing_else(workspace: Workspace, name: str) -> None:
    put_in_quarantine(workspace, "hong.pdf")
    pages = Pages(workspace)
    assert pages.get("/hop-thu/cach-ly", params={"ten": name}).status_code == 404
    assert pages.submit("/hop-thu/thu-lai", name=name).status_code == 404
    with pytest.raises(NotFound):
        quarantine.put_back(workspace.quarantine, name, workspace.inbox)
    assert in_inbox(workspace) == {}


def test_whoever_may_only_look_takes_nothing_out_of_quarantine(workspace: Workspace) -> None:
    put_in_quarantine(workspace, "hong.pdf")
    accounts(workspace, Lan="view")
    pages = Pages(workspace, login=True)
    pages.log_in("Lan")
    assert "Tệp hỏng." in pages.get("/hop-thu").text
    assert pages.get("/hop-thu/cach-ly", params={"ten": "hong.pdf"}).status_code == 403
    assert pages.submit("/hop-thu/thu-lai", name="hong.pdf").status_code == 403


def test_the_page_says_how_far_the_reading_is(workspace: Workspace) -> None:
    pages = Pages(workspace)
    (workspace.inbox / "cho.pdf").write_bytes(b"x")
    background: Background = pages.app.state.background  # type: ignore[attr-defined]
    state = background.intake.state
    state.set_running(True)
    files = [Path(f"{number}/work") for number in range(4)]
    state.begin(dict(zip(files, ["a.pdf", "<b>.pdf", "sau.pdf", "xong.pdf"], strict=True)))
    for path, found, done in ((files[0], 2, 2), (files[1], 7, 3), (files[3], 4, 4)):
        state.pages_found(path, found)
        state.pages_done(path, done)
    state.file_done(Taken("duplicate", "a.pdf", document_id=1, record="số thứ tự 1"))
    page = pages.get("/hop-thu/tinh-hinh").text
    reading = [" ".join(re.sub("<[^>]+>", "", item).split()) for item in re.findall(r"<li><progress.*?</li>", page, re.DOTALL)]
    assert reading == ["&lt;b&gt;.pdf 3/7 trang", "xong.pdf 4 trang, đang tìm nhiệm vụ…", "sau.pdf chờ mở"]
    for words in ('max="7" value="3"', "cho.pdf", "đã có trong cơ sở dữ liệu (số thứ tự 1)", "every 1500ms"):
        assert words in page
    state.end("không có tesseract.")
    (workspace.inbox / "cho.pdf").unlink()
    page = pages.get("/hop-thu/tinh-hinh").text
    assert "không có tesseract." in page
    assert "every 1500ms" not in page


@pytest.fixture
def fake_intake(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> IntakeThread:
    pool = functools.partial(Pool, workers=1, stages=fake_stages.FakeStages())
    monkeypatch.setattr(intake_thread, "Pool", pool)
    workspace.settings_path.write_text("[inbox]\nsettle_seconds = 60\ninterval_seconds = 0.2\n", "utf-8")
    return IntakeThread(workspace)


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_intake_takes_what_is_known_to_be_complete_and_leaves_no_process(workspace: Workspace, fake_intake: IntakeThread) -> None:
    good, growing = workspace.inbox / "a.txt", workspace.inbox / "b.txt"
    growing.write_text("pages 1\n", "utf-8")
    before = set(multiprocessing.active_children())
    fake_intake.start()
    try:
        good.write_text("pages 2\nnumber 12/UBND\n", "utf-8")
        fake_intake.look(good)
        wait_for(lambda: bool(fake_intake.state.now().done))
        standing = fake_intake.state.now()
    finally:
        fake_intake.stop()
    assert [(done.taken.what, done.taken.name, done.taken.pages) for done in standing.done] == [("new", "a.txt", 2)]
    assert set(multiprocessing.active_children()) <= before
    assert in_inbox(workspace) == {"b.txt": b"pages 1\n"}
    assert not fake_intake.state.now().running


def test_stopping_gives_back_what_is_being_read(workspace: Workspace, fake_intake: IntakeThread) -> None:
    path = workspace.inbox / "a.txt"
    path.write_text("pages 1\nhang-on 1\n", "utf-8")
    before = set(multiprocessing.active_children())
    fake_intake.start()
    fake_intake.look(path)
    wait_for(lambda: [file.pages for file in fake_intake.state.now().reading] == [1])
    began = time.monotonic()
    fake_intake.stop()
    assert time.monotonic() - began < 10  # the page itself may take two minutes
    assert list(in_inbox(workspace)) == ["a.txt"]
    assert set(multiprocessing.active_children()) <= before


def test_a_round_that_fails_is_told_and_files_wait(workspace: Workspace, fake_intake: IntakeThread) -> None:
    (workspace.inbox / "a.txt").write_text("pages 1\n", "utf-8")
    workspace.settings_path.write_text("[inbox]\nno_such_key = 1\n", "utf-8")
    fake_intake.start()
    try:
        wait_for(lambda: bool(fake_intake.state.now().trouble))
    finally:
        fake_intake.stop()
    assert "no_such_key" in fake_intake.state.now().trouble
    assert list(in_inbox(workspace)) == ["a.txt"]
