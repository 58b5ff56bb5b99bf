"""How far each road was read, whether it is still heard of, and which records wait to be read.

A road that is walked at intervals is overdue when two of them have passed. One by which a vendor
tells of changes has no interval: what shows that it fell silent is that others bring changes that
it should have told.

A road goes on from the cursor that the log has of it: so a hub that was killed in the middle of a
long read, or another process in its place, goes on where the last kept page ended.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.database import statement
from hub.errors import NotApplicable
from hub.events import ABOUT_A_RECORD, Fetched, ReadOn, payload
from hub.projectors.written import AtOnce

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hub.database.db import Db, Writes
    from hub.events import Event
    from hub.projectors.projector import Fold

    RoadKey: TypeAlias = tuple[str, str, str]
    Key: TypeAlias = tuple[str, str, str]

ASKS, HOOK, STREAM = "poll", "webhook", "stream"
"""The road by which the hub asks for changes, and those by which a vendor tells of them."""

TOLD_WITHIN = timedelta(seconds=60)
"""How late what a vendor tells may come."""


class Road(msgspec.Struct, kw_only=True, gc=False):
    heard: int = 0
    heard_at: datetime | None = None
    records: int = 0
    cursor: str | None = None
    read: int | None = None
    read_at: datetime | None = None
    done: int | None = None
    done_at: datetime | None = None
    overdue_at: datetime | None = None
    stamp: datetime | None = None
    unheard: int = 0
    silent: int | None = None


class Waiting(msgspec.Struct, kw_only=True, gc=False):
    first: int
    last: int
    count: int


class Roads:
    """The projector that inbound asks where to read on, and what to fetch."""

    name = "roads"
    tables = ("roads", "notices")

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:  # noqa: ARG002
        return RoadsFold()


class RoadsFold:
    """The rows that the events of one page touch."""

    def __init__(self) -> None:
        self._roads: dict[RoadKey, Road] = {}
        self._waiting: dict[Key, Waiting] = {}
        self._moved: set[RoadKey] = set()
        self._touched: set[Key] = set()

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        self._moved, self._touched = set(), set()
        roads = {_road(event) for event in events if event.road}
        asked = [(one, kind) for one, kind, road in roads if road == ASKS]
        roads |= {(*each, tells) for each in asked for tells in (HOOK, STREAM)}
        rows = await _rows(db, "roads", roads)
        self._roads = {tuple(row[:3]): Road(**dict(list(row.items())[3:])) for row in rows}
        records = {key for event in events for key in _notices(event)}
        rows = await _rows(db, "notices", records)
        self._waiting = {tuple(row[:3]): Waiting(**dict(list(row.items())[3:])) for row in rows}

    def apply(self, event: Event, at: int) -> None:  # noqa: ARG002
        if event.type == "read_on":
            self._read_on(event, payload(event))
        elif event.type in ("fell_silent", "spoke_again"):
            self._fall_silent(event)
        elif event.type == "fetched":
            self._settle(event, payload(event))
        elif event.record is not None and event.type in ABOUT_A_RECORD | {"noticed", "unreadable"}:
            self._hear(event)
            if _is_notice(event):
                self._wait(event)

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:  # noqa: ARG002
        written = AtOnce()
        if self._moved:
            rows = [
                (*key, *msgspec.structs.astuple(self._roads[key])) for key in sorted(self._moved)
            ]
            await written.execute(
                statement("projectors/report/keep_roads.sql"), *zip(*rows, strict=True)
            )
        if self._touched:
            await self._write_notices(written)
        await written.send(db)
        self._moved, self._touched = set(), set()

    def trim(self) -> None:
        """Hold nothing between pages."""

    def _hear(self, event: Event) -> None:
        road = self._at(event)
        if road is not None:
            road.heard, road.heard_at = event.position, event.recorded_at
            road.records += 1
            road.unheard = 0
            road.stamp = max(filter(None, (road.stamp, event.occurred_at)), default=None)
        if event.road == ASKS:
            self._miss(event)

    def _miss(self, event: Event) -> None:
        """Note a change that the vendor should have told of by now, had it told anything."""
        stamp, at = event.occurred_at, event.recorded_at
        for tells in (HOOK, STREAM):
            key = (event.connection or "", event.kind or "", tells)
            road = self._roads.get(key)
            if road is None or road.stamp is None or stamp is None or at is None:
                continue
            if road.stamp < stamp < at - TOLD_WITHIN:
                road.unheard += 1
                self._moved.add(key)

    def _fall_silent(self, event: Event) -> None:
        road = self._at(event)
        if road is not None:
            road.silent = event.position if event.type == "fell_silent" else None

    def _read_on(self, event: Event, what: ReadOn) -> None:
        road = self._at(event)
        if road is not None:
            road.cursor, road.read, road.read_at = what.cursor, event.position, event.recorded_at
            road.overdue_at = _overdue_at(event, what)
            if event.road == STREAM and road.overdue_at is None:
                road.stamp, road.unheard = None, 0  # it is followed no longer: it misses nothing
            if what.done:
                road.done, road.done_at = event.position, event.recorded_at

    def _at(self, event: Event) -> Road | None:
        if not event.road:
            return None
        key = _road(event)
        self._moved.add(key)
        return self._roads.setdefault(key, Road())

    def _wait(self, event: Event) -> None:
        key, at = event.key, event.position
        waiting = self._waiting.setdefault(key, Waiting(first=at, last=at, count=0))
        waiting.last = at
        waiting.count += 1
        self._touched.add(key)

    def _settle(self, event: Event, what: Fetched) -> None:
        """Let go of those that were read because of the newest notice of them."""
        for record, last in what.records.items():
            key = (*event.key[:2], record)
            waiting = self._waiting.get(key)
            if waiting is not None and last >= waiting.last:
                del self._waiting[key]
                self._touched.add(key)

    async def _write_notices(self, db: AtOnce) -> None:
        gone = sorted(self._touched - self._waiting.keys())
        if gone:
            await db.execute(
                statement("projectors/report/drop_notices.sql"), *zip(*gone, strict=True)
            )
        rows = [
            (*key, *msgspec.structs.astuple(self._waiting[key]))
            for key in sorted(self._touched & self._waiting.keys())
        ]
        if rows:
            await db.execute(
                statement("projectors/report/keep_notices.sql"), *zip(*rows, strict=True)
            )


def _overdue_at(event: Event, what: ReadOn) -> datetime | None:
    if what.next_seconds is None or event.recorded_at is None:
        return None
    return event.recorded_at + timedelta(seconds=2 * what.next_seconds)


async def _rows(db: Db, table: str, keys: set[tuple[str, str, str]]) -> list[Any]:
    if not keys:
        return []
    columns = zip(*sorted(keys), strict=True)
    return list(await db.fetch(statement(f"projectors/report/{table}.sql"), *columns))


def _is_notice(event: Event) -> bool:
    """Tell whether a record is to be read: what a vendor tells of it may be old, or cut short."""
    return event.type == "noticed" or (event.type in ABOUT_A_RECORD and event.road == HOOK)


def _notices(event: Event) -> Iterable[Key]:
    """Give the records of which this event makes a notice, or settles one."""
    if _is_notice(event):
        yield event.key
    elif event.type == "fetched":
        with contextlib.suppress(NotApplicable):  # it comes again, and is parked, in `apply`
            yield from ((*event.key[:2], record) for record in payload(event).records)


def _road(event: Event) -> RoadKey:
    return event.connection or "", event.kind or "", event.road or ""
