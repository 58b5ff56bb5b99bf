"""Make a projector's tables anew from position 0, beside the ones that serve, and swap them in.

The new tables stand in a schema of their own, under the same names, and a search path that finds
that schema first lets the projector's own statements fill them. Meanwhile the old ones serve. Only
at the very end the projector is asked to pause, for as long as it takes to fold the last events,
compare both sets of tables, and exchange their names in one short transaction.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from hub.database import statement
from hub.errors import Refused
from hub.log.history import about_events, history
from hub.projectors.lease import Lease
from hub.projectors.page import Page
from hub.projectors.parking import Parking, parkings
from hub.projectors.projector import Judging
from hub.replay.shadow import Shadow, cleared

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable
    from pathlib import Path

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.projector import Projector

LEASE_SECONDS = 10.0
NEAR_EVENTS = 5_000


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table before and after; the digests are of all rows, in whatever order they lie."""

    name: str
    rows_before: int
    rows: int
    digest_before: str
    digest: str
    is_same: bool


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    projector: str
    position: int
    seconds: float
    paused_seconds: float
    tables: list[Table]


async def rebuild(
    projector: Projector,
    database: Database,
    archive: Path,
    *,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> Rebuilt:
    """Rebuild while the hub serves; when it fails or is cancelled, the old tables serve on.

    `told` is told how far it is, and how far it has to go.
    """
    started = time.monotonic()
    async with (
        database.connected("owner") as owner,
        _alone(owner, database.schema, projector.name),
        Shadow(owner, database.schema, projector).made() as shadow,
        database.connected("replay", search_path=shadow.search_path) as db,
    ):
        replay = _Replay(projector, database, db, archive, told)
        await replay.begin()
        while await _position(owner, projector) - replay.position > NEAR_EVENTS:
            await replay.up_to(await _position(owner, projector), owner)
        async with _paused(database, owner, projector) as lease:
            paused = time.monotonic()
            await replay.up_to(lease.position, owner)
            await replay.write_rest()
            before, after = await shadow.digests()
            await shadow.swap(lease)
        ended = time.monotonic()
        return Rebuilt(
            projector=projector.name,
            position=lease.position,
            seconds=ended - started,
            paused_seconds=ended - paused,
            tables=[
                Table(
                    name=name,
                    rows_before=before[name][0],
                    rows=after[name][0],
                    digest_before=before[name][1],
                    digest=after[name][1],
                    is_same=before[name] == after[name],
                )
                for name in before
            ],
        )


class _Replay:
    """The fold on its way from position 0."""

    def __init__(
        self,
        projector: Projector,
        database: Database,
        db: Db,
        archive: Path,
        told: Callable[[int, int], None],
    ) -> None:
        self.position = 0
        self._projector = projector
        self._database = database
        self._db = db
        self._archive = archive
        self._told = told
        self._fold = projector.fold(
            empty=True,
            cache_bytes_max=database.settings.projectors.cache_bytes_max,
            live=False,
        )
        self._parking = Parking(projector.name)

    async def begin(self) -> None:
        """Have the fold read ahead in the archives, where it must."""
        archived = await self._db.fetchval(statement("log/archived_to.sql"))
        if archived and isinstance(self._fold, Judging):
            async with self._database.connected("replay") as reader:
                await self._fold.recall(self._db, history(reader, self._archive, 0, until=archived))

    async def up_to(self, position: int, owner: Any) -> None:
        """Fold all events up to this position, which the serving projector has reached."""
        known = parkings(self._projector.name, await about_events(owner))
        page = Page(self._fold, self._parking, known, live=False)
        size = self._database.settings.projectors.page_events_catch_up
        async with self._database.connected("replay") as reader:
            pages = history(reader, self._archive, self.position, until=position, events_max=size)
            async with aclosing(_ahead(pages)) as ahead:
                async for events in ahead:
                    await self._take(page, events)
                    self._told(self.position, position)
        if self.position != position:
            raise Refused(
                f"The log ends at position {self.position}, but {self._projector.name} has applied "
                f"it up to {position}. `hub log verify` tells more."
            )

    async def _take(self, page: Page, events: list[Event]) -> None:
        await page.take(self._db, events)
        async with self._db.transaction():
            await self._fold.write(self._db, all_rows=False)
        self._fold.trim()
        self.position = events[-1].position

    async def write_rest(self) -> None:
        async with self._db.transaction():
            await self._fold.write(self._db)
            await self._parking.write(self._db)


@asynccontextmanager
async def _alone(owner: Any, schema: str, projector: str) -> AsyncIterator[None]:
    """Refuse to begin while another rebuild of the same projector is under way."""
    lock = f"{schema}.rebuild.{projector}"
    if not await owner.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", lock):
        raise Refused(f"{projector} is being rebuilt already; wait for that to end.")
    try:
        yield
    finally:
        await cleared(owner.execute("select pg_advisory_unlock(hashtextextended($1, 0))", lock))


@asynccontextmanager
async def _paused(database: Database, owner: Any, projector: Projector) -> AsyncIterator[Lease]:
    """Keep the projector from moving on; it takes its lease again as soon as this is over."""
    name, holder = projector.name, f"rebuild:{uuid4().hex[:8]}"
    try:
        row = await owner.fetchrow(statement("replay/pause.sql"), name, LEASE_SECONDS, holder)
        async with _kept(database, Lease(projector=name, seconds=LEASE_SECONDS, **row)) as lease:
            yield lease
    finally:
        # By its holder: where the pause was cancelled, nobody knows the epoch, or if it began.
        await cleared(owner.execute(statement("replay/resume.sql"), name, holder))


@asynccontextmanager
async def _kept(database: Database, lease: Lease) -> AsyncIterator[Lease]:
    """Hold a lease for as long as the context lasts, however long its own seconds are."""
    session = database.session("owner")
    keeper = asyncio.create_task(lease.keep(session))
    try:
        yield lease
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        await session.close()


async def _position(owner: Any, projector: Projector) -> int:
    position = await owner.fetchval(statement("replay/position.sql"), projector.name)
    if position is None:
        raise Refused(
            f"{projector.name} has never run on this database, so there is nothing to rebuild. "
            "Start `hub serve` first."
        )
    return int(position)


async def _ahead(pages: AsyncIterator[list[Event]]) -> AsyncGenerator[list[Event]]:
    """Read the next page while the last is being folded."""
    upcoming = asyncio.ensure_future(anext(pages, None))
    try:
        while events := await upcoming:
            upcoming = asyncio.ensure_future(anext(pages, None))
            yield events
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
