"""Keep a partition of the log ahead of need, so that no append ever waits for one to be made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg

from hub.database import statement

if TYPE_CHECKING:
    from hub.database import Database
    from hub.database.db import Db
    from hub.log.follow import Wake

LOCK_TRIES_MAX = 50
LOOK_SECONDS = 10.0


async def keep_ahead(database: Database, wake: Wake, events_per_partition: int) -> None:
    """Open the next partition whenever less than half a partition is left; runs until cancelled."""
    session = database.session()
    try:
        while True:
            until = await session.until_done(lambda db: make_room(db, events_per_partition))
            await wake.wait(until - events_per_partition // 2, LOOK_SECONDS)
    finally:
        await session.close()


async def make_room(db: Db, events_per_partition: int | None, events: int | None = None) -> int:
    """Open partitions until so many events fit; give the first position beyond them.

    Without a number it is half a partition and one event more.
    """
    wanted = (events_per_partition or 0) // 2 + 1 if events is None else events
    while True:
        head, until = await db.fetchrow(statement("log/room.sql"))
        if until - head > wanted:
            return int(until)
        await open_partition(db, events_per_partition, until)


async def open_partition(db: Db, events_per_partition: int | None, seen: int) -> int:
    """Make the next partition, unless they end elsewhere than was seen; give where it ends.

    If not told otherwise, it is as large as the last.
    """
    for attempt in range(LOCK_TRIES_MAX):
        try:
            async with db.transaction():
                until = await db.fetchval(
                    statement("log/open_partition.sql"), events_per_partition, seen
                )
                return int(until)
        except asyncpg.LockNotAvailableError:
            # Somebody holds the log for longer than we want others to queue behind us.
            if attempt == LOCK_TRIES_MAX - 1:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError("unreachable")
