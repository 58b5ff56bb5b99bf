"""The road `stream`: what a vendor tells over a stream, kept together with the place behind it.

A batch and its place are one append, so what is told is never between the two: a hub that is killed
is told the last batch again, and a repeat is kept once. Reading runs ahead of keeping by a few
batches, for a vendor hangs up on who is slow; it goes on behind what was read last, and a stream
that ends takes no other along.

A vendor that no longer knows a place is asked for the oldest it has, and all that changed since
the last good moment is read by itself. It is never begun at the newest alone.

What a stream tells is a part of a record: of one that is not known in full, it has that one read.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from hub.connectors.connector import NotRead, Page, PlaceLost, Streaming, Through, Told
from hub.connectors.outcome import RetryAt
from hub.database import statement
from hub.errors import as_one
from hub.inbound.patience import not_read, wait_seconds
from hub.inbound.places import places_of, read_on
from hub.inbound.resync import Resync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Heard, Kind, Notice, Seen
    from hub.database.db import Db
    from hub.events import Event
    from hub.inbound.account import Account

ROAD = "stream"
AHEAD_MAX = 10
"""How many batches may be read and not kept yet."""

LOST_SECONDS = 1.0
"""How soon it is tried again where the oldest place that there is was lost too."""

WAIT_SECONDS_MAX = 300.0
"""However often a stream has ended, it is tried again after so long."""


async def stream(account: Account, kind: Kind) -> None:
    """Follow a stream; runs until cancelled."""
    connector = account.connector
    assert isinstance(connector, Streaming), "only what a vendor streams is followed"
    place = (await places_of(account, kind.name)).get(ROAD)
    if place is None or place.cursor is None:
        cursor = connector.begin(datetime.now(UTC))
        await account.keep(_place(account, kind, connector, cursor, ()))
    else:
        cursor = place.cursor
    resync = await Resync.of(account, kind)
    told: asyncio.Queue[Told] = asyncio.Queue(AHEAD_MAX)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_listen(account, connector, kind, cursor, told))
            group.create_task(_keep(account, connector, kind, resync, told))
            group.create_task(resync.run())
    except ExceptionGroup as several:
        raise as_one(several) from None


async def _listen(
    account: Account, connector: Streaming, kind: Kind, cursor: str, told: asyncio.Queue[Told]
) -> None:
    """Hand on what is told, over one stream after the other."""
    ended = 0
    while True:
        try:
            batches = connector.stream(account.vendor, kind, cursor)
            async with aclosing(batches):
                async for batch in batches:
                    ended, cursor = 0, batch.cursor
                    account.said.clear()
                    await told.put(batch)
        except PlaceLost as lost:
            ended += 1
            cursor = connector.earliest(cursor)
            await told.put(Told(cursor=cursor, through=Through(since=lost.since, reason=f"{lost}")))
            await asyncio.sleep(_later_seconds(LOST_SECONDS, ended))
        except NotRead as error:
            ended += 1
            await _patient(account, kind, error, ended)


async def _patient(account: Account, kind: Kind, error: NotRead, ended: int) -> None:
    """Wait, the longer the more often it ended."""
    if isinstance(error.outcome, RetryAt):
        await asyncio.sleep(_later_seconds(wait_seconds(error), ended))
    await not_read(account, f"{account.name}.{kind.name} by {ROAD}", error)


def _later_seconds(seconds: float, ended: int) -> float:
    """Give a wait: none the first time, then twice the last; not all come back at one moment."""
    most: float = min(seconds * (2 ** min(ended, 10) - 2), WAIT_SECONDS_MAX)
    return most * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


async def _keep(
    account: Account, connector: Streaming, kind: Kind, resync: Resync, told: asyncio.Queue[Told]
) -> None:
    """Keep what is told, in one append with the place behind it."""
    session = account.database.session()
    try:
        while True:
            batches = await _waiting(told)
            heard = [one for batch in batches for one in batch.heard]
            known = await session.until_done(partial(_known, account, kind, heard))
            said = [_word(one, known) for one in heard]
            on = _place(account, kind, connector, batches[-1].cursor, said)
            owing = [batch.through for batch in batches if batch.through]
            await resync.keep(*account.events(ROAD, said), on, owing=owing)
    finally:
        await session.close()


async def _waiting(told: asyncio.Queue[Told]) -> list[Told]:
    """Give what was told while the last of it was being kept: one commit for all."""
    batches = [await told.get()]
    while not told.empty():
        batches.append(told.get_nowait())
    return batches


def _place(
    account: Account, kind: Kind, connector: Streaming, cursor: str, said: Sequence[Seen | Notice]
) -> Event:
    """Say how far the stream was read, and how long it may be silent."""
    page = Page(seen=said, cursor=cursor, done=True)
    return read_on(account, kind.name, ROAD, page, next_seconds=connector.silence_seconds_max)


def _word(heard: Heard, known: frozenset[str]) -> Seen | Notice:
    if heard.seen is None or heard.notice.record not in known:
        return heard.notice
    return heard.seen


async def _known(account: Account, kind: Kind, heard: Sequence[Heard], db: Db) -> frozenset[str]:
    """Give which of the records that are told in part are known."""
    told = sorted({one.notice.record for one in heard if one.seen is not None})
    if not told:
        return frozenset()
    rows = await db.fetch(statement("inbound/known_of.sql"), account.name, kind.name, told)
    return frozenset(row["record"] for row in rows)
