"""Have written again what a vendor has lost: the same deliveries, under the same marks."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.database import statement
from hub.events import Redelivered
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db
    from hub.events import Event


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A write that was done; `makes`: the record was made by it; `lost`: it is not there.

    `alone`: what was made is told nothing afterwards, as an invoice.
    """

    id: UUID
    connection: str
    kind: str
    record: str
    moved_at: datetime
    makes: bool
    alone: bool
    lost: bool

    @property
    def is_made_again(self) -> bool:
        return self.makes and self.lost

    @property
    def is_told_again(self) -> bool:
        return not (self.lost or self.alone)


async def done_since(db: Db, flow: str, since: datetime) -> list[Done]:
    """Give what a flow has written since a moment, the earliest first."""
    rows = await db.fetch(statement("operate/redeliver.sql"), flow, since)
    return [Done(**dict(row)) for row in rows]


def redelivered(done: Sequence[Done], by: str) -> Event:
    """Make the event by which lost records are made again, and all others told anew."""
    what = Redelivered(
        made=[one.id for one in done if one.is_made_again],
        written=[one.id for one in done if one.is_told_again],
    )
    return act(what, by)
