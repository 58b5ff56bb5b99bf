"""The played vendors of a simulation, with what a person has prepared there, as seen from outside.

What is looked at is the vendors' own state and the list of the calls that they received: what the
hub believes is not asked.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Connection, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.sandbox.system import Fields, System

TICK_SECONDS = 1.0
IDLE_SECONDS = 600.0
"""How often the people of the sandbox look whether they are to work; here there are others."""

CUSTOM_FIELDS: dict[str, tuple[str, ...]] = {
    "contacts": ("Hub Id",),
    "items": ("Hub Id",),
    "invoices": ("Hub Id",),
    "estimates": ("Hub Id",),
    "creditnotes": ("Hub Id",),
    "customerpayments": ("Hub Id",),
}
"""What only a person can make at Books, by kind."""


class Ground:
    """The vendors, as people there see them."""

    def __init__(self, world: World, systems: list[System], address: str) -> None:
        self.world = world
        self.address = address
        self.systems = {system.name: system for system in systems}
        self.crm = self.systems["crm"]
        self.books = self.systems["books"]
        self.organization = str(self.books.state()["organizations"][0]["organization_id"])

    def rows(self, system: str, kind: str) -> list[Fields]:
        """Give what there is of a kind."""
        found = self.systems[system].state().get(kind, [])
        if system == "books":
            return [row for row in found if row.get("organization_id") == self.organization]
        return found

    def connections(self) -> dict[str, Connection]:
        """Give the settings that connect a hub to these vendors."""
        return {
            "crm": self._connection("zoho_crm"),
            "books": self._connection("zoho_books", organization=self.organization),
        }

    def _connection(self, system: Any, organization: str | None = None) -> Connection:  # noqa: ANN401
        return Connection(
            system=system,
            client_id="sandbox",
            secret=Secret("sandbox"),
            plan="ultimate",
            mode="test",
            address=self.address,
            organization=organization,
        )


@asynccontextmanager
async def a_ground(seed: int) -> AsyncIterator[Ground]:
    """Play the vendors; nobody is there yet."""
    world = World(seed)
    systems = all_systems(world)
    _prepare(systems)
    with (
        patch("hub.sandbox.server.TICK_SECONDS", TICK_SECONDS),
        patch("hub.sandbox.traffic.LOOK_SECONDS", IDLE_SECONDS),
    ):
        async with running(world, systems, port=0) as address:
            yield Ground(world, systems, address)


def _prepare(systems: list[System]) -> None:
    """Do what a person does who lets the hub in: the fields that no call can make."""
    books = next(system for system in systems if system.name == "books")
    known = {(row.get("kind"), row.get("label")) for row in books.state().get("custom_fields", [])}
    for kind, labels in CUSTOM_FIELDS.items():
        for label in labels:
            if (kind, label) not in known:
                books.act("add_custom_field", kind, "", {"label": label, "unique": True})
