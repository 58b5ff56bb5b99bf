"""append: 256 callers at once, each event of about 500 bytes, every guarantee on.

Yardstick: one connection that inserts the same bytes by `unnest`, 256 rows to a commit, into a
table with nothing but a key.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from ops.bench.ground import Ground, clock, ground, memory_mb, milliseconds, observed, ratio, tell

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.events import Event

CALLERS = 256
ROUNDS = 9
PER_ROUND = CALLERS * 60


async def main() -> None:
    rng = random.Random(1)  # noqa: S311
    async with ground() as made, made.database.connected("owner") as db:
        await make_raw(db)
        raw_rates, rates, waits = [], [], []
        for round_ in range(-1, ROUNDS):
            numbers = range((round_ + 1) * PER_ROUND, (round_ + 2) * PER_ROUND)
            events = [observed(number, 200_000, rng) for number in numbers]
            raw = await raw_rate(db, events)
            rate, waited = await hub_rate(made, events)
            if round_ >= 0:  # the one before warms up
                raw_rates.append(raw)
                rates.append(rate)
                waits += waited
        tell(
            "append",
            ratio=ratio(rates, raw_rates),
            rate=int(sorted(rates)[ROUNDS // 2]),
            raw_rate=int(sorted(raw_rates)[ROUNDS // 2]),
            p50_ms=milliseconds(waits, 0.5),
            p99_ms=milliseconds(waits, 0.99),
            events=ROUNDS * PER_ROUND,
            memory_mb=int(memory_mb()),
        )


async def make_raw(db: Db) -> None:
    await db.execute(
        "create table raw (position bigint generated always as identity primary key, data bytea)"
    )


async def raw_rate(db: Db, events: list[Event], batch: int = CALLERS) -> float:
    insert = await db.prepare("insert into raw (data) select unnest($1::bytea[])")
    started = clock()
    for first in range(0, len(events), batch):
        await insert.fetch([event.data for event in events[first : first + batch]])
    return len(events) / (clock() - started)


async def hub_rate(made: Ground, events: list[Event]) -> tuple[float, list[float]]:
    waited: list[float] = []
    left = iter(events)

    async def caller() -> None:
        for event in left:
            started = clock()
            await made.appender.append(event)
            waited.append(clock() - started)

    started = clock()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return len(events) / (clock() - started), waited
