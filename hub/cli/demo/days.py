"""What becomes of a played clock that is moved on: the hub's own goes on as ever.

Its mornings are told, which the hub would else wait for; and the vendors bridge each leap: what the
hub has no reason yet to renew lives on.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from hub.events import DayBegan, Event, event_of, fixed_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.sandbox.world import World

LOOK_SECONDS = 0.1
LEAP = timedelta(minutes=1)
CONNECTION = "books"


async def leaps(world: World, bridge: Callable[[timedelta], object]) -> None:
    """Have each leap of the clock bridged."""
    ahead = world.clock.now() - datetime.now(UTC)
    while True:
        leapt = world.clock.now() - datetime.now(UTC) - ahead
        if leapt > LEAP:
            ahead += leapt
            bridge(leapt)
        await asyncio.sleep(LOOK_SECONDS)


async def mornings(world: World, zone: str, append: Callable[..., Awaitable[Any]]) -> None:
    """Tell of the days that begin by the clock of the world, ahead of the hub's own.

    Of a leap the last day is told: by that morning all is known that the others would tell.
    """
    place = ZoneInfo(zone)
    told = datetime.now(place).date()
    while True:
        today = world.clock.now().astimezone(place).date()
        if today > told:
            await append(_began(today, place))
            told = today
        await asyncio.sleep(LOOK_SECONDS)


def _began(day: date, zone: ZoneInfo) -> Event:
    midnight = datetime.combine(day, time(), zone)
    event = event_of(
        DayBegan(day=day, zone=zone.key),
        id=fixed_id(midnight, CONNECTION, "day_began", day),
        connection=CONNECTION,
        kind="all",
        road="clock",
    )
    return msgspec.structs.replace(event, occurred_at=midnight.astimezone(UTC))
