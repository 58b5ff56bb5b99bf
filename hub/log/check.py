"""Refuse an event that could never be kept, before it is queued with others.

What could fail in the database is looked for here, so that a thousand good events never share a
commit with one that breaks it.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC
from typing import TYPE_CHECKING

from hub.errors import EventRefused
from hub.log.body import read_object

if TYPE_CHECKING:
    from datetime import datetime

    from hub.events import Event

NAME_BYTES_MAX = 500
POSITION_MAX = 2**63 - 1
SHAPE_MAX = 2**15 - 1
SHOWN_CHARACTERS_MAX = 60
_FIRST_AND_LAST_YEAR = (MINYEAR, MAXYEAR)

_names = ("record", "trace", "type", "connection", "kind", "road", "cover", "origin", "flow")
_FEW = frozenset(_names[2:])  # these have few values, which need not be looked at each time
_FEW_MAX = 10_000
_good: set[str] = set()


def check(event: Event, bytes_max: int) -> None:
    """Raise EventRefused, saying what is wrong with it, unless the log can hold this event."""
    if len(event.data) > bytes_max:
        raise EventRefused(
            f"{_which(event)} has {len(event.data):,} bytes of data; at most {bytes_max:,} are "
            "kept (log.event_bytes_max).",
            status=413,
        )
    for name in _names:
        text = getattr(event, name)
        if text is None or text in _good:
            continue
        if not _is_name(text):
            raise EventRefused(_fault(event, name, text))
        if name in _FEW and len(_good) < _FEW_MAX:
            _good.add(text)
    if event.seal is None:
        check_json(event)
    if event.occurred_at is not None:
        _check_time(event, event.occurred_at)
    if not 0 < event.shape <= SHAPE_MAX:
        raise EventRefused(f"{_which(event)}: expected a shape from 1 on, found {event.shape}")
    if event.cause is not None and not 0 < event.cause <= POSITION_MAX:
        raise EventRefused(f"{_which(event)}: cause {event.cause} is not a position in the log")


def check_json(event: Event) -> None:
    """Raise EventRefused unless its data is one JSON object that every reader can read."""
    try:
        read_object(event.data)
    except EventRefused as refused:
        raise EventRefused(f"{_which(event)}: {refused}") from refused


def _check_time(event: Event, at: datetime) -> None:
    if at.tzinfo is None:
        raise EventRefused(f"{_which(event)}: occurred_at has no time zone")
    if at.year in _FIRST_AND_LAST_YEAR:
        try:
            at.astimezone(UTC)
        except OverflowError as error:
            raise EventRefused(
                f"{_which(event)}: expected occurred_at to be of the years 1 to 9999 in UTC, found "
                f"{at.isoformat()}"
            ) from error


def _is_name(text: str) -> bool:
    if text.isascii():
        return 0 < len(text) <= NAME_BYTES_MAX and "\0" not in text
    try:
        return len(text.encode()) <= NAME_BYTES_MAX and "\0" not in text
    except UnicodeEncodeError:
        return False


def _fault(event: Event, name: str, text: str) -> str:
    shown = text[:SHOWN_CHARACTERS_MAX]
    found = repr(shown if shown == text else f"{shown}...")
    return (
        f"{_which(event)}: expected {name} to be 1 to {NAME_BYTES_MAX} bytes of text "
        f"without zero bytes or lone surrogates, found {found}"
    )


def _which(event: Event) -> str:
    return f"{event.type!r} event of {event.connection or 'no connection'}"
