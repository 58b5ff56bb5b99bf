"""P9: what each vendor allows of calls, counted anew from the list of those that it received.

Whatever came counts, also what was answered with a fault and what the vendor does not count: a hub
within these limits is within its own.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from hub.sandbox.books.limits import at_a_time, per_day
from hub.sandbox.crm import limits as crm
from hub.sandbox.desk import limits as desk
from hub.sandbox.system import Request
from hub.simulate.oracle.view import Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hub.sandbox.world import Call
    from hub.simulate.ground import Ground
    from hub.simulate.oracle.view import View

    Limit: TypeAlias = Callable[[list[Call]], str | None]
    """Says in words where the calls were too many, if they were."""

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
AT_ONCE = timedelta(0)
LONG = timedelta(seconds=20)
LONG_AT_ONCE = 25
"""Salesforce counts a call as one of those at a time when it has lasted so long."""


def within_limits(view: View) -> Iterator[Broken]:
    """Tell of each limit of each vendor that was passed."""
    for side in view.ground.sides:
        calls = [call for call in view.ground.world.calls_since(0) if call.system == side]
        for limit in _LIMITS[side](view.ground):
            if said := limit(calls):
                yield Broken(promise="P9", sentence=f"{side}: {said}")


def _of_crm(ground: Ground) -> Iterator[Limit]:
    quirks = ground.crm.quirks
    yield partial(in_any, DAY, "credits", crm.credits_per_day(quirks), _of_request(crm.cost_of))
    yield partial(at_a_time_of, AT_ONCE, "calls", crm.at_once(quirks), _one)
    heavy = _of_request(crm.is_heavy)
    yield partial(at_a_time_of, AT_ONCE, "heavy calls", quirks.heavy_calls_at_once, heavy)


def _of_books(ground: Ground) -> Iterator[Limit]:
    books: Any = ground.books
    organization = books.organizations[ground.organization]
    yield partial(in_any, MINUTE, "calls", organization.quirks.calls_per_minute, _one)
    yield partial(in_a_day_of, organization.zone, "calls", per_day(organization), _one)
    yield partial(at_a_time_of, AT_ONCE, "calls", at_a_time(organization), _one)


def _of_desk(ground: Ground) -> Iterator[Limit]:
    quirks = ground.systems["desk"].quirks
    zone, most = ZoneInfo(quirks.time_zone), desk.credits_per_day(quirks)
    yield partial(in_a_day_of, zone, "credits", most, _of_request(desk.weight_of))
    yield partial(at_a_time_of, AT_ONCE, "calls", desk.at_once(quirks), _one)


def _of_salesforce(ground: Ground) -> Iterator[Limit]:
    yield partial(in_any, DAY, "calls", ground.systems["salesforce"].quirks.calls_per_day, _one)
    yield partial(at_a_time_of, LONG, "calls", LONG_AT_ONCE, _one)


_LIMITS: Mapping[str, Callable[[Ground], Iterator[Limit]]] = {
    "crm": _of_crm,
    "books": _of_books,
    "desk": _of_desk,
    "salesforce": _of_salesforce,
}


def in_any(
    span: timedelta, what: str, most: int, cost: Callable[[Call], int], calls: Iterable[Call]
) -> str | None:
    """Count within any span of time, wherever it begins."""
    window: deque[tuple[datetime, int]] = deque()
    spent = 0
    for call in calls:
        at = _at(call)
        window.append((at, cost(call)))
        spent += window[-1][1]
        while at - window[0][0] >= span:
            spent -= window.popleft()[1]
        if spent > most:
            return f"{spent} {what} in {span} until {at}, and {most} are allowed"
    return None


def in_a_day_of(
    zone: ZoneInfo, what: str, most: int, cost: Callable[[Call], int], calls: Iterable[Call]
) -> str | None:
    """Count by the days of a place."""
    spent: Counter[object] = Counter()
    for call in calls:
        spent[_at(call).astimezone(zone).date()] += cost(call)
    for day, count in spent.items():
        if count > most:
            return f"{count} {what} on {day}, and {most} are allowed"
    return None


def at_a_time_of(
    least: timedelta, what: str, most: int, cost: Callable[[Call], int], calls: Iterable[Call]
) -> str | None:
    """Count those under way whenever one comes in; `least`: of those that last so long already."""
    under_way: list[tuple[int, int, datetime]] = []
    for call in sorted((one for one in calls if cost(one)), key=lambda one: one.came):
        at = _at(call)
        while under_way and under_way[0][0] < call.came:
            heapq.heappop(under_way)
        heapq.heappush(under_way, (call.went, call.n, at))
        count = sum(at - begun >= least for _, _, begun in under_way)
        if count > most:
            return f"{count} {what} at a time at {at}, and {most} are allowed"
    return None


def _one(_: Call) -> int:
    return 1


def _of_request(cost: Callable[[Request], int]) -> Callable[[Call], int]:
    """Give what a call costs by what the played vendor says of such a request."""
    return lambda call: cost(
        Request(
            method=call.method,
            path=call.path,
            query=tuple(parse_qsl(call.query, keep_blank_values=True)),
            query_string=call.query,
            body=call.body.encode(),
        )
    )


def _at(call: Call) -> datetime:
    return datetime.fromisoformat(call.at)
