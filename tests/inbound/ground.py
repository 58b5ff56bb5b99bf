"""The played vendors that a hub of a test is connected to, with their limits lifted.

Nobody is at work there but the test.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.faults import Fault
from hub.sandbox.pubsub import Streams
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.server import running as played
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from tests.connectors.played import UNLIMITED, connection_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.sandbox.system import System
    from hub.settings import Connection

WEBHOOK_SECRET = "sandboxwebhooksecret"
MUCH = 1_000_000_000
LIFTED: dict[str, dict[str, Any]] = {
    "crm": UNLIMITED["crm"] | {"credits_per_day": 2 * MUCH},
    "books": UNLIMITED["books"]
    | {
        "calls_per_day": 2 * MUCH,
        "calls_per_minute_before_block": MUCH,
        "calls_in_flight_max": MUCH,
    },
    "desk": UNLIMITED["desk"] | {"credits_per_day": 2 * MUCH},
    "salesforce": UNLIMITED["salesforce"] | {"calls_per_day": 2 * MUCH},
}
SOON = 0.05
SILENCE_SECONDS_MAX = 0.5
EDITED = {
    "crm": ("Accounts", "id", "Description"),
    "books": ("contacts", "contact_id", "notes"),
    "desk": ("accounts", "id", "website"),
    "salesforce": ("Account", "Id", "Phone"),
}
"""At each vendor a kind of which the first record is edited, its id, and what is edited."""
STATE_NAMES = {"users": "Users"}
"""What the state of a played vendor calls a kind, where the vendor's calls name it otherwise."""


class Ground:
    """The played vendors, and where they are."""

    def __init__(self, world: World, systems: list[System], address: str) -> None:
        self.world = world
        self.address = address
        self.systems = {system.name: system for system in systems}

    def there(self, name: str, kind: str, id_field: str) -> dict[str, dict[str, Any]]:
        """Give the records that a vendor has of a kind, of the first organisation."""
        rows = self.systems[name].state()[STATE_NAMES.get(kind, kind)]
        rows = [row for row in rows if not row.get("isTrashed")]
        if name == "books":
            whose = self.organization
            rows = [row for row in rows if row["organization_id"] == whose]
            rows = [row for row in rows if row.get("contact_type") != "vendor"]
        return {str(row[id_field]): row for row in rows}

    def first(self, system: str, kind: str) -> str:
        """Name the first record there is of a kind."""
        return next(iter(self.there(system, kind, EDITED[system][1])))

    @property
    def organization(self) -> str:
        return str(self.systems["books"].state()["organizations"][0]["organization_id"])

    def fault(self, system: str, fault: str, path: str = "", **how: Any) -> None:
        self.world.faults.add(Fault(system=system, fault=fault, path=path, **how))

    def calls(self, path: str = "", *, since: int = 0, method: str = "") -> list[Any]:
        return [
            call
            for call in self.world.calls_since(since)
            if path in call.path and method in ("", call.method)
        ]

    def used_up(self) -> bool:
        return not self.world.faults.on


@asynccontextmanager
async def a_ground(
    *, customers: int = 5, lifted: bool = True, streams: Streams | None = None
) -> AsyncIterator[Ground]:
    """Play the vendors, with a few customers."""
    world = World(7)
    systems = all_systems(world)
    for system in systems:
        if lifted and system.name in LIFTED:
            system.quirks = msgspec.structs.replace(system.quirks, **LIFTED[system.name])
    seed_past(world, systems, Seeding(customers=customers, seed=7))
    async with played(world, systems, port=0, streams=streams) as address:
        yield Ground(world, systems, address)


@asynccontextmanager
async def a_streaming_ground(*, customers: int = 5) -> AsyncIterator[Ground]:
    """Play the vendors, and the streams of Salesforce."""
    async with a_ground(customers=customers, streams=Streams(port=0)) as ground:
        pubsub: Any = ground.systems["pubsub"]
        pubsub.quirks.alive_seconds = SOON
        yield ground


def streamed(ground: Ground, name: str) -> dict[str, Any]:
    """Give what has a connection listen to a stream, where one is played."""
    pubsub: Any = ground.systems["pubsub"]
    if name != "salesforce" or not pubsub.address:
        return {}
    return {
        "change_events": ["Account"],
        "stream_address": pubsub.address,
        "stream_silence_seconds_max": SILENCE_SECONDS_MAX,
    }


def connected(ground: Ground, name: str, **how: Any) -> Connection:
    return msgspec.structs.replace(connection_to(ground.systems[name], ground.address), **how)


def subscribe(ground: Ground, url: str, secret: str = WEBHOOK_SECRET) -> None:
    """Have Books send each change to a hub, as `hub setup` does."""
    for entity in ("contact", "item", "invoice", "estimate", "creditnote", "customerpayment"):
        for event in ("create_or_edit", "delete"):
            what = {"entity": entity, "event": event, "url": url, "secret": secret}
            ground.systems["books"].act("subscribe", "", "", what)
