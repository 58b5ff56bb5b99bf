"""What makes a change to the log visible: a digest of each event, a link over each batch."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.events import Event

GENESIS = hashlib.sha256(b"").digest()
"""The link before the first batch."""

# Postgres counts its microseconds from the year 2000.
_EPOCH_POSTGRES = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode


def digest(event: Event) -> bytes:
    """Digest all that was handed in: sha256 of these values as one msgpack array, in this order.

    Ids are 16 bytes there, times are msgpack's timestamps.
    """
    return hashlib.sha256(_encode(handed_in(event))).digest()


def handed_in(event: Event) -> tuple[Any, ...]:
    """Give all of an event that the log does not add, in the order of database and digest."""
    return (
        event.id,
        event.type,
        event.shape,
        event.connection,
        event.kind,
        event.record,
        event.road,
        event.cover,
        event.occurred_at,
        event.origin,
        event.cause,
        event.flow,
        event.trace,
        event.seal,
        event.data,
    )


def link(before: bytes, first: int, last: int, at: datetime, digests: Iterable[bytes]) -> bytes:
    """Chain a batch to all before it; `append` in the database does the same."""
    head = struct.pack(">qqq", first, last, (at - _EPOCH_POSTGRES) // _MICROSECOND)
    return hashlib.sha256(b"".join((before, head, *digests))).digest()
