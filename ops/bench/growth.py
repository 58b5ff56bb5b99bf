"""growth: appending and rebuilding at 10,000,000 events against an empty log. Yardstick: itself.

Set HUB_BENCH_EVENTS for a smaller log.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics

from ops.bench.append import hub_rate
from ops.bench.following import catch_up_rate, rebuild_apart
from ops.bench.ground import Ground, fill, ground, memory_mb, observed, tell

EVENTS = int(os.environ.get("HUB_BENCH_EVENTS", "10000000"))
FIRST = 500_000
RECORDS = 200_000
ROUNDS = 5
PER_ROUND = 15_360


async def main() -> None:
    async with ground() as made:
        empty = await _append_rate(made, 0)
        await fill(made, FIRST, RECORDS, links=20, first=ROUNDS * PER_ROUND)
        await catch_up_rate(made, made.wake.head)
        rebuilt_small = await asyncio.to_thread(rebuild_apart, made)
        await fill(made, EVENTS - made.wake.head, RECORDS, links=20, first=made.wake.head)
        full = await _append_rate(made, EVENTS + 1)
        memory_appending = memory_mb()
        await catch_up_rate(made, made.wake.head)
        rebuilt = await asyncio.to_thread(rebuild_apart, made)
        tell(
            "growth",
            ratio=min(full / empty, rebuilt["rate"] / rebuilt_small["rate"]),
            append_ratio=full / empty,
            rebuild_ratio=rebuilt["rate"] / rebuilt_small["rate"],
            append_rate_empty=int(empty),
            append_rate=int(full),
            rebuild_rate_small=int(rebuilt_small["rate"]),
            rebuild_rate=int(rebuilt["rate"]),
            events=made.wake.head,
            memory_appending_mb=int(memory_appending),
            memory_rebuild_mb=int(rebuilt["memory_mb"]),
        )


async def _append_rate(made: Ground, first: int) -> float:
    rng = random.Random(first)  # noqa: S311
    rates = []
    for round_ in range(ROUNDS):
        numbers = range(first + round_ * PER_ROUND, first + (round_ + 1) * PER_ROUND)
        rate, _ = await hub_rate(made, [observed(number, RECORDS, rng) for number in numbers])
        rates.append(rate)
    return statistics.median(rates)
