"""A Postgres of the simulation's own: spared what takes long, and killed when the story says so.

It may lose its power no more than the hub's own does, so it need not wait for the disk: what was
written before a kill is there after it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import asyncpg

from hub.database.embedded import Server, embedded_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRAM_ITERATIONS_SINCE = 16
HURRIED = ("fsync = off", "full_page_writes = off", "log_min_messages = panic")


@contextmanager
def postgres(home: Path) -> Iterator[Postgres]:
    """Run one in this directory until the end of the block."""
    one = Postgres(embedded_server(home, {}))
    try:
        asyncio.run(one.begin())
        yield one
    finally:
        asyncio.run(one.end())


class Postgres:
    """A server that may be killed, and is begun again by whoever killed it."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def url(self) -> str:
        return f"{self._server.url}?sslmode=disable"

    @property
    def port(self) -> int:
        return int(urlsplit(self._server.url).port or 0)

    @property
    def clocks(self) -> Path:
        """A directory whose files the server may read."""
        return self._server.status().directory / "data"

    async def begin(self) -> None:
        await self._server.start()
        db = await asyncpg.connect(self.url)
        for how in HURRIED:
            await db.execute(f"alter system set {how}")
        await db.execute("select pg_reload_conf()")
        if db.get_server_version().major >= SCRAM_ITERATIONS_SINCE:
            await db.execute("set scram_iterations = 1")
            parts = urlsplit(self._server.url)
            await db.execute(f"alter role {parts.username} password '{parts.password}'")
        await db.close()

    async def end(self) -> None:
        await self._server.stop()

    def kill(self) -> None:
        """End it as SIGKILL does."""
        process = self._server.status().process
        if process is not None:
            os.kill(process, signal.SIGKILL)

    async def again(self) -> None:
        """Begin it again, which takes as long as it takes: to be done where no time passes."""
        await asyncio.to_thread(lambda: asyncio.run(self._server.start()))
