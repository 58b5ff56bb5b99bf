"""resync: a stream of Salesforce lost its place, and all 100,000 records changed meanwhile.

The hub runs in a process of its own, and so does the played vendor, which refuses what goes beyond
the day's calls. First the hub reads on by itself until all is kept; then once more, killed in the
middle and started again: what does it read twice? The rate is from the start after which it reads,
whichever road has a record first, until the last is kept. Told are the calls of the resync and all
calls of the hub while it lasts, polls of other kinds too, beside the calls that a day has.

Yardstick: the same records had from the same vendor by a bare client, page after page, of which
only the last record is decoded, and nothing kept. Set HUB_BENCH_RECORDS for fewer.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from hub.database import open_database
from ops.bench.ground import clock, tell
from ops.bench.org import KIND, an_org
from ops.bench.serving import memory_mb, serving
from ops.bench.vendor import connected

if TYPE_CHECKING:
    from hub.settings import Settings
    from ops.bench.org import Org

    Hub = tuple[Settings, dict[str, str]]

RECORDS = int(os.environ.get("HUB_BENCH_RECORDS", "100000"))
CALLS_PER_DAY = 15_000
ROWS = 2_000
SECONDS_MAX = 1_200
KNOWS = """
select (select count(*) from records where kind = $1 and position > 0) >= $2
   and exists (select from roads where kind = $1 and road = 'resync' and cursor = '')
   and exists (select from roads where kind = $1 and road = 'stream' and cursor not like '%null%')
"""
HEAD = "select coalesce(max(position), 0), clock_timestamp() from events"
KEPT = """
select count(distinct record) from events
where kind = $1 and type = 'observed' and position > $2
"""
TOOK = """
select extract(epoch from max(recorded_at) - $3)::float8
from events where kind = $1 and type = 'observed' and position > $2
"""
HANDED_IN = """
select sum((convert_from(data, 'UTF8')::json ->> 'records')::bigint)
from events where kind = $1 and type = 'read_on' and road in ('resync', 'poll') and position > $2
"""


class _Last(msgspec.Struct):
    id: str = msgspec.field(name="Id")
    stamp: str = msgspec.field(name="SystemModstamp")


class _Page(msgspec.Struct):
    records: list[msgspec.Raw]


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        async with an_org(RECORDS, calls_per_day=CALLS_PER_DAY) as org:
            config = org.config("standard")
            async with connected(Path(home), config, "whole", "killed", name="sf") as hubs:
                whole, killed = [await _resynced(hub, org, at) for at, hub in enumerate(hubs)]
            bare = await _bare(org)
    tell(
        "resync",
        ratio=whole["rate"] / bare,
        bare_rate=int(bare),
        records=RECORDS,
        calls_per_day=CALLS_PER_DAY,
        **whole,
        **{f"killed_{name}": figure for name, figure in killed.items()},
    )


async def _resynced(hub: Hub, org: Org, kills: int) -> dict[str, int]:
    """Have everything changed while the hub is dead and its place is forgotten; see it read on."""
    async with serving(hub[1]):
        await _until(hub, KNOWS, KIND, RECORDS)
    await org.change()
    await org.lose_places()
    start, begun = await _asked(hub, HEAD)
    before = (await org.calls())["last"]
    enough = f"select ({KEPT}) >= $3"
    for _ in range(kills):
        async with serving(hub[1]):
            await _until(hub, enough, KIND, start, RECORDS // 2)
    async with serving(hub[1]) as pid:
        await _until(hub, enough, KIND, start, RECORDS)
        await _until(hub, KNOWS, KIND, RECORDS)
        memory = memory_mb(pid, "VmHWM")
    (seconds,) = await _asked(hub, TOOK, KIND, start, begun)
    (handed_in,) = await _asked(hub, HANDED_IN, KIND, start)
    calls = [one for one in (await org.calls(before))["calls"] if "/data/" in one["path"]]
    return {
        "rate": int(RECORDS / seconds),
        "calls": sum(_is_read(one) for one in calls),
        "calls_of_all_kinds": len(calls),
        "refused": sum(one["status"] == 403 for one in calls),  # noqa: PLR2004
        "records_read_twice": int(handed_in) - RECORDS,
        "memory_mb": memory,
    }


def _is_read(call: dict[str, Any]) -> bool:
    asked = call["query"] + call["body"]
    return f"FROM+{KIND}+" in asked or f"FROM%20{KIND}%20" in asked or f"/{KIND}/" in call["path"]


async def _until(hub: Hub, query: str, *values: object) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while not (await _asked(hub, query, *values))[0]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.25)


async def _asked(hub: Hub, query: str, *values: object) -> Any:
    async with open_database(*hub) as database, database.connected() as db:
        return await db.fetchrow(query, *values)


async def _bare(org: Org) -> float:
    """Read the same pages with nothing but a session."""
    started, where, count = clock(), "", 0
    headers = {"Authorization": f"Bearer {await org.token()}"}
    columns = ", ".join(await _columns(org, headers))
    async with aiohttp.ClientSession(org.address, headers=headers) as session:
        while True:
            soql = f"SELECT {columns} FROM {KIND}{where} ORDER BY SystemModstamp, Id LIMIT {ROWS}"  # noqa: S608
            async with session.get("/services/data/v67.0/query", params={"q": soql}) as answer:
                page = msgspec.json.decode(await answer.read(), type=_Page)
            count += len(page.records)
            if len(page.records) < ROWS:
                assert count == RECORDS, f"{count} of {RECORDS} records were had"
                return RECORDS / (clock() - started)
            last = msgspec.json.decode(page.records[-1], type=_Last)
            stamp = last.stamp.replace("+0000", "Z")
            where = (
                f" WHERE ((SystemModstamp = {stamp} AND Id > '{last.id}')"
                f" OR SystemModstamp > {stamp})"
            )


async def _columns(org: Org, headers: dict[str, str]) -> list[str]:
    async with (
        aiohttp.ClientSession(org.address, headers=headers) as session,
        session.get(f"/services/data/v67.0/sobjects/{KIND}/describe") as answer,
    ):
        said = await answer.json()
    compound = ("address", "location")
    return [one["name"] for one in said["fields"] if one["type"] not in compound]
