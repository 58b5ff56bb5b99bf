"""How the roads of all connections stand, as people and programs are told of it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from hub.database.db import Db


class RoadStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One way in, for one kind of record; a `kind` of `all` is about the connection as a whole."""

    connection: str
    kind: str
    road: str
    records: int
    seen_seconds_ago: float | None
    """Since it was last heard of, or read."""
    next_in_seconds: float | None
    done: bool
    """Whether there was nothing more to read, when it was read last."""
    unheard: int
    """Changes that other roads brought, and that this one should have."""
    silent: str
    """Why it counts as silent; empty: it does not."""
    waiting: int
    """Records that were noticed by it and are to be read."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a connection from being called."""

    connection: str
    dead: str
    """Why its grant is no longer honoured; empty: it is."""
    until: datetime | None
    """It is left alone until then, because of `why`, and goes on by itself."""
    why: str


async def troubles(db: Db) -> list[Trouble]:
    """Name the connections that cannot be called now."""
    return [Trouble(**dict(row)) for row in await db.fetch(statement("console/connections.sql"))]


async def road_standings(db: Db) -> list[RoadStanding]:
    rows = await db.fetch(statement("console/roads.sql"))
    return [RoadStanding(**dict(row)) for row in rows]
