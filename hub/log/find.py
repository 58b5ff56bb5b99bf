"""Find single events for people: by what they are about, by position or by id, archived or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.log.history import history
from hub.log.read import by_positions, event

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from hub.database.db import Db
    from hub.events import Event

POSITION_MAX = 2**63 - 1


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What an event must be about; None stands for anything."""

    connection: str | None = None
    kind: str | None = None
    record: str | None = None
    type: str | None = None

    def takes(self, event: Event) -> bool:
        return all(
            wanted is None or wanted == getattr(event, name)
            for name, wanted in msgspec.structs.asdict(self).items()
        )


async def latest(
    db: Db, wanted: Wanted, events_max: int, before: int = POSITION_MAX
) -> list[Event]:
    """Give the last events that are wanted, of those not archived, in the order of the log."""
    chosen = msgspec.structs.astuple(wanted)
    rows = await db.fetch(statement("log/tail.sql"), *chosen, events_max, before)
    return [event(row) for row in reversed(rows)]


async def at_position(db: Db, archive: Path, position: int) -> Event | None:
    """Give the event at a position, from its archive if need be."""
    found = await by_positions(db, [position])
    if not found:
        async for events in history(db, archive, position - 1, until=position):
            found = events
    return found[0] if found else None


async def with_id(db: Db, archive: Path, id_: UUID) -> Event | None:
    """Give the event that bears an id, from its archive if need be."""
    position = await db.fetchval(statement("log/position_of.sql"), id_)
    return None if position is None else await at_position(db, archive, position)
