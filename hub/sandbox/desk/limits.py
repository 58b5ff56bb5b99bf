"""How much may be asked: credits of a day, by what each call weighs, and calls at a time."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hub.sandbox.desk.refusal import credits_gone, too_many_at_once

if TYPE_CHECKING:
    from datetime import date, datetime

    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.desk.quirks import DeskQuirks
    from hub.sandbox.system import Request

CREDITS = {
    "Free": (5_000, 0),
    "Express": (25_000, 100),
    "Standard": (50_000, 250),
    "Professional": (75_000, 500),
    "Enterprise": (100_000, 1_000),
}
AT_ONCE = {"Free": 5, "Express": 10, "Standard": 10, "Professional": 15, "Enterprise": 25}
LISTED = ((2_000, 3), (10_000, 5), (50_000, 10), (100_000, 50))
LISTED_BEYOND = 100
_LISTS = frozenset(
    ("tickets", "contacts", "accounts", "search", "threads", "comments", "History", "agents",
     "departments", "teams", "ticketTags", "archivedTickets")
)  # fmt: skip


class Limits:
    """What the portal has used up."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._day: date | None = None
        self._spent = 0
        self._weight = 0
        self.under_way = 0

    def take(self, request: Request) -> None:
        """Count a call, or refuse it."""
        if self.under_way > at_once(self._org.quirks):
            raise too_many_at_once()
        self._turn()
        self._weight = weight_of(request)
        if self._spent + self._weight > self._most():
            raise credits_gone(self._seconds_left())
        self._spent += self._weight

    def headers(self) -> dict[str, str]:
        self._turn()
        return {
            "X-Rate-Limit-Request-Weight-v3": str(self._weight),
            "X-Rate-Limit-Remaining-v3": str(max(self._most() - self._spent, 0)),
        }

    def _turn(self) -> None:
        today = self._now().date()
        if self._day != today:
            self._day, self._spent = today, 0

    def _most(self) -> int:
        return credits_per_day(self._org.quirks)

    def _seconds_left(self) -> int:
        now = self._now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return math.ceil((midnight - now).total_seconds())

    def _now(self) -> datetime:
        return self._org.now().astimezone(ZoneInfo(self._org.quirks.time_zone))


def credits_per_day(quirks: DeskQuirks) -> int:
    """Give the credits of the portal's plan."""
    whole, per_user = CREDITS[quirks.edition]
    own = quirks.credits_per_day
    return whole + per_user * quirks.users_paid if own is None else own


def at_once(quirks: DeskQuirks) -> int:
    """Give how many calls may be under way."""
    return quirks.calls_at_once or AT_ONCE[quirks.edition]


def weight_of(request: Request) -> int:
    """Give what a call costs: a list more the further into it one goes."""
    last = request.path.rstrip("/").rpartition("/")[2]
    if request.method != "GET" or last not in _LISTS:
        return 1
    first = request.param("from") or "0"
    begin = int(first) if first.isdecimal() else 0
    return next((weight for most, weight in LISTED if begin <= most), LISTED_BEYOND)
