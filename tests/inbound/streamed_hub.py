"""A hub that listens to the change events of a played Salesforce, by the thinnest of connectors.

It reads the records out of the org's memory: what is tested here is the road of the stream. Polling
is as good as off, so that what is known was told, or read because of what was told.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec

from hub.app import running
from hub.connectors.budget import Window
from hub.connectors.connector import Kind, Page, Seen
from hub.connectors.pubsub.stream import Topics, begin, earliest
from hub.sandbox.salesforce.show import plain
from hub.settings import Connection, ProjectorSettings, Secret, ServeSettings
from tests.inbound.ground import MUCH, SOON
from tests.inbound.played_hub import HASTE, NEVER, until
from tests.sandbox.pubsub.org import TOPIC, Org, an_org

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence

    from hub.app import Hub
    from hub.connectors.connector import Told
    from hub.settings import Settings

ACCOUNTS = Kind(
    name="Account", path="", id="Id", stamps=("SystemModstamp",), fetches=100, poll_seconds=NEVER
)
CONNECTION = Connection(
    system="zoho_crm", client_id="x", secret=Secret("x"), address="http://127.0.0.1:9"
)
"""Its system does not matter: the connector is given by hand."""


class OrgConnector:
    """Reads accounts, and has a stream of them."""

    kinds = {ACCOUNTS.name: ACCOUNTS}  # noqa: RUF012
    scheme = "Bearer"
    windows = (Window(name="day", most=MUCH),)
    at_once = ()
    judge = None
    streams_max = 1

    def __init__(self, org: Org, silence_seconds_max: float, chosen: Sequence[str] | None) -> None:
        self.org = org
        self.streamed = chosen
        self.silence_seconds_max = silence_seconds_max
        self.read: list[str] = []
        """The records that were read by their ids."""
        self.streams = 0
        self.hangs = False
        """Whether changes are not to be read."""

    def start(self, now: datetime) -> str:
        return now.isoformat()

    async def first(self, *_: object) -> Page:
        seen = [self._seen(one.id) for one in self.org.org.tables["Account"]]
        return Page(seen=seen, cursor="-", done=True)

    async def news(self, _vendor: object, _kind: Kind, cursor: str) -> Page:
        if self.hangs:
            await asyncio.Event().wait()
        table = self.org.org.tables["Account"]
        since = datetime.fromisoformat(cursor)
        changed = [one.id for one in table if one.get("SystemModstamp") >= since]
        gone = [one for one, removed in table.removed.items() if removed.at >= since]
        seen = [self._seen(one) for one in (*changed, *gone)]
        return Page(seen=seen, cursor=self.start(self.org.world.clock.now()), done=True)

    async def fetch(
        self, _vendor: object, _kind: Kind, records: Sequence[str], _share: str
    ) -> list[Seen]:
        self.read += records
        return [self._seen(one) for one in records]

    async def zone(self, *_: object) -> str:
        return "UTC"

    async def listen(self, *_: object) -> None:
        return None

    async def why_deaf(self, *_: object) -> str:
        return ""

    def begin(self, now: datetime) -> str:
        return begin(now)

    def earliest(self, cursor: str) -> str:
        return earliest(cursor)

    async def stream(self, _vendor: object, _kind: Kind, cursor: str) -> AsyncGenerator[Told, None]:
        self.streams += 1
        topics = Topics(self.org.address, silence_seconds_max=self.silence_seconds_max)
        login: Any = self.org.login
        async for told in topics.stream(login, TOPIC, cursor):
            yield told

    def _seen(self, record: str) -> Seen:
        found = self.org.org.find(record)
        if found is None:
            at = self.org.org.tables["Account"].removed[record].at
            return Seen(kind="Account", record=record, data=None, at=at)
        data = msgspec.json.encode(plain(self.org.org, found))
        return Seen(kind="Account", record=record, data=data, at=found.get("SystemModstamp"))


class StreamedHub:
    """What a test has to do with: the org, and what the hub knows of it."""

    def __init__(self, org: Org, connector: OrgConnector, hub: Hub) -> None:
        self.org = org
        self.connector = connector
        self.hub = hub

    async def rows(self, query: str, *values: object) -> list[Any]:
        async with self.hub.database.connected("owner") as db:
            return list(await db.fetch(query, *values))

    async def knows(self, **fields: Mapping[str, object] | None) -> None:
        """Wait until this is known: of each record some fields, or None if it is gone."""
        found: dict[str, Any] = {}

        async def known() -> bool:
            rows = await self.rows("select record, fields, gone from records where position > 0")
            found.clear()
            found.update(
                {
                    row["record"]: None
                    if row["gone"] is not None
                    else msgspec.json.decode(row["fields"])
                    for row in rows
                }
            )
            return all(_says(found.get(record), said) for record, said in fields.items())

        await until(known, lambda: f"{fields} is not what is known: {found}")

    async def listens(self) -> None:
        """Wait until the place of the stream is known, and all that was there has been read."""

        async def has_a_place() -> bool:
            rows = await self.rows(
                "select road, cursor, done from roads where kind = 'Account' and connection = 'sf'"
            )
            stand = {row["road"]: row for row in rows}
            return (
                {"stream", "first", "resync"} <= stand.keys()
                and "null" not in stand["stream"]["cursor"]
                and stand["resync"]["cursor"] == ""
                and stand["first"]["done"] is not None
            )

        await until(has_a_place, lambda: "the stream has no place")

    async def said(self, type: str) -> None:  # noqa: A002
        """Wait until the stream has led to an event of a type."""

        async def is_there() -> bool:
            return bool(await self.events(type))

        await until(is_there, lambda: f"there is no {type}")

    async def has_told(self) -> bool:
        return bool(await self.events("observed"))

    async def events(self, type: str, road: str = "stream") -> list[Any]:  # noqa: A002
        return await self.rows(
            "select * from events where type = $1 and road = $2 order by position", type, road
        )


@asynccontextmanager
async def streamed(
    place: Settings,
    there: Org | None = None,
    *,
    silence_seconds_max: float = 5.0,
    chosen: Sequence[str] | None = ("Account",),
) -> AsyncIterator[StreamedHub]:
    """Run a hub that listens to an org, one of its own if none is given."""
    async with AsyncExitStack() as stack:
        org = there if there is not None else await stack.enter_async_context(an_org())
        connector = OrgConnector(org, silence_seconds_max, chosen)
        for where, seconds in HASTE.items():
            stack.enter_context(patch(where, seconds))
        stack.enter_context(patch("hub.connectors.pubsub.fault.WAIT_SECONDS", SOON))
        stack.enter_context(patch("hub.app.connector_of", lambda *_: connector))
        settings = msgspec.structs.replace(
            place,
            serve=ServeSettings(port=0),
            connections={"sf": CONNECTION},
            projectors=ProjectorSettings(poll_seconds=SOON),
        )
        hub = await stack.enter_async_context(running(settings, {}))
        yield StreamedHub(org, connector, hub)


def _says(known: Any, said: Any) -> bool:
    if said is None or known is None:
        return said is None and known is None
    return all(known.get(name) == value for name, value in said.items())
