"""Projectors are killed at any moment under load; then their tables are still folds of the log."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.projectors.at_work import (
    Counting,
    mixed,
    reached,
    running,
    same_as_from_the_beginning,
    settled,
)
from tests.projectors.by_hand import SYNC, TIMELINE

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from tests.log.desk import Desk

CHECKOUT = Path(__file__).parents[2]
KILLS = (
    ("before", 1),
    ("after", 1),
    ("after", 12),
    ("random", 2),
)


async def test_tables_are_folds_of_the_log_after_four_kills(log: Desk) -> None:
    await killed_again_and_again(log, KILLS)


@pytest.mark.slow
async def test_tables_are_folds_of_the_log_after_sixty_kills(log: Desk) -> None:
    dice = random.Random(60)
    kills = [(dice.choice(("before", "after", "random")), dice.randint(1, 30)) for _ in range(60)]
    await killed_again_and_again(log, kills)


async def test_one_that_is_stopped_in_the_middle_of_a_page_holds_nobody_up(log: Desk) -> None:
    counting = Counting()
    await counting.make_table(log.database)
    await log.append(*mixed(60))
    async with child(log, "zombie", "SIGSTOP", "before", "2") as zombie:
        await stopped(zombie)

        async with working(log, counting):
            await all_reached(log, counting)
            zombie.send_signal(signal.SIGCONT)
            await log.append(*mixed(60, "more"))
            await settled(log.database)

    await check(log, counting)


async def killed_again_and_again(
    log: Desk, kills: tuple[tuple[str, int], ...] | list[tuple[str, int]]
) -> None:
    counting = Counting()
    await counting.make_table(log.database)
    async with load(log):
        for number, (when, nth) in enumerate(kills):
            how = () if when == "random" else ("SIGKILL", when, str(nth))
            async with child(log, f"{number}", *how) as process:
                if when == "random":
                    await asyncio.sleep(random.Random(number).uniform(0, 0.5))
                    process.kill()
                async with asyncio.timeout(60):
                    assert await process.wait() == -signal.SIGKILL
    async with working(log, counting):
        await settled(log.database)

    await check(log, counting)


async def check(log: Desk, counting: Counting) -> None:
    await same_as_from_the_beginning(log.database)
    (row,) = await log.execute(
        "select count(*) from events where type not in ('parked', 'unparked')"
    )
    assert sum((await counting.counted(log.database)).values()) == row["count"]


async def all_reached(log: Desk, counting: Counting) -> None:
    await asyncio.gather(*[reached(log.database, each) for each in (SYNC, TIMELINE, counting)])


@asynccontextmanager
async def load(log: Desk) -> AsyncIterator[None]:
    """Append without a pause, but not so much that checking takes long."""

    async def append() -> None:
        round_ = 0
        while True:
            await log.append(*mixed(20, f"{round_}"))
            await asyncio.sleep(0.02)
            round_ += 1

    task = asyncio.create_task(append())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def working(log: Desk, counting: Counting) -> AsyncIterator[None]:
    async with running(SYNC, log), running(TIMELINE, log), running(counting, log):
        yield


@asynccontextmanager
async def child(log: Desk, holder: str, *how: str) -> AsyncIterator[Process]:
    url = log.database.settings.database.url
    assert url is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.crash.projecting",
        url.reveal(),
        log.database.schema,
        holder,
        *how,
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"running\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stopped(process: Process) -> None:
    async with asyncio.timeout(20):
        while b"State:\tT" not in Path(f"/proc/{process.pid}/status").read_bytes():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.01)
