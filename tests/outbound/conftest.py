"""What is owed to a shop, and the one who carries it out; waits last milliseconds here."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.outbound.counter import Counter, open_counter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.log.desk import Desk

HASTE = {
    "hub.outbound.deliver.LOOK_SECONDS": 0.05,
    "hub.outbound.deliver.LET_IN_SECONDS": 0.02,
    "hub.outbound.deliver.STOP_SECONDS_MAX": 0.0,
    "hub.outbound.deliver.AGAIN_SECONDS": 0.02,
    "hub.outbound.doors.LOST_SECONDS": 0.01,
    "hub.outbound.doors.LOST_SECONDS_MAX": 0.05,
    "hub.outbound.doors.NOT_ALLOWED_SECONDS": 0.02,
    "hub.outbound.doors.NOT_ALLOWED_SECONDS_MAX": 0.05,
    "hub.outbound.doors.TELL_SECONDS": 0.0,
    "hub.outbound.retry.BASE_SECONDS": 0.001,
    "hub.outbound.retry.WAIT_SECONDS_MAX": 0.02,
    "hub.outbound.hold.ASIDE_SECONDS": 0.01,
    "hub.database.alone.LOOK_SECONDS": 0.05,
}


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, seconds in HASTE.items():
        monkeypatch.setattr(place, seconds)


@pytest.fixture
async def counter(log: Desk) -> AsyncIterator[Counter]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_counter(log))
