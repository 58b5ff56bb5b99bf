"""The road `clock`: the days of each connection, as facts, in its own time zone.

What depends on a day (something falls due, a daily sum) reads of it in the log, so a replay sees
the same days. A day that began while no hub ran is told when one does, each such day once.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from hub.connectors.connector import NotRead, Page
from hub.events import DayBegan, event_of, fixed_id
from hub.inbound.patience import not_read
from hub.inbound.places import places_of, read_on

if TYPE_CHECKING:
    from hub.events import Event
    from hub.inbound.account import Account

KIND = "all"
ROAD = "clock"
MISSED_DAYS_MAX = 366
LOOK_SECONDS_MAX = 600.0
"""A clock that is set back or forth, and a machine that slept, are noticed after so long."""

_log = logging.getLogger(__name__)


async def clock(account: Account) -> None:
    """Tell of every day that begins; runs until cancelled."""
    zone = await _zone(account)
    place = (await places_of(account, KIND)).get(ROAD)
    told = date.fromisoformat(place.cursor) if place and place.cursor else None
    while True:
        now = datetime.now(zone)
        for day in _untold(told, now.date()):
            await account.keep(_began(account, day, zone), _told(account, day, now))
            told = day
        await asyncio.sleep(min(_until_tomorrow(now), LOOK_SECONDS_MAX))


def _untold(told: date | None, today: date) -> list[date]:
    if told is None:
        return [today]
    count = min((today - told).days, MISSED_DAYS_MAX)
    return [today - timedelta(days=back) for back in reversed(range(count))]


def _began(account: Account, day: date, zone: ZoneInfo) -> Event:
    midnight = datetime.combine(day, time(), zone)
    event = event_of(
        DayBegan(day=day, zone=zone.key),
        id=fixed_id(midnight, account.name, "day_began", day),
        connection=account.name,
        kind=KIND,
        road=ROAD,
    )
    return msgspec.structs.replace(event, occurred_at=midnight.astimezone(UTC))


def _told(account: Account, day: date, now: datetime) -> Event:
    page = Page(seen=(), cursor=day.isoformat(), done=True)
    return read_on(account, KIND, ROAD, page, next_seconds=_until_tomorrow(now))


def _until_tomorrow(now: datetime) -> float:
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return max((midnight - now).total_seconds(), 0) + 1


async def _zone(account: Account) -> ZoneInfo:
    """Ask the organisation for its zone, however often that takes."""
    while True:
        try:
            return ZoneInfo(await account.connector.zone(account.vendor))
        except NotRead as error:
            await not_read(account, f"{account.name} by {ROAD}", error)
        except (LookupError, ValueError) as error:
            _log.warning("%s: its time zone is not known (%s); UTC is taken.", account.name, error)
            return ZoneInfo("UTC")
