"""Take what is owed to a connection, as the tables say, the most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.outbound.owed import Owed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from hub.database.db import Db

TAKEN_MAX = 500


class But(msgspec.Struct, frozen=True, kw_only=True):
    """What is not to be taken; what is put aside is, once it does not stand there any more."""

    held: Collection[UUID] = ()
    aside: Collection[tuple[UUID, int]] = ()
    shares: Collection[str] = ()
    kinds: Collection[str] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed when the sync projector stood at `folded`."""

    folded: int
    rows: list[Owed]


async def take(db: Db, connection: str, now: datetime, but: But) -> Taken:
    """Give what is owed now, and how far the tables follow the log: both of one moment."""
    aside = [id_ for id_, _ in but.aside], [moved for _, moved in but.aside]
    rows = await db.fetch(
        statement("outbound/take.sql"),
        connection, now, list(but.held), *aside, list(but.shares), list(but.kinds), TAKEN_MAX,
    )  # fmt: skip
    owed = [_owed(row) for row in rows if row["id"] is not None]
    return Taken(folded=rows[0]["folded"], rows=owed)


async def folded(db: Db) -> int:
    """Give how far the sync projector has come."""
    return int(await db.fetchval(statement("outbound/folded.sql")))


async def counts(db: Db, connection: str) -> dict[str, int]:
    """Count what is owed to a connection, by state."""
    rows = await db.fetch(statement("outbound/counts.sql"), connection)
    return {row["state"]: row["deliveries"] for row in rows}


def _owed(row: Any) -> Owed:
    _, *columns = row
    return Owed(**dict(zip(Owed.__struct_fields__, columns, strict=True)))
