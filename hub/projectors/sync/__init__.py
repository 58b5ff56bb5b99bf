"""The sync projector: four folds under one position, applied one after the other to each event.

records     what each record says            decisions   (to come) what the flows conclude
links       which records are the same       deliveries  (to come) what is owed, and how it stands

A fold reads only what the folds before it made of this event, or any of earlier ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.projectors.sync.links import TYPES as LINK_TYPES
from hub.projectors.sync.links import Links
from hub.projectors.sync.records import TYPES as RECORD_TYPES
from hub.projectors.sync.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.events import Event
    from hub.projectors.projector import Fold


class Sync:
    """The projector that the hub decides by."""

    name = "sync"
    tables = ("records", "links", "link_history", "duplicates")

    def fold(self, *, empty: bool, cache_bytes_max: int) -> Fold:
        return SyncFold(Records(empty=empty, cache_bytes_max=cache_bytes_max), Links())


class SyncFold:
    """All folds of the sync projector as one."""

    def __init__(self, records: Records, links: Links) -> None:
        self.records = records
        self.links = links

    async def load(self, db: Any, events: Sequence[Event]) -> None:  # noqa: ANN401
        await self.records.load(db, events)
        await self.links.load(db, events)

    def apply(self, event: Event, at: int) -> None:
        if event.type in LINK_TYPES:
            self.links.apply(event, at)
        elif event.type in RECORD_TYPES:
            self.records.apply(event)

    async def write(self, db: Any, *, all_rows: bool = True) -> None:  # noqa: ANN401
        if all_rows or self.records.is_full:
            await self.records.write(db)
        await self.links.write(db)

    def trim(self) -> None:
        self.records.trim()
