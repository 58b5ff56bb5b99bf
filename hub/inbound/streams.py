"""Follow the streams of a connection: of the kinds that its settings name, else of those that the
flows that decide are about, as many as the vendor tells of.

They are looked at again and again, for flows are switched on and off. A stream that is followed no
longer is said to be so, or it would count as one that fell silent.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from hub.connectors.connector import Page, Streaming
from hub.connectors.streamed import streamed_of
from hub.database import statement
from hub.inbound.places import read_on
from hub.inbound.stream import ROAD

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from hub.connectors.connector import Kind
    from hub.database.db import Db
    from hub.database.open import Session
    from hub.inbound.account import Account

    Walk = Callable[[Kind], Coroutine[Any, Any, None]]
    Begin = Callable[[Kind], asyncio.Task[None]]

LOOK_SECONDS = 20.0


async def streams(account: Account, walk: Walk) -> None:
    """Begin the streams that are to be followed, and end the others; runs until cancelled."""
    connector = account.connector
    if not isinstance(connector, Streaming):
        return
    session = account.database.session()
    try:
        async with asyncio.TaskGroup() as group:
            await _follow(account, connector, session, lambda kind: group.create_task(walk(kind)))
    finally:
        await session.close()


async def _follow(account: Account, connector: Streaming, session: Session, begin: Begin) -> None:
    kinds, followed = account.connector.kinds, dict[str, "asyncio.Task[None]"]()
    while True:
        about = await session.until_done(account.about) if connector.streamed is None else ()
        names = streamed_of(connector, kinds, about)
        await _end([followed.pop(name) for name in followed.keys() - set(names)])
        await _let_go(account, session, names)
        for name in (one for one in names if one not in followed):
            followed[name] = begin(kinds[name])
        if connector.streamed is not None:
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _end(followed: list[asyncio.Task[None]]) -> None:
    for task in followed:
        task.cancel()
    await asyncio.gather(*followed, return_exceptions=True)


async def _let_go(account: Account, session: Session, names: list[str]) -> None:
    """Have nothing expected of the streams of other kinds, where something is."""
    for row in await session.until_done(partial(_expected, account.name, names)):
        page = Page(seen=(), cursor=row["cursor"], done=True)
        await account.keep(read_on(account, row["kind"], ROAD, page))


async def _expected(connection: str, names: list[str], db: Db) -> list[Any]:
    return list(await db.fetch(statement("inbound/streams.sql"), connection, ROAD, names))
