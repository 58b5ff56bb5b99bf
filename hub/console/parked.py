"""What waits for a person: events that a projector could not apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One event that waits; without a reason it waits behind an earlier one of its record."""

    projector: str
    position: int
    connection: str | None
    kind: str | None
    record: str | None
    reason: str | None
    since: int

    @property
    def subject(self) -> str:
        return "" if self.record is None else f"{self.connection}.{self.kind}/{self.record}"


async def waiting(db: Db) -> Sequence[Waiting]:
    """Give all that waits, at all projectors."""
    rows = await db.fetch(statement("console/parked.sql"))
    return [Waiting(**row) for row in rows]
