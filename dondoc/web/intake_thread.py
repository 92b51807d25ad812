"""The inbox is watched while the pages are served: a thread does the rounds of ``dondoc watch``, worker processes do the reading."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from dondoc import rounds
from dondoc.inbox import Claim, Desk, SettleTracker
from dondoc.intake import take_in
from dondoc.pagestore import PageStore
from dondoc.pool import Pool
from dondoc.settings import Settings
from dondoc.web.intake_state import IntakeState
from dondoc.web.uploads import sweep
from dondoc.workers import Interrupted
from dondoc.workspace import Workspace
from ingest.errors import DondocError, UsageError

log = logging.getLogger(__name__)

COMPANY = 0.7
"""Seconds without another file, and a round begins; of many files each is sent in less, a large one delays only those behind it."""

MOST_COMPANY = 10.0

AFTER_TROUBLE = 60.0
"""Seconds until the next round after one that failed; a program that is missing will not be there in ten."""


class IntakeThread:
    """Watches one workspace's inbox from :meth:`start` to :meth:`stop`. ``state`` tells how it stands.

    Another program may watch the same inbox: files are claimed by renaming, so each is taken in once.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.state = IntakeState()
        self._workspace = workspace
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._complete: set[Path] = set()
        self._pool: Pool | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        sweep(self._workspace.inbox)
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()
        self.state.set_running(True)

    def stop(self, seconds: float = 15.0) -> None:
        """Leave off: workers are ended, files that were claimed go back to the inbox."""
        with self._lock:
            self._stopping = True
            if self._pool is not None:
                self._pool.interrupt()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)
        self.state.set_running(False)

    def look(self, *complete: Path) -> None:
        """Look into the inbox at once; these files are known to be complete."""
        with self._lock:
            self._complete.update(complete)
        self._wake.set()

    def _work(self) -> None:
        tracker: SettleTracker | None = None
        while not self._stopping:
            pause, trouble = AFTER_TROUBLE, ""
            try:
                settings = self._workspace.settings()
                if tracker is None or tracker.seconds != settings.inbox.settle_seconds:
                    tracker = SettleTracker(settings.inbox.settle_seconds)
                self._round(settings, tracker)
                tracker.forget_missing()
                pause = settings.inbox.interval_seconds
            except Interrupted:
                break
            except DondocError as error:
                trouble = str(error)
            except Exception as error:  # a thread that dies unseen would leave every later file waiting
                log.exception("vòng nhận văn bản hỏng")
                trouble = f"lỗi ngoài dự kiến ({type(error).__name__}: {error})"
            self.state.end(trouble)
            self._wait(pause)

    def _wait(self, seconds: float) -> None:
        """Until the next round; several files that are dropped together are waited for, so that one round takes them all."""
        self._wake.wait(seconds)
        until = time.monotonic() + MOST_COMPANY
        while self._wake.is_set() and not self._stopping and time.monotonic() < until:
            self._wake.clear()
            self._wake.wait(COMPANY)

    def _round(self, settings: Settings, tracker: SettleTracker) -> None:
        if trouble := rounds.agencies_trouble(settings):
            raise UsageError(trouble)
        with self._lock:
            complete = frozenset(self._complete)
        place = self._workspace
        with Desk(place.inbox, place.work) as desk:
            claims = desk.leftovers() + rounds.claimed(desk, place.inbox, tracker, complete)
            with self._lock:
                self._complete -= complete
            if claims:
                self._take_in(claims, settings)

    def _take_in(self, claims: list[Claim], settings: Settings) -> None:
        place = self._workspace
        self.state.begin({claim.path: str(claim.name) for claim in claims})
        with place.store() as store, Pool(settings, store=PageStore(place.pages)) as pool:
            with self._lock:
                if self._stopping:
                    raise Interrupted
                self._pool = pool
            try:
                take_in(claims, place, store, pool, self.state, searchable=settings.archive.searchable)
            finally:
                with self._lock:
                    self._pool = None
