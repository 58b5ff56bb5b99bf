"""A hub in this process, connected to played vendors, and hurried.

What the hub waits for, it waits for milliseconds: how often it polls and scans, how long it leaves
a vendor alone after a fault, how soon it looks for notices.
"""

from __future__ import annotations

import asyncio
import io
import json
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import aiohttp
import msgspec

from hub.app import running
from hub.connectors.budget import Window
from hub.connectors.build import connector_of, tokens_of
from hub.sandbox.books.hooks.signature import HEADER
from hub.sandbox.books.hooks.signature import signed as signature_of
from hub.settings import ProjectorSettings, Secret, ServeSettings
from hub.vault import Vault, master_keys
from tests.inbound.ground import (
    EDITED,
    MUCH,
    SOON,
    WEBHOOK_SECRET,
    Ground,
    connected,
    subscribe,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from hub.app import Hub
    from hub.connectors.connector import Connector
    from hub.connectors.oauth import Tokens
    from hub.database import Database
    from hub.settings import Connection, Settings

NEVER = 1e6
WAIT_SECONDS_MAX = 60.0
HASTE = {
    "hub.inbound.roads.AGAIN_SECONDS": SOON,
    "hub.inbound.patience.WAIT_SECONDS_MAX": SOON,
    "hub.inbound.patience.REFUSED_SECONDS": SOON,
    "hub.inbound.fetch.LOOK_SECONDS": SOON,
    "hub.connectors.http.vendor.STOP_SECONDS_MAX": SOON,
    "hub.connectors.oauth.tokens.PASSING_SECONDS": SOON,
    "hub.connectors.oauth.tokens.THROTTLED_SECONDS": SOON,
    "hub.connectors.zoho_crm.bulk.BULK_LOOK_SECONDS": SOON,
}
"""What the hub waits for in the field, and how long it does here."""


class PlayedHub:
    """What a test has to do with: the vendors, the hub, and what the hub has kept."""

    def __init__(self, ground: Ground, hub: Hub, session: aiohttp.ClientSession) -> None:
        self.ground = ground
        self.hub = hub
        self.session = session
        self.touched: set[str] = set()
        """The records that somebody changed at a vendor."""

    def connector(self, name: str) -> Connector:
        return self.hub._accounts[name].connector

    async def rows(self, query: str, *values: object) -> list[Any]:
        async with self.hub.database.connected("owner") as db:
            return list(await db.fetch(query, *values))

    async def value(self, query: str, *values: object) -> Any:
        async with self.hub.database.connected("owner") as db:
            return await db.fetchval(query, *values)

    async def agreed(
        self, *, but: frozenset[str] = frozenset(), seconds_max: float = WAIT_SECONDS_MAX
    ) -> None:
        """Wait until what the hub knows is what the vendors have, and nothing is left to read.

        `but` are records that it cannot know.
        """
        found: list[str] = []

        async def same() -> bool:
            nonlocal found
            found = [
                one for one in await self.differences() if not any(each in one for each in but)
            ]
            return not found

        await until(same, lambda: "\n".join(found[:20]), seconds_max=seconds_max)
        await self.no_notices()

    async def no_notices(self) -> None:
        async def none() -> bool:
            waits = "select (select count(*) from notices) + (select count(doubt) from records)"
            return not await self.value(waits)

        # What is read once more has the last turn at a vendor.
        await until(none, lambda: "notices wait that nobody settles", seconds_max=45)

    async def differences(self) -> list[str]:
        """Say where what is known is not what is there."""
        found = []
        for name, account in self.hub._accounts.items():
            for kind in account.connector.kinds.values():
                if kind.is_read and not kind.within:
                    found += await self._differences(name, kind.name, kind.id)
        return found

    async def _differences(self, name: str, kind: str, id_field: str) -> list[str]:
        rows = await self.rows(
            "select record, fields from records where connection = $1 and kind = $2 "
            "and gone is null and position > 0", name, kind,
        )  # fmt: skip
        known = {row["record"]: json.loads(row["fields"], parse_float=Decimal) for row in rows}
        there = self.ground.there(name, kind, id_field)
        where = f"{name}.{kind}"
        found = [f"{where}/{one} is not known" for one in there.keys() - known.keys()]
        found += [f"{where}/{one} is not there any more" for one in known.keys() - there.keys()]
        for record in there.keys() & known.keys():
            truth = _plain(there[record])
            for field, value in known[record].items():
                if field in truth.keys() - UNTOLD and not _agree(value, truth[field]):
                    found.append(f"{where}/{record}.{field}: {value!r}, not {truth[field]!r}")
        return found

    async def nothing_is_kept_twice(self) -> None:
        """No road brought one representation of a record twice in a row, unless asked anew."""
        again = await self.rows(
            """
            select connection, kind, record, road, position from (
                select connection, kind, record, road, position, data, occurred_at,
                       lag(data) over one as before, lag(occurred_at) over one as at_before,
                       cause, lag(cause) over one as cause_before
                from events where type in ('observed', 'gone')
                window one as (partition by connection, kind, record, road order by position)
            ) as said where data = before and occurred_at is not distinct from at_before
            and (cause is null or cause = cause_before)
            """
        )
        assert not again, [dict(row) for row in again[:5]]

    async def nothing_looks_changed(self, but: set[str]) -> None:
        """Whatever nobody touched was seen, perhaps by several roads, which say the same of it."""
        said: dict[tuple[str, str, str], Any] = {}
        for row in await self.rows(
            "select kind, record, road, cover, data from events where type = 'observed' "
            "and record <> all($1) order by position", list(but),
        ):  # fmt: skip
            unsure = (row["cover"] or "").removeprefix("except:").split(",")
            for field, word in json.loads(row["data"], parse_float=Decimal).items():
                if field not in unsure:
                    key = (row["kind"], row["record"], field)
                    assert _agree(before := said.setdefault(key, word), word), (
                        key,
                        before,
                        dict(row),
                    )
        assert not await self.rows("select from timeline where first and changed <> '{}'")

    async def roads_of(self, name: str, kind: str, record: str) -> list[str]:
        rows = await self.rows(
            "select road from events where connection = $1 and kind = $2 and record = $3 "
            "and type in ('observed', 'gone') order by position", name, kind, record,
        )  # fmt: skip
        return [row["road"] for row in rows]

    async def post(
        self, name: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        url = f"http://127.0.0.1:{self.hub.port}/hooks/{name}"
        async with self.session.post(url, data=io.BytesIO(body), headers=headers or {}) as answer:
            return answer.status, await answer.text(), dict(answer.headers)

    async def listening(self) -> None:
        """Wait until the vendors tell of changes."""

        async def all_do() -> bool:
            return all([await is_told() for is_told in self._tellers()])

        await until(all_do, lambda: "not every vendor tells", seconds_max=30)

    def _tellers(self) -> Iterator[Callable[[], Awaitable[bool]]]:
        """Give how to see of each vendor whether it tells."""
        systems: Any = self.ground.systems
        told = {"crm": "channels", "desk": "webhooks"}
        for name, account in self.hub._accounts.items():
            if name in told:
                yield partial(_is_any, systems[name].org, told[name])
            elif getattr(account.connector, "streamed", ()):
                yield self._streams

    async def _streams(self) -> bool:
        return not await self.value(
            "select count(*) from roads where road = 'stream' and cursor like '%null%'"
        ) and bool(await self.value("select count(*) from roads where road = 'stream'"))

    def edit(self, word: str = "changed") -> None:
        """Change a record at each vendor, as a person does."""
        for name in self.hub._accounts:
            kind, _, field = EDITED[name]
            record = self.ground.first(name, kind)
            self.touched.add(record)
            self.ground.systems[name].edit(kind, record, {field: word})

    async def told(self, type: str) -> list[Any]:  # noqa: A002
        """Give the events of a type, oldest first."""
        return await self.rows("select * from events where type = $1 order by position", type)

    async def hooks_out(self) -> None:
        """Wait until everything the vendors send of their own accord has been sent."""

        async def none() -> bool:
            async with self.session.get(f"{self.ground.address}/_sandbox/counts") as answer:
                return bool((await answer.json())["hooks"]["waiting"] == 0)

        await until(none, lambda: "hooks are still on their way")


async def _is_any(org: Any, name: str) -> bool:
    return bool(getattr(org, name))


UNTOLD = {"SystemModstamp"}
"""What no stream of changes says, of a record that it tells of in part."""


@asynccontextmanager
async def a_hub_on(
    ground: Ground,
    settings: Settings,
    *,
    kinds: Mapping[str, tuple[str, ...]] | None = None,
    poll_seconds: float = 0.3,
    scan_seconds: float = NEVER,
    told: bool = True,
    connections: Mapping[str, Connection] | None = None,
    environ: Mapping[str, str] | None = None,
    prepare: Callable[[Database], Awaitable[None]] | None = None,
    webhook_secret: str = WEBHOOK_SECRET,
) -> AsyncIterator[PlayedHub]:
    """Run a hub beside played vendors. `kinds` are those it is to know, all if not said; without
    `told` the vendors tell it nothing.
    """
    port = _free_port()
    settings = msgspec.structs.replace(
        settings,
        serve=ServeSettings(port=port, public_url=f"http://127.0.0.1:{port}" if told else None),
        connections=connections or {name: connected(ground, name) for name in ("crm", "books")},
        projectors=ProjectorSettings(poll_seconds=SOON),
    )
    if told and "books" in settings.connections:
        subscribe(ground, f"http://127.0.0.1:{port}/hooks/books", webhook_secret)
    build = partial(_hurried, kinds, poll_seconds, scan_seconds)
    async with AsyncExitStack() as stack:
        for where, seconds in HASTE.items():
            stack.enter_context(patch(where, seconds))
        stack.enter_context(patch("hub.app.connector_of", build))
        hub = await stack.enter_async_context(
            running(settings, environ or {}, prepare=prepare or give_grants)
        )
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        )
        yield PlayedHub(ground, hub, session)


async def give_grants(database: Database) -> None:
    """Give the connections their grants, and what Books' webhooks are proved by, unless given."""
    vault = Vault(database.schema, master_keys(database.settings.home, {}))
    for name, connection in database.settings.connections.items():
        if connection.client_id is None:
            continue
        async with database.connected() as db:
            given = await vault.read(db, name, "refresh_token")
            if connection.system == "zoho_books" and given is None:
                await vault.keep(db, name, "webhook_secret", Secret(WEBHOOK_SECRET))
        if given is None:
            await tokens_of(name, connection, database, vault).connect(Secret(f"sandbox-{name}"))


def signed(what: object, secret: str = WEBHOOK_SECRET) -> tuple[bytes, dict[str, str]]:
    """Give the body and the headers of a webhook of Books."""
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    return body, {HEADER: signature_of(secret, (), body), "Content-Type": "application/json"}


def tokens_at(hub: PlayedHub, name: str) -> Tokens:
    """Give the tokens of a connection, as another process would have them."""
    database, settings = hub.hub.database, hub.hub.settings
    vault = Vault(database.schema, master_keys(settings.home, {}))
    return tokens_of(name, settings.connections[name], database, vault)


async def until(
    is_so: Callable[[], Awaitable[bool]],
    otherwise: Callable[[], str] = lambda: "it did not come to that",
    *,
    seconds_max: float = WAIT_SECONDS_MAX,
) -> None:
    """Wait for something that shows in a table or at a vendor; fail, and say what is, otherwise."""
    clock = asyncio.get_running_loop().time
    patient_until = clock() + seconds_max
    while not await is_so():
        assert clock() < patient_until, otherwise()
        await asyncio.sleep(0.02)


def _hurried(
    kinds: Mapping[str, tuple[str, ...]] | None,
    poll_seconds: float,
    scan_seconds: float,
    name: str,
    connection: Connection,
) -> Connector | None:
    found = connector_of(name, connection)
    if found is None or not any(kind.is_read for kind in found.kinds.values()):
        return found
    connector: Any = found
    wanted = None if kinds is None else kinds.get(name, ())
    connector.kinds = {
        kind.name: msgspec.structs.replace(
            kind, poll_seconds=poll_seconds, scan_seconds=scan_seconds if kind.scan_seconds else 0
        )
        for kind in connector.kinds.values()
        if wanted is None or kind.name in wanted
    }
    connector.windows = (Window(name="day", most=MUCH),)
    connector.at_once = ()
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _agree(known: Any, true: Any) -> bool:
    """Compare two words about a field; the file of a bulk read names another record by its id."""
    if isinstance(known, dict) and isinstance(true, dict) and known.keys() == {"id"}:
        return bool(known["id"] == true["id"])
    return bool(known == true)


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record as it is in JSON."""
    text = msgspec.json.Encoder(decimal_format="number").encode(record)
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return found
