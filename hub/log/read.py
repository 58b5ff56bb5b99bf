"""Read the log: by position, by record, by cause, by id. Every read gives events in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.errors import LogBroken
from hub.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from hub.database.db import Db


async def page(db: Db, after: int, events_max: int) -> list[Event]:
    """Give the events after a position, at most so many; LogBroken if one is missing between."""
    events = await _range(db, after, events_max)
    if not events and await db.fetchval(statement("log/head.sql")) > after:
        # Either they came since then, or they are missing.
        events = await _range(db, after, events_max)
        if not events:
            raise _gap(after, events)
    if events and events[-1].position - after != len(events):
        raise _gap(after, events)
    return events


async def by_record(db: Db, connection: str, kind: str, record: str) -> list[Event]:
    """Give every event about one record."""
    rows = await db.fetch(statement("log/by_record.sql"), connection, kind, record)
    return [event(row) for row in rows]


async def by_cause(db: Db, cause: int) -> list[Event]:
    """Give every event that this position led to."""
    return [event(row) for row in await db.fetch(statement("log/by_cause.sql"), cause)]


async def by_positions(db: Db, positions: Iterable[int]) -> list[Event]:
    """Give the events at these positions."""
    rows = await db.fetch(statement("log/by_positions.sql"), list(positions))
    return [event(row) for row in rows]


async def by_id(db: Db, id_: UUID) -> Event | None:
    """Give the event that bears this id."""
    row = await db.fetchrow(statement("log/by_id.sql"), id_)
    return None if row is None else event(row)


async def head(db: Db) -> int:
    """Give the position of the last event, 0 for an empty log."""
    return int(await db.fetchval(statement("log/head.sql")))


async def position_at(db: Db, at: datetime) -> int:
    """Give the last position recorded at or before a moment, by halving: times never run back."""
    low, high = 0, await head(db)
    while low < high:
        middle = (low + high + 1) // 2
        recorded = await db.fetchval(statement("log/recorded_at.sql"), middle)
        low, high = (middle, high) if recorded <= at else (low, middle - 1)
    return low


def event(row: Any) -> Event:
    """Make an event of a row; its columns stand in the order in which every read names them."""
    return Event(
        position=row[0],
        type=row[1],
        connection=row[2],
        kind=row[3],
        record=row[4],
        road=row[5],
        cover=row[6],
        occurred_at=row[7],
        recorded_at=row[8],
        cause=row[9],
        trace=row[10],
        data=row[11],
        id=row[12],
        shape=row[13],
        origin=row[14],
        flow=row[15],
        seal=row[16],
        digest=row[17],
        link=row[18],
    )


async def _range(db: Db, after: int, events_max: int) -> list[Event]:
    rows = await db.fetch(statement("log/page.sql"), after, after + events_max)
    return [event(row) for row in rows]


def _gap(after: int, events: list[Event]) -> LogBroken:
    expected = after + 1
    for each in events:
        if each.position != expected:
            break
        expected += 1
    return LogBroken(
        f"The log has no event at position {expected}, but later ones. If it was archived, its "
        "file must be in the archive directory.",
        position=expected,
    )
