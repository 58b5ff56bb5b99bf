"""The vendors of a demo: what is played, where it is found, and whom it tells of changes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from hub.cli.demo.ports import free_port
from hub.sandbox.pubsub import PubSub, Streams
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.server import HOST, PORT
from hub.sandbox.server import running as played
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import timedelta

    from hub.sandbox.system import System
    from hub.settings import Settings

SEED = 100
"""Of its customers some are in all four systems, and one has a deal, a billable ticket and an
opportunity that are open."""
WEBHOOK_SECRET = "playedbythesandbox"  # noqa: S105 - of a played vendor
TOLD_OF = ("contact", "item", "invoice", "estimate", "creditnote", "customerpayment")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where the played vendors are, and the organisations there."""

    url: str
    stream: str
    """Where Salesforce tells of changes."""
    organizations: dict[str, str]
    """By system: its id."""


class Vendors:
    """All systems on one world, with the same customers in them."""

    def __init__(self, customers: int, acts_per_minute: float) -> None:
        self.world = World(SEED)
        self.systems = all_systems(self.world)
        self._by_name: dict[str, System] = {one.name: one for one in self.systems}
        seed_past(self.world, self.systems, Seeding(customers=customers, seed=SEED))
        self.world.acts_per_minute = acts_per_minute
        self.zone = str(self._by_name["books"].state()["organizations"][0]["time_zone"])

    @asynccontextmanager
    async def running(self, port: int | None) -> AsyncIterator[Address]:
        """Play them until the end of the block."""
        at = free_port(port, HOST, PORT)
        streams = Streams(port=free_port(None, HOST, at + 1))
        async with played(self.world, self.systems, port=at, streams=streams) as url:
            pubsub = next(one for one in self.systems if isinstance(one, PubSub))
            yield Address(url=url, stream=pubsub.address, organizations=self._organizations())

    def subscribe(self, settings: Settings) -> None:
        """Have the played Books tell the hub of changes, as `hub setup` would have it do so.

        That takes calls, of which Books allows a hundred in a minute: a first sync needs them.
        """
        url = f"{settings.serve.public_url}/hooks/books"
        for entity in TOLD_OF:
            for event in ("create_or_edit", "delete"):
                what = {"entity": entity, "event": event, "url": url, "secret": WEBHOOK_SECRET}
                self._by_name["books"].act("subscribe", "", "", what)

    def bridge(self, leap: timedelta) -> None:
        """Have a leap of the clock break nothing for a hub whose own clock goes on as ever.

        The CRM's channels live on, and what changed in Salesforce may be asked for as far back.
        """
        self._by_name["crm"].act("channel_kept", "", "", {"seconds": leap.total_seconds()})
        self._by_name["salesforce"].quirks.replication_days += leap.days + 1

    def _organizations(self) -> dict[str, str]:
        books = self._by_name["books"].state()["organizations"][0]
        desk = self._by_name["desk"].state()["organizations"][0]
        return {"books": str(books["organization_id"]), "desk": str(desk["id"])}
