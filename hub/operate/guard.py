"""Notice that the log was set back: then nothing is written before a person has looked.

A backup that was restored forgets what was made since: links, marks under way, what was done once.
So each hub leaves word beside its data of how far the log went, and when it starts on a log that
ends before that, or tells another story there, all its connections are stopped, by an event.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.events import WritesStopped, event_of
from hub.log.append import append_within
from hub.log.find import POSITION_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hub.database import Database

REMEMBER_SECONDS = 5.0


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """The last event that this hub knew of."""

    position: int
    digest: str


async def hold_after_restore(
    database: Database,
    db: Any,  # noqa: ANN401
    connections: Iterable[str],
) -> str:
    """Stop all writes where the log was set back; say why, or nothing where it was not."""
    left = _read(_file(database))
    why = await _set_back(db, left) if left is not None else ""
    if why:
        stopped = WritesStopped(stopped=True, reason=why)
        events = [event_of(stopped, connection=name, origin="hub") for name in connections]
        if events:
            async with db.transaction():
                await append_within(db, *events)
        _write(_file(database), await _last(db, POSITION_MAX))
    return why


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


async def _set_back(db: Any, left: Left) -> str:  # noqa: ANN401
    last = await _last(db, POSITION_MAX)
    if last.position < left.position:
        return (
            f"The log ends at #{last.position}, and went to #{left.position} before: it was "
            "restored from a backup. Have all flows reconciled (hub reconcile FLOW --read-again), "
            "then take the stop off (hub stop writes CONNECTION --off)."
        )
    then = await _last(db, left.position)
    if then.position == left.position and then.digest != left.digest:
        return (
            f"What the log tells at #{left.position} is not what it told before: it is another "
            "log, or a copy that went its own way. See that no second hub writes to these "
            "accounts, then take the stop off (hub stop writes CONNECTION --off)."
        )
    return ""


async def _last(db: Any, until: int) -> Left:  # noqa: ANN401
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
