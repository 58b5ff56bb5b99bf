"""A projector at work as in a hub: it runs, is waited for, and is stopped."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from hub.errors import NotApplicable
from hub.projectors import PROJECTORS
from hub.projectors.run import run
from hub.settings import ProjectorSettings
from tests.projectors.by_hand import rebuild, rows
from tests.projectors.histories import LINKS, linked, member, observed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from hub.database import Database
    from hub.database.db import Db, Writes
    from hub.events import Event
    from hub.projectors.projector import Fold, Projector
    from tests.log.desk import Desk

QUICK = ProjectorSettings(lease_seconds=0.4, poll_seconds=0.02, page_events_live=7)
PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def running(
    projector: Projector,
    log: Desk,
    settings: ProjectorSettings = QUICK,
    holder: str = "test",
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(run(projector, log.database, log.wake, settings, holder))
    try:
        yield task
    finally:
        await stop(task)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def reached(database: Database, projector: Projector, position: int | None = None) -> int:
    """Wait until a projector has come so far, or to the end of the log; give where it stands."""

    async def there(db: Db) -> int:
        head = await db.fetchval("select coalesce(max(position), 0) from events")
        at = await position_of(db, projector)
        return at if at >= (head if position is None else position) and at else 0

    return await seen_to_be(database, there)


async def seen_to_be(database: Database, look: Callable[[Any], Awaitable[int]]) -> int:
    """Look at the database again and again until there is something to be seen."""
    session = database.session("owner")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := await session.until_done(look)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            return found
    finally:
        await session.close()


async def position_of(db: Db, projector: Projector) -> int:
    found = await db.fetchval("select position from projectors where name = $1", projector.name)
    return int(found or 0)


def mixed(count: int, round_: str = "") -> list[Event]:
    """Make observations, links and what cannot be applied."""
    return [
        linked(LINKS[n % 3], member(f"{n % 7}"), member(f"{n % 5}", connection="books"))
        if n % 5 == 0
        else observed(cover="all", record=f"bad{round_}{n}")
        if n % 31 == 7
        else observed({"name": f"{round_}{n}"}, record=f"{n % 11}", at=n * 7 % 13)
        for n in range(count)
    ]


async def settled(database: Database) -> None:
    """Wait until both have also read what each of them parked."""

    async def are_at_the_end(db: Db) -> int:
        behind = """select count(*) from projectors
                    where position < (select max(position) from events)"""
        return int(await db.fetchval(behind) == 0)

    await seen_to_be(database, are_at_the_end)


async def same_as_from_the_beginning(database: Database) -> None:
    async with database.connected("owner") as db:
        undone = db.transaction()
        await undone.start()
        names = [row["name"] for row in await db.fetch("select name from projectors")]
        for projector in (each for each in PROJECTORS if each.name in names):
            expected = await rows(db, projector)
            assert any(expected.values())
            await rebuild(db, projector)
            assert await rows(db, projector) == expected
        await undone.rollback()


class Counting:
    """A projector of the tests' own: a line per record in `counted`, one more for every event.

    A line counted twice would show; `before` is done ahead of each event and may raise.
    """

    name = "counting"
    tables = ("counted",)

    def __init__(self, before: Callable[[Event, int], None] = lambda _event, _at: None) -> None:
        self._before = before
        self.written = asyncio.Event()

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:  # noqa: ARG002
        return _CountingFold(self._before, self.written)

    async def make_table(self, database: Database) -> None:
        async with database.connected("owner") as db:
            await db.execute("create table counted (record text primary key, events bigint)")
            await db.execute(f'grant all on counted to "{database.schema}_serve"')

    async def counted(self, database: Database) -> dict[str, int]:
        async with database.connected("owner") as db:
            return {row[0]: row[1] for row in await db.fetch("select * from counted")}


class _CountingFold:
    def __init__(self, before: Callable[[Event, int], None], written: asyncio.Event) -> None:
        self._before = before
        self._written = written
        self._counts: dict[str, int] = {}

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        """Need nothing: what is counted is added to what stands."""

    def apply(self, event: Event, at: int) -> None:
        record = event.record or ""
        self._counts[record] = self._counts.get(record, 0) + 1
        try:
            self._before(event, at)
        except NotApplicable:
            self._counts[record] -= 1  # any other error leaves what is half done
            raise

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:  # noqa: ARG002
        await db.execute(
            "insert into counted select * from unnest($1::text[], $2::bigint[]) "
            "on conflict (record) do update set events = counted.events + excluded.events",
            [*self._counts],
            [*self._counts.values()],
        )
        self._counts = {}
        self._written.set()

    def trim(self) -> None:
        """Hold nothing."""
