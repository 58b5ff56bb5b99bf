"""Show a record, and what it was linked with, as they were at a moment in the past."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Member
from hub.database import statement
from hub.errors import Refused
from hub.log.history import about_events, history, of_record
from hub.log.read import head, position_at
from hub.projectors.page import Page
from hub.projectors.parking import Parking, parkings
from hub.projectors.sync import SyncFold
from hub.projectors.sync.records import Records, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from hub.database.db import Db
    from hub.events import Event


LOOK_EVENTS = 1_000


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """What a field said, under which stamp, and the event that brought it."""

    value: msgspec.Raw
    stamp: datetime
    position: int


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """The record after `position`, and its link after `links_position`: no later one is known.

    `known` is False if nothing was ever said about it, not even later.
    """

    record: Member
    position: int
    known: bool
    fields: dict[str, Field]
    gone: bool
    waiting: list[int]
    links_position: int
    link: UUID | None
    linked_with: list[Member]


async def as_of(db: Db, archive: Path, record: Member, at: datetime | int) -> AsOf:
    """Fold what was known of a record at a moment, or right after a position."""
    position = await _position(db, archive, at) if isinstance(at, datetime) else at
    last = await head(db)
    if not 0 <= position <= last:
        raise Refused(f"There is no position {position} in the log; its last is {last}.")
    followed = await db.fetchval(statement("replay/position.sql"), "sync") or 0
    about = await about_events(db)
    events = await of_record(db, archive, record.connection, record.kind, record.record)
    link, members = await _link(db, record, position)
    fold, parking = await _folded(db, [*about, *events], about, position, followed)
    key = (record.connection, record.kind, record.record)
    row = fold.records.row(key) or Row()
    return AsOf(
        record=record,
        position=position,
        known=bool(events or members),
        fields=_fields(row),
        gone=row.gone is not None,
        waiting=parking.waiting_of(key),
        links_position=min(position, followed),
        link=link,
        linked_with=members,
    )


async def _position(db: Db, archive: Path, at: datetime) -> int:
    """Give the last position recorded at or before a moment, also within an archive."""
    position = await position_at(db, at)
    if await db.fetchval(statement("log/archived_to.sql")) <= position:
        return position
    # An archive is known to the database by its last event only; what is in it, its file tells.
    async for events in history(db, archive, position, events_max=LOOK_EVENTS):
        for event in events:
            if event.recorded_at is None or event.recorded_at > at:
                return position
            position = event.position
    return position


async def _folded(
    db: Db, events: Sequence[Event], about: Sequence[Event], position: int, followed: int
) -> tuple[SyncFold, Parking]:
    known = parkings("sync", about)
    fold = SyncFold(Records(empty=True, cache_bytes_max=2**62), live=False)
    parking = Parking("sync")
    until = {event.position: event for event in events if event.position <= position}
    ordered = [until[each] for each in sorted(until)]
    done = sum(each <= followed for each in until)
    await Page(fold, parking, known, live=False).take(db, ordered[:done])
    # What the projector has yet to come to may turn out to be parked.
    await Page(fold, parking, known, live=True).take(db, ordered[done:])
    return fold, parking


def _fields(row: Row) -> dict[str, Field]:
    found = {}
    for name, value in row.fields().items():
        word = row.word(name)
        assert word is not None, "every field has been said by some event"
        found[name] = Field(value=value, stamp=word[0], position=word[1])
    return found


async def _link(db: Db, record: Member, position: int) -> tuple[UUID | None, list[Member]]:
    rows = await db.fetch(
        statement("replay/linked_with.sql"),
        record.connection,
        record.kind,
        record.record,
        position,
    )
    members = [
        Member(
            connection=row["connection"], kind=row["kind"], record=row["record"], part=row["part"]
        )
        for row in rows
    ]
    return (rows[0]["link"] if rows else None), members
