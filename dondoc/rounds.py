"""One round of looking into the inbox: what ``dondoc watch`` and the pages do every few seconds."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from dondoc.inbox import Claim, Desk, SettleTracker, scan
from ingest.errors import UsageError

if TYPE_CHECKING:
    from dondoc.settings import Settings


def claimed(desk: Desk, inbox: Path, tracker: SettleTracker, complete: Collection[Path] = ()) -> list[Claim]:
    """Claim the files that were written to the end. ``complete``: those that are known to be, because we wrote them."""
    ready = [path for path in scan(inbox) if path in complete or tracker.settled(path)]
    return [claim for path in ready if (claim := desk.claim(path)) is not None]


def agencies_trouble(settings: Settings) -> str:
    """Why the office's own agencies cannot be read; empty when they can. Until then files had better wait in the inbox."""
    from extract import gazetteer

    try:
        gazetteer.refresh(settings.own_agencies)
        gazetteer.load(settings.own_agencies)
    except UsageError as error:
        return str(error)
    return ""
