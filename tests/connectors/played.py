"""A connector, its way out, and the vendor it is for, played on a port of its own."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.budget import Budget, Window
from hub.connectors.build import connector_of, tokens_of
from hub.connectors.connector import Notice, Seen
from hub.connectors.http import Vendor
from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Connection, Secret
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from hub.connectors.connector import Connector, Kind, Page
    from hub.connectors.outcome import Answer
    from hub.database import Database
    from hub.sandbox.system import System

MUCH = Window(name="day", most=10_000_000)
UNLIMITED: dict[str, dict[str, Any]] = {
    "crm": {"credits_per_day": 10_000_000, "calls_at_once": 1_000, "heavy_calls_at_once": 1_000},
    "salesforce": {"calls_per_day": 10_000_000, "page_rows_max": 200},
    "books": {"calls_per_minute": 1_000_000, "calls_per_day": 10_000_000},
    "desk": {"credits_per_day": 10_000_000, "calls_at_once": 1_000},
}


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What a test of a connector has to do with."""

    world: World
    system: System
    connector: Connector
    vendor: Vendor
    connection: Connection

    def kind(self, name: str) -> Kind:
        return self.connector.kinds[name]

    def there(self, kind: str) -> dict[str, dict[str, Any]]:
        """Give the records that the vendor has of a kind, of this organisation."""
        rows = self.system.state()[kind]
        whose = self.connection.organization
        mine = [
            row
            for row in rows
            if row.get("organization_id", whose) == whose and not row.get("isTrashed")
        ]
        return {str(row[self.connector.kinds[kind].id]): row for row in mine}

    def quirks(self, **how: Any) -> None:
        self.system.quirks = msgspec.structs.replace(self.system.quirks, **how)


class Hurried(msgspec.Struct, frozen=True, kw_only=True):
    """A connector's wishes, without its limits: how fast it may go is not what is tested."""

    connector: Connector


@asynccontextmanager
async def played(name: str, database: Database, home: Path) -> AsyncIterator[Played]:
    """Play the vendors, and connect to one of them: `crm`, `books`, `desk`
    or `salesforce`."""
    world = World(7)
    systems = all_systems(world)
    system = next(one for one in systems if one.name == name)
    system.quirks = msgspec.structs.replace(system.quirks, **UNLIMITED[name])
    async with running(world, systems, port=0) as address:
        connection = connection_to(system, address)
        connector = connector_of(name, connection)
        assert connector is not None
        tokens = tokens_of(
            name, connection, database, Vault(database.schema, master_keys(home, {}))
        )
        await tokens.connect(Secret(f"sandbox-{name}"))
        await tokens.get()  # what goes wrong in a test is to go wrong with the vendor's records
        budget = Budget(database, name, (MUCH,))
        async with Vendor(
            name, tokens=tokens, budget=budget, judge=connector.judge, scheme=connector.scheme
        ) as vendor:
            yield Played(
                world=world,
                system=system,
                connector=connector,
                vendor=vendor,
                connection=connection,
            )


def connection_to(system: System, address: str) -> Connection:
    zoho: dict[str, Any] = {name: f"zoho_{name}" for name in ("books", "crm", "desk")}
    return Connection(
        system=zoho.get(system.name, system.name),
        login="refresh_token",
        client_id="sandbox",
        secret=Secret("sandbox"),
        organization=_organization(system),
        plan="ultimate",
        address=address,
    )


def _organization(system: System) -> str | None:
    if system.name in ("crm", "salesforce"):
        return None
    first = system.state()["organizations"][0]
    return str(first["organization_id" if system.name == "books" else "id"])


async def read_through(played: Played, kind: str, *, news_since: str | None = None) -> list[Page]:
    """Read all pages, the cursor of each being all that is carried on to the next."""
    read = played.connector.first if news_since is None else played.connector.news
    pages: list[Page] = []
    cursor = news_since or ""
    while not pages or not pages[-1].done:
        pages.append(await read(played.vendor, played.kind(kind), cursor))
        cursor = pages[-1].cursor
    return pages


def records(pages: Sequence[Page]) -> list[str]:
    """Name the records that were seen to be there."""
    return [one.record for page in pages for one in page.seen if isinstance(one, Seen) and one.data]


def touched(pages: Sequence[Page]) -> set[str]:
    """Name the records that something is said of at all."""
    return {one.record for page in pages for one in page.seen}


def gone(pages: Sequence[Page]) -> set[str]:
    return {one.record for page in pages for one in page.seen
            if isinstance(one, Seen) and one.data is None}  # fmt: skip


def noticed(pages: Sequence[Page]) -> set[str]:
    return {one.record for page in pages for one in page.seen if isinstance(one, Notice)}


def said(answer: Answer | bytes) -> Any:
    return msgspec.json.decode(answer if isinstance(answer, bytes) else answer.body)
