"""A hub with tiny pages, so that a short history is a long way to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.settings import LogSettings, ProjectorSettings
from tests.replay.live import Live, open_live

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.database import Database

PROJECTOR_SETTINGS = ProjectorSettings(
    page_events_live=5, page_events_catch_up=7, poll_seconds=0.02, lease_seconds=3.0
)


@pytest.fixture
async def live(new_database: Callable[..., Awaitable[Database]]) -> AsyncIterator[Live]:
    database = await new_database(
        log=LogSettings(partition_events=20), projectors=PROJECTOR_SETTINGS
    )
    async with open_live(database) as hub:
        yield hub
