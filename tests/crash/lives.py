"""A hub of many lives beside the played vendors: each of them ends with SIGKILL.

What is asked of it is asked from outside: the vendors live on in the process of the test, and the
hub's tables are looked into by the test's own connection.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from hub.app import Hub, appending
from hub.database import migrate, open_database
from hub.settings import ServeSettings
from tests.crash.mortal import Moment, Orders, Said
from tests.e2e.at_work import FlowsAtWork
from tests.inbound.ground import a_ground, a_streaming_ground, connected, subscribe
from tests.inbound.played_hub import PlayedHub, _free_port, give_grants

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Iterator

    from hub.sandbox.world import Call
    from hub.settings import Settings
    from tests.inbound.ground import Ground

ROOT = Path(__file__).parents[2]
BEGIN_SECONDS_MAX = 60.0
DEATH_SECONDS_MAX = 30.0


class Lives:
    """Begins and ends the lives of one hub."""

    def __init__(self, process: Process, orders: Orders, work: FlowsAtWork) -> None:
        self.work = work
        self._process = process
        self._orders = orders
        self._pid = 0

    async def begin(self, moment: Moment | None = None) -> None:
        """Begin a life that ends at this moment, once it is armed."""
        orders = msgspec.structs.replace(self._orders, moment=moment or Moment())
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(orders) + b"\n")
        said = await self._said(BEGIN_SECONDS_MAX)
        assert said.at_work, f"it did not come to work: {said}"
        self._pid = said.at_work

    def arm(self) -> None:
        os.kill(self._pid, signal.SIGUSR1)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    async def death(self, of: object = "") -> None:
        """Wait until it has died."""
        try:
            said = await self._said(DEATH_SECONDS_MAX)
        except TimeoutError as error:
            stands = "\n".join(await self.work.stands())
            raise AssertionError(f"the moment did not come: {of}\n{stands}") from error
        assert said.died == -signal.SIGKILL, said
        self._pid = 0

    @contextmanager
    def killed_by_call(self, path: str, system: str) -> Iterator[None]:
        """Kill the hub when a vendor was called to write there, before it has answered."""
        record = self.work.ground.world.record

        def last(**call: Any) -> Call:
            kept = record(**call)
            is_it = call["system"] == system and path in call["path"]
            if is_it and call["method"] in ("POST", "PUT") and self._pid:
                self.kill()
            return kept

        self.work.ground.world.record = last  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.work.ground.world.record = record  # type: ignore[method-assign]

    async def _said(self, seconds_max: float) -> Said:
        assert self._process.stdout is not None
        async with asyncio.timeout(seconds_max):
            return msgspec.json.decode(await self._process.stdout.readline(), type=Said)

    async def end(self) -> None:
        if self._pid:
            self.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


@asynccontextmanager
async def lives(
    place: Settings, *, customers: int = 1, names: tuple[str, ...] = ("crm", "books")
) -> AsyncIterator[Lives]:
    """Give a hub that does not live yet, on tables of its own."""
    played = a_streaming_ground if "salesforce" in names else a_ground
    async with (
        played(customers=customers) as ground,
        a_looking_glass(place, ground, names) as work,
    ):
        hub = work.hub.hub
        assert hub.settings.database.url is not None
        orders = Orders(
            address=ground.address,
            url=hub.settings.database.url.reveal(),
            schema=hub.database.schema,
            home=str(hub.settings.home),
            port=hub.settings.serve.port,
            names=names,
            stream=ground.systems["pubsub"].address,  # type: ignore[attr-defined]
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crash.mortal",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        lives = Lives(process, orders, work)
        try:
            yield lives
        finally:
            await lives.end()


@asynccontextmanager
async def a_looking_glass(
    place: Settings, ground: Ground, names: tuple[str, ...]
) -> AsyncIterator[FlowsAtWork]:
    """Give a way to look at a hub, and to tell it what operators tell, that is no hub itself."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    if "books" in names:
        subscribe(ground, f"{url}/hooks/books")
    settings = msgspec.structs.replace(
        place,
        serve=ServeSettings(port=port, public_url=url),
        connections={name: connected(ground, name) for name in names},
    )
    async with open_database(settings, {}) as database:
        await migrate(database)
        await give_grants(database)
        async with appending(database) as append, aiohttp.ClientSession() as session:
            hub = Hub(database, {})
            hub.append = append  # type: ignore[assignment]
            yield FlowsAtWork(PlayedHub(ground, hub, session))
