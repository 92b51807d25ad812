"""A real browser against the served pages: Chromium of the system by Playwright, every error of a page an error of the test.

def test_x(workspace: Workspace, chromium: Browser) -> None:
    with served(workspace) as address, opened(chromium, address) as page:
        page.goto("/van-ban")
        assert_accessible(page)
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from dondoc.web.app import create_app
from dondoc.workspace import Workspace

PATIENCE = 60.0
"""Seconds that a page, or the intake behind it, may take on a busy machine."""


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium: run SETUP_BROWSER=1 scripts/setup.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(workspace: Workspace, *, login: bool = False) -> Iterator[str]:
    """The pages of a workspace with their intake, on a free port; gives their address."""
    app = create_app(workspace, person="Lan", login=login)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive(), "the pages did not come up"
        assert time.monotonic() < until, "the pages did not come up in time"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the pages did not end"


@contextmanager
def opened(
    browser: Browser, address: str, *, scripts: bool = True, expected: tuple[int, ...] = (), state: Any = None, locale: str = "vi-VN"
) -> Iterator[Page]:
    """A fresh window of the size that offices have. What its console or the server complains of fails the test at the end.

    ``expected``: HTTP errors that the test brings about. ``state``: cookies of somebody logged in.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": 1366, "height": 768},
        locale=locale,
        java_script_enabled=scripts,
        accept_downloads=True,
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # The console repeats each answer of 400 and more, which is looked at below.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400 and response.status not in expected:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", answered)
    try:
        yield page
        assert complaints == []
    finally:
        context.close()


def settled(page: Page) -> None:
    """Wait until htmx has answered."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def type_date(page: Page, day: date) -> None:
    """Type a date into the field that has the focus, in the order that this browser's language wants."""
    for order in ("%d%m%Y", "%m%d%Y"):
        page.keyboard.type(f"{day:{order}}")
        if page.evaluate("() => document.activeElement.value") == day.isoformat():
            return
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
    raise AssertionError("the field takes no date")


def assert_accessible(page: Page) -> None:
    """No serious or critical finding of axe-core on the page as it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    bad = [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert not bad, f"{page.url}: {bad}"
