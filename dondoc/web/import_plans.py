"""Plans of imports that somebody looks at, in the workspace: they are still there when ``dondoc serve`` was started again meanwhile."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import NotFound

if TYPE_CHECKING:
    from tracking.import_plan import ImportPlan

MOST_KEPT = 50
"""Plans kept at a time; the oldest goes first. One of 10,000 changes is a file of 10 MB."""
KEPT_SECONDS = 2 * 86400.0

_NAME = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans that wait to be written, a file each under a random name, readable by the owner only."""

    folder: Path

    def put(self, plan: ImportPlan, user: str) -> str:
        """Keep it; the name under which it can be had."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._sweep()
        name = secrets.token_urlsafe(24)
        path = self._path(name)
        handle = os.open(path.with_suffix(".moi"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{json.dumps(user)}\n{plan.kept()}")
        path.with_suffix(".moi").replace(path)
        return name

    def get(self, name: str, user: str) -> ImportPlan:
        """The plan, to be looked at.

        :raises NotFound: it was written, is too old, or is another user's.
        """
        from tracking.import_plan import ImportPlan  # noqa: PLC0415 - not for --help

        try:
            path = self._path(name)
            if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                raise FileNotFoundError
            whose, text = path.read_text("utf-8").split("\n", 1)
            if json.loads(whose) == user:
                return ImportPlan.of_kept(text)
        except FileNotFoundError:
            pass
        raise NotFound("bản xem trước này đã được ghi hoặc đã quá lâu.", remedy="Hãy tải tệp lên lại.")

    def take(self, name: str, user: str) -> ImportPlan:
        """The plan, once: a form sent twice writes once.

        :raises NotFound: as :meth:`get`.
        """
        plan = self.get(name, user)
        try:
            self._path(name).unlink()
        except FileNotFoundError:  # the same form, sent at the same time
            raise NotFound("bản xem trước này đã được ghi.", remedy="Hãy tải tệp lên lại.") from None
        return plan

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError
        return self.folder / f"{name}.json"

    def _sweep(self) -> None:
        """Make room for one more."""
        found = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for number, path in enumerate(found, 1):
            if number >= MOST_KEPT or path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)
