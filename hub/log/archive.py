"""Write closed partitions of the log to files, and read the whole history from files and tables.

A file is gzip over one msgpack map per event, each behind its length in four bytes. It is written
apart, synced, read back and checked before the database lets go of anything.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import struct
from typing import IO, TYPE_CHECKING, Any

import asyncpg
import msgspec

from hub.database import statement
from hub.errors import LogBroken, Refused
from hub.events import Archived, Event, event_of, fixed_id
from hub.log.append import append_within
from hub.log.chain import digest
from hub.log.read import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

PAGE_EVENTS = 5_000
LOCK_TRIES_MAX = 100
_LENGTH = struct.Struct(">I")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Event).decode


async def archive(
    db: Any,  # noqa: ANN401 - a connection as the owner
    directory: Path,
    *,
    before: int,
    told: Callable[[int], None] = lambda _: None,
) -> list[Archived]:
    """Move every closed partition that ends before a position into a file; give what was moved."""
    moved: list[Archived] = []
    while (closed := await db.fetchrow(statement("log/closed.sql"), before)) is not None:
        moved.append(await _archive_one(db, directory, closed, told))
    return moved


async def history(
    db: Any,  # noqa: ANN401
    directory: Path,
    after: int,
    *,
    until: int | None = None,
    events_max: int = PAGE_EVENTS,
) -> AsyncIterator[list[Event]]:
    """Give all events after a position, archived or not, a page at a time, to the end or `until`."""
    for row in await db.fetch(statement("log/archives.sql"), after):
        if until is not None and row["first"] > until:
            return
        pages = _pages(directory / row["file"], row, after, events_max)
        while events := await asyncio.to_thread(next, pages, None):
            after = events[-1].position
            yield [each for each in events if until is None or each.position <= until]
    while until is None or after < until:
        size = events_max if until is None else min(events_max, until - after)
        events = await page(db, after, size)
        if not events:
            return
        after = events[-1].position
        yield events


async def _archive_one(
    db: Any,  # noqa: ANN401
    directory: Path,
    closed: Any,  # noqa: ANN401
    told: Callable[[int], None],
) -> Archived:
    first, last = closed["first"], closed["last"]
    path = directory / f"events_{first:016d}_{last:016d}.gz"
    recorded_at = await _write(db, path, first, last, told)
    found = await asyncio.to_thread(_check, path, first, last)
    what = Archived(first=first, last=last, file=path.name, digest=found.hex())
    for _ in range(LOCK_TRIES_MAX):
        try:
            async with db.transaction():
                await db.execute("set local lock_timeout = '200ms'")
                # First the order of the log, then its table: as every append does.
                await append_within(db, event_of(what, id=fixed_id(recorded_at, "archived", first)))
                await db.execute(
                    statement("log/archived.sql"), first, last, path.name, found, recorded_at
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
    db: Any,  # noqa: ANN401
    path: Path,
    first: int,
    last: int,
    told: Callable[[int], None],
) -> Any:  # noqa: ANN401
    directory = path.parent
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    recorded_at = None
    try:
        with open(new, "wb", opener=_private) as raw, gzip.GzipFile(  # noqa: PTH123 - for the opener
            filename="", fileobj=raw, mode="wb", compresslevel=3, mtime=0
        ) as file:
            async for events in history(db, directory, first - 1, until=last):
                await asyncio.to_thread(_put, file, events)
                recorded_at = events[-1].recorded_at
                told(events[-1].position)
            file.close()
            raw.flush()
            os.fsync(raw.fileno())
        new.replace(path)
        _sync(directory)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise Refused(f"{new} could not be written, and nothing was archived: {error}") from error
    return recorded_at


def _put(file: IO[bytes] | gzip.GzipFile, events: list[Event]) -> None:
    for event in events:
        row = _encode(event)
        file.write(_LENGTH.pack(len(row)) + row)


def _check(path: Path, first: int, last: int) -> bytes:
    """Read the file back, every event of it, and give its digest."""
    expected = first
    for event in _events(path):
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
    return _file_digest(path)


def _pages(path: Path, row: Any, after: int, events_max: int) -> Iterator[list[Event]]:  # noqa: ANN401
    if not path.exists():
        raise LogBroken(
            f"The events {row['first']} to {row['last']} were archived to {path.name}, which is "
            f"not in {path.parent}. Bring the file back, or set log.archive_directory.",
            position=row["first"],
        )
    if _file_digest(path) != row["digest"]:
        raise LogBroken(
            f"{path} is not the file that was archived: its digest differs. Bring back the right "
            "one.",
            position=row["first"],
        )
    events: list[Event] = []
    for event in _events(path):
        if event.position <= after:
            continue
        events.append(event)
        if len(events) == events_max:
            yield events
            events = []
    if events:
        yield events


def _events(path: Path) -> Iterator[Event]:
    with gzip.open(path, "rb") as file:
        while length := file.read(_LENGTH.size):
            yield _decode(file.read(_LENGTH.unpack(length)[0]))


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
