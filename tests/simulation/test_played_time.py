"""Time that is played: it jumps over waits, and stands still for what is under way."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from hub.simulate.life import LIFE, Life
from hub.simulate.played_time import PlayedClock, run_played

if TYPE_CHECKING:
    from hub.simulate.played_time import PlayedLoop
    from hub.simulate.postgres import Postgres

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = 86_400.0
SLACK = 0.01


def test_a_day_of_waiting_takes_no_time() -> None:
    clock, begun = PlayedClock(START), time.perf_counter()

    run_played(clock, lambda _: asyncio.sleep(DAY))

    assert clock.now().day == START.day + 1
    assert time.perf_counter() - begun < 1


def test_who_waits_for_less_than_a_clock_can_tell_gets_on() -> None:
    async def wait(loop: PlayedLoop) -> None:
        until = loop.time() + 2e-6
        while loop.time() < until:
            turn = loop.create_future()
            loop.call_at(loop.time(), turn.set_result, None)
            await turn

    run_played(PlayedClock(START), wait)


def test_no_time_passes_while_a_database_is_at_work(postgres: Postgres) -> None:
    clock = PlayedClock(START)

    async def ask(loop: PlayedLoop) -> float:
        loop.database_port = postgres.port
        waiting = asyncio.create_task(asyncio.sleep(DAY))
        db = await asyncpg.connect(postgres.url)
        for _ in range(3):
            await db.execute("select pg_sleep(0.02)")
        await db.close()
        waiting.cancel()
        return loop.time()

    assert run_played(clock, ask) < SLACK


def test_no_time_passes_while_a_thread_is_at_work() -> None:
    async def wait(loop: PlayedLoop) -> float:
        waiting = asyncio.create_task(asyncio.sleep(DAY))
        await asyncio.to_thread(time.sleep, 0.05)
        waiting.cancel()
        return loop.time()

    assert run_played(PlayedClock(START), wait) < SLACK


def test_timers_come_in_their_order() -> None:
    came: list[float] = []

    async def wait(_: PlayedLoop) -> None:
        async def after(seconds: float) -> None:
            await asyncio.sleep(seconds)
            came.append(seconds)

        await asyncio.gather(*map(after, (30.0, 10.0, 20.0, 0.1)))

    run_played(PlayedClock(START), wait)

    assert came == sorted(came)


def test_a_life_that_is_killed_tidies_nothing_up() -> None:
    reached: list[str] = []

    async def tell(loop: PlayedLoop) -> None:
        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while word := await reader.readline():
                reached.append(word.decode().strip())
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def live() -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"alive\n")
                await asyncio.sleep(DAY)
            finally:
                writer.write(b"tidied up\n")
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection("127.0.0.1", port)

        life = Life("a process")
        token = LIFE.set(life)
        task = asyncio.create_task(live())
        LIFE.reset(token)
        await asyncio.sleep(1)
        await life.kill()
        await asyncio.sleep(1)
        assert task.done()
        server.close()

    run_played(PlayedClock(START), tell)

    assert reached == ["alive"]
