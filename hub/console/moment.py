"""A moment as a person here reads it: the same in every list."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def clock(at: datetime) -> str:
    """Give a moment by the local clock, with its zone: 2026-03-01 12:00:00 UTC, or +01:00."""
    # The first and the last day there is may have no local time: they are told as they came.
    with suppress(OverflowError, ValueError):
        at = at.astimezone()
    zone = at.isoformat(timespec="seconds")[19:] if at.utcoffset() else "UTC"
    return f"{at.replace(tzinfo=None).isoformat(sep=' ', timespec='seconds')} {zone}"
