"""What works beside the pages as long as they are served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from dondoc.web.intake_thread import IntakeThread
from dondoc.web.pictures import Pictures
from dondoc.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Background:
    """The intake, and the process that draws pages."""

    intake: IntakeThread
    pictures: Pictures

    @classmethod
    def of(cls, workspace: Workspace) -> Background:
        """For one workspace; nothing runs yet."""
        return cls(IntakeThread(workspace), Pictures(workspace))


def background_of(request: Request) -> Background:
    """What works beside the page that was asked for."""
    background = request.app.state.background
    assert isinstance(background, Background)
    return background


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """The intake starts with the pages and ends with them; no process is left."""
    background: Background = app.state.background
    background.intake.start()
    try:
        yield
    finally:
        await run_in_threadpool(background.intake.stop)
        await run_in_threadpool(background.pictures.stop)
