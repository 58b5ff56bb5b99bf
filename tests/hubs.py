"""Whole hubs for tests: running in this process, pushed to, and cut off from their database."""

from __future__ import annotations

import asyncio
import contextlib
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
from yarl import URL

from hub.app import running
from hub.inbound.push import signature
from hub.projectors import PROJECTORS
from hub.settings import Connection, Secret, ServeSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.app import Hub
    from hub.settings import Settings

SECRET = "push-secret-of-the-shop"
SHOP = Connection(system="push", secret=Secret(SECRET))
ANY_PORT = ServeSettings(port=0)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    said: Any
    headers: dict[str, str]

    @property
    def position(self) -> int:
        assert self.status == 200, self.said
        return int(self.said["position"])


class Sender:
    """A system that pushes to a hub, signed as it should be unless told otherwise."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{port}"

    async def push(self, record: str, body: bytes | object, **how: Any) -> Answer:
        """Push a record of the shop's customers; `how` says what is other than usual."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.send("POST", f"/in/shop/customers/{quote(record, safe='')}", data, **how)

    async def delete(self, record: str, **how: Any) -> Answer:
        return await self.send("DELETE", f"/in/shop/customers/{quote(record, safe='')}", b"", **how)

    async def send(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        at: str | None = None,
        origin: str | None = None,
        secret: str = SECRET,
        signed: str | None = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        target = path if at is None else f"{path}?at={quote(at, safe='')}"
        head = dict(headers or {})
        if origin is not None:
            head["X-Hub-Origin"] = origin
        if signed is not None:
            fitting = signature(secret.encode(), method, target, body, origin)
            head["X-Hub-Signature"] = signed or fitting
        return await self.raw(method, target, body, head)

    async def raw(self, method: str, target: str, body: Any, headers: dict[str, str]) -> Answer:
        url = URL(self._url + target, encoded=True)
        async with self._session.request(method, url, data=body, headers=headers) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json"
            said = json.loads(text) if is_json else text
            return Answer(status=answer.status, said=said, headers=dict(answer.headers))


@asynccontextmanager
async def a_hub(settings: Settings, **how: Any) -> AsyncIterator[tuple[Hub, Sender]]:
    """Run a hub, and give it together with a system that pushes to it."""
    async with (
        running(settings, {}, **how) as hub,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session,
    ):
        yield hub, Sender(session, hub.port)


async def applied(hub: Hub, position: int) -> None:
    """Wait until every projector has come to a position."""
    async with asyncio.timeout(60), hub.database.connected() as db:
        while True:
            rows = await db.fetch("select position from projectors")
            if len(rows) == len(PROJECTORS) and min(row["position"] for row in rows) >= position:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def order_held(hub: Hub) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Hold the lock on the order of the log; gives what waits until somebody waits for it."""
    async with hub.database.connected("owner") as db:
        lock = f"{hub.database.schema}.log"

        async def held_up() -> None:
            async with asyncio.timeout(5):
                while True:
                    if await db.fetchval("select count(*) from pg_locks where not granted"):
                        return
                    await asyncio.sleep(0.005)

        await db.execute("select pg_advisory_lock(hashtextextended($1, 0))", lock)
        try:
            yield held_up
        finally:
            await db.execute("select pg_advisory_unlock(hashtextextended($1, 0))", lock)


class Line:
    """A line to a Postgres that can be cut, and joined again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._own_port = 0
        self._parts = parts

    @property
    def url(self) -> str:
        user = self._parts.netloc.rpartition("@")[0]
        return self._parts._replace(netloc=f"{user}@127.0.0.1:{self._own_port}").geturl()

    async def join(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._own_port)
        self._own_port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Take nobody else, and drop whoever is there."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for end in list(self._ends):
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there = await asyncio.open_connection(self._host, self._port)
            self._ends |= {writer, there[1]}
            try:
                await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))
            finally:
                self._ends -= {writer, there[1]}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def a_line(url: str) -> AsyncIterator[Line]:
    line = Line(url)
    await line.join()
    try:
        yield line
    finally:
        await line.cut()
