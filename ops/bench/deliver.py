"""deliver: 20,000 changes that are owed to Zoho CRM, carried out against one that answers at once.

What counts is from the first look at what is owed until all is told to the log and folded: the
content is worked out, each is announced before its call, and the projector moves the rows in the
same process. Each is a call of its own, for it is made only to what was seen. Then fewer are
carried out within a limit, and the vendor counts whether it held in every window.

Yardstick: a bare client that sends a hundred to a call, as many at once, and keeps nothing.
HUB_BENCH_UPDATES sets another number.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from hub.connectors.budget import Budget, Window
from hub.connectors.http import Vendor
from hub.connectors.oauth import Token
from hub.connectors.zoho_crm.crm import ZohoCrm
from hub.log.follow import Wake
from hub.outbound.content import Writer
from hub.outbound.deliver import deliver
from hub.outbound.way import AT_ONCE, Way
from hub.projectors.run import run
from hub.projectors.sync import Sync
from hub.settings import Secret
from ops.bench.companies import agreed, append, contact, in_force, website
from ops.bench.ground import clock, ground, memory_mb, tell
from ops.bench.sink import sink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from hub.database.db import Db
    from ops.bench.ground import Ground
    from ops.bench.sink import Arrived, Sink

UPDATES = int(os.environ.get("HUB_BENCH_UPDATES", "20000"))
LIMITED = 100
"""So many are carried out within a limit: they take as long as the limit lets them."""

BATCH = 100
MUCH = Window(name="day", most=10**9)
LIMIT = Window(name="limit", most=25, seconds=1.0)
SECONDS_MAX = 600
OWED = "select count(*) from deliveries where state = 'owed'"
LEFT = "select exists (select from deliveries where state in ('owed', 'sending'))"


async def main() -> None:
    async with sink() as there:
        rate, come = await _carried_out(there, UPDATES, MUCH)
        bare_rate = await _bare(there)
        limited_rate, told = await _carried_out(there, LIMITED, LIMIT)
    most = told.most_credits(LIMIT.seconds)
    tell(
        "deliver",
        ratio=rate / bare_rate,
        rate=int(rate),
        bare_rate=int(bare_rate),
        calls=len(come.records),
        sent_twice=_twice(come) + _twice(told),
        updates=UPDATES,
        limit_credits=LIMIT.most,
        most_credits=most,
        over_budget=max(0, most - LIMIT.most),
        limited_rate=int(limited_rate),
        memory_mb=int(memory_mb()),
    )


async def _carried_out(there: Sink, updates: int, window: Window) -> tuple[float, Arrived]:
    """Give how many are carried out in a second, and what came there."""
    async with (
        ground() as made,
        _way(made, there, window) as way,
        _running(_folding(made, way)),
    ):
        await _owe(made, way.folded, updates)
        await there.told()
        started = clock()
        async with _running(deliver(way)), made.database.connected() as db:
            await _until_done(db, way.folded)
        seconds = clock() - started
    return updates / seconds, await there.told()


async def _owe(made: Ground, folded: Wake, updates: int) -> None:
    """Have so many accounts owed a new website, and all folded that this brings about."""
    await append(made, in_force())
    await append(made, agreed(updates))
    await append(made, (contact(number, 2) for number in range(updates)))
    async with asyncio.timeout(SECONDS_MAX):
        while folded.head < made.wake.head:
            await folded.wait(made.wake.head, 1.0)
    async with made.database.connected() as db:
        owed = await db.fetchval(OWED)
    assert owed == updates, f"{updates} were to be owed, and {owed} are"


@asynccontextmanager
async def _way(made: Ground, there: Sink, window: Window) -> AsyncIterator[Way]:
    connector: Any = ZohoCrm("ultimate")
    connector.windows, connector.at_once = (window,), ()
    budget = Budget(made.database, "crm", connector.windows)
    async with Vendor(
        "crm", tokens=_Tokens(there.address), budget=budget, judge=connector.judge,
        scheme=connector.scheme,
    ) as vendor:  # fmt: skip
        yield Way(
            name="crm", connector=connector, vendor=vendor, database=made.database,
            append=made.appender.append, wake=made.wake, folded=Wake(of_log=False),
            contents=Writer("crm", empty=None).contents,
        )  # fmt: skip


async def _folding(made: Ground, way: Way) -> None:
    await run(Sync(), made.database, made.wake, made.settings.projectors, moved=way.folded)


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until_done(db: Db, folded: Wake) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while await db.fetchval(LEFT):
            await folded.wait(folded.head + 1, 1.0)


async def _bare(there: Sink) -> float:
    """Send the same batches, as many at once as the hub does."""
    batches = iter(range(0, UPDATES, BATCH))
    started = clock()
    async with aiohttp.ClientSession(there.address) as session:
        await asyncio.gather(*(_send(session, batches) for _ in range(AT_ONCE)))
    return UPDATES / (clock() - started)


async def _send(session: aiohttp.ClientSession, batches: Any) -> None:
    for first in batches:
        rows = [
            {"Website": website(number, 2), "id": f"{number}"}
            for number in range(first, min(first + BATCH, UPDATES))
        ]
        body = msgspec.json.encode({"data": rows, "trigger": []})
        async with session.put("/crm/v8/Accounts", data=body) as answer:
            await answer.read()


def _twice(come: Arrived) -> int:
    records = [record for call in come.records for record in call]
    return len(records) - len(set(records))


class _Tokens:
    """Lets in whoever asks, at one address."""

    def __init__(self, address: str) -> None:
        later = datetime.now(UTC) + timedelta(days=1)
        self._token = Token(
            text=Secret("sandbox"), base_url=address, renew_at=later, expires_at=later
        )

    async def get(self, dead: Secret | None = None) -> Token:
        assert dead is None, "the sink refuses nobody"
        return self._token
