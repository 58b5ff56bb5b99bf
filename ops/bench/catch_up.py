"""catch-up: the live sync projector goes through a backlog of 200,000, exactly once.

Yardstick: reading the same rows through asyncpg, decoding nothing.
"""

from __future__ import annotations

import statistics

from ops.bench.following import catch_up_rate, forget, read_rate
from ops.bench.ground import fill, ground, memory_mb, ratio, tell

EVENTS = 200_000
RECORDS = 40_000
ROUNDS = 3


async def main() -> None:
    async with ground() as made, made.database.connected() as db:
        await fill(made, EVENTS, RECORDS, links=20)
        reads, rates = [], []
        for _ in range(ROUNDS):
            reads.append(await read_rate(db, EVENTS))
            await forget(made)
            rates.append(await catch_up_rate(made, EVENTS))
        tell(
            "catch-up",
            ratio=ratio(rates, reads),
            rate=int(statistics.median(rates)),
            read_rate=int(statistics.median(reads)),
            events=EVENTS,
            records=RECORDS,
            memory_mb=int(memory_mb()),
        )
