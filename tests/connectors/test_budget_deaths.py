"""P9: three processes spend from one budget and die at any moment, and no window is ever passed."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_left
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, count
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.connectors.budget import RESERVED, SHARES, Budget, Window
from hub.connectors.budget.window import ARRIVAL_SECONDS
from hub.connectors.outcome import Refused, RetryAt
from tests.connectors.by_hand import HandClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.budget import Share
    from hub.database import Database

PROCESSES = 3
BERLIN = "Europe/Berlin"
_number = count()


class Spent(NamedTuple):
    """A cost that was paid, and when the call was there."""

    at: datetime
    arrived: datetime
    cost: int
    share: Share


class Processes:
    """Those that spend from one budget, and what they spent when."""

    def __init__(
        self, database: Database, windows: Iterable[Window], clock: HandClock, chance: random.Random
    ) -> None:
        self.clock = clock
        self.spent: list[Spent] = []
        self._database = database
        self._windows = tuple(windows)
        self._chance = chance
        # No other example has touched this one.
        self._connection = f"books_{next(_number)}"
        self._running = [self._begin() for _ in range(PROCESSES)]

    async def spend(self, process: int, cost: int, share: Share) -> RetryAt | Refused | None:
        refused = await self._running[process].spend(cost, share)
        if refused is None:
            now = self.clock.now()
            late = timedelta(seconds=self._chance.uniform(0, ARRIVAL_SECONDS))
            self.spent.append(Spent(now, now + late, cost, share))
        return refused

    async def die(self, process: int) -> None:
        """Kill it: whatever it had drawn, it gives no account of it."""
        await self._running[process]._ledger.close()
        self._running[process] = self._begin()

    async def restart(self, process: int) -> None:
        await self._running[process].close()
        self._running[process] = self._begin()

    async def end(self) -> None:
        for budget in self._running:
            await budget._ledger.close()

    def most_in(self, window: Window) -> int:
        """Give the most that was in a window, wherever it may begin."""
        if window.zone is not None:
            return max(self.by_day(window.zone).values(), default=0)
        calls = sorted((one.arrived.timestamp(), one.cost) for one in self.spent)
        sums = [0, *accumulate(cost for _, cost in calls)]
        return max(
            (
                sums[bisect_left(calls, (start + window.seconds, 0))] - sums[first]
                for first, (start, _) in enumerate(calls)
            ),
            default=0,
        )

    def by_day(self, zone: str, share: Share | None = None) -> Counter[date]:
        days: Counter[date] = Counter()
        for one in self.spent:
            if share in (None, one.share):
                days[one.at.astimezone(ZoneInfo(zone)).date()] += one.cost
        return days

    def _begin(self) -> Budget:
        return Budget(self._database, self._connection, self._windows, clock=self.clock)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 9))]
)
async def test_p9_a_month_is_lived_through_within_its_limits(database: Database, seed: int) -> None:
    """A small plan, so that every window is reached; the month has the night that lacks an hour."""
    # given
    chance = random.Random(seed)
    minute, day = (
        Window(name="minute", most=10, seconds=60),
        Window(name="day", most=40, zone=BERLIN),
    )
    rolling = Window(name="any day", most=44)
    clock = HandClock(datetime(2026, 3, 12, tzinfo=UTC))
    processes = Processes(database, [minute, day, rolling], clock, chance)

    # when three processes want more than there is, and one of them dies now and then
    try:
        end = clock.now() + timedelta(days=30)
        while clock.now() < end:
            await live_on(processes, chance)
    finally:
        await processes.end()

    # then no window holds more than it may, and all of them were worth having
    for window in (minute, day, rolling):
        assert processes.most_in(window) <= window.ceiling
    assert processes.most_in(minute) == minute.ceiling
    days = processes.by_day(BERLIN)
    assert len(days) >= 30
    assert sum(days.values()) >= 0.75 * day.ceiling * 30
    kept = sum(int(part * day.ceiling) for part in RESERVED.values())
    assert max(processes.by_day(BERLIN, "backfill").values()) <= day.ceiling - kept


async def live_on(processes: Processes, chance: random.Random) -> None:
    """Let some of them spend at the same instant; then somebody may die, and time goes on."""
    told = await asyncio.gather(
        *(
            processes.spend(chance.randrange(PROCESSES), chance.choice([1, 1, 3]), share)
            for share in chance.choices(SHARES, k=chance.randint(1, 4))
        )
    )
    process = chance.randrange(PROCESSES)
    if chance.random() < 0.05:
        await processes.die(process)
    elif chance.random() < 0.05:
        await processes.restart(process)
    waits = [one.at - processes.clock.now() for one in told if isinstance(one, RetryAt)]
    if waits and chance.random() < 0.9:
        processes.clock.move(max(waits).total_seconds())
    else:
        processes.clock.move(chance.choice([0.5, 2, 30, 600]))


# Any schedule at all.


class Step(NamedTuple):
    process: int
    act: str
    amount: float


ROLLING = Window(name="rolling", most=20, seconds=60, pace=1)
LONG_ROLLING = Window(name="long", most=60, seconds=600, pace=1)
TODAY = Window(name="today", most=100, zone="Asia/Kolkata", pace=1)

steps = st.lists(
    st.builds(
        Step,
        process=st.integers(0, PROCESSES - 1),
        act=st.sampled_from(["spend", "spend", "spend", "burst", "die", "move", "midnight"]),
        amount=st.sampled_from([0.1, 0.5, 1, 1.9, 2, 3, 7, 29, 61]),
    ),
    min_size=5,
    max_size=60,
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(schedule=steps)
async def test_p9_no_window_is_passed_by_any_schedule(
    database: Database, schedule: list[Step]
) -> None:
    await live_through(database, schedule)


@pytest.mark.slow
@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(schedule=steps)
async def test_p9_no_window_is_passed_by_any_schedule_for_long(
    database: Database, schedule: list[Step]
) -> None:
    await live_through(database, schedule)


async def live_through(database: Database, schedule: list[Step]) -> None:
    # given five minutes to midnight in Kolkata
    clock = HandClock(datetime(2026, 3, 2, 18, 25, tzinfo=UTC))
    processes = Processes(database, [ROLLING, LONG_ROLLING, TODAY], clock, random.Random(0))

    # when they live through it
    try:
        for step in schedule:
            await take(processes, step)
    finally:
        await processes.end()

    # then
    for window in (ROLLING, LONG_ROLLING, TODAY):
        assert processes.most_in(window) <= window.ceiling


async def take(processes: Processes, step: Step) -> None:
    match step.act:
        case "die":
            await processes.die(step.process)
        case "move":
            processes.clock.move(step.amount)
        case "midnight":
            processes.clock.move(3600 - step.amount)
        case "spend":
            await processes.spend(step.process, int(step.amount) or 1, "documents")
        case _:
            for _ in range(12):
                await processes.spend(step.process, 1, "documents")
