"""stream: change events of Salesforce through its Pub/Sub API, until the last is durable.

A hub that knows all records is told of a change of each, a hundred events ahead at most, as the
vendor allows. Each becomes an observation of the two fields that changed. Salesforce is played in a
process of its own.

Yardstick: the same events read by a bare client of the same API, each decoded, none kept.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hub.app import running
from hub.connectors.build import tokens_of
from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.connectors.pubsub.change import changed
from hub.connectors.pubsub.schema import Schemas
from hub.connectors.pubsub.stream import Place
from hub.connectors.pubsub.wire import Login, opened, schema, subscribe
from hub.sandbox.salesforce.fresh import ORG_ID
from hub.settings import Secret, load
from hub.vault import Vault, master_keys
from ops.bench.ground import clock, memory_mb, ratio, tell
from ops.bench.org import KIND, an_org

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.database import Database
    from ops.bench.org import Org

RECORDS = 10_000
ROUNDS = 3
SECONDS_MAX = 180
TOPIC = f"/data/{KIND}ChangeEvent"
TOLD = """
select count(*), min(recorded_at), max(recorded_at) from events
where type = 'observed' and road = 'stream' and position > $1
"""
PLACE = "select cursor from roads where kind = $1 and road = 'stream' and cursor not like '%null%'"
QUIET = """
select (select count(*) from records where kind = $1 and position > 0) >= $2
   and exists (select from roads where kind = $1 and road = 'resync' and cursor = '')
   and not exists (select from notices)
"""


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        async with an_org(RECORDS) as org:
            config = Path(home) / "hub.toml"
            config.write_text(org.config("enterprise"))
            environ = {"HUB_HOME": home, "BENCH_SECRET": "sandbox", "PATH": os.environ["PATH"]}
            settings = load(config, environ)

            async def let_in(database: Database) -> None:
                vault = Vault(database.schema, master_keys(settings.home, environ))
                connection = settings.connections["sf"]
                tokens = tokens_of("sf", connection, database, vault)
                await tokens.connect(Secret("sandbox-salesforce"))

            async with running(settings, environ, prepare=let_in) as hub:
                await _until_quiet(hub)
                rounds = [await _round(hub, org) for _ in range(ROUNDS)]
        rates, bare_rates = zip(*rounds, strict=True)
        tell(
            "stream",
            ratio=ratio(list(rates), list(bare_rates)),
            rate=int(sorted(rates)[ROUNDS // 2]),
            bare_rate=int(sorted(bare_rates)[ROUNDS // 2]),
            events=RECORDS,
            memory_mb=int(memory_mb()),
        )


async def _round(hub: Hub, org: Org) -> tuple[float, float]:
    """Change everything, have the hub told of it, then read the same by a bare client."""
    start = hub.wake.head
    async with hub.database.connected() as db:
        place = msgspec.json.decode(await db.fetchval(PLACE, KIND), type=Place)
    await org.change()
    rate = await _rate(hub, start)
    await _until_quiet(hub)
    return rate, await _bare_rate(org, place)


async def _rate(hub: Hub, start: int) -> float:
    """Wait for the last observation; give how many a second were made durable."""
    async with asyncio.timeout(SECONDS_MAX), hub.database.connected() as db:
        while True:
            count, began, ended = await db.fetchrow(TOLD, start)
            if count >= RECORDS:
                return float(count / (ended - began).total_seconds())
            await asyncio.sleep(0.1)


async def _bare_rate(org: Org, place: Place) -> float:
    login = Login(token=Secret(await org.token()), instance_url=org.address, tenant=ORG_ID)
    schemas = Schemas()
    async with opened(org.stream_address) as channel:

        async def ask(schema_id: str) -> str:
            return await schema(channel, login, schema_id)

        stream = subscribe(channel, login)
        first = place.request
        first.topic_name, first.num_requested = TOPIC, 100
        await stream.write(first)
        count, started = 0, clock()
        while count < RECORDS:
            response = await stream.read()
            assert isinstance(response, wire.FetchResponse)
            if response.pending_num_requested <= 50:  # noqa: PLR2004
                more = 100 - response.pending_num_requested
                await stream.write(wire.FetchRequest(topic_name=TOPIC, num_requested=more))
            for one in response.events:
                changed(await schemas.of(one.event.schema_id, ask), one.event.payload)
            count += len(response.events)
        stream.cancel()
        return count / (clock() - started)


async def _until_quiet(hub: Hub) -> None:
    async with asyncio.timeout(SECONDS_MAX), hub.database.connected() as db:
        while True:
            if await db.fetchval(QUIET, KIND, RECORDS):
                return
            await asyncio.sleep(0.2)
