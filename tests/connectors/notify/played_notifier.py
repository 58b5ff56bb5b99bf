"""A connection that takes messages, its way out, and the played system behind it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from hub.connectors.build import connector_of
from hub.connectors.clock import RealClock
from hub.connectors.connector import Write, Written
from hub.connectors.http import Vendor
from hub.connectors.notify.made import fixed_of
from hub.connectors.notify.message import MESSAGES
from hub.sandbox.faults import Fault
from hub.sandbox.notify import sinks
from hub.sandbox.notify.slack import HOOK, TOKEN
from hub.sandbox.server import running
from hub.sandbox.world import World
from hub.settings import Connection, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.connectors.connector import Connector


class PlayedNotifier(msgspec.Struct, frozen=True, kw_only=True):
    world: World
    system: Any
    connector: Connector
    vendor: Vendor

    @property
    def came(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.system.state()["messages"]
        return messages

    def fault(self, fault: str, **how: Any) -> None:
        how = {"count": 1, **how}
        self.world.faults.add(Fault(system=self.system.name, fault=fault, **how))

    async def send(self, **fields: Any) -> Written:
        """Send one message, once."""
        fields = {"subject": "Overdue", "text": "INV-8: 50.00 EUR", **fields}
        write = Write(fields=fields, delivery=str(uuid4()), share="documents")
        (written,) = await self.connector.write(self.vendor, MESSAGES, [write])
        return written


class Unlimited:
    """A budget of which there is enough: how fast it may go is not what is tested."""

    clock = RealClock()

    @asynccontextmanager
    async def place(self, *_: object, **__: object) -> AsyncIterator[None]:
        yield None

    async def spend(self, *_: object, **__: object) -> None:
        """Spend as much as is wanted."""

    async def stop(self, *_: object) -> None:
        """Go on."""

    async def close(self) -> None:
        """Nothing was drawn."""


@asynccontextmanager
async def a_notifier(name: str, **settings: Any) -> AsyncIterator[PlayedNotifier]:
    """Play `slack` (by token), `hook` (Slack by its webhook), `mail` or `sink`."""
    world = World(7)
    systems = sinks(world)
    played = "slack" if name == "hook" else name
    system: Any = next(one for one in systems if one.name == played)
    async with running(world, systems, port=0) as address:
        connection = connection_to(name, address, system, settings)
        connector = connector_of(name, connection)
        assert connector is not None
        budget: Any = Unlimited()
        async with Vendor(
            name,
            tokens=fixed_of(name, connection),
            budget=budget,
            judge=connector.judge,
        ) as vendor:
            yield PlayedNotifier(world=world, system=system, connector=connector, vendor=vendor)


def connection_to(name: str, address: str, system: Any, settings: dict[str, Any]) -> Connection:
    given: dict[str, dict[str, Any]] = {
        "slack": {"system": "slack", "secret": Secret(TOKEN), "address": address, "to": ["#hub"]},
        "hook": {"system": "slack", "secret": Secret(f"{address}{HOOK}"), "address": address},
        "sink": {
            "system": "webhook", "secret": Secret("sandbox"), "address": f"{address}/sink",
        },
        "mail": {
            "system": "email", "secret": Secret("sandbox"), "username": "sandbox", "tls": "none",
            "server": f"127.0.0.1:{getattr(system, 'port', 0)}", "sender": "hub@example.com",
            "to": ["finance@example.com"],
        },
    }  # fmt: skip
    return Connection(**{**given[name], **settings})
