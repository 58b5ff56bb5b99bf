"""Write closed partitions of the log to files, and take them out of the database.

A file is written apart, synced, read back and checked before the database lets go of anything.
"""

from __future__ import annotations

import asyncio
import gzip
import os
from typing import IO, TYPE_CHECKING, Any

import asyncpg
import msgspec

from hub.database import statement
from hub.errors import LogBroken, Refused
from hub.events import ABOUT_EVENTS, Archived, Event, event_of, fixed_id
from hub.log.append import append_within
from hub.log.chain import digest
from hub.log.history import LENGTH, file_digest, history, read_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from hub.database.db import Db

LOCK_TRIES_MAX = 100

_encode = msgspec.msgpack.Encoder().encode


async def archive(
    db: Db, directory: Path, *, before: int, told: Callable[[int], None] = lambda _: None
) -> list[Archived]:
    """Move every closed partition that ends before a position into a file; give what was moved."""
    moved: list[Archived] = []
    while (closed := await db.fetchrow(statement("log/closed.sql"), before)) is not None:
        moved.append(await _archive_one(db, directory, closed, told))
    return moved


async def _archive_one(
    db: Db, directory: Path, closed: Any, told: Callable[[int], None]
) -> Archived:
    first, last = closed["first"], closed["last"]
    path = directory / f"events_{first:016d}_{last:016d}.gz"
    recorded_at, about = await _write(db, path, first, last, told)
    found = await asyncio.to_thread(_check, path, first, last)
    what = Archived(first=first, last=last, file=path.name, digest=found.hex())
    for _ in range(LOCK_TRIES_MAX):
        try:
            async with db.transaction():
                await db.execute("set local lock_timeout = '200ms'")
                # First the order of the log, then its table: as every append does.
                await append_within(db, event_of(what, id=fixed_id(recorded_at, "archived", first)))
                await db.execute(
                    statement("log/archived.sql"),
                    first,
                    last,
                    path.name,
                    found,
                    recorded_at,
                    _encode(about),
                )
                await db.execute(f'alter table events detach partition "{closed["name"]}"')
                await db.execute(f'drop table "{closed["name"]}"')
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(0.1)
        else:
            return what
    raise Refused(
        f"{path.name} is written, but somebody has been reading the log without a pause, so that "
        "its partition could not be taken out. Nothing has changed; run this again later."
    )


async def _write(
    db: Db, path: Path, first: int, last: int, told: Callable[[int], None]
) -> tuple[datetime | None, list[Event]]:
    """Write the file; give when its last event was recorded, and its events about other events."""
    directory = path.parent
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    recorded_at: datetime | None = None
    about: list[Event] = []
    try:
        with _private(new) as raw:
            with gzip.GzipFile("", "wb", compresslevel=3, fileobj=raw, mtime=0) as file:
                async for events in history(db, directory, first - 1, until=last):
                    await asyncio.to_thread(_put, file, events)
                    recorded_at = events[-1].recorded_at
                    about += [event for event in events if event.type in ABOUT_EVENTS]
                    told(events[-1].position)
            raw.flush()
            os.fsync(raw.fileno())
        new.replace(path)
        _sync(directory)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise Refused(f"{new} could not be written, and nothing was archived: {error}") from error
    return recorded_at, about


def _put(file: IO[bytes] | gzip.GzipFile, events: list[Event]) -> None:
    for event in events:
        row = _encode(event)
        file.write(LENGTH.pack(len(row)) + row)


def _check(path: Path, first: int, last: int) -> bytes:
    """Read the file back, every event of it, and give its digest."""
    expected = first
    for event in read_file(path):
        if event.position != expected or digest(event) != event.digest:
            raise LogBroken(
                f"{path.name} was read back and is wrong at position {expected}; nothing was "
                "archived. `hub log verify` tells whether the log itself is.",
                position=expected,
            )
        expected += 1
    if expected != last + 1:
        raise LogBroken(
            f"{path.name} ends at position {expected - 1} instead of {last}; nothing was archived.",
            position=expected,
        )
    return file_digest(path)


def _private(path: Path) -> IO[bytes]:
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
