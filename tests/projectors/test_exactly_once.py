"""Each event is folded exactly once, whoever dies, pauses, or takes over in between."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.database import Database, migrate
from hub.database.embedded import open_server
from hub.errors import LeaseLost
from hub.projectors.lease import take
from hub.settings import DatabaseSettings, Secret, Settings
from tests.log.desk import open_desk
from tests.projectors.at_work import (
    QUICK,
    Counting,
    mixed,
    position_of,
    reached,
    running,
    same_as_from_the_beginning,
    settled,
    stop,
)
from tests.projectors.by_hand import SYNC, TIMELINE, follow
from tests.projectors.histories import observed, unparked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.projector import Fold, Projector
    from tests.log.desk import Desk

SLOW_TO_TAKE_OVER = msgspec.structs.replace(QUICK, lease_seconds=60.0)


async def test_a_page_of_one_who_lost_the_lease_changes_nothing(log: Desk) -> None:
    await log.append(observed(), observed(cover="all", record="2"))
    async with log.database.connected() as db:
        old = await take(db, "sync", 60, "old")
        assert old is not None
        await db.execute("update projectors set lease_until = '-infinity'")
        new = await take(db, "sync", 60, "new")
        assert new is not None

        async def page() -> None:
            async with db.transaction():
                await follow(db, SYNC)
                await old.move(db, 2)

        with pytest.raises(LeaseLost):
            await page()

        assert await db.fetchval("select count(*) from records") == 0
        assert await db.fetchval("select count(*) from parked") == 0
        assert await db.fetchval("select max(position) from events") == 2
        assert await position_of(db, SYNC) == 0
        await new.move(db, 2)
        assert await position_of(db, SYNC) == 2


async def test_a_page_from_another_position_changes_nothing(log: Desk) -> None:
    async with log.database.connected() as db:
        lease = await take(db, "sync", 60, "one")
        assert lease is not None
        await lease.move(db, 5)

        with pytest.raises(LeaseLost):
            await lease.move(db, 6)

        assert await position_of(db, SYNC) == 5


async def test_a_lease_that_is_held_is_given_to_nobody_else(log: Desk) -> None:
    async with log.database.connected() as db:
        assert await take(db, "sync", 60, "one") is not None
        assert await take(db, "sync", 60, "two") is None
        assert await take(db, "sync", 60, "one") is not None


async def test_a_lease_is_over_when_the_connection_that_took_it_is_gone(log: Desk) -> None:
    async with log.database.connected() as db:
        async with log.database.connected("owner") as holder:
            assert await take(holder, "sync", 60, "one") is not None
            pid = await holder.fetchval("select pg_backend_pid()")
        await log.execute("select pg_terminate_backend($1, 5000)", pid)

        assert await take(db, "sync", 60, "two") is not None


async def test_of_two_one_leads_and_the_other_takes_over_when_it_stops(log: Desk) -> None:
    counting = Counting()
    await counting.make_table(log.database)

    # A lease this long does not run out here: who stops lets it go.
    async with (
        running(counting, log, SLOW_TO_TAKE_OVER, "one") as one,
        running(counting, log, SLOW_TO_TAKE_OVER, "two") as two,
    ):
        await log.append(*[observed() for _ in range(20)])
        await reached(log.database, counting)
        leader = await holder(log, counting)
        await stop(one if leader == "one" else two)
        await log.append(*[observed() for _ in range(20)])
        await reached(log.database, counting)
        assert await holder(log, counting) != leader

    assert await counting.counted(log.database) == {"1": 40}


async def test_when_one_falls_silent_the_other_takes_over_and_the_first_changes_nothing(
    log: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    counting, zombie = Counting(), Pausing()
    await counting.make_table(log.database)

    async with running(zombie, log, SLOW_TO_TAKE_OVER, "zombie"):
        await log.append(*[observed() for _ in range(3)])
        await asyncio.wait_for(zombie.paused.wait(), 10)
        await log.execute("update projectors set lease_until = now()")  # as time would
        async with running(counting, log, QUICK, "other"):
            await reached(log.database, counting)
            assert await holder(log, counting) == "other"

            zombie.go_on.set()
            await said(caplog, "counting is held by another now")
            await log.append(*[observed() for _ in range(3)])
            await reached(log.database, counting)

    assert await counting.counted(log.database) == {"1": 6}


async def test_events_are_counted_once_while_leaders_come_and_go(log: Desk) -> None:
    counting = Counting()
    await counting.make_table(log.database)

    async def lead(holder: str, seconds: float) -> None:
        while True:
            async with running(counting, log, QUICK, holder):
                await asyncio.sleep(seconds)

    leaders = [asyncio.create_task(lead(f"{each}", 0.05 + each / 50)) for each in range(3)]
    for _ in range(30):
        await log.append(*[observed(record=f"{each}") for each in range(10)])
    await reached(log.database, counting, 300)
    for each in leaders:
        await stop(each)

    assert await counting.counted(log.database) == {f"{each}": 30 for each in range(10)}


async def test_at_work_it_makes_the_tables_that_folding_by_hand_makes(log: Desk) -> None:
    await log.append(*mixed(100))
    async with running(SYNC, log), running(TIMELINE, log):
        await log.append(*mixed(100), unparked(8, "retry"))
        await asyncio.gather(*[reached(log.database, each, 201) for each in (SYNC, TIMELINE)])
        await settled(log.database)

    await same_as_from_the_beginning(log.database)


async def test_the_database_may_be_killed_at_any_time(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    counting = Counting()
    async with open_server(home, environ) as server:
        database = Database(
            Settings(home=home, database=DatabaseSettings(url=Secret(server.url))), server.url
        )
        await migrate(database)
        async with open_desk(database) as log:
            await counting.make_table(database)
            async with running(SYNC, log), running(counting, log):
                for round_ in range(3):
                    appending = [log.append(*mixed(40, f"{round_}")) for _ in range(10)]
                    kept = asyncio.gather(*appending)
                    await asyncio.wait_for(counting.written.wait(), 20)
                    process = server.status().process
                    assert process is not None
                    os.kill(process, signal.SIGKILL)
                    await kept
                    counting.written.clear()
                await reached(database, counting, 3 * 400)
                await reached(database, SYNC, 3 * 400)
                await settled(log.database)

        of_records = sum((await counting.counted(database)).values())
        async with database.connected("owner") as db:
            about_events = "select count(*) from events where type in ('parked', 'unparked')"
            appended = await db.fetchval("select max(position) from events")
            assert of_records == appended - await db.fetchval(about_events)
        await same_as_from_the_beginning(database)


class Pausing(Counting):
    """One that is paused in the middle of its first page, as a process is that was stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.paused, self.go_on = asyncio.Event(), asyncio.Event()

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        fold = super().fold(empty=empty, cache_bytes_max=cache_bytes_max, live=live)
        load = fold.load

        async def load_and_pause(db: Db, events: Sequence[Event]) -> None:
            await load(db, events)
            self.paused.set()
            await self.go_on.wait()

        fold.load = load_and_pause  # type: ignore[method-assign]
        return fold


async def holder(log: Desk, projector: Projector) -> str:
    (row,) = await log.execute("select holder from projectors where name = $1", projector.name)
    return str(row["holder"])


async def said(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in caplog.text:  # noqa: ASYNC110 - a log is only to be read
            await asyncio.sleep(0.01)
