"""Several processes of a hub at one played account, all on the clock of the sandbox."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.budget import Budget
from hub.connectors.build import connector_of
from hub.connectors.http import Vendor
from hub.connectors.oauth import ByRefreshToken, Client, Tokens
from hub.connectors.zoho import Accounts
from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Secret
from hub.vault import Vault, master_keys
from tests.connectors.played import connection_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from hub.connectors.connector import Connector
    from hub.database import Database
    from hub.sandbox.system import System
    from hub.sandbox.world import Call


class PlayedClock:
    """The time it is in the sandbox; whoever sleeps moves it."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self._begun = self._clock.now()

    @property
    def asked(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return (self.now() - self._begun).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self._clock.advance(seconds)


class Site:
    """A played account, and what several processes need to reach it."""

    def __init__(
        self, name: str, *, world: World, systems: list[System], address: str, database: Database,
        home: Path,
    ) -> None:  # fmt: skip
        self.name = name
        self.world = world
        self.clock = PlayedClock(world)
        self.systems = {system.name: system for system in systems}
        self._address = address
        self._database = database
        self._vault = Vault(database.schema, master_keys(home, {}))
        self._ways_out = AsyncExitStack()

    def tokens(self) -> Tokens:
        """Give what a process of its own has of the connection's tokens."""
        return Tokens(
            self._database,
            self._vault,
            self.name,
            login=ByRefreshToken(
                Client(client_id="sandbox", client_secret=Secret("sandbox")),
                Accounts(base_url=self._address),
            ),
            clock=self.clock,
        )

    def connector(self) -> Connector:
        connector = connector_of(self.name, connection_to(self.systems[self.name], self._address))
        assert connector is not None
        return connector

    async def process(self, connector: Connector, wait_seconds_max: float = 0) -> Vendor:
        """Begin a process: its way out, with a budget and tokens of its own."""
        budget = Budget(
            self._database, self.name, connector.windows, connector.at_once, clock=self.clock
        )
        vendor = Vendor(
            self.name,
            tokens=self.tokens(),
            budget=budget,
            judge=connector.judge,
            scheme=connector.scheme,
            wait_seconds_max=wait_seconds_max,
        )
        return await self._ways_out.enter_async_context(vendor)

    async def kill(self, vendor: Vendor) -> None:
        """End a process that gives no account of what it had drawn."""
        vendor.budget._blocks.clear()
        await vendor.budget._ledger.close()

    def asked(self, path: str) -> list[Call]:
        return [call for call in self.world.calls if path in call.path]

    async def close(self) -> None:
        await self._ways_out.aclose()


@asynccontextmanager
async def a_site(
    name: str, database: Database, home: Path, start: datetime, **quirks: Any
) -> AsyncIterator[Site]:
    """Play the vendors from a moment on, in which time stands still until it is moved."""
    world = World(7, start)
    systems = all_systems(world)
    async with running(world, systems, port=0) as address:
        site = Site(
            name, world=world, systems=systems, address=address, database=database, home=home
        )
        system = site.systems[name]
        system.quirks = msgspec.structs.replace(system.quirks, **quirks)
        await site.tokens().connect(Secret(f"sandbox-{name}"))
        try:
            yield site
        finally:
            await site.close()
