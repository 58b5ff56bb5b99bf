"""fetch: 10,000 notices by the channel of Zoho CRM, until the last record is read and durable.

A hub that has read all records before is told by a hundred messages of a hundred ids each, as many
as one write of the vendor's API makes. The vendor is played in a process of its own.

Yardstick: the same records read from the same vendor by a bare client, a hundred ids a call, one
call after the other, nothing decoded and nothing kept.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from hub.app import running
from hub.inbound.hooks import CHANNEL_TOKEN
from hub.settings import Secret
from hub.vault import Vault, master_keys
from ops.bench.ground import clock, memory_mb, ratio, tell
from ops.bench.vendor import CONFIG, KIND, connected, vendor

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.database import Database
    from ops.bench.vendor import Vendor

RECORDS = 10_000
MESSAGE_IDS = 100
ROUNDS = 3
KEY = "made-up-for-the-bench"
BEGAN = "select min(recorded_at) from events where type = 'noticed' and position > $1"
ENDED = """
select count(distinct record), max(recorded_at) from events
where type = 'observed' and road = 'fetch' and position > $1
"""
QUIET = """
select count(*) filter (where done is not null) = 2 and not exists (select from notices)
from roads where kind = $1 and road in ('first', 'poll')
"""
SECONDS_MAX = 120


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        async with (
            vendor(RECORDS) as there,
            connected(Path(home), CONFIG.format(address=there.address), "hub") as [
                (settings, environ)
            ],
        ):

            async def agree(database: Database) -> None:
                vault = Vault(database.schema, master_keys(settings.home, environ))
                async with database.connected() as db:
                    await vault.keep(db, "crm", CHANNEL_TOKEN, Secret(KEY))

            async with running(settings, environ, prepare=agree) as hub:
                await _quiet(hub)
                rounds = [await _round(hub, there) for _ in range(ROUNDS)]
        rates = [one["rate"] for one in rounds]
        tell(
            "fetch",
            ratio=ratio(rates, [one["bare_rate"] for one in rounds]),
            rate=int(sorted(rates)[ROUNDS // 2]),
            bare_rate=int(sorted(one["bare_rate"] for one in rounds)[ROUNDS // 2]),
            notices=RECORDS,
            calls=max(one["calls"] for one in rounds),
            memory_mb=int(memory_mb()),
        )


async def _round(hub: Hub, there: Vendor) -> dict[str, float]:
    """Change everything, read it by a bare client, then have the hub told of it."""
    await there.change()
    bare_rate = await _bare_rate(there)
    _, before = await there.calls()
    start = hub.wake.head
    await _tell_of(hub, there.ids)
    seconds = await _took(hub, start)
    calls, _ = await there.calls(before)
    return {"rate": RECORDS / seconds, "bare_rate": bare_rate, "calls": len(calls)}


async def _took(hub: Hub, start: int) -> float:
    """Wait for the last observation; give how long after the first notice it was durable."""
    async with asyncio.timeout(SECONDS_MAX), hub.database.connected() as db:
        while True:
            count, ended = await db.fetchrow(ENDED, start)
            if count == RECORDS:
                return float((ended - await db.fetchval(BEGAN, start)).total_seconds())
            await asyncio.sleep(0.1)


async def _tell_of(hub: Hub, ids: list[str]) -> None:
    async with aiohttp.ClientSession() as session:

        async def send(some: list[str]) -> None:
            url = f"http://127.0.0.1:{hub.port}/hooks/crm"
            async with session.post(url, json=_message(some)) as answer:
                answer.raise_for_status()

        await asyncio.gather(*(send(some) for some in _parts(ids)))


def _message(ids: list[str]) -> dict[str, Any]:
    return {
        "query_params": {},
        "module": KIND,
        "resource_uri": f"https://www.zohoapis.com/crm/v2/{KIND}",
        "ids": ids,
        "affected_fields": [{each: ["Description"]} for each in ids],
        "operation": "update",
        "channel_id": "1000000068001",
        "token": KEY,
    }


async def _bare_rate(there: Vendor) -> float:
    headers = {"Authorization": f"Zoho-oauthtoken {await token(there)}"}
    async with aiohttp.ClientSession(there.address, headers=headers) as session:
        started = clock()
        for ids in _parts(there.ids):
            wanted = {"ids": ",".join(ids), "fields": ",".join(there.fields)}
            async with session.get(f"/crm/v8/{KIND}", params=wanted) as answer:
                await answer.read()
                answer.raise_for_status()
        return len(there.ids) / (clock() - started)


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[first : first + MESSAGE_IDS] for first in range(0, len(ids), MESSAGE_IDS)]


async def token(there: Vendor) -> str:
    """Have an access token of the played accounts."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": "sandbox-crm",
        "client_id": "sandbox",
        "client_secret": "sandbox",
    }
    async with (
        aiohttp.ClientSession(there.address) as session,
        session.post("/oauth/v2/token", data=form) as answer,
    ):
        return str(json.loads(await answer.read())["access_token"])


async def _quiet(hub: Hub) -> None:
    """Wait until all is read that was there before."""
    async with hub.database.connected() as db:
        while not await db.fetchval(QUIET, KIND):  # noqa: ASYNC110 - another process brings it
            await asyncio.sleep(0.1)
