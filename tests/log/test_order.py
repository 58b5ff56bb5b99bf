"""P3: one order, without gaps, over any number of processes, for every reader at every moment."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from hub.log.follow import Wake, follow
from tests.log.desk import Desk, begun, happened, open_desk

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from hub.database import Database
    from hub.events import Event

PROCESSES = 8
EVENTS = 400
DIFFERENT = PROCESSES * EVENTS // 2 + EVENTS // 2


async def test_p3_eight_processes_append_at_once_and_a_reader_misses_nothing(
    database: Database,
) -> None:
    async with open_desk(database) as log:
        # given eight processes that wait for the word, and a reader that never waits
        processes = [await started(database, number) for number in range(PROCESSES)]
        read: list[Event] = []
        reading = begun(read_on(database, read))

        # when all append at once, half of it the same
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
        answers = [json.loads((await process.communicate())[0]) for process in processes]
        async with asyncio.timeout(60):
            await reading

        # then the reader saw every position once, in order, and everybody was answered the truth
        assert [event.position for event in read] == list(range(1, DIFFERENT + 1))
        where = {str(event.id): event.position for event in read}
        assert len(where) == DIFFERENT
        for answer in answers:
            assert len(answer) == EVENTS
            assert all(where[id_] == position for id_, position in answer)
        times = [event.recorded_at for event in read]
        assert times == sorted(times, key=str)
        await log.verify()


async def test_time_never_runs_back_though_a_clock_does(log: Desk) -> None:
    await log.append(happened())
    await log.execute("update events set recorded_at = now() + interval '1 hour'")

    await log.append(happened(), happened())

    [first, second, third] = await log.events()
    assert first.recorded_at == second.recorded_at == third.recorded_at


async def started(database: Database, number: int) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.log.appending",
        database.schema,
        str(number),
        str(EVENTS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    # The URL holds a password, which a command line would show.
    assert database.settings.database.url is not None
    process.stdin.write(f"{database.settings.database.url.reveal()}\n".encode())
    assert await process.stdout.readline() == b"ready\n"
    return process


async def read_on(database: Database, read: list[Event]) -> None:
    """Follow the log by pages of odd sizes, as fast as can be, until all is there."""
    session = database.session("replay")
    try:
        async for events in follow(session, Wake(), 0, 37, poll_seconds=0.0005):
            read += events
            if len(read) >= DIFFERENT:
                return
    finally:
        await session.close()
