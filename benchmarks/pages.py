"""Pages of `dondoc serve` with 100,000 tasks in the file: milliseconds on the server, from request to answer, and bytes of the first page.

The file is that of ``benchmarks.lists``, copied into a workspace. The pages are asked over HTTP on loopback, by one client, packed and all;
each figure is the median of several requests after a first one.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from benchmarks import lists
from benchmarks.figures import Figure
from dondoc import workspace as workspaces
from dondoc.web.app import create_app

TASKS = 100_000
_CALLS = 7

PAGES = {
    "200 tasks, earliest due": "/nhiem-vu?size=200",
    "200 tasks, page 250": "/nhiem-vu?size=200&page=250",
    "200 tasks, overdue, newest first": "/nhiem-vu?size=200&state=overdue&order=newest",
    "200 tasks, words without diacritics": "/nhiem-vu?size=200&words=bao+cao+tien+do",
    "200 tasks, a department's": "/nhiem-vu?size=200&agency=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5",
    "200 tasks, due this quarter, by department": "/nhiem-vu?size=200&quick=quy-nay&order=agency",
    "one task": "/nhiem-vu/50000",
    "a document with its tasks": "/van-ban/2000",
}
OTHERS = {
    "overview": ("/", 150.0),
    "departments": ("/don-vi", 150.0),
    "a department's list, 200 of its tasks": ("/don-vi/danh-sach?ten=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5", 300.0),
    "tasks that name nobody": ("/don-vi/danh-sach", 300.0),
    "documents": ("/van-ban", None),
}
"""The address of each, and the milliseconds wanted."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Milliseconds of pages, kilobytes of the first."""
    number = 2000 if quick else TASKS
    with served(number) as client:
        for name, (usual, wanted) in ({name: (path, 150.0) for name, path in PAGES.items()} | OTHERS).items():
            path = usual.replace("50000", str(number // 2)).replace("2000", str(number // 50))
            yield Figure(name, asked(client, path), wanted, unit="ms", note=f"{number} tasks, median of {_CALLS}")
        yield Figure("first page, all that it loads", weight(client, "/") / 1000, 300, unit="kB", note="without pictures, unpacked")


def asked(client: httpx.Client, path: str) -> float:
    """Milliseconds from request to answer."""
    client.get(path).raise_for_status()
    took = []
    for _ in range(_CALLS):
        begin = time.perf_counter()
        client.get(path).raise_for_status()
        took.append(time.perf_counter() - begin)
    return statistics.median(took) * 1000


def weight(client: httpx.Client, path: str) -> int:
    """Bytes of a page with its scripts and sheets."""
    page = client.get(path)
    return len(page.content) + sum(len(client.get(part).content) for part in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)))


@contextmanager
def served(tasks: int) -> Iterator[httpx.Client]:
    """The pages of a workspace with so many tasks."""
    with tempfile.TemporaryDirectory() as folder:
        place, _ = workspaces.create(Path(folder) / "so")
        for leftover in place.root.glob("dondoc.db*"):
            leftover.unlink()
        shutil.copyfile(lists.file(tasks), place.database_path)
        place.store().close()
        server = uvicorn.Server(uvicorn.Config(create_app(place, person="Lan"), port=0, log_level="warning", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        with httpx.Client(base_url=f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", timeout=60) as client:
            yield client
        server.should_exit = True
        thread.join(30)
