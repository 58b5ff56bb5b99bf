"""Move a projector over the log by hand: page by page, in one transaction, without a lease."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.errors import NotApplicable
from hub.log.append import append_within
from hub.log.history import about_events
from hub.log.read import page
from hub.projectors import PROJECTORS
from hub.projectors.page import Page
from hub.projectors.parking import Parking, parkings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.database.db import Db, Writes
    from hub.events import Event
    from hub.projectors.projector import Fold, Projector

SYNC, TIMELINE, ROADS = PROJECTORS
CACHE_BYTES_MAX = 1_000
"""So little that rows are let go of after nearly every page."""

Rows = dict[str, list[tuple[Any, ...]]]


async def follow(
    db: Db,
    projector: Projector,
    *,
    page_events: int = 500,
    restarts: bool = False,
    known: Mapping[tuple[int, int], str] | None = None,
    after: int = 0,
) -> int:
    """Fold the log to its end as a hub at work would; with `known`, as a rebuild does."""
    live = known is None
    fold = projector.fold(empty=after == 0, cache_bytes_max=CACHE_BYTES_MAX, live=live)
    parking = Parking(projector.name)
    await parking.load(db)
    while events := await page(db, after, page_events):
        await Page(fold, parking, known or {}, live=live).take(db, events)
        await fold.write(db)
        parked = await parking.write(db)
        if live and parked:
            await append_within(db, *parked)
        fold.trim()
        after = events[-1].position
        if restarts:
            fold = projector.fold(empty=False, cache_bytes_max=CACHE_BYTES_MAX, live=live)
            await parking.load(db)
    return after


async def rebuild(db: Db, projector: Projector, **how: Any) -> None:
    """Empty the tables and fold everything again."""
    for table in projector.tables:
        await db.execute(f"delete from {table}")
    await db.execute("delete from parked where projector = $1", projector.name)
    await follow(db, projector, known=parkings(projector.name, await about_events(db)), **how)


async def rows(db: Db, projector: Projector) -> Rows:
    """Read all of a projector's tables, and what waits at it."""
    found = {
        table: [tuple(row) for row in await db.fetch(f"select * from {table} t order by t::text")]
        for table in projector.tables
    }
    parked = "select * from parked where projector = $1 order by position"
    found["parked"] = [tuple(row) for row in await db.fetch(parked, projector.name)]
    return found


class Sick:
    """A projector that cannot apply some events at first, and can once it is asked again."""

    def __init__(self, projector: Projector) -> None:
        self._projector = projector
        self.name = projector.name
        self.tables = projector.tables

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        fold = self._projector.fold(empty=empty, cache_bytes_max=cache_bytes_max, live=live)
        return _SickFold(fold)


class _SickFold:
    def __init__(self, fold: Fold) -> None:
        self._fold = fold

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        await self._fold.load(db, events)

    def apply(self, event: Event, at: int) -> None:
        if event.origin == SICK and at == event.position:
            raise NotApplicable("not today")
        self._fold.apply(event, at)

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:
        await self._fold.write(db, all_rows=all_rows)

    def trim(self) -> None:
        self._fold.trim()


SICK = "sick"
