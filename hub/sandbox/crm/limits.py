"""What a call costs, and when there have been too many: credits of 24 hours, and calls at a time.

The credits that are left are told only when half of them are gone, and nothing tells how long to
wait. Both kinds of too many look the same from outside.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import read_body
from hub.sandbox.crm.coql.parse import limit_of
from hub.sandbox.crm.refusal import Refusal, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.crm.quirks import Quirks
    from hub.sandbox.system import Request

WINDOW = timedelta(hours=24)
BASE_CREDITS = 50_000
FREE_CREDITS = 5_000
PER_USER: Mapping[str, tuple[int, int | None]] = {
    "standard": (250, 100_000),
    "professional": (500, 3_000_000),
    "enterprise": (1_000, 5_000_000),
    "ultimate": (2_000, None),
}
"""By edition: the credits that each user adds, and the most there are."""

AT_ONCE: Mapping[str, int] = {
    "free": 5, "standard": 10, "professional": 15, "enterprise": 20, "ultimate": 25,
}  # fmt: skip

WRITE_RECORDS = 10
"""How many records of a write cost one credit; a larger one is a heavy call too."""

BULK_CREDITS = 50
COQL_CREDITS = ((200, 1), (1_000, 2), (2_000, 3))


class Limits:
    """Counts credits and calls."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._spent: deque[tuple[datetime, int]] = deque()
        self._sum = 0
        self._under_way: dict[int, bool] = {}

    def begin(self, request: Request) -> None:
        """Know of a call that has come in."""
        self._under_way[id(request)] = is_heavy(request)

    def end(self, request: Request) -> None:
        """Know that it is answered."""
        self._under_way.pop(id(request), None)

    def take(self, request: Request) -> None:
        """Let a call pass and count it, or refuse it."""
        quirks = self._org.quirks
        heavy = sum(self._under_way.values())
        if len(self._under_way) > at_once(quirks):
            raise too_many("too many calls at a time")
        if self._under_way.get(id(request)) and heavy > quirks.heavy_calls_at_once:
            raise too_many("too many heavy calls at a time")
        cost = cost_of(request)
        if self.spent() + cost > credits_per_day(quirks):
            raise too_many()
        self._spent.append((self._org.world.clock.now(), cost))
        self._sum += cost

    def spent(self) -> int:
        """Give what was spent within the last 24 hours."""
        start = self._org.world.clock.now() - WINDOW
        while self._spent and self._spent[0][0] <= start:
            self._sum -= self._spent.popleft()[1]
        return self._sum

    def headers(self) -> dict[str, str]:
        """Tell what is left, once half of it is gone."""
        whole, spent = credits_per_day(self._org.quirks), self.spent()
        return {"X-API-CREDITS-REMAINING": str(whole - spent)} if spent * 2 > whole else {}

    def reset(self) -> None:
        self._spent.clear()
        self._sum = 0


def credits_per_day(quirks: Quirks) -> int:
    """Give the credits of the organisation's plan."""
    if quirks.credits_per_day is not None:
        return quirks.credits_per_day
    if quirks.edition == "free":
        return FREE_CREDITS
    per_user, most = PER_USER[quirks.edition]
    whole = BASE_CREDITS + per_user * quirks.users_paid
    return whole if most is None else min(whole, most)


def at_once(quirks: Quirks) -> int:
    """Give how many calls may be under way."""
    return quirks.calls_at_once or AT_ONCE[quirks.edition]


def cost_of(request: Request) -> int:
    """Give what a call costs."""
    end = request.path.rstrip("/").rsplit("/", 1)[-1]
    if request.path.startswith("/crm/bulk/") and request.method == "POST":
        return BULK_CREDITS
    if end == "coql":
        limit = limit_of(str(_body(request).get("select_query", "")))
        return next((cost for most, cost in COQL_CREDITS if limit <= most), COQL_CREDITS[-1][1])
    if end == "__composite_requests":
        return max(1, _count(request, "__composite_requests"))
    return max(1, -(-_written(request) // WRITE_RECORDS))


def is_heavy(request: Request) -> bool:
    """Tell whether a call is one of those of which fewer may be made at a time."""
    path = request.path.rstrip("/")
    if path.endswith(("/search", "/coql", "/__composite_requests")):
        return True
    if request.method == "GET":
        return bool(request.param("sort_by") or request.param("cvid"))
    return _written(request) > WRITE_RECORDS


def _written(request: Request) -> int:
    """Count the records of a write."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return 0
    return _count(request, "data")


def _count(request: Request, key: str) -> int:
    """Count the items of a body."""
    items = _body(request).get(key)
    return len(items) if isinstance(items, list) else 0


def _body(request: Request) -> dict[str, Any]:
    try:
        return read_body(request)
    except Refusal:
        return {}
