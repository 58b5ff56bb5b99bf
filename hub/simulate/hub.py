"""The hub of a simulation: begun, killed and begun again on one database, beside played vendors.

It is the hub itself, put together as ever. What it looks at although nothing has told it to, it
looks at more rarely: in one process everything is told, and each look costs real time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hub.app import Hub
from hub.connectors.build import tokens_of
from hub.connectors.setup import tell
from hub.connectors.site import opened_site
from hub.errors import HubError
from hub.settings import (
    DatabaseSettings,
    LogSettings,
    ProjectorSettings,
    Secret,
    ServeSettings,
    Settings,
)
from hub.simulate.clocks import PlayedDatabase
from hub.simulate.life import LIFE, Life
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.simulate.ground import Ground
    from hub.simulate.played_time import PlayedClock
    from hub.simulate.postgres import Postgres

RARELY_SECONDS = 20.0
LOOKS = (
    "hub.database.alone.LOOK_SECONDS",
    "hub.inbound.due.LOOK_SECONDS",
    "hub.inbound.fetch.LOOK_SECONDS",
    "hub.inbound.streams.LOOK_SECONDS",
    "hub.inbound.watch.LOOK_SECONDS",
    "hub.log.follow.POLL_SECONDS",
    "hub.log.partitions.LOOK_SECONDS",
    "hub.outbound.deliver.LOOK_SECONDS",
)
HOOKED = frozenset(("books", "desk"))
LEASE_SECONDS = 60.0
START_SECONDS_MAX = 600.0
AGAIN_SECONDS = 1.0

_log = logging.getLogger(__name__)


class PlayedHub:
    """One hub on one database, which may die and be begun again."""

    def __init__(self, settings: Settings, database: PlayedDatabase) -> None:
        self.settings = settings
        self.database = database
        self.hub: Hub | None = None
        """The one that runs now."""
        self.lives = 0
        self._life: Life | None = None
        self._running: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin a life; return when it is at work."""
        self.lives += 1
        life = Life(f"life {self.lives} of the hub")
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        token = LIFE.set(life)
        try:
            self._life, self._running = life, asyncio.create_task(self._live(life, begun))
        finally:
            LIFE.reset(token)
        await asyncio.wait([begun, self._running], return_when=asyncio.FIRST_COMPLETED)
        if not begun.done():
            await self._running

    async def kill(self) -> None:
        """End it as SIGKILL does."""
        assert self._life is not None
        self.hub = None
        await self._life.kill()

    async def end(self) -> None:
        """Stop it as an operator does."""
        if self._running is not None and not self._running.done():
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        self.hub = None

    async def rows(self, query: str, *values: object) -> list[Any]:
        """Look into what it keeps, as a person with `psql` does."""
        async with self.database.connected("owner") as db:
            return list(await db.fetch(query, *values))

    async def set_up(self) -> None:
        """Have those send webhooks whom `hub setup` asks to."""
        vault = Vault(self.database.schema, master_keys(self.settings.home, {}))
        for name in self.settings.connections.keys() & HOOKED:
            async with opened_site(name, self.settings, self.database, vault) as site:
                await tell(site, make=True)

    async def _live(self, life: Life, begun: asyncio.Future[None]) -> None:
        try:
            async with _started(self.database) as hub:
                self.hub = hub
                begun.set_result(None)
                await asyncio.Event().wait()
        except Exception as error:
            if not life.is_over:
                raise
            _log.debug("%s ended with %r.", life, error)


@asynccontextmanager
async def _started(database: PlayedDatabase) -> AsyncIterator[Hub]:
    """Have a hub at work, once its database answers."""
    until = asyncio.get_running_loop().time() + START_SECONDS_MAX
    async with AsyncExitStack() as stack:
        yield await _patiently(stack, database, until)


async def _patiently(stack: AsyncExitStack, database: PlayedDatabase, until: float) -> Hub:
    while True:
        try:
            return await stack.enter_async_context(Hub(database, {}).at_work())
        except (HubError, OSError):
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(AGAIN_SECONDS)


def looking_rarely() -> ExitStack:
    """Have the hub look more rarely at what it is told of anyhow, until this is closed."""
    stack = ExitStack()
    for where in LOOKS:
        stack.enter_context(patch(where, RARELY_SECONDS))
    return stack


async def a_hub(
    ground: Ground, postgres: Postgres, clock: PlayedClock, *, home: Path, schema: str
) -> PlayedHub:
    """Prepare a hub for these vendors: its tables, and its grants. It is not begun yet."""
    port = _free_port()
    settings = Settings(
        home=home,
        database=DatabaseSettings(url=Secret(postgres.url), schema=schema),
        connections=ground.connections(),
        serve=ServeSettings(port=port, public_url=f"http://127.0.0.1:{port}"),
        projectors=ProjectorSettings(lease_seconds=LEASE_SECONDS, poll_seconds=RARELY_SECONDS),
        log=LogSettings(),
    )
    database = PlayedDatabase(settings, postgres.url, clock, postgres.clocks / f"{schema}.clock")
    asyncio.get_running_loop().before_asking = database.tell  # type: ignore[attr-defined]
    await database.prepare()
    vault = Vault(schema, master_keys(home, {}))
    for name, connection in settings.connections.items():
        await tokens_of(name, connection, database, vault).connect(Secret(f"sandbox-{name}"))
    return PlayedHub(settings, database)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
