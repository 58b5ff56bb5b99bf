"""Notice a log that was set back or copied: then nothing is written before a person has looked.

A backup that was restored forgets what was made since: links, marks under way, what was done once.
A copied server writes what the first one writes. So each hub leaves word in its home of how far the
log went, and when it starts on a log that ends before that, or tells another story there, all its
connections are stopped, by an event. So they are where the home is new to a log on which a hub has
worked, or was itself copied or restored: home.py tells.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.events import WritesStopped, event_of
from hub.log.append import append_within
from hub.log.find import POSITION_MAX
from hub.operate.home import moved, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hub.database import Database
    from hub.database.db import Db

REMEMBER_SECONDS = 5.0
_WAY_OUT = (
    "See that no second hub writes to these accounts, then: hub reconcile --after-restore, which "
    "finds at the vendors what was made meanwhile, and takes the hold off."
)


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """The last event that this hub knew of."""

    position: int
    digest: str


async def hold_after_restore(database: Database, db: Db, connections: Iterable[str]) -> str:
    """Stop all writes where the log was set back or moved; say why, or nothing where it was not."""
    left = _read(_file(database))
    why = await _set_back(db, left) if left is not None else ""
    why = why or await moved(database, db, is_old=left is not None)
    if why:
        stopped = WritesStopped(stopped=True, reason=f"{why} {_WAY_OUT}", restored=True)
        events = [event_of(stopped, connection=name, origin="hub") for name in connections]
        if events:
            async with db.transaction():
                await append_within(db, *events)
        _write(_file(database), await _last(db, POSITION_MAX))
    settle(database)
    return f"{why} {_WAY_OUT}" if why else ""


async def remember(database: Database) -> None:
    """Leave word of how far the log goes, again and again; runs until cancelled."""
    session = database.session("replay")
    written: Left | None = None
    try:
        while True:
            last = await session.until_done(lambda db: _last(db, POSITION_MAX))
            if last != written:
                _write(_file(database), last)
                written = last
            await asyncio.sleep(REMEMBER_SECONDS)
    finally:
        await session.close()


async def _set_back(db: Db, left: Left) -> str:
    last = await _last(db, POSITION_MAX)
    if last.position < left.position:
        return (
            f"The log ends at #{last.position}, and went to #{left.position} before: it was "
            "restored from a backup."
        )
    then = await _last(db, left.position)
    if then.position == left.position and then.digest != left.digest:
        return (
            f"What the log tells at #{left.position} is not what it told before: it is another "
            "log, or a copy that went its own way."
        )
    return ""


async def _last(db: Db, until: int) -> Left:
    row = await db.fetchrow(statement("operate/last_event.sql"), until)
    return (
        Left(position=row["position"], digest=row["digest"]) if row else Left(position=0, digest="")
    )


def _file(database: Database) -> Path:
    return database.settings.home / f"{database.schema}.left.json"


def _read(file: Path) -> Left | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Left)
    return None


def _write(file: Path, left: Left) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(msgspec.json.encode(left))
    fresh.replace(file)
