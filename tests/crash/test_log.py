"""P1 to P4 under kill -9: of the hub, before, during and after its calls, and of Postgres."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.database import Database, migrate
from hub.log import read
from hub.settings import DatabaseSettings, Settings
from tests.crash.oracle import Oracle
from tests.crash.worker import CALLERS, Acknowledged, Orders

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database.embedded import Server

PATIENCE_SECONDS = 60
# The callers of a new worker begin again with a few that were acknowledged to the old.
AGAIN_EVENTS = 4
VICTIMS = ("hub", "hub before", "postgres", "hub after", "backend", "hub during")


async def test_nothing_is_lost_or_doubled_whatever_is_killed(
    own_server: Server, tmp_path: Path
) -> None:
    await Trial(own_server, tmp_path, seed=1).survive(kills=8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
async def test_nothing_is_lost_or_doubled_whatever_is_killed_for_long(
    seed: int, own_server: Server, tmp_path: Path
) -> None:
    await Trial(own_server, tmp_path, seed=seed).survive(kills=80)


class Trial:
    """Rounds of work and death, each followed by a look of the oracle."""

    def __init__(self, server: Server, directory: Path, *, seed: int) -> None:
        self.server = server
        self.database = Database(
            Settings(home=directory, database=DatabaseSettings(schema="crash")), server.url
        )
        self.oracle = Oracle(self.database, directory / "archive")
        self.words = directory / "words"
        self.seed = seed
        self.chance = random.Random(seed)

    async def survive(self, kills: int) -> None:
        await migrate(self.database)
        before = 0
        for kill in range(kills):
            victim = VICTIMS[kill % len(VICTIMS)]
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.round(kill, victim)
                events = await self.oracle.look()
            assert events > before, victim
            before = events

    async def round(self, number: int, victim: str) -> None:
        """Let two hubs work, kill what is to be killed, then the hubs themselves."""
        point = victim.removeprefix("hub ") if victim.startswith("hub ") else None
        async with self.worker("one", number, point) as one, self.worker("two", number) as two:
            acknowledged = self.chance.randint(50, 200)
            if point:
                await self.heard(one, None)
                await self.heard(two, acknowledged)
            else:
                await asyncio.gather(self.heard(one, acknowledged), self.heard(two, acknowledged))
                await self.kill(victim)
                # They go on as soon as they can.
                head = await self.oracle.asked(read.head)
                await asyncio.gather(*(self.heard(each, 1, head) for each in (one, two)))
        for worker in (one, two):
            await self.heard(worker, None)

    async def kill(self, victim: str) -> None:
        process = self.server.status().process
        if victim == "backend":
            async with self.database.connected("owner") as db:
                process = await db.fetchval(
                    "select pid from pg_stat_activity where application_name = 'hub serve' limit 1"
                )
        if victim != "hub":
            assert process is not None
            os.kill(process, signal.SIGKILL)

    @asynccontextmanager
    async def worker(
        self, name: str, number: int, point: str | None = None
    ) -> AsyncIterator[Process]:
        with self.words.open("ab") as words:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.crash.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=words,
            )
        orders = {
            "url": self.server.url,
            "schema": self.database.schema,
            "name": name,
            "seed": self.seed * 1_000 + number,
            "begin": self.begin(name),
            "kill": point,
            "kill_call": self.chance.randint(1, 120),
        }
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(msgspec.convert(orders, Orders)) + b"\n")
        try:
            yield process
        finally:
            # Not by process.kill, which would take the end of one that is dead already for itself.
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.stdin.close()
            assert await process.wait() == -signal.SIGKILL, self.words.read_text()

    def begin(self, name: str) -> list[int]:
        """Begin each caller a little before what was acknowledged to it last."""
        begin = [0] * CALLERS
        for said in self.oracle.acknowledged:
            if said.worker == name:
                begin[said.caller] = max(begin[said.caller], said.number - AGAIN_EVENTS)
        return begin

    async def heard(self, worker: Process, acknowledged: int | None, after: int = 0) -> None:
        """Note what a worker says is kept: so many after a position, or all until it ends."""
        assert worker.stdout is not None
        decode = msgspec.json.Decoder(Acknowledged).decode
        while acknowledged is None or acknowledged > 0:
            line = await worker.stdout.readline()
            if not line.endswith(b"\n"):
                assert acknowledged is None, self.words.read_text()
                return
            said = decode(line)
            self.oracle.acknowledged.append(said)
            if acknowledged is not None and said.position > after:
                acknowledged -= 1
