"""How far each road was read: it is in the log, beside what the road brought."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.events import ReadOn, event_of

if TYPE_CHECKING:
    from hub.connectors.connector import Page
    from hub.database.db import Db
    from hub.events import Event
    from hub.inbound.account import Account

FIRST = "first"
NEWS = "poll"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far a road was read, as the log has it."""

    cursor: str | None = None
    done: bool = False
    done_ago: float | None = None
    """How many seconds ago it was read to its end."""


async def places_of(account: Account, kind: str) -> dict[str, Place]:
    """Give how far the roads of a kind were read."""
    session = account.database.session()
    try:
        return await session.until_done(lambda db: _places(db, account.name, kind))
    finally:
        await session.close()


async def _places(db: Db, connection: str, kind: str) -> dict[str, Place]:
    """Give how far the roads were read, once their projector has seen the whole log."""
    head = await db.fetchval(statement("log/head.sql"))
    while await db.fetchval(statement("inbound/followed.sql")) < head:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    rows = await db.fetch(statement("inbound/places.sql"), connection, kind)
    places = {row["road"]: Place(**dict(list(row.items())[1:])) for row in rows}
    return {FIRST: Place(), NEWS: Place(), **places}


def read_on(
    account: Account, kind: str, road: str, page: Page, *, next_seconds: float | None = None
) -> Event:
    """Make the event that says how far a road was read, and when it is read again."""
    what = ReadOn(
        cursor=page.cursor, done=page.done, records=len(page.seen), next_seconds=next_seconds
    )
    return event_of(what, connection=account.name, kind=kind, road=road)
