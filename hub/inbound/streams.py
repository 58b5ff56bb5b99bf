"""Follow the streams of a connection: of the kinds that its settings name, else of those that the
flows that decide are about, as many as the vendor tells of.

They are looked at again and again, for flows are switched on and off. A stream that is followed no
longer is said to be so, or it would count as one that fell silent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hub.connectors.connector import Page, Streaming
from hub.connectors.streamed import streamed_of
from hub.database import statement
from hub.inbound.places import read_on
from hub.inbound.stream import ROAD

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from hub.connectors.connector import Kind
    from hub.inbound.account import Account

    Begin = Callable[[Kind], Coroutine[Any, Any, None]]

LOOK_SECONDS = 20.0


async def streams(account: Account, begin: Begin) -> None:
    """Begin the streams that are to be followed, and end the others; runs until cancelled."""
    connector = account.connector
    if not isinstance(connector, Streaming):
        return
    followed: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            names = streamed_of(connector, connector.kinds, await account.about())
            await _end([followed.pop(name) for name in followed.keys() - set(names)])
            await _let_go(account, names)
            for name in (one for one in names if one not in followed):
                followed[name] = group.create_task(begin(connector.kinds[name]))
            await asyncio.sleep(LOOK_SECONDS)


async def _end(followed: list[asyncio.Task[None]]) -> None:
    for task in followed:
        task.cancel()
    await asyncio.gather(*followed, return_exceptions=True)


async def _let_go(account: Account, names: list[str]) -> None:
    """Have nothing expected of the streams of other kinds, where something is."""
    async with account.database.connected() as db:
        rows = await db.fetch(statement("inbound/streams.sql"), account.name, ROAD, names)
    for row in rows:
        page = Page(seen=(), cursor=row["cursor"], done=True)
        await account.keep(read_on(account, row["kind"], ROAD, page))
