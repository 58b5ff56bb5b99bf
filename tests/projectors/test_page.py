"""A page is folded event by event, and holds up nothing else meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.projectors.page import Page
from hub.projectors.parking import Parking
from tests.projectors.histories import observed

if TYPE_CHECKING:
    from hub.events import Event


async def test_a_long_page_can_be_stopped_in_its_middle() -> None:
    class Slow:
        applied = 0

        async def load(self, db: object, events: object) -> None:
            pass

        def apply(self, _: Event, at: int) -> None:  # noqa: ARG002
            self.applied += 1

    fold = Slow()
    history = [msgspec.structs.replace(observed(), position=n) for n in range(1, 1_001)]
    page = Page(fold, Parking("sync"), {}, live=True)  # type: ignore[arg-type]
    task = asyncio.create_task(page.take(None, history))  # type: ignore[arg-type]
    await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert 0 < fold.applied < len(history)
