"""Events handed in are durable when their positions are given, whoever else goes wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import DatabaseRefused, EventRefused, HubError, LogFull
from hub.events import Event, new_id
from hub.log import append
from hub.log.append import append_within
from hub.settings import LogSettings
from tests.log.desk import Desk, begun, happened, open_desk, running, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database import Database
    from hub.database.db import Db

    NewDatabase = Callable[..., Awaitable[Database]]

FAR_EAST = timezone(timedelta(hours=14))
BEFORE_THE_FIRST_YEAR = datetime(1, 1, 1, tzinfo=FAR_EAST)
"""A moment that Python can write down, and Postgres cannot."""


async def test_p1_an_acknowledged_event_can_be_read_by_everybody_at_once(log: Desk) -> None:
    event = seen("hello")

    [position] = await log.append(event)

    [found] = await log.events()
    assert (found.position, found.id, found.data) == (position, event.id, event.data)


async def test_all_of_the_envelope_comes_back_as_it_was(log: Desk) -> None:
    given = Event(
        type="observed",
        id=new_id(),
        data='{"name":"Zoë \\u0000","id":1234567890123456789,"a":1,"a":2}'.encode(),
        shape=7,
        connection="crm",
        kind="Kontakte",
        record="4600 / ü",
        road="webhook",
        cover="*",
        occurred_at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=FAR_EAST),
        origin="user:7",
        cause=1,
        flow="f",
        trace="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        seal=new_id(),
    )

    await log.append(given)

    [found] = await log.events()
    for name in given.__struct_fields__:
        if name not in {"position", "recorded_at", "digest", "link"}:
            assert getattr(found, name) == getattr(given, name), name
    assert found.position == 1
    assert found.recorded_at is not None


async def test_p3_the_events_of_one_call_stand_together_in_their_order(log: Desk) -> None:
    calls = [[happened(number) for number in range(5)] for _ in range(20)]

    answers = await asyncio.gather(*(log.append(*call) for call in calls))

    by_position = {event.position: event.id for event in await log.events()}
    assert sorted(by_position) == list(range(1, 101))
    for call, positions in zip(calls, answers, strict=True):
        assert positions == list(range(positions[0], positions[0] + 5))
        assert [by_position[position] for position in positions] == [event.id for event in call]


async def test_callers_that_come_together_share_commits(log: Desk) -> None:
    await asyncio.gather(*(log.append(happened(number)) for number in range(500)))

    batches = [event for event in await log.events() if event.link is not None]
    assert len(batches) < 10


async def test_nothing_handed_in_is_nothing_to_do(log: Desk) -> None:
    assert await log.append() == []


async def test_a_caller_that_gave_up_changes_nothing_for_the_others(log: Desk) -> None:
    calls = [asyncio.create_task(log.append(happened(number))) for number in range(3)]
    await asyncio.sleep(0)

    calls[1].cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(answers[1], asyncio.CancelledError)
    assert [answers[0], answers[2]] == [[1], [3]]
    assert len(await log.events()) == 3


class TestWaiting:
    async def test_a_full_queue_refuses_at_once_and_takes_nothing(
        self, new_database: NewDatabase
    ) -> None:
        async with open_desk(await new_database(log=LogSettings(queue_events_max=3))) as log:
            waiting = [asyncio.create_task(log.append(happened())) for _ in range(3)]
            await asyncio.sleep(0)

            with pytest.raises(LogFull, match="at most 3 may") as full:
                await log.append(happened())

            assert full.value.retry_after_seconds > 0
            assert sorted(await asyncio.gather(*waiting)) == [[1], [2], [3]]
            assert await log.append(happened()) == [4]

    async def test_a_full_queue_takes_no_part_of_a_call(self, new_database: NewDatabase) -> None:
        async with open_desk(await new_database(log=LogSettings(queue_events_max=3))) as log:
            first = asyncio.create_task(log.append(happened(), happened()))
            await asyncio.sleep(0)

            with pytest.raises(LogFull):
                await log.append(seen(1), seen(1), seen(2))

            assert await first == [1, 2]
            assert len(await log.events()) == 2

    async def test_a_call_that_could_never_wait_is_told_to_come_in_parts(
        self, new_database: NewDatabase
    ) -> None:
        async with open_desk(await new_database(log=LogSettings(queue_events_max=3))) as log:
            with pytest.raises(EventRefused, match=r"4 events at once .* in parts") as refused:
                await log.append(*(happened() for _ in range(4)))

        assert refused.value.status == 413

    async def test_a_batch_holds_no_more_than_it_may(
        self, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_desk(await new_database(log=LogSettings(batch_events_max=10))) as log:
            await asyncio.gather(*(log.append(happened(), happened()) for _ in range(20)))
            await log.append(*(happened() for _ in range(30)))
            monkeypatch.setattr(append, "BATCH_BYTES_MAX", 1_000)
            await asyncio.gather(*(log.append(seen(f"{n:0400}", record=f"{n}")) for n in range(9)))

            events = await log.events()

        ends = [0, *(event.position for event in events if event.link is not None)]
        assert [end - start for start, end in pairwise(ends)] == [
            *[10] * 4,
            30,
            *[3] * 3,
        ]

    async def test_what_was_taken_is_kept_before_it_stops(self, database: Database) -> None:
        log = Desk(database)
        async with open_desk(database) as other:
            waiting = begun(log.append(*(happened() for _ in range(5))))
            await asyncio.sleep(0)
            log.appender.close()

            with pytest.raises(LogFull, match="stopping"):
                await log.append(happened())
            async with running(log):
                assert await waiting == [1, 2, 3, 4, 5]
            assert len(await other.events()) == 5

    async def test_who_waits_when_it_is_cancelled_is_told_to_send_again(
        self, database: Database
    ) -> None:
        log, event = Desk(database), happened()
        async with open_desk(database) as other, database.connected("owner") as holder:
            await holder.execute(
                "select pg_advisory_lock(hashtextextended($1, 0))", f"{database.schema}.log"
            )
            keeping = asyncio.create_task(log.appender.run())
            under_way = asyncio.create_task(log.append(event))
            await waiting_for_a_lock(holder)
            queued = asyncio.create_task(log.append(happened()))
            await asyncio.sleep(0)

            keeping.cancel()
            answers = await asyncio.gather(under_way, queued, keeping, return_exceptions=True)
            await holder.execute("select pg_advisory_unlock_all()")
            await other.append(event)

            assert [type(answer) for answer in answers] == [
                LogFull,
                LogFull,
                asyncio.CancelledError,
            ]
            assert len(await other.events()) == 1

    async def test_whatever_breaks_it_nobody_waits_for_ever(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = Desk(database)

        async def break_down(_: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(log.appender._session, "until_done", break_down)
        keeping = asyncio.create_task(log.appender.run())
        answers = await asyncio.gather(
            log.append(happened()), log.append(happened()), return_exceptions=True
        )

        assert [type(answer) for answer in answers] == [LogFull, LogFull]
        with pytest.raises(RuntimeError, match="a bug"):
            await keeping


class TestOneBadEvent:
    async def test_an_event_of_a_time_that_cannot_be_told_is_refused_alone(self, log: Desk) -> None:
        bad = seen(at=BEFORE_THE_FIRST_YEAR)

        answers = await sent_together(log, *(happened() for _ in range(31)), bad, happened())

        assert isinstance(answers.pop(31), EventRefused)
        assert answers == [[position] for position in range(1, 33)]
        await log.verify()

    async def test_events_that_a_rule_of_the_table_forbids_are_refused_alone(
        self, log: Desk
    ) -> None:
        await log.execute("alter table events add check (flow is distinct from 'forbidden')")
        events = [
            Event(type="happened", id=new_id(), flow="forbidden" if number % 7 == 3 else "allowed")
            for number in range(40)
        ]

        answers = await sent_together(log, *events)

        for event, answer in zip(events, answers, strict=True):
            assert isinstance(answer, EventRefused) == (event.flow == "forbidden")
        assert len(await log.events()) == sum(event.flow == "allowed" for event in events)
        await log.verify()

    async def test_a_refused_call_is_not_kept_in_part(self, log: Desk) -> None:
        await log.execute("alter table events add check (flow is distinct from 'forbidden')")
        forbidden = Event(type="happened", id=new_id(), flow="forbidden")

        with pytest.raises(EventRefused, match="cannot hold this event"):
            await log.append(happened(), forbidden, happened())

        assert await log.events() == []

    async def test_a_database_that_lacks_what_is_needed_is_said_so_and_used_again_when_mended(
        self, log: Desk
    ) -> None:
        await log.execute("alter table kept rename to hidden")
        with pytest.raises(DatabaseRefused, match="kept"):
            await log.append(happened())

        await log.execute("alter table hidden rename to kept")

        assert await log.append(happened()) == [1]


class TestWithinATransaction:
    async def test_events_are_kept_with_the_rest_of_it(self, log: Desk) -> None:
        async with log.database.connected() as db, db.transaction():
            assert await append_within(db, happened(), happened()) == [1, 2]

        assert await log.append(happened()) == [3]
        await log.verify()

    async def test_it_makes_room_when_every_partition_is_full(
        self, new_database: NewDatabase
    ) -> None:
        database = await new_database(log=LogSettings(partition_events=4))
        async with open_desk(database) as log:
            async with log.database.connected() as db, db.transaction():
                kept = [await append_within(db, happened()) for _ in range(9)]
            rows = await log.execute("select until - first as size from partitions")

        assert kept == [[position] for position in range(1, 10)]
        assert [row["size"] for row in rows] == [4, 4, 4]

    async def test_events_are_gone_with_the_rest_of_it_and_leave_no_gap(self, log: Desk) -> None:
        event = happened()
        async with log.database.connected() as db:
            transaction = db.transaction()
            await transaction.start()
            await append_within(db, event, happened())
            await transaction.rollback()

        assert await log.append(event) == [1]
        assert [found.position for found in await log.events()] == [1]

    async def test_repeats_are_given_the_position_of_the_first(self, log: Desk) -> None:
        event = happened()
        await log.append(event)

        async with log.database.connected() as db, db.transaction():
            assert await append_within(db, happened(), event, happened()) == [2, 1, 3]


async def sent_together(log: Desk, *events: Event) -> list[Any]:
    """Hand every event in by a call of its own, all before the first is kept."""
    answers = await asyncio.gather(*(log.append(event) for event in events), return_exceptions=True)
    assert all(isinstance(answer, list | HubError) for answer in answers)
    return answers


async def waiting_for_a_lock(db: Db) -> None:
    """Wait until some statement of this schema's waits for the order of the log."""
    async with asyncio.timeout(60):
        while not await db.fetchval(  # noqa: ASYNC110 - another session's wait is no event
            "select exists (select from pg_locks mine join pg_locks theirs"
            " using (locktype, classid, objid, objsubid)"
            " where mine.pid = pg_backend_pid() and mine.locktype = 'advisory'"
            " and not theirs.granted)"
        ):
            await asyncio.sleep(0.01)
