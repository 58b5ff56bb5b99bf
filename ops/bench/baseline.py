"""baseline: the first read of 100,000 records of Zoho CRM, in bulk and by lists, until it is kept.

The hub runs in a process of its own, and so does the played vendor. Then each is done once more
with the hub killed in the middle and started again: how much does it read twice?

Yardstick: the same records had from the same vendor by a bare client in the same way, one call
after the other, nothing decoded and nothing kept. Set HUB_BENCH_RECORDS for fewer.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from hub.database import open_database
from ops.bench.fetch import token
from ops.bench.ground import clock, tell
from ops.bench.serving import memory_mb, serving
from ops.bench.vendor import CONFIG, KIND, connected, vendor

if TYPE_CHECKING:
    from hub.settings import Settings
    from ops.bench.vendor import Vendor

    Hub = tuple[Settings, dict[str, str]]

RECORDS = int(os.environ.get("HUB_BENCH_RECORDS", "100000"))
ROWS = 200
SECONDS_MAX = 300
WAYS = {"bulk": 2_000, "lists": 10**9}
"""From how many records on a kind is read in bulk."""

KEPT = "select count(*) from events where kind = $1 and type = 'observed' and road = 'first'"
TOOK = """
select extract(epoch from max(recorded_at) - (
    select min(recorded_at) from events where kind = $1 and type = 'read_on'
))::float8
from events where kind = $1 and type = 'observed' and road = 'first'
"""
HANDED_IN = """
select sum((convert_from(data, 'UTF8')::json ->> 'records')::bigint)
from events where kind = $1 and type = 'read_on' and road = 'first'
"""


async def main() -> None:
    schemas = [f"{way}_{how}" for way in WAYS for how in ("whole", "killed")]
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        async with (
            vendor(RECORDS) as there,
            connected(Path(home), CONFIG.format(address=there.address), *schemas) as hubs,
        ):
            figures: dict[str, Any] = {}
            for way in WAYS:
                whole, killed = hubs.pop(0), hubs.pop(0)
                bare = await (_bare_bulk(there) if way == "bulk" else _bare_lists(there))
                figures |= {
                    f"{way}_{name}": figure
                    for name, figure in (
                        *(await _read(whole, way)).items(),
                        *(await _read_killed(killed, way, there)).items(),
                        ("bare_rate", int(bare)),
                    )
                }
        for way in WAYS:
            figures[f"{way}_ratio"] = figures[f"{way}_rate"] / figures[f"{way}_bare_rate"]
        tell(
            "baseline",
            ratio=min(figures[f"{way}_ratio"] for way in WAYS),
            rate=min(figures[f"{way}_rate"] for way in WAYS),
            records=RECORDS,
            **figures,
        )


async def _read(hub: Hub, way: str) -> dict[str, int]:
    async with serving(hub[1], WAYS[way]) as pid:
        await _until_kept(hub, RECORDS // 10)
        early = memory_mb(pid, "VmRSS")
        await _until_kept(hub, RECORDS)
        seconds = await _asked(hub, TOOK)
        memory = {"memory_at_tenth_mb": early, "memory_mb": memory_mb(pid, "VmHWM")}
    return {"rate": int(RECORDS / seconds), **memory}


async def _read_killed(hub: Hub, way: str, there: Vendor) -> dict[str, int]:
    """Kill it in the middle; what came over the wire twice, and what was taken in twice."""
    _, before = await there.calls()
    async with serving(hub[1], WAYS[way]):
        await _until_kept(hub, RECORDS // 2)
    async with serving(hub[1], WAYS[way]):
        await _until_kept(hub, RECORDS)
    calls, _ = await there.calls(before)
    pages = Counter(
        (call["path"], call["query"])
        for call in calls
        if call["path"] == f"/crm/v8/{KIND}" and "sort_by=id" in call["query"]
    )
    files = sum(call["path"].endswith("/result") for call in calls)
    return {
        "pages_read_twice": sum(count - 1 for count in pages.values()),
        "files_read_twice": max(files - 1, 0),
        "records_taken_in_twice": int(await _asked(hub, HANDED_IN)) - RECORDS,
    }


async def _until_kept(hub: Hub, records: int) -> None:
    async with (
        asyncio.timeout(SECONDS_MAX),
        open_database(*hub) as database,
        database.connected() as db,
    ):
        while await db.fetchval(KEPT, KIND) < records:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.25)


async def _asked(hub: Hub, query: str) -> float:
    async with open_database(*hub) as database, database.connected() as db:
        return float(await db.fetchval(query, KIND))


async def _bare_lists(there: Vendor) -> float:
    wanted = {"fields": ",".join(there.fields), "per_page": str(ROWS)}
    wanted |= {"sort_by": "id", "sort_order": "asc"}
    started, more = clock(), True
    async with await _session(there) as session:
        while more:
            async with session.get(f"/crm/v8/{KIND}", params=wanted) as answer:
                info = (await answer.read()).rpartition(b'"info":')[2]
            said = json.loads(info[:-1])
            more, wanted["page_token"] = said["more_records"], said["next_page_token"] or ""
    return RECORDS / (clock() - started)


async def _bare_bulk(there: Vendor) -> float:
    query = {"module": {"api_name": KIND}, "fields": there.fields, "page": 1}
    jobs = "/crm/bulk/v8/read"
    started = clock()
    async with await _session(there) as session:
        async with session.post(jobs, json={"query": query}) as answer:
            job = (await answer.json())["data"][0]["details"]["id"]
        async with session.get(f"{jobs}/{job}") as answer:
            assert (await answer.json())["data"][0]["state"] == "COMPLETED"
        async with session.get(f"{jobs}/{job}/result") as answer:
            await answer.read()
    return RECORDS / (clock() - started)


async def _session(there: Vendor) -> aiohttp.ClientSession:
    headers = {"Authorization": f"Zoho-oauthtoken {await token(there)}"}
    return aiohttp.ClientSession(there.address, headers=headers)
