"""How many calls an organisation may make: in a minute, in a day, and at a time."""

from __future__ import annotations

import math
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.sandbox.books.refusals import (
    blocked,
    too_many_a_day,
    too_many_a_minute,
    too_many_in_process,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from hub.sandbox.books.organization import Organization

PER_DAY = {
    "Free": 1_000, "Standard": 2_000, "Professional": 5_000, "Premium": 10_000, "Elite": 10_000,
    "Ultimate": 10_000,
}  # fmt: skip
AT_A_TIME_FREE, AT_A_TIME = 5, 10
MINUTE = timedelta(minutes=1)


class Usage:
    """What one organisation has used up."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._arrived: deque[datetime] = deque()
        self._served: deque[datetime] = deque()
        self._blocked_until: datetime | None = None
        self._day: date | None = None
        self._today = 0
        self.in_flight = 0

    def count(self) -> None:
        """Count a call, or refuse it."""
        self._check_block()
        self._check_at_a_time()
        self._check_day()
        self._check_minute()
        self._served.append(self._organization.world.clock.now())
        self._today += 1

    def headers(self) -> dict[str, str]:
        """Tell of the day's limit, what is left of it, and the seconds until it begins anew."""
        self._turn_day()
        left = self._organization.midnight() - self._organization.now()
        limit = per_day(self._organization)
        return {
            "X-Rate-Limit-Limit": str(limit),
            "X-Rate-Limit-Remaining": str(max(limit - self._today, 0)),
            "X-Rate-Limit-Reset": str(math.ceil(left.total_seconds())),
        }

    def _check_block(self) -> None:
        """Block the whole organisation for long when a minute held far too many calls."""
        now, quirks = self._organization.world.clock.now(), self._organization.quirks
        if self._blocked_until is not None and now < self._blocked_until:
            raise blocked(math.ceil((self._blocked_until - now).total_seconds()))
        _forget(self._arrived, now)
        self._arrived.append(now)
        if len(self._arrived) > quirks.calls_per_minute_before_block:
            self._arrived.clear()
            self._blocked_until = now + timedelta(seconds=quirks.block_seconds)
            raise blocked(quirks.block_seconds)

    def _check_at_a_time(self) -> None:
        others = self._organization.quirks.calls_in_flight
        if max(self.in_flight, 1) + others > at_a_time(self._organization):
            raise too_many_in_process()

    def _check_day(self) -> None:
        self._turn_day()
        if self._today >= per_day(self._organization):
            raise too_many_a_day(per_day(self._organization))

    def _check_minute(self) -> None:
        _forget(self._served, self._organization.world.clock.now())
        if len(self._served) >= self._organization.quirks.calls_per_minute:
            raise too_many_a_minute()

    def _turn_day(self) -> None:
        if self._day != self._organization.today():
            self._day, self._today = self._organization.today(), 0


def per_day(organization: Organization) -> int:
    """Give the calls of a day of its plan."""
    own = organization.quirks.calls_per_day
    return PER_DAY[organization.profile.plan_name] if own is None else own


def at_a_time(organization: Organization) -> int:
    """Give how many calls may be under way."""
    free = organization.profile.plan_name == "Free"
    return organization.quirks.calls_in_flight_max or (AT_A_TIME_FREE if free else AT_A_TIME)


def _forget(moments: deque[datetime], now: datetime) -> None:
    while moments and moments[0] <= now - MINUTE:
        moments.popleft()
