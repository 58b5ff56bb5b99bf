"""There is always a partition ahead of need, and making one keeps nobody waiting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from hub.errors import DatabaseRefused
from hub.log import partitions
from hub.log.partitions import keep_ahead, make_room, open_partition
from hub.settings import LogSettings
from tests.log.desk import Desk, happened, open_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.database import Database
    from hub.database.db import Db

SIZE = 20


@pytest.fixture
async def log(new_database: Callable[..., Awaitable[Database]]) -> AsyncIterator[Desk]:
    database = await new_database(log=LogSettings(partition_events=SIZE))
    async with open_desk(database) as desk:
        yield desk


async def test_a_new_log_has_room(log: Desk) -> None:
    assert await ranges(log) == [(1, 21)]


async def test_the_next_is_made_before_it_is_needed(log: Desk) -> None:
    keeping = asyncio.create_task(keep_ahead(log.database, log.wake, SIZE))
    try:
        for head, until in [(9, 21), (12, 41), (25, 41), (33, 61)]:
            while log.wake.head < head:
                await log.append(happened())
            async with asyncio.timeout(60):
                while (await ranges(log))[-1][1] < until:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert (await ranges(log))[-1][1] == until
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_an_append_that_finds_no_room_makes_it(log: Desk) -> None:
    assert await log.append(*(happened() for _ in range(95))) == list(range(1, 96))

    assert await ranges(log) == [(first, first + SIZE) for first in range(1, 96, SIZE)]
    await log.verify()


async def test_a_log_without_any_partition_begins_by_itself(log: Desk) -> None:
    [row] = await log.execute("select name from partitions")
    await log.execute(f"drop table {row['name']}")

    assert await log.append(happened()) == [1]


async def test_many_that_make_room_at_once_make_it_once(log: Desk) -> None:
    async def make() -> int:
        async with log.database.connected() as db:
            return await make_room(db, SIZE)

    await log.append(*(happened() for _ in range(15)))

    assert await asyncio.gather(*(make() for _ in range(8))) == [41] * 8
    assert await ranges(log) == [(1, 21), (21, 41)]


async def test_whoever_comes_with_an_old_view_makes_nothing(log: Desk) -> None:
    async with log.database.connected() as db:
        assert await open_partition(db, SIZE, seen=21) == 41

        assert await open_partition(db, SIZE, seen=21) == 41

    assert await ranges(log) == [(1, 21), (21, 41)]


async def test_a_reader_that_reads_for_long_hinders_neither_appends_nor_new_partitions(
    log: Desk,
) -> None:
    async with log.database.connected("replay") as reader, reader.transaction():
        await reader.fetchval("select count(*) from events")

        async with asyncio.timeout(60):
            await log.append(*(happened() for _ in range(50)))

    assert len(await ranges(log)) == 3


async def test_while_a_new_partition_has_to_wait_appends_go_on(log: Desk) -> None:
    async with log.database.connected("owner") as holder, log.database.connected() as db:
        # given what keeps every change of the table waiting, but no append: a vacuum's lock
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("lock table events in share update exclusive mode")
        opening = asyncio.create_task(open_partition(db, SIZE, 21))
        await waiting_for_the_table(holder)

        async with asyncio.timeout(5):
            for _ in range(15):
                await log.append(happened())
        assert not opening.done()
        await transaction.rollback()

        async with asyncio.timeout(60):
            assert await opening == 41


async def test_a_partition_that_cannot_be_had_is_said_so_and_had_later(
    log: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "LOCK_TRIES_MAX", 1)
    await log.append(*(happened() for _ in range(SIZE)))
    async with log.database.connected("owner") as holder, holder.transaction():
        await holder.execute("lock table events in share update exclusive mode")
        with pytest.raises(DatabaseRefused, match="lock timeout"):
            await log.append(happened())

    assert await log.append(happened()) == [SIZE + 1]


async def ranges(log: Desk) -> list[tuple[int, int]]:
    rows = await log.execute("select first, until from partitions order by first")
    return [(row["first"], row["until"]) for row in rows]


async def waiting_for_the_table(db: Db) -> None:
    async with asyncio.timeout(60):
        while not await db.fetchval(  # noqa: ASYNC110
            "select exists (select from pg_locks where relation = 'events'::regclass"
            " and not granted)"
        ):
            await asyncio.sleep(0.005)
