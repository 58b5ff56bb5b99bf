"""Count what came in any window of time, and how long the limits of windows let something take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def most_in(moments: Sequence[float], costs: Sequence[int], seconds: float) -> int:
    """Give the most that came in any so many seconds, both ends counted."""
    first = spent = most = 0
    for moment, cost in zip(moments, costs, strict=True):
        spent += cost
        while moment - moments[first] > seconds:
            spent -= costs[first]
            first += 1
        most = max(most, spent)
    return most


def seconds_for(
    calls: int, per_second: float, *, began: datetime, first_day: float, per_day: float
) -> float:
    """Give how long so many calls take within the limits of a pace and of days, till the last."""
    midnight = began.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    at, left, most = 0.0, float(calls), first_day
    day = (midnight - began).total_seconds()
    while left > (can := max(0.0, min(most, (day - at) * per_second))):
        left, at, day, most = left - can, day, day + 86_400, per_day
    return at + left / per_second
