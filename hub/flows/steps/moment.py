"""Dates, and moments in time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ])")
_SECOND = len("2026-01-01T00:00:00")


def read_date(value: Any, asked: Asked) -> str:  # noqa: ARG001
    """Read a day, also of a moment: as it is called in the zone in which the moment was said."""
    found = _DAY.match(value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0] if found else "").isoformat()
    except ValueError:
        raise NotUnderstood("a date such as 2026-03-31", value) from None


def read_time(value: Any, asked: Asked) -> str:  # noqa: ARG001
    """Read a moment that says its zone, and give it in UTC."""
    try:
        found = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotUnderstood("a time with its zone such as 2026-03-31T10:00:00+02:00", value)
    return found.astimezone(UTC).isoformat()


def same_second(one: str, other: str) -> bool:
    """Tell whether times are the same to the second: vendors drop what is beyond."""
    return one[:_SECOND] == other[:_SECOND]


DATE = Answers(read=read_date, key=lambda value, _: str(value))
TIME = Answers(read=read_time, key=lambda value, _: str(value)[:_SECOND], same=same_second)
