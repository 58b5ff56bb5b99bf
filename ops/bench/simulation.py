"""simulation: how fast time is played: an hour in which people work and everything goes wrong.

What counts is how much longer the world's hour is than ours, and that nothing was broken in it.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from hub.simulate.postgres import postgres
from hub.simulate.run import Outcome, Plan, simulate
from ops.bench.ground import tell

SEEDS = range(1, 4)
MINUTES = 60.0
FAULTS, DEATHS = 20, 3


async def main() -> None:
    outcomes = await asyncio.to_thread(_played)
    tell(
        "simulation",
        played_minutes=[round(one.played_seconds / 60) for one in outcomes],
        seconds=[round(one.seconds, 1) for one in outcomes],
        times_real=round(median(one.played_seconds / one.seconds for one in outcomes)),
        calls=[one.calls for one in outcomes],
        broken=sum(len(one.broken) for one in outcomes),
    )


def _played() -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home, postgres(Path(home)) as one:
        plans = [Plan(seed=seed, minutes=MINUTES, faults=FAULTS, deaths=DEATHS) for seed in SEEDS]
        return [simulate(plan, one, Path(home)) for plan in plans]
