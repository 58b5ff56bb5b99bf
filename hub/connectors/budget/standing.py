"""Tell what is left of a window, and when it will be spent if it goes on like this."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR_SECONDS = 3_600


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a window stands."""

    name: str
    ceiling: int
    spent: int
    left: int
    """By our own count, or the vendor's where that is less."""
    runs_out_at: datetime | None
    """When nothing is left if it goes on as in the last hour; None if that never happens."""
    stopped_until: datetime | None


def standing_of(row: Any) -> Standing:
    """Read it from a row of standing.sql."""
    left = row["ceiling"] - row["spent"]
    if row["said"] is not None:
        left = min(left, row["said"])
    return Standing(
        name=row["name"],
        ceiling=row["ceiling"],
        spent=row["spent"],
        left=max(left, 0),
        runs_out_at=forecast(row["moment"], max(left, 0), row["spent_hour"], row),
        stopped_until=row["stopped_until"],
    )


def forecast(
    moment: datetime, left: int, spent_hour: int, window: Mapping[str, Any]
) -> datetime | None:
    """Tell when nothing is left if spending goes on as in the last hour."""
    if left == 0:
        return moment
    if spent_hour == 0:
        return None
    rolls = window["ends"] is None
    if rolls and spent_hour * window["seconds"] <= window["ceiling"] * HOUR_SECONDS:
        # What leaves the window makes up for what comes in.
        return None
    at = moment + timedelta(hours=left / spent_hour)
    return at if rolls or at < window["ends"] else None
