"""A log at work: its appender runs, a partition is open, and tests read it with one call."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.events import Event, new_id, seen_id
from hub.log.append import Appender
from hub.log.follow import Wake
from hub.log.partitions import make_room
from hub.log.read import page
from hub.log.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path
    from uuid import UUID

    from hub.database import Database

T = TypeVar("T")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Desk:
    """One process's way into the log."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = database.settings.log
        self.wake = Wake()
        self.appender = Appender(database, self.settings, self.wake)

    @property
    def archive(self) -> Path:
        return self.database.settings.home / "archive"

    async def append(self, *events: Event) -> list[int]:
        return await self.appender.append(*events)

    async def events(self) -> list[Event]:
        """Read the whole log, by a connection of its own."""
        async with self.database.connected("replay") as db:
            found: list[Event] = []
            while events := await page(db, len(found), 1_000):
                found += events
            return found

    async def verify(self, start: int = 1) -> Verified:
        async with self.database.connected("replay") as db:
            return await verify(db, self.archive, start=start)

    async def execute(self, sql: str, *values: object) -> Any:
        """Do what only the owner may."""
        async with self.database.connected("owner") as db:
            return await db.fetch(sql, *values)


@asynccontextmanager
async def open_desk(database: Database) -> AsyncIterator[Desk]:
    """Open a partition and run the appender, until left."""
    desk = Desk(database)
    async with database.connected() as db:
        await make_room(db, desk.settings.partition_events)
    async with running(desk):
        yield desk


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[None]:
    keeping = asyncio.create_task(desk.appender.run())
    try:
        yield
    finally:
        desk.appender.close()
        with suppress(asyncio.CancelledError):
            async with asyncio.timeout(30):
                await keeping


def begun(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Let this work go on beside the test, which awaits it later."""
    return asyncio.create_task(work)


def seen(
    text: object = 1,
    *,
    record: str = "1",
    road: str = "webhook",
    at: datetime | int | None = 0,
) -> Event:
    """Say that a record was seen saying this, or gone ("-"); `at` may count seconds from noon."""
    stamp = NOON + timedelta(seconds=at) if isinstance(at, int) else at
    data = msgspec.json.encode({"says": text})
    return Event(
        type="gone" if text == "-" else "observed",
        id=seen_id(stamp, "crm", "contacts", record, road, data),
        connection="crm",
        kind="contacts",
        record=record,
        road=road,
        occurred_at=stamp,
        data=data,
    )


def happened(number: int = 0, id: UUID | None = None) -> Event:  # noqa: A002
    """Make an event that is no observation, new unless its id is given."""
    return Event(type="happened", id=id or new_id(), data=b'{"number":%d}' % number)
