"""Who follows the log is told at once by its own process, soon by others, and is never left out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from hub.errors import LogBroken
from hub.log.follow import Wake, follow, hear, tell
from tests.log.desk import Desk, begun, happened, open_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from hub.database import Database
    from hub.events import Event

    NewDatabase = Callable[..., Awaitable[Database]]

FOR_EVER = 1_000.0


async def test_an_append_in_this_process_wakes_who_waits(log: Desk) -> None:
    async with following(log.database, log.wake, FOR_EVER) as pages:
        await log.append(happened(), happened())
        assert await positions(pages) == [1, 2]

        await log.append(happened())
        assert await positions(pages) == [3]


async def test_who_is_behind_reads_full_pages_until_there(log: Desk) -> None:
    await log.append(*(happened() for _ in range(25)))

    async with following(log.database, log.wake, FOR_EVER) as pages:
        assert [len(await positions(pages)) for _ in range(3)] == [10, 10, 5]


async def test_an_append_in_another_process_is_hinted(log: Desk) -> None:
    wake = Wake()
    async with (
        in_background(tell(log.database, log.wake), hear(log.database, wake)),
        following(log.database, wake, FOR_EVER) as pages,
    ):
        # The other may not be listening yet: hints are lost until it does.
        while not wake.head:
            await log.append(happened())
            await asyncio.sleep(0.01)

        [last, *_] = (await positions(pages))[::-1]
        await log.append(happened())
        while last < log.wake.head:
            last = (await positions(pages))[-1]


async def test_without_any_hint_the_next_look_finds_it(log: Desk) -> None:
    async with following(log.database, Wake(), 0.01) as pages:
        await log.append(happened())
        assert await positions(pages) == [1]


async def test_a_listener_that_lost_its_connection_hears_again(log: Desk) -> None:
    wake = Wake()
    async with in_background(tell(log.database, log.wake), hear(log.database, wake)):
        for _ in range(2):
            before = wake.head
            async with asyncio.timeout(60):
                while wake.head == before:
                    await log.append(happened())
                    await asyncio.sleep(0.01)
            await log.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and query like 'LISTEN%'"
                " and query like $1",
                f"%{log.database.schema}%",
            )


async def test_a_hint_ahead_of_the_log_makes_nobody_spin(log: Desk) -> None:
    looks = 0
    wake = Wake()
    session = log.database.session("replay")
    until_done = session.until_done

    async def counted(work: Callable[[object], Awaitable[list[Event]]]) -> list[Event]:
        nonlocal looks
        looks += 1
        return await until_done(work)

    session.until_done = counted  # type: ignore[method-assign,assignment]
    wake.to(1)
    pages = follow(session, wake, 0, 10, poll_seconds=0.05)
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await anext(pages)
    await session.close()

    assert 0 < looks < 50


async def test_p3_who_follows_stops_at_a_hole(log: Desk) -> None:
    await log.append(*(happened() for _ in range(30)))
    await log.execute("delete from events where position between 11 and 25")

    session = log.database.session("replay")
    pages = follow(session, log.wake, 0, 10)
    assert [event.position for event in await anext(pages)] == list(range(1, 11))
    with pytest.raises(LogBroken, match="position 11"):
        await anext(pages)
    await session.close()


async def test_two_schemas_in_one_database_never_meet(new_database: NewDatabase) -> None:
    ours, theirs, heard = await new_database(), await new_database(), Wake()
    async with (
        open_desk(ours) as log,
        open_desk(theirs) as other,
        in_background(tell(ours, log.wake), tell(theirs, other.wake), hear(theirs, heard)),
    ):
        # Each appends while the other's order is held: it is another order.
        async with ours.connected("owner") as holder:
            await holder.execute(
                "select pg_advisory_lock(hashtextextended($1, 0))", f"{ours.schema}.log"
            )
            waiting = begun(log.append(*(happened() for _ in range(1_000))))
            async with asyncio.timeout(60):
                while not heard.head:
                    await other.append(happened())
                    await asyncio.sleep(0.01)
            assert not waiting.done()
        await waiting

        # Each hears of its own events alone, and reads them alone.
        before = heard.head
        async with asyncio.timeout(60):
            while heard.head == before:
                await other.append(happened())
                await asyncio.sleep(0.01)
        assert heard.head <= other.wake.head < 1_000 == log.wake.head
        assert len(await log.events()) == 1_000
        assert len(await other.events()) == other.wake.head


async def test_waiting_ends_when_its_time_has_come() -> None:
    wake = Wake()

    assert not await wake.wait(1, 0.01)
    wake.to(5)
    assert await wake.wait(5, FOR_EVER)
    wake.to(3)
    assert wake.head == 5


async def test_who_waits_for_a_connection_is_woken_by_what_is_about_it_or_about_any() -> None:
    wake = Wake(of_log=False)
    waiting = [asyncio.create_task(wake.wait_about(each, 5, 60)) for each in ("crm", "books")]
    await asyncio.sleep(0)

    wake.to(5, {"crm"})
    await waiting[0]
    wake.to(6, {"desk"})
    await asyncio.sleep(0)
    assert not waiting[1].done()

    wake.to(7)
    await waiting[1]


@asynccontextmanager
async def following(
    database: Database, wake: Wake, poll_seconds: float
) -> AsyncIterator[AsyncIterator[list[Event]]]:
    session = database.session("replay")
    try:
        yield follow(session, wake, 0, 10, poll_seconds)
    finally:
        await session.close()


async def positions(pages: AsyncIterator[list[Event]]) -> list[int]:
    async with asyncio.timeout(60):
        return [event.position for event in await anext(pages)]


@asynccontextmanager
async def in_background(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
