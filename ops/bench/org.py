"""Play Salesforce in a process of its own, with so many accounts: org.py RECORDS CALLS_PER_DAY.

It prints where it is, changes every account each time it is sent a line, at once, and ends with its
input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import uvloop

from hub.sandbox.pubsub import PubSub, Streams
from hub.sandbox.salesforce import Salesforce
from hub.sandbox.server import running
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MUCH = 1_000_000_000
KIND = "Account"
CONFIG = """
[serve]
port = 0
[connections.sf]
system = "salesforce"
login = "refresh_token"
client_id = "sandbox"
secret_env = "BENCH_SECRET"
plan = "{plan}"
mode = "test"
address = "{address}"
stream_address = "{stream_address}"
change_events = ["Account"]
"""


class Org:
    """The process, as a bench sees it."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, str]) -> None:
        self._process = process
        self.address = told["address"]
        self.stream_address = told["stream_address"]

    def config(self, plan: str) -> str:
        """Give the settings by which a hub is connected to it."""
        return CONFIG.format(plan=plan, address=self.address, stream_address=self.stream_address)

    async def change(self) -> None:
        """Change every account; then it is told of."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        await self._process.stdout.readline()

    async def lose_places(self) -> None:
        """Know no place of a stream any more, and have no event of before."""
        lost = {"system": "pubsub", "act": "stream_expired"}
        async with (
            aiohttp.ClientSession(self.address) as session,
            session.post("/_sandbox/act", json=lost) as answer,
        ):
            answer.raise_for_status()

    async def calls(self, since: int = 0) -> dict[str, Any]:
        """Give the calls it has had since, and how many it had in all."""
        asked: dict[str, str] = {"since": f"{since}", "system": "salesforce"}
        async with (
            aiohttp.ClientSession(self.address) as session,
            session.get("/_sandbox/calls", params=asked) as answer,
        ):
            said: dict[str, Any] = await answer.json()
            return said

    async def token(self) -> str:
        """Log in as any client does."""
        form = {
            "grant_type": "refresh_token", "client_id": "sandbox", "client_secret": "sandbox",
            "refresh_token": "sandbox-salesforce",
        }  # fmt: skip
        async with (
            aiohttp.ClientSession(self.address) as session,
            session.post("/services/oauth2/token", data=form) as answer,
        ):
            answer.raise_for_status()
            return str((await answer.json())["access_token"])


@asynccontextmanager
async def an_org(records: int, *, calls_per_day: int = MUCH) -> AsyncIterator[Org]:
    """Play one; how fast the hub may go is not measured, unless a limit is given."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.org", str(records), str(calls_per_day)),
        stdin=pipe,
        stdout=pipe,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Org(process, json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


async def _play(records: int, calls_per_day: int) -> None:
    world = World(7)
    salesforce = Salesforce(world)
    pubsub = PubSub(salesforce.org, salesforce.sessions)
    pubsub.quirks.alive_seconds = 1.0
    salesforce.quirks = msgspec.structs.replace(salesforce.quirks, calls_per_day=calls_per_day)
    ids = [salesforce.put(KIND, {"Name": f"Company {number}"})["Id"] for number in range(records)]
    async with running(world, [salesforce, pubsub], port=0, streams=Streams(port=0)) as address:
        print(json.dumps({"address": address, "stream_address": pubsub.address}), flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        turn = 0
        while await lines.readline():
            turn += 1
            # Not one of them is told of before the last is made: the hub drains what waits.
            for number, record in enumerate(ids):
                salesforce.edit(KIND, record, {"Phone": f"+49 30 {turn} {number}"})
            print(flush=True)


if __name__ == "__main__":
    uvloop.run(_play(int(sys.argv[1]), int(sys.argv[2])))
