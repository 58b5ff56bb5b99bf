"""Let one process at a time do something, while it has a database connection of its own."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from hub.database.statement import statement
from hub.errors import DatabaseAway

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database.db import Db
    from hub.database.open import Database, Session

LOOK_SECONDS = 1.0


async def alone(database: Database, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work in this process whenever no other does; until it ends, or is cancelled.

    The lock lasts as long as the database connection that took it: a process that dies, or loses
    its database, has let go, and is told so by the next look. What the work does must bear being
    done by two for that moment.
    """
    lock = f"{database.schema}.{name}"
    while True:
        session = database.session()
        try:
            await _until_taken(session, lock)
            if await _while_held(session, work):
                return
        except DatabaseAway as away:
            database.said_nothing(away)
            await asyncio.sleep(LOOK_SECONDS)
        finally:
            await session.close()


async def _until_taken(session: Session, lock: str) -> None:
    while not await session.until_done(partial(_try, lock=lock)):  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)


async def _while_held(session: Session, work: Callable[[], Awaitable[None]]) -> bool:
    """Do the work until the lock is lost; tell whether it came to its end."""
    working = asyncio.ensure_future(work())
    try:
        while not working.done():
            await asyncio.wait([working], timeout=LOOK_SECONDS)
            await session.once(lambda db: db.fetchval("select 1"))
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    return True


async def _try(db: Db, lock: str) -> bool:
    return bool(await db.fetchval(statement("database/try_alone.sql"), lock))
