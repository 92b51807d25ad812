"""Engines that crash, hang, ignore their limits, eat memory or answer nonsense: only their page is lost, and no process stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_stages import Counting, FakeStages, write

from dondoc.pool import Pool
from dondoc.process import Processed
from dondoc.settings import ProcessingSettings, Settings
from ingest.document import FAILED, Page


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pages_of(path: Path) -> list[Page]:
    settings = Settings(processing=ProcessingSettings(page_seconds=0.3))
    with Pool(settings, workers=1, stages=FakeStages(), grace=0.3) as pool:
        ((_, outcome),) = pool.run([path], counting := Counting())
    assert counting.done == counting.found
    assert isinstance(outcome, Processed)
    return list(outcome.document.pages)


def test_a_page_that_fails_twice_is_lost_alone(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"a": "pages 6\ncrash-on 1\nhang-on 3\nbug-on 4\nnonsense-on 5\nalways"})
    pages = pages_of(path)
    assert [page.number for page in pages if page.lines] == [2, 6]
    said = {1: "dừng đột ngột", 3: "đọc quá lâu", 4: "ZeroDivisionError", 5: "không phải một trang"}
    for number, reason in said.items():
        (warning,) = pages[number - 1].warnings
        assert warning.startswith(FAILED)
        assert reason in warning


def test_a_page_is_read_once_more_by_the_engine_in_its_own_process(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"a": "pages 5\ndie-on 1\nhang-on 2\neat-on 3\nlog"})
    assert all(page.lines and not page.warnings for page in pages_of(path))
    # After three losses the first engine is not asked again.
    assert Path(f"{path}.log").read_text().splitlines() == ["1", "1 careful", "2", "2 careful", "3", "3 careful", "4 careful", "5 careful"]
    started = int(Path(f"{path}.pid").read_text())
    assert within(5, lambda: not is_running(started))


PARENT = """
import sys
from pathlib import Path
from fake_stages import Counting, FakeStages
from dondoc.pool import Pool
from dondoc.settings import Settings

if __name__ == "__main__":
    with Pool(Settings(), workers=1, stages=FakeStages()) as pool:
        results = pool.run([Path(name) for name in sys.argv[1:]], Counting())
        next(results)
        print(*pool.workers.processes, flush=True)
        next(results)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ctrl-c"])
def test_no_worker_outlives_the_program(tmp_path: Path, sign: signal.Signals) -> None:
    paths = write(tmp_path, {"a": "", "b": "pages 90\nslow"})
    (tmp_path / "parent.py").write_text(PARENT)
    places = os.pathsep.join([str(tmp_path), str(Path(__file__).parent), str(Path(__file__).parents[1])])
    command = [sys.executable, str(tmp_path / "parent.py"), *map(str, paths)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": places}, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert workers
        assert all(map(is_running, workers))
        parent.send_signal(sign)
    assert within(5, lambda: not any(map(is_running, workers)))
