"""What a system said of a record, as the event that it becomes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from hub.events import Event, new_id, seen_id
from hub.log.body import read_object

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from uuid import UUID


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a road brings: `data` is the record as the system sent it, or None if it is gone."""

    connection: str
    kind: str
    record: str
    road: str
    data: bytes | None
    at: datetime | None = None
    cover: str | None = None
    origin: str | None = None
    trace: str | None = None


def observed(change: Change, keep_out: AbstractSet[str] = frozenset()) -> Event:
    """Make the event of a record that was seen, without the fields that are to be kept out."""
    assert change.data is not None
    data = _without(change.data, keep_out) if keep_out else change.data
    # The digest is of what is kept: one over more would let a field that was kept out be guessed.
    return _event(
        change,
        "observed",
        data,
        seen_id(
            change.at,
            change.connection,
            change.kind,
            change.record,
            change.road,
            hashlib.sha256(data).digest(),
        ),
    )


def gone(change: Change) -> Event:
    """Make the event of a record that is said to be deleted."""
    key = (change.connection, change.kind, change.record, change.road, "gone")
    return _event(change, "gone", b"{}", seen_id(change.at, *key))


def noticed(change: Change) -> Event:
    """Make the event of a record of which something is said to have happened.

    One that bears no time cannot be told from another, and is never taken for a repeat.
    """
    assert change.data is not None
    key = (change.connection, change.kind, change.record, change.road, "noticed", change.data)
    id_ = seen_id(change.at, *key) if change.at else new_id()
    return _event(change, "noticed", change.data, id_)


def taken(change: Change, keep_out: AbstractSet[str] = frozenset()) -> Event:
    """Make the event of what a road brought: the record is there, or it is gone."""
    return gone(change) if change.data is None else observed(change, keep_out)


def _event(change: Change, type: str, data: bytes, id: UUID) -> Event:  # noqa: A002
    return Event(
        type=type,
        id=id,
        data=data,
        connection=change.connection,
        kind=change.kind,
        record=change.record,
        road=change.road,
        cover=change.cover,
        occurred_at=change.at,
        origin=change.origin or change.connection,
        trace=change.trace,
    )


def _without(data: bytes, keep_out: AbstractSet[str]) -> bytes:
    """Leave fields out; a record that has none of them stays as it came, to the byte."""
    fields = read_object(data)
    if keep_out.isdisjoint(fields):
        return data
    return _write({name: value for name, value in fields.items() if name not in keep_out})


_write = msgspec.json.Encoder().encode
