"""P9 at the played Books, whose own limits are on: it never counts one call too many."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from hub.connectors.budget import AtOnce, Window
from hub.connectors.http import Call
from hub.connectors.outcome import Done, RetryAt
from tests.connectors.on_played_time import a_site

if TYPE_CHECKING:
    from pathlib import Path

    from hub.connectors.outcome import Outcome
    from hub.database import Database
    from tests.connectors.on_played_time import Site

ZONE = "America/New_York"
PER_MINUTE, PER_DAY, AT_ONCE = 30, 100, 5
PROCESSES, TASKS = 3, 2
HOUR, MONTH = timedelta(hours=1), timedelta(days=30)
LATE = datetime(2026, 3, 7, 23, 30, tzinfo=ZoneInfo(ZONE))
"""Half an hour before the day that lacks an hour there."""


async def test_p9_an_hour_with_a_midnight_in_it_is_lived_through(
    database: Database, tmp_path: Path
) -> None:
    calls = await _live(database, tmp_path, HOUR, seed=1)

    assert len(calls) == 2  # both days were used, the first until there was nothing left
    assert max(calls.values()) > 0.6 * PER_DAY


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_p9_a_month_is_lived_through(database: Database, tmp_path: Path, seed: int) -> None:
    calls = await _live(database, tmp_path, MONTH, seed=seed)

    assert len(calls) >= 30
    assert min(sorted(calls.values())[2:]) > 0.6 * PER_DAY


async def _live(database: Database, home: Path, span: timedelta, seed: int) -> Counter[str]:
    """Have three processes call whenever they may, each dying now and then; give calls by day."""
    chance = random.Random(seed)
    quirks = {
        "calls_per_minute": PER_MINUTE, "calls_per_day": PER_DAY, "calls_in_flight_max": AT_ONCE,
    }  # fmt: skip
    async with a_site("books", database, home, LATE.astimezone(UTC), **quirks) as site:
        connector = site.connector()
        connector.windows = (  # type: ignore[misc]
            Window(name="minute", most=PER_MINUTE, seconds=60),
            Window(name="day", most=PER_DAY, zone=ZONE),
        )
        connector.at_once = (AtOnce(name="calls", most=AT_ONCE),)  # type: ignore[misc]
        organization = site.systems["books"].state()["organizations"][0]["organization_id"]
        call = Call(
            method="GET", path="/books/v3/items", verb="read", share="documents",
            params=(("organization_id", organization),),
        )  # fmt: skip
        vendors = [await site.process(connector) for _ in range(PROCESSES)]
        until = site.clock.now() + span
        while site.clock.now() < until:
            came = await asyncio.gather(
                *(vendor.call(call) for vendor in vendors for _ in range(TASKS))
            )
            site.clock.move(_rest_seconds(site, came, chance))
            if chance.random() < 0.1:
                victim = chance.randrange(PROCESSES)
                await site.kill(vendors[victim])
                vendors[victim] = await site.process(connector)
        return _counted(site)


def _rest_seconds(site: Site, came: list[Outcome], chance: random.Random) -> float:
    """Go on at once while something is to be had, else when it is said that there is."""
    assert {type(one) for one in came} <= {Done, RetryAt}, came
    if any(isinstance(one, Done) for one in came):
        return chance.uniform(0, 4)
    at = min(one.at for one in came if isinstance(one, RetryAt))
    return max((at - site.clock.now()).total_seconds(), 0) + chance.uniform(0, 1)


def _counted(site: Site) -> Counter[str]:
    """See that the vendor never said that it was too much; count its calls by its own days."""
    calls = site.asked("/books/v3/items")
    assert {call.status for call in calls} == {200}
    days = (datetime.fromisoformat(call.at).astimezone(ZoneInfo(ZONE)) for call in calls)
    return Counter(day.date().isoformat() for day in days)
