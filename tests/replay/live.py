"""A hub at work: what it is told goes into its log, projectors follow, and all tables are seen."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.conclusions import Member
from hub.errors import NotApplicable
from hub.events import (
    Event,
    Linked,
    Merged,
    Split,
    Unlinked,
    Unparked,
    event_of,
    new_id,
)
from hub.log.archive import archive
from hub.log.partitions import keep_ahead
from hub.log.read import head
from hub.projectors import PROJECTORS
from hub.projectors.run import run
from hub.replay.rebuild import Rebuilt, rebuild
from tests.log.desk import NOON, Desk, open_desk, seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    import asyncpg

    from hub.database import Database
    from hub.projectors.projector import Fold, Projector

SYNC, TIMELINE, ROADS = PROJECTORS
TABLES = (*SYNC.tables, *TIMELINE.tables, *ROADS.tables, "parked")
LINKS = [UUID(int=each) for each in range(1, 5)]
SECONDS_MAX = 60.0
LOOK_SECONDS = 0.01

Rows = dict[str, list[str]]


class Live:
    """One hub of one database; its projectors follow only inside `following`."""

    def __init__(self, desk: Desk, owner: asyncpg.Connection, looker: asyncpg.Connection) -> None:
        self.desk = desk
        self.database = desk.database
        self.looker = looker
        self._owner = owner

    @property
    def archive(self) -> Path:
        return self.desk.archive

    @asynccontextmanager
    async def following(self, *projectors: Projector) -> AsyncIterator[None]:
        """Run projectors, all that there are unless some are named; at the end all is applied."""
        chosen = projectors or PROJECTORS
        settings = self.database.settings.projectors
        tasks = [
            asyncio.create_task(run(each, self.database, self.desk.wake, settings))
            for each in chosen
        ]
        try:
            yield
            await self.applied(*chosen)
        finally:
            await _ended(*tasks)

    async def tell(self, *events: Event) -> list[int]:
        """Append events one after the other; give their positions."""
        return [(await self.desk.append(event))[0] for event in events]

    async def has_seen(self, *events: Event, by: Sequence[Projector] = PROJECTORS) -> list[int]:
        """Append events, and let the projectors follow to the end of the log."""
        positions = await self.tell(*events)
        async with self.following(*by):
            pass
        return positions

    async def applied(self, *projectors: Projector) -> int:
        """Wait until these projectors have come to the end of the log; give its position."""
        names = [each.name for each in projectors or PROJECTORS]
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                end = await head(self._owner)
                reached = await self.execute(
                    "select position from projectors where name = any ($1) and position >= $2",
                    names,
                    end,
                )
                if len(reached) == len(names) and await head(self._owner) == end:
                    return end
                await asyncio.sleep(LOOK_SECONDS)

    async def until(self, condition: str, *values: object) -> None:
        """Wait until the database says so."""
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                if (await self.execute(f"select {condition}", *values))[0][0]:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def rebuild(self, projector: Projector = SYNC, **how: Any) -> Rebuilt:
        return await rebuild(projector, self.database, self.archive, **how)

    async def rows(self) -> Rows:
        """Give all rows of all tables, as text."""
        found = {}
        for table in TABLES:
            rows = await self.execute(f"select t::text from {table} t order by t::text")
            found[table] = [row[0] for row in rows]
        return found

    async def afresh(self) -> Rows:
        """Empty all tables, and let the projectors follow from position 0 again."""
        await self.execute(f"truncate {', '.join(TABLES)}, projectors")
        async with self.following():
            pass
        return await self.rows()

    async def archived(self) -> list[str]:
        """Archive all partitions that can be; give the names of the files."""
        async with self.database.connected("owner") as db:
            moved = await archive(db, self.archive, before=2**62)
        return [each.file for each in moved]

    async def execute(self, sql: str, *values: object) -> Any:
        """Do what only the owner may."""
        return await self._owner.fetch(sql, *values)

    async def traces(self) -> list[str]:
        """Name whatever a rebuild that is over should not have left behind."""
        schemas = await self.execute(
            "select nspname from pg_namespace where starts_with(nspname, $1)",
            f"{self.database.schema}__",
        )
        leases = await self.execute(
            "select holder from projectors where starts_with(holder, 'rebuild')"
        )
        return [row[0] for row in (*schemas, *leases)]


@asynccontextmanager
async def open_live(database: Database) -> AsyncIterator[Live]:
    async with (
        open_desk(database) as desk,
        database.connected("owner") as owner,
        database.connected("replay") as looker,
    ):
        size = database.settings.log.partition_events
        task = asyncio.create_task(keep_ahead(database, desk.wake, size))
        try:
            yield Live(desk, owner, looker)
        finally:
            await _ended(task)


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """End tasks that run until cancelled; raise what made one end sooner."""
    for task in tasks:
        task.cancel()
    for end in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(end, Exception):
            raise end


class Choosy:
    """A projector of another version: some events it cannot apply."""

    def __init__(
        self,
        projector: Projector,
        refuses: Callable[[Event, int], bool],
        error: type[Exception] = NotApplicable,
    ) -> None:
        self.name = projector.name
        self.tables = projector.tables
        self._projector = projector
        self._refuses = refuses
        self._error = error

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        fold = self._projector.fold(empty=empty, cache_bytes_max=cache_bytes_max, live=live)
        return _ChoosyFold(fold, self._refuses, self._error)


class _ChoosyFold:
    def __init__(
        self, fold: Fold, refuses: Callable[[Event, int], bool], error: type[Exception]
    ) -> None:
        self._fold = fold
        self._refuses = refuses
        self._error = error
        self.load, self.write, self.trim = fold.load, fold.write, fold.trim

    def apply(self, event: Event, at: int) -> None:
        if self._refuses(event, at):
            raise self._error("not understood")
        self._fold.apply(event, at)


def story(seed: int, events: int = 60, *, readable: bool = False) -> list[Event]:
    """Tell a history with all in it: late words, roads, covers, links, what cannot be read."""
    chance = random.Random(seed)
    tellings = [_observed, _observed, _observed, _observed, _gone, _linked, _moved, _unreadable]
    tellings.append(_noticed)
    if readable:
        tellings.remove(_unreadable)
    return [chance.choice(tellings)(chance) for _ in range(events)]


def observed(
    fields: dict[str, object] | None = None, *, record: str = "1", at: int = 0, **envelope: object
) -> Event:
    """Say what a record said, `at` seconds from noon."""
    event = msgspec.structs.replace(seen(0, record=record, at=at), id=new_id())
    return msgspec.structs.replace(event, data=msgspec.json.encode(fields or {}), **envelope)


def sealed(record: str = "1", at: int = 0) -> Event:
    """Make an event that nobody here can read, so that it is parked."""
    return observed({"name": "secret"}, record=record, at=at, seal=new_id())


def member(record: str, part: str = "", connection: str = "crm") -> Member:
    return Member(connection=connection, kind="contacts", record=record, part=part)


def unparked(event: int, act: Any = "retry", projector: str = "sync") -> Event:
    return event_of(Unparked(projector=projector, event=event, act=act))


def moment(event: Event) -> datetime:
    return event.occurred_at or NOON


def _observed(chance: random.Random) -> Event:
    names = chance.sample(("name", "mail", "phone"), chance.randint(1, 3))
    return observed(
        {name: chance.choice([None, 1, "x", "ü\0", [1, 2]]) for name in names},
        record=str(chance.randint(1, 6)),
        at=chance.randint(0, 9),
        cover=chance.choice([None, None, "only:name", "except:mail"]),
        road=chance.choice(["poll", "webhook"]),
    )


def _noticed(chance: random.Random) -> Event:
    event = observed(record=str(chance.randint(1, 6)), road="webhook")
    return msgspec.structs.replace(event, type="noticed", occurred_at=None)


def _gone(chance: random.Random) -> Event:
    said = observed(record=str(chance.randint(1, 6)), at=chance.randint(0, 9))
    return msgspec.structs.replace(said, type="gone", data=b"{}")


def _linked(chance: random.Random) -> Event:
    members = [
        member(str(chance.randint(1, 6)), connection=connection)
        for connection in chance.sample(("crm", "books"), 2)
    ]
    return event_of(Linked(link=chance.choice(LINKS), members=members))


def _moved(chance: random.Random) -> Event:
    link, other = chance.sample(LINKS, 2)
    members = [member(str(chance.randint(1, 6)), connection=chance.choice(("crm", "books")))]
    what = chance.choice(
        [
            Unlinked(link=link, members=members),
            Merged(link=link, into=other),
            Split(link=link, new=other, members=members),
        ]
    )
    return event_of(what)


def _unreadable(chance: random.Random) -> Event:
    if chance.random() < 0.5:
        return Event(type="linked", id=new_id(), data=b'{"link":7}')
    return sealed(str(chance.randint(5, 9)), chance.randint(0, 9))
