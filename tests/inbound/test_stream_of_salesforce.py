"""The whole way of a change event: from the played org over gRPC to what the hub knows."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec

from hub.app import running
from hub.connectors.build import tokens_of
from hub.sandbox.pubsub import PubSub, Streams
from hub.sandbox.salesforce import Salesforce
from hub.sandbox.server import running as played
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Connection, ProjectorSettings, Secret, ServeSettings
from hub.vault import Vault, master_keys
from tests.inbound.ground import SOON
from tests.inbound.played_hub import HASTE, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.app import Hub
    from hub.database import Database
    from hub.settings import Settings

STREAMED = ["Account", "Contact", "Opportunity"]


class Ground:
    def __init__(self, salesforce: Salesforce, hub: Hub) -> None:
        self.salesforce = salesforce
        self.hub = hub

    async def rows(self, query: str, *values: object) -> list[Any]:
        async with self.hub.database.connected("owner") as db:
            return list(await db.fetch(query, *values))

    async def listens(self) -> None:
        async def has_places() -> bool:
            rows = await self.rows(
                "select from roads where road = 'stream' and cursor not like '%null%'"
            )
            read = await self.rows(
                "select from roads where road = 'first' and done is not null and kind = any($1)",
                STREAMED,
            )
            return len(rows) == len(read) == len(STREAMED)

        await until(has_places, lambda: "not every stream has a place", seconds_max=30)

    async def knows(self, kind: str, record: str, **fields: object) -> None:
        async def known() -> bool:
            rows = await self.rows(
                "select fields from records where kind = $1 and record = $2", kind, record
            )
            found = msgspec.json.decode(rows[0]["fields"]) if rows else {}
            return all(found.get(name) == value for name, value in fields.items())

        await until(known, lambda: f"{record} is not known with {fields}")


@asynccontextmanager
async def a_ground(place: Settings) -> AsyncIterator[Ground]:
    world = World(7)
    systems = all_systems(world)
    salesforce = next(one for one in systems if isinstance(one, Salesforce))
    pubsub = next(one for one in systems if isinstance(one, PubSub))
    pubsub.quirks.alive_seconds = SOON
    async with (
        AsyncExitStack() as stack,
        played(world, systems, port=0, streams=Streams(port=0)) as address,
    ):
        connection = Connection(
            system="salesforce",
            client_id="sandbox",
            secret=Secret("sandbox"),
            login="refresh_token",
            address=address,
            plan="enterprise",
            change_events=STREAMED,
            stream_address=pubsub.address,
        )
        settings = msgspec.structs.replace(
            place,
            serve=ServeSettings(port=0),
            connections={"sf": connection},
            projectors=ProjectorSettings(poll_seconds=SOON),
        )
        for where, seconds in HASTE.items():
            stack.enter_context(patch(where, seconds))
        hub = await stack.enter_async_context(running(settings, {}, prepare=_let_in))
        yield Ground(salesforce, hub)


async def _let_in(database: Database) -> None:
    vault = Vault(database.schema, master_keys(database.settings.home, {}))
    connection = database.settings.connections["sf"]
    await tokens_of("sf", connection, database, vault).connect(Secret("sandbox-salesforce"))


async def test_what_people_change_is_told_as_it_happens(place: Settings) -> None:
    async with a_ground(place) as ground:
        person = ground.salesforce
        account = person.put("Account", {"Name": "Lumen", "BillingCity": "Kiel"})["Id"]
        await ground.listens()
        await ground.knows("Account", account, Name="Lumen")

        person.edit("Account", account, {"Phone": "+49 30 1", "BillingCity": None})
        await ground.knows("Account", account, Phone="+49 30 1", BillingCity=None, Name="Lumen")

        (told,) = await ground.rows(
            "select * from events where road = 'stream' and type = 'observed'"
        )
        assert told["cover"].startswith("only:")
        assert set(told["cover"].removeprefix("only:").split(",")) >= {"Phone", "BillingCity"}


async def test_a_record_with_lines_is_read_whole_with_its_amount_to_the_cent(
    place: Settings,
) -> None:
    async with a_ground(place) as ground:
        deal = ground.salesforce.put(
            "Opportunity",
            {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-24", "Amount": 0.1},
        )["Id"]
        await ground.listens()
        await ground.knows("Opportunity", deal, Name="Big")

        ground.salesforce.edit("Opportunity", deal, {"Amount": 1140.37, "NextStep": "call"})
        await ground.knows("Opportunity", deal, Amount=1140.37)

        told = await ground.rows(
            "select type, data from events where kind = 'Opportunity' and road in "
            "('stream', 'fetch') and type in ('observed', 'noticed') order by position"
        )
        assert [one["type"] for one in told] == ["noticed", "observed"]
        assert b'"Amount":1140.37' in told[1]["data"]
        assert json.loads(told[0]["data"])["ChangeEventHeader"]["changeType"] == "UPDATE"
