"""rebuild: `records` and `links` made anew from 1,000,000 events, in a process of its own.

Yardstick: reading the same rows through asyncpg, decoding nothing.
"""

from __future__ import annotations

import asyncio
import statistics

from ops.bench.following import catch_up_rate, read_rate, rebuild_apart
from ops.bench.ground import fill, ground, ratio, tell

EVENTS = 1_000_000
RECORDS = 200_000
ROUNDS = 3


async def main() -> None:
    async with ground() as made, made.database.connected() as db:
        await fill(made, EVENTS, RECORDS, links=20)
        await catch_up_rate(made, EVENTS)
        reads, done = [], []
        for _ in range(ROUNDS):
            reads.append(await read_rate(db, EVENTS))
            done.append(await asyncio.to_thread(rebuild_apart, made))
        rates = [each["rate"] for each in done]
        tell(
            "rebuild",
            ratio=ratio(rates, reads),
            rate=int(statistics.median(rates)),
            read_rate=int(statistics.median(reads)),
            paused_s=statistics.median(each["paused_s"] for each in done),
            same=all(each["same"] for each in done),
            events=EVENTS,
            records=RECORDS,
            memory_mb=int(max(each["memory_mb"] for each in done)),
        )
