"""decide: observations through all four folds of the sync projector, with the flows judging each.

Companies are in both systems and linked; every observation says something new about one of them, so
that each is agreed anew and a write to the other side is owed. Yardstick: the same log through the
same folds with no flow in force. HUB_BENCH_EVENTS and HUB_BENCH_COMPANIES set other numbers.
"""

from __future__ import annotations

import os
import statistics
from typing import TYPE_CHECKING

from ops.bench.companies import account, agreed, append, in_force
from ops.bench.following import catch_up_rate
from ops.bench.ground import ground, memory_mb, ratio, tell

if TYPE_CHECKING:
    from ops.bench.ground import Ground

COMPANIES = int(os.environ.get("HUB_BENCH_COMPANIES", "2000"))
EVENTS = int(os.environ.get("HUB_BENCH_EVENTS", "20000"))
ROUNDS = 3


async def main() -> None:
    with_flows, without = [], []
    for number in range(ROUNDS):
        without.append(await _rate(flows=False))
        with_flows.append(await _rate(flows=True))
        print(f"round {number + 1}: {with_flows[-1]:.0f}/s judged, {without[-1]:.0f}/s not")
    tell(
        "decide",
        ratio=ratio(with_flows, without),
        rate=int(statistics.median(with_flows)),
        rate_without=int(statistics.median(without)),
        events=EVENTS,
        companies=COMPANIES,
        memory_mb=int(memory_mb()),
    )


async def _rate(*, flows: bool) -> float:
    async with ground() as made:
        if flows:
            await append(made, in_force())
        await append(made, agreed(COMPANIES))
        begun = await _follow(made)
        edits = (account(each % COMPANIES, 2 + each // COMPANIES) for each in range(EVENTS))
        await append(made, edits)
        return await catch_up_rate(made, EVENTS, after=begun)


async def _follow(made: Ground) -> int:
    """Have all companies known, linked and agreed; give how far the log has come."""
    await catch_up_rate(made, made.wake.head)
    return made.wake.head
