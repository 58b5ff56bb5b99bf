"""The played vendors of a simulation, with what a person has prepared there, as seen from outside.

What is looked at is the vendors' own state and the list of the calls that they received: what the
hub believes is not asked. A world is of CRM and Books, or of Desk and Salesforce, too.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Connection, Secret
from hub.simulate.quotes import TAXES
from hub.simulate.streams import streams_in_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.sandbox.system import Fields, System

TWO = ("crm", "books")
FOUR = ("crm", "books", "desk", "salesforce")
CURRENCY = "EUR"
"""In which companies are entered, whatever is usual there."""

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

SALESFORCE_FIELDS = (
    ("Account", "Books_Contact_Id__c"),
    ("Opportunity", "Books_Invoice_Id__c"),
    ("Opportunity", "Books_Invoice_Number__c"),
)
"""What `hub setup` makes at Salesforce for the flows."""

TOLD = ("Account", "Contact", "Opportunity")
"""What Salesforce tells over a stream."""

POLLED_EVERY = 4
"""Of every so many worlds, one has no stream."""


class Ground:
    """The vendors, as people there see them."""

    def __init__(
        self, world: World, systems: list[System], address: str, sides: Sequence[str] = TWO
    ) -> None:
        self.world = world
        self.address = address
        self.sides = tuple(sides)
        """Whom the hub is connected to."""
        self.systems = {system.name: system for system in systems}
        self.crm = self.systems["crm"]
        self.books = self.systems["books"]
        self.organization = self._organization_of_books()
        self.told = () if world.seed % POLLED_EVERY == 0 else TOLD
        """Of what Salesforce tells by itself."""

    def rows(self, system: str, kind: str) -> list[Fields]:
        """Give what there is of a kind."""
        found = self.systems[system].state().get(kind, [])
        if system == "books":
            return [row for row in found if row.get("organization_id") == self.organization]
        if system == "desk":
            return [row for row in found if not row.get("isTrashed")]
        return found

    def connections(self) -> dict[str, Connection]:
        """Give the settings that connect a hub to these vendors."""
        desk = str(self.systems["desk"].state()["organizations"][0]["id"])
        all_four = {
            "crm": self._connection("zoho_crm"),
            "books": self._connection("zoho_books", organization=self.organization),
            "desk": self._connection("zoho_desk", organization=desk, plan="enterprise"),
            "salesforce": self._connection(
                "salesforce",
                plan="enterprise",
                login="refresh_token",
                change_events=list(self.told),
                stream_address="grpc://127.0.0.1:8901",
            ),
        }
        return {side: all_four[side] for side in self.sides}

    def _connection(self, system: Any, **how: Any) -> Connection:
        usual: dict[str, Any] = {"client_id": "sandbox", "plan": "ultimate", "mode": "test"}
        said = usual | {"secret": Secret("sandbox"), "address": self.address} | how
        return Connection(system=system, **said)

    def _organization_of_books(self) -> str:
        """Give the usual one; where two keep a company in no currency, one that has theirs."""
        rows = self.books.state()["organizations"]
        usual = [one for one in rows if one["currency_code"] == CURRENCY]
        return str((usual if "desk" in self.sides else rows)[0]["organization_id"])


@asynccontextmanager
async def a_ground(seed: int, sides: Sequence[str] = TWO) -> AsyncIterator[Ground]:
    """Play the vendors; nobody is there yet."""
    world = World(seed)
    systems = all_systems(world)
    _prepare(systems)
    with (
        streams_in_process(systems),
        patch("hub.sandbox.server.TICK_SECONDS", TICK_SECONDS),
        patch("hub.sandbox.traffic.LOOK_SECONDS", IDLE_SECONDS),
    ):
        async with running(world, systems, port=0) as address:
            yield Ground(world, systems, address, sides)


def _prepare(systems: list[System]) -> None:
    """Do what a person does who lets the hub in: the fields that no call can make."""
    salesforce = next(system for system in systems if system.name == "salesforce")
    for kind, name in SALESFORCE_FIELDS:
        salesforce.act("new_field", kind, "", {"name": name, "type": "Text", "label": name})
    books = next(system for system in systems if system.name == "books")
    rows = books.state()
    known = {
        (row["organization_id"], row.get("kind"), row.get("label"))
        for row in rows.get("custom_fields", [])
    }
    for one in rows["organizations"]:
        whose = str(one["organization_id"])
        for kind, labels in CUSTOM_FIELDS.items():
            for label in labels:
                if (whose, kind, label) not in known:
                    field = {"label": label, "unique": True, "organization_id": whose}
                    books.act("add_custom_field", kind, "", field)
        for name in filter(None, TAXES):
            percent = Decimal(name.removeprefix("VAT "))
            tax = {"tax_name": name, "tax_percentage": percent, "organization_id": whose}
            books.put("taxes", tax)
