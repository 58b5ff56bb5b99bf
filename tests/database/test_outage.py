"""P1 and P3 while Postgres dies under load: the hub waits, says so once, and goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import asyncpg
import pytest

from hub.database import Database, migrate
from hub.errors import DatabaseAway
from hub.log.follow import follow, hear, tell
from hub.log.partitions import keep_ahead
from hub.settings import DatabaseSettings, LogSettings, Secret, Settings
from tests.log.desk import Desk, begun, happened, open_desk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from uuid import UUID

    from hub.database.embedded import Server
    from hub.events import Event

PARTITION_EVENTS = 300
OUTAGES = 3
CALLERS = 8


@pytest.fixture
async def dying(own_server: Server, tmp_path: Path) -> Database:
    settings = Settings(
        home=tmp_path,
        database=DatabaseSettings(url=Secret(own_server.url), schema="outage"),
        log=LogSettings(partition_events=PARTITION_EVENTS),
    )
    database = Database(settings, own_server.url)
    await migrate(database)
    return database


async def test_p1_p3_nothing_is_lost_doubled_or_passed_over_while_postgres_dies(
    own_server: Server, dying: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database = dying
    kept: dict[UUID, int] = {}
    read: list[Event] = []
    async with open_desk(database) as log:
        # given a hub at work
        tasks = [
            asyncio.create_task(work)
            for work in (
                keep_ahead(database, log.wake, PARTITION_EVENTS),
                hear(database, log.wake),
                tell(database, log.wake),
                read_on(log, read),
                *(append_on(log, kept) for _ in range(CALLERS)),
            )
        ]
        await more(kept)

        # when Postgres is killed, again and again
        for _ in range(OUTAGES):
            kill(own_server.status().process)
            await down(database)
            await more(kept)
            await until(lambda: database.is_up)

        # then all that was acknowledged is there, once, where that was said
        for task in tasks[4:]:
            task.cancel()
        await asyncio.gather(*tasks[4:], return_exceptions=True)
        await until(lambda: len(read) >= max(kept.values()))
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
        assert [event.position for event in read] == list(range(1, len(read) + 1))
        assert len({event.id for event in read}) == len(read)
        assert kept.items() <= {event.id: event.position for event in read}.items()
        await log.verify()

    # and it was said once for each outage, and once that it was over
    said = [record.message for record in caplog.records if record.name == "hub.database.open"]
    waited, back = "It is waited for.", "going on."
    assert [message.endswith(waited) for message in said] == [True, False] * OUTAGES
    assert all(message.endswith((waited, back)) for message in said)
    assert all(record.levelno == logging.WARNING for record in caplog.records)


async def test_a_server_that_hears_nothing_is_waited_for(
    own_server: Server, dying: Database
) -> None:
    async with open_desk(dying) as log:
        first = happened()
        await log.append(first)

        # given a server that takes every word and does nothing
        process = own_server.status().process
        assert process is not None
        processes = [process, *await backends(dying)]
        for each in processes:
            os.kill(each, signal.SIGSTOP)
        waiting = asyncio.create_task(log.append(happened()))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await asyncio.shield(waiting)

        for each in processes:
            os.kill(each, signal.SIGCONT)

        assert await waiting == [2]


async def test_a_statement_that_hangs_is_given_up_and_tried_again(
    new_database: Callable[..., Awaitable[Database]],
) -> None:
    hasty = await new_database(database=DatabaseSettings(statement_seconds_max=0.3))
    async with open_desk(hasty) as log, hasty.connected("owner") as holder:
        await holder.execute(
            "select pg_advisory_lock(hashtextextended($1, 0))", f"{hasty.schema}.log"
        )
        waiting = asyncio.create_task(log.append(happened()))
        await down(hasty)
        assert not waiting.done()

        await holder.execute("select pg_advisory_unlock_all()")

        assert await waiting == [1]
        assert hasty.is_up


async def test_what_is_asked_once_is_told_that_the_database_is_away(
    database: Database,
) -> None:
    session = database.session("replay")
    process = await session.once(lambda db: db.fetchval("select pg_backend_pid()"))
    asked = begun(session.once(lambda db: db.fetchval("select pg_sleep(60)")))
    await asyncio.sleep(0)
    async with database.connected("owner") as db:
        await db.execute("select pg_terminate_backend($1, 10000)", process)

    with pytest.raises(DatabaseAway):
        await asked

    assert await session.until_done(lambda db: db.fetchval("select 1")) == 1
    await session.close()


async def test_a_fault_of_the_statement_is_not_taken_for_an_outage(database: Database) -> None:
    session = database.session("replay")

    with pytest.raises(asyncpg.UndefinedTableError):
        await session.until_done(lambda db: db.fetchval("select * from nothing"))

    assert database.is_up
    await session.close()


async def append_on(log: Desk, kept: dict[UUID, int]) -> None:
    while True:
        event = happened()
        [kept[event.id]] = await log.append(event)


async def read_on(log: Desk, read: list[Event]) -> None:
    session = log.database.session("replay")
    try:
        async for events in follow(session, log.wake, 0, 50):
            read += events
    finally:
        await session.close()


async def more(kept: dict[UUID, int]) -> None:
    """Wait until this many more are acknowledged than now."""
    enough = len(kept) + 200
    await until(lambda: len(kept) >= enough)


async def down(database: Database) -> None:
    await until(lambda: not database.is_up)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - many tasks may make it true
            await asyncio.sleep(0.005)


async def backends(database: Database) -> list[int]:
    async with database.connected("owner") as db:
        rows = await db.fetch(
            "select pid from pg_stat_activity where pid <> pg_backend_pid() and datname is not null"
        )
    return [row["pid"] for row in rows]


def kill(process: int | None) -> None:
    assert process is not None
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
