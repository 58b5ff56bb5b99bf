"""How the roads of a connection stand, as the tables tell: what was heard, and what waits."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from hub.database.db import Db

CHANNEL = ("all", "channel")
EVENTS_LOOKED_AT = 100_000


class Road(msgspec.Struct, frozen=True, kw_only=True):
    """One road of one kind."""

    kind: str
    road: str
    records: int
    cursor: str | None
    heard_at: datetime | None
    read_at: datetime | None
    done_at: datetime | None
    overdue_at: datetime | None
    unheard: int
    is_silent: bool
    is_late: bool

    @property
    def last_at(self) -> datetime | None:
        """When it was last heard of, in whichever way."""
        return max(filter(None, (self.heard_at, self.read_at)), default=None)


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """All that the tables know of what comes in by a connection."""

    roads: list[Road]
    waiting: int
    waiting_since: datetime | None
    records: dict[str, int]
    """How many there are, by kind."""
    changes: dict[str, int]
    """How many were fetched in a day, by kind."""

    @property
    def channel(self) -> str | None:
        """Where the log says that a channel is renewed by; None where there never was one."""
        return next((one.cursor for one in self.roads if (one.kind, one.road) == CHANNEL), None)


async def traffic(db: Db, connection: str) -> Traffic:
    """Look at the roads of a connection."""
    roads = await db.fetch(statement("console/traffic.sql"), connection)
    waiting = await db.fetchrow(statement("console/traffic_waiting.sql"), connection)
    return Traffic(
        roads=[Road(**dict(row)) for row in roads],
        waiting=waiting["records"],
        waiting_since=waiting["since"],
        records=_by_kind(await db.fetch(statement("console/traffic_counts.sql"), connection)),
        changes=_by_kind(
            await db.fetch(statement("console/traffic_changes.sql"), connection, EVENTS_LOOKED_AT)
        ),
    )


def _by_kind(rows: Any) -> dict[str, int]:
    return {row["kind"]: row["records"] for row in rows}
