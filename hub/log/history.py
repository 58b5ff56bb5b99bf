"""Read the whole history: from the files of archived partitions, then from the table.

A file is gzip over one msgpack map per event, each behind its length in four bytes.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import struct
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.errors import LogBroken
from hub.events import Event
from hub.log import read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from hub.database.db import Db

PAGE_EVENTS = 5_000
LENGTH = struct.Struct(">I")

_decode = msgspec.msgpack.Decoder(Event).decode
_decode_many = msgspec.msgpack.Decoder(list[Event]).decode


async def history(
    db: Db, directory: Path, after: int, *, until: int | None = None, events_max: int = PAGE_EVENTS
) -> AsyncIterator[list[Event]]:
    """Give all events after a position, archived or not, to the end or `until`, by the page."""
    while until is None or after < until:
        size = events_max if until is None else min(events_max, until - after)
        try:
            events = await read.page(db, after, size)
        except LogBroken:
            # Asked for only now, so that a partition may be archived while we read.
            row = await db.fetchrow(statement("log/archive_of.sql"), after + 1)
            if row is None:
                raise
            async for events in _archived(directory, row, after, size):
                after = events[-1].position
                yield [each for each in events if until is None or each.position <= until]
                if until is not None and after >= until:
                    return
            continue
        if not events:
            return
        after = events[-1].position
        yield events


async def about_events(db: Db) -> list[Event]:
    """Give every event about other events, archived or not; archives are not read for it."""
    rows = await db.fetch(statement("log/archived_about.sql"))
    archived = [each for row in rows for each in _decode_many(row["about"])]
    return archived + [read.event(row) for row in await db.fetch(statement("log/about_events.sql"))]


async def of_record(
    db: Db, directory: Path, connection: str, kind: str, record: str
) -> list[Event]:
    """Give every event about one record, archived or not; archives have to be read through."""
    found: list[Event] = []
    archived = await db.fetchval(statement("log/archived_to.sql"))
    if archived:
        async for events in history(db, directory, 0, until=archived):
            found += [
                event
                for event in events
                if (event.connection, event.kind, event.record) == (connection, kind, record)
            ]
    return found + await read.by_record(db, connection, kind, record)


async def _archived(
    directory: Path, row: Any, after: int, events_max: int
) -> AsyncIterator[list[Event]]:
    pages = _pages(directory / row["file"], row, after, events_max)
    while events := await asyncio.to_thread(next, pages, None):
        yield events


def _pages(path: Path, row: Any, after: int, events_max: int) -> Iterator[list[Event]]:
    if not path.exists():
        raise LogBroken(
            f"The events {row['first']} to {row['last']} were archived to {path.name}, which is "
            f"not in {path.parent}. Bring the file back, or set log.archive_directory.",
            position=row["first"],
        )
    if file_digest(path) != row["digest"]:
        raise LogBroken(
            f"{path} is not the file that was archived: its digest differs. Bring back the right "
            "one.",
            position=row["first"],
        )
    events: list[Event] = []
    for event in read_file(path):
        if event.position <= after:
            continue
        events.append(event)
        after = event.position
        if len(events) == events_max:
            yield events
            events = []
    if events:
        yield events
    if after != row["last"]:
        raise LogBroken(
            f"{path} ends at position {after} instead of {row['last']}: it is not the file that "
            "was archived. Bring back the right one.",
            position=max(after + 1, row["first"]),
        )


def read_file(path: Path) -> Iterator[Event]:
    with gzip.open(path, "rb") as file:
        while length := file.read(LENGTH.size):
            yield _decode(file.read(LENGTH.unpack(length)[0]))


def file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
