"""Tell of the moments that flows wait for, when they have come: time enters as facts, here too.

A moment that came while no hub ran is told when one does, once.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.database.alone import alone
from hub.events import Due, event_of, fixed_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.log.follow import Wake

    Append = Callable[..., Awaitable[list[int]]]

LOOK_SECONDS = 1.0
SOON_SECONDS = 0.02
APART_SECONDS = 0.1
"""How long to let pages gather before looking whether any has put a moment: most put none."""

PAGE_CASES = 500


async def due(database: Database, append: Append, followed: Wake) -> None:
    """Tell of every moment that has come, in one process at a time; runs until cancelled."""
    await alone(database, "due", lambda: _due(database, append, followed))


async def _due(database: Database, append: Append, followed: Wake) -> None:
    session = database.session()
    try:
        while True:
            now, head = datetime.now(UTC), followed.head
            rows = await session.until_done(_next)
            if events := [_event(row) for row in rows if row["until"] <= now]:
                positions = await append(*events)
                await followed.wait(max(positions), LOOK_SECONDS)
            else:
                seconds = min(
                    [LOOK_SECONDS, *((row["until"] - now).total_seconds() for row in rows)]
                )
                if await followed.wait(head + 1, max(seconds, SOON_SECONDS)):
                    await asyncio.sleep(APART_SECONDS)
    finally:
        await session.close()


async def _next(db: Db) -> list[Any]:
    return list(await db.fetch(statement("inbound/due.sql"), PAGE_CASES))


def _event(row: Any) -> Event:
    return event_of(
        Due(flow=row["flow"], case=row["case"]),
        id=fixed_id(row["until"], row["flow"], row["case"], "due", row["since"]),
        cause=row["since"],
        flow=row["flow"],
        road="clock",
    )
