"""Pictures of the pages for the guide: `python -m scripts.screenshots WORKSPACE` (the one that ./demo makes) writes docs/pictures/*.png."""

from __future__ import annotations

import io
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from dondoc import workspace as workspaces
from dondoc.web.app import create_app

OUT = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = {"width": 1366, "height": 768}  # what office PCs have

PAGES = {"tong-quan": "/", "hop-thu": "/hop-thu", "nhiem-vu": "/nhiem-vu", "don-vi": "/don-vi", "bao-cao": "/sql"}
ROWS = (
    ("van-ban", "/van-ban/", "SELECT id FROM documents WHERE text_source = 'ocr' ORDER BY id DESC"),
    ("mot-nhiem-vu", "/nhiem-vu/", "SELECT id FROM overdue_tasks"),
)


def main(arguments: list[str]) -> None:
    """Take all pictures."""
    OUT.mkdir(exist_ok=True)
    with served(Path(arguments[0])) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(base_url=address, viewport=SIZE, locale="vi-VN").new_page()
        for name, path in PAGES.items():
            take(page, name, path)
        for name, path, sql in ROWS:
            found = page.request.get("/sql/dondoc.json", params={"_shape": "arrayfirst", "sql": sql}).json()
            take(page, name, f"{path}{found[0]}")
        browser.close()


def take(page: Page, name: str, path: str) -> None:
    """One picture."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.quantize(96).save(OUT / f"{name}.png", optimize=True)
    print(OUT / f"{name}.png")


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The pages of a workspace on a free port."""
    app = create_app(workspaces.find(root), person="Lan")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


if __name__ == "__main__":
    main(sys.argv[1:])
