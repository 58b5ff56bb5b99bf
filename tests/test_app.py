"""The hub as a whole: how it starts, goes on without its database, hands over, and stops."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest

from hub.app import appending, running
from hub.database.migrate import pending
from hub.errors import ConfigFault, DatabaseRefused, LogBroken
from hub.events import Event, new_id
from hub.log.read import page
from hub.settings import ProjectorSettings, Secret
from tests.hubs import ANY_PORT, SHOP, Sender, a_hub, a_line, applied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from hub.app import Hub
    from hub.database import Database
    from hub.settings import Settings

    NewDatabase = Callable[..., Awaitable[Database]]

SHOPS: dict[str, Any] = {"serve": ANY_PORT, "connections": {"shop": SHOP}}


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, hub = logging.getLogger(), logging.getLogger("hub")
    handlers, levels = root.handlers.copy(), (root.level, hub.level)
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    hub.setLevel(levels[1])


async def test_a_change_is_taken_in_kept_and_applied(new_database: NewDatabase) -> None:
    database = await new_database(migrated=False, **SHOPS)

    async with a_hub(database.settings) as (hub, sender):
        position = (await sender.push("1", {"name": "Ada"})).position
        await applied(hub, position)
        async with database.connected() as db:
            fields = await db.fetchval("select fields from records where record = '1'")
        conditions = await hub.ready()

    assert fields == b'{"name": "Ada"}'
    assert all(one.met for one in conditions.values())


async def test_a_stop_lets_go_of_the_leases(new_database: NewDatabase) -> None:
    database = await new_database(**SHOPS)

    async with a_hub(database.settings) as (hub, sender):
        await applied(hub, (await sender.push("1", {})).position)

    async with database.connected() as db:
        holders = [row["holder"] for row in await db.fetch("select holder from projectors")]
    assert holders == ["", "", ""]


async def test_a_taken_port_is_named_with_what_to_set(new_database: NewDatabase) -> None:
    database = await new_database()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        serve = msgspec.structs.replace(ANY_PORT, port=port)
        settings = msgspec.structs.replace(database.settings, serve=serve)

        with pytest.raises(ConfigFault, match=f"Port {port} .* HUB_SERVE_PORT"):
            async with running(settings, {}):
                pytest.fail("it was to be refused")


async def test_missing_migrations_are_named_where_none_may_be_applied(
    new_database: NewDatabase,
) -> None:
    database = await new_database(migrated=False, **SHOPS)

    with pytest.raises(DatabaseRefused, match=r"0001_log.*hub migrate"):
        async with running(database.settings, {}, migrates=False):
            pytest.fail("it was to be refused")

    assert "0001_log" in await pending(database)


async def test_a_fault_of_the_caller_comes_through_as_it_is(new_database: NewDatabase) -> None:
    database = await new_database(**SHOPS)

    with pytest.raises(ZeroDivisionError):
        async with running(database.settings, {}):
            raise ZeroDivisionError


async def test_a_hub_outlives_its_database_being_away(new_database: NewDatabase) -> None:
    database = await new_database(**SHOPS)
    assert database.settings.database.url is not None
    async with a_line(database.settings.database.url.reveal()) as line:
        settings = through(database.settings, line.url)
        async with a_hub(settings) as (hub, sender):
            await applied(hub, (await sender.push("1", {})).position)

            await line.cut()
            waiting = asyncio.create_task(sender.push("2", {}))
            conditions = await hub.ready()
            alive = await sender.raw("GET", "/healthz", None, {})
            await line.join()

            await applied(hub, (await waiting).position)
            assert not conditions["database"].met
            assert alive.status == 200
            assert all(one.met for one in (await hub.ready()).values())


async def test_a_stop_keeps_to_its_time_while_the_database_is_away(
    new_database: NewDatabase,
) -> None:
    database = await new_database(**SHOPS)
    assert database.settings.database.url is not None
    async with a_line(database.settings.database.url.reveal()) as line:
        settings = through(database.settings, line.url, stop_seconds_max=1.0)
        async with aiohttp.ClientSession() as session:
            async with running(settings, {}) as hub:
                sender = Sender(session, hub.port)
                await applied(hub, (await sender.push("1", {})).position)
                await line.cut()
                waiting = asyncio.create_task(sender.push("2", {}))
                await handed_in(hub)
                stopped_at = time.monotonic()
            seconds = time.monotonic() - stopped_at

            answer = await waiting

    assert seconds < 2
    assert answer.status == 503
    assert "before this was kept" in answer.said["error"]


async def test_times_in_the_log_never_run_back(new_database: NewDatabase) -> None:
    # Given a last event that was recorded by a clock that was an hour ahead
    database = await new_database(**SHOPS)
    async with database.connected("owner") as db:
        await db.fetchval("select open_partition(1000)")
    await keep(database, 1)
    async with database.connected("owner") as db:
        await db.execute("update events set recorded_at = recorded_at + interval '1 hour'")
        ahead = await db.fetchval("select recorded_at from events")

    await keep(database, 2)

    async with database.connected() as db:
        times = [event.recorded_at for event in await page(db, 0, 10)]
    assert times == [ahead] * 3
    assert ahead > datetime.now(UTC)


async def test_another_process_takes_over_when_one_is_killed(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    database = await new_database(**SHOPS)
    async with two_processes(database, tmp_path) as processes:
        first = await holder(database)

        killed_at = time.monotonic()
        processes[first].kill()
        second = await holder(database, but=first)
        await keep(database, 1)
        await caught_up(database, 1)
        seconds = time.monotonic() - killed_at

    assert second != first
    assert seconds < 5


async def test_a_process_that_wakes_up_late_changes_nothing(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    database = await new_database(**SHOPS, projectors=ProjectorSettings(lease_seconds=1))
    async with two_processes(database, tmp_path) as processes:
        # Given one that was stopped while it held the lease, and another that took over
        first = await holder(database)
        await stop(database, first)
        second = await holder(database, but=first)
        await keep(database, 50)
        await caught_up(database, 50)
        before = await tables(database)

        # When it wakes up, and more is kept
        os.kill(first, signal.SIGCONT)
        await asyncio.sleep(0.5)
        still = await tables(database)
        await keep(database, 10)
        await caught_up(database, 60)

        # Then it has written nothing, and still runs, ready to take over again
        assert still == before
        assert await holder(database) == second
        assert processes[first].returncode is None
        assert (await tables(database))["records"] == 60


async def stop(database: Database, process: int) -> None:
    """Stop a process, and not in the middle of a transaction: others would wait for its locks."""
    within = (
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and state like 'idle in transaction%' and state_change < now() - interval '50 ms'"
    )
    while True:
        os.kill(process, signal.SIGSTOP)
        await asyncio.sleep(0.1)
        async with database.connected() as db:
            if not await db.fetchval(within):
                return
        os.kill(process, signal.SIGCONT)
        await asyncio.sleep(0.1)


async def handed_in(hub: Hub) -> None:
    """Wait until the next change has come as far as the log."""
    came = asyncio.Event()
    append = hub.receiver._append

    async def noted(*events: Event) -> list[int]:
        came.set()
        return await append(*events)

    hub.receiver._append = noted
    async with asyncio.timeout(5):
        await came.wait()


def through(settings: Settings, url: str, **serve: float) -> Settings:
    """Have a hub reach its database over a line."""
    return msgspec.structs.replace(
        settings,
        database=msgspec.structs.replace(settings.database, url=Secret(url)),
        serve=msgspec.structs.replace(settings.serve, **serve),
        projectors=ProjectorSettings(lease_seconds=1),
    )


async def keep(database: Database, count: int) -> None:
    async with appending(database) as append:
        for _ in range(count):
            await append(an_event())


def an_event() -> Event:
    id_ = new_id()
    return Event(
        type="observed", id=id_, connection="shop", kind="things", record=str(id_), road="push"
    )


@asynccontextmanager
async def two_processes(
    database: Database, home: Path
) -> AsyncIterator[dict[int, asyncio.subprocess.Process]]:
    """Run `hub serve` twice, each in a process of its own, and kill them at the end."""
    started = [await a_process(database, home) for _ in range(2)]
    try:
        async with asyncio.timeout(30):
            for process in started:
                assert process.stderr is not None
                while b"Listening" not in await process.stderr.readline():
                    assert process.returncode is None
        yield {process.pid: process for process in started}
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def a_process(database: Database, home: Path) -> asyncio.subprocess.Process:
    settings = database.settings
    assert settings.database.url is not None
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environ |= {
        "HUB_HOME": str(home),
        "HUB_DATABASE_URL": settings.database.url.reveal(),
        "HUB_DATABASE_SCHEMA": settings.database.schema,
        "HUB_SERVE_PORT": "0",
        "HUB_PROJECTORS_LEASE_SECONDS": str(settings.projectors.lease_seconds),
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub", "serve"),
        env=environ,
        cwd=home,
        stderr=asyncio.subprocess.PIPE,
    )


async def holder(database: Database, but: int = 0) -> int:
    """Wait until one process, other than this, holds all projectors; give it."""
    async with asyncio.timeout(60), database.connected() as db:
        while True:
            rows = await db.fetch(
                "select holder from projectors where lease_until > clock_timestamp()"
            )
            found = [int(row["holder"].split(":")[-2]) for row in rows]
            if len(found) == 3 and but not in found:
                return found[0]
            await asyncio.sleep(0.02)


async def caught_up(database: Database, position: int) -> None:
    async with asyncio.timeout(60), database.connected() as db:
        while True:
            if await db.fetchval("select min(position) from projectors") >= position:
                return
            await asyncio.sleep(0.02)


async def tables(database: Database) -> dict[str, Any]:
    async with database.connected() as db:
        return {
            "projectors": await db.fetch("select name, position, epoch from projectors order by 1"),
            "records": await db.fetchval("select count(*) from records"),
            "timeline": await db.fetchval("select count(*) from timeline"),
        }


async def test_p2_a_hub_does_not_start_on_a_log_whose_end_was_cut_off(
    new_database: NewDatabase,
) -> None:
    database = await new_database(serve=ANY_PORT)
    async with database.connected("owner") as db:
        await db.execute("insert into projectors (name, position) values ('sync', 7)")

    with pytest.raises(LogBroken, match="ends at position 0, but sync has applied it up to 7"):
        async with running(database.settings, {}):
            pass
