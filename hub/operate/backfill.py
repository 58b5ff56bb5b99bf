"""Carry out a first sync that a person has looked at: page by page, behind all live work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.database import statement
from hub.events import Reviewed
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from hub.database.db import Db
    from hub.flows.flow import Sync

    Append = Callable[..., Awaitable[list[int]]]

LOOK_SECONDS = 0.2


async def hand_in(
    append: Append, db: Db, flow: str, pages: Iterable[tuple[str, str, list[str]]], by: str
) -> AsyncIterator[tuple[int, int]]:
    """Have the records judged; give after each page how many it had, and where it stands.

    Ended on the way, it is begun again with a new plan: what was done is no work any more.
    """
    for connection, kind, records in pages:
        await until_quiet(db)
        what = Reviewed(flow=flow, records=records)
        event = act(what, by, connection=connection, kind=kind, flow=flow)
        (position,) = await append(event)
        yield len(records), position


async def still_made(db: Db, flow: Sync) -> str:
    """Say what the first sync of another flow has yet to make that this one would match; else "".

    Both would begin a link for the same customer, and a person would be asked of each.
    """
    connections = [side.connection for side in flow.sides]
    kinds = [side.kind for side in flow.sides]
    rows = await db.fetch(statement("operate/still_made.sql"), flow.name, connections, kinds)
    return "; ".join(
        f"{row['flow']} has {row['records']:,} {row['connection']}.{row['kind']} to make yet"
        for row in rows
    )


async def until_quiet(db: Db) -> None:
    """Wait while live work is to be written: a first sync is in no hurry."""
    while await db.fetchval(statement("operate/urgent.sql")):  # noqa: ASYNC110 - another process
        await asyncio.sleep(LOOK_SECONDS)
