"""Periods that a query names by words, from days to years, in the zone of the org."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

_MONTHS = 12
_COUNTED = re.compile(
    r"(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)|N_(DAY|WEEK|MONTH)S_AGO:(\d+)"
)
_NAMED = re.compile(r"(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)")
_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
_WINDOWS = {"LAST_90_DAYS": (-90, 1), "NEXT_90_DAYS": (1, 91)}


def is_period(word: str) -> bool:
    """Tell whether a word names a period."""
    name = word.upper()
    plain = name in _DAYS or name in _WINDOWS
    return plain or bool(_COUNTED.fullmatch(name) or _NAMED.fullmatch(name))


def period(name: str, today: date) -> tuple[date, date]:
    """Give the first day of a period, and the day after its last."""
    if name in _DAYS:
        day = today + timedelta(days=_DAYS[name])
        return day, day + timedelta(days=1)
    if name in _WINDOWS:
        begin, end = _WINDOWS[name]
        return today + timedelta(days=begin), today + timedelta(days=end)
    if found := _NAMED.fullmatch(name):
        at = {"THIS": 0, "LAST": -1, "NEXT": 1}[found[1]]
        move = _MOVES[found[2]]
        return move(today, at), move(today, at + 1)
    found = _COUNTED.fullmatch(name)
    assert found is not None, "the parser lets through only what is a period"
    if found[4]:
        return _MOVES[found[4]](today, -int(found[5])), _MOVES[found[4]](today, 1 - int(found[5]))
    return _several(found[1] == "LAST", found[2], int(found[3]), today)


def moments(days: tuple[date, date], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the instants at which days begin and end."""
    begin, end = (datetime.combine(day, time(), zone) for day in days)
    return begin, end


def _several(is_past: bool, unit: str, count: int, today: date) -> tuple[date, date]:  # noqa: FBT001
    """Count back, or on, so many; the days of LAST_N_DAYS end with today, others before now."""
    move = _MOVES[unit]
    if is_past:
        return move(today, -count), move(today, 1 if unit == "DAY" else 0)
    return move(today, 1), move(today, count + 1)


def _day(today: date, count: int) -> date:
    return today + timedelta(days=count)


def _week(today: date, count: int) -> date:
    """Give the first day of a week, which is a Sunday there."""
    return today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=count)


def _month(today: date, count: int) -> date:
    months = today.year * _MONTHS + today.month - 1 + count
    return date(months // _MONTHS, months % _MONTHS + 1, 1)


def _quarter(today: date, count: int) -> date:
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return _month(first, 3 * count)


def _year(today: date, count: int) -> date:
    return date(today.year + count, 1, 1)


_MOVES: dict[str, Callable[[date, int], date]] = {
    "DAY": _day, "WEEK": _week, "MONTH": _month, "QUARTER": _quarter, "YEAR": _year,
}  # fmt: skip
