"""Tell the log: what is about to be sent, what came of it, and the record as it was seen by that.

The ids are those of the attempt, whoever makes it: what is told twice is kept once. Attempts are
counted from when a delivery was last owed anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.events import Answered, Event, Sending, event_of, fixed_id
from hub.log.change import Change, taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Seen
    from hub.outbound.outcome import Came
    from hub.outbound.owed import Content, Nothing, Owed
    from hub.outbound.way import Way

WROTE, READ = "write", "fetch"
"""The roads by which a delivery sees a record."""


def sending(way: Way, row: Owed, content: Content) -> Event:
    """Say what is about to be written, without what is to be kept out of the log."""
    fields = {name: value for name, value in content.fields.items() if name not in way.keep_out}
    what = Sending(
        delivery=row.id, attempt=row.attempt + 1, fields=fields, agreed=_plain(content.agreed),
        told=dict(content.told), narrowed=dict(content.narrowed),
    )  # fmt: skip
    id_ = fixed_id(None, row.id, row.owed, what.attempt, "sending")
    return _about(way, row, event_of(what, id=id_, cause=row.owed))


def answered(way: Way, row: Owed, what: Answered, came: Came, sent: int) -> list[Event]:
    """Say what came of what was sent at a position, and how the record stands now."""
    id_ = fixed_id(None, row.id, row.owed, what.attempt, "answered")
    seen = _seen(way, row, what, came, sent)
    tells = any(one.type == "observed" and one.record == what.record for one in seen)
    event = event_of(msgspec.structs.replace(what, tells=tells), id=id_, cause=sent)
    named = msgspec.structs.replace(row, record=what.record)
    return [_about(way, named, event), *seen, *(_met(way, row, one) for one in came.alike)]


def unsent(way: Way, row: Owed, what: Answered, came: Came | None = None) -> list[Event]:
    """Say what came of a delivery for which nothing was sent: it was looked at, or refused here.

    What was seen comes first: it is judged while it is not known yet what came of the last write.
    Who was found in place of what was to be made comes after it: it is linked by then.
    """
    id_ = fixed_id(None, row.id, row.moved, "unsent")
    event = _about(way, row, event_of(what, id=id_, cause=row.moved))
    if came is None:
        return [event]
    met = [*([came.adopted] if came.adopted else ()), *came.alike]
    return [*_seen(way, row, what, came, row.moved), event, *(_met(way, row, one) for one in met)]


def nothing(way: Way, row: Owed, what: Nothing, done: Answered) -> list[Event]:
    """Say that a delivery came to rest without a write: what was to be told stands there."""
    told = Sending(delivery=row.id, attempt=done.attempt, fields={}, told=dict(what.told))
    id_ = fixed_id(None, row.id, row.moved, "nothing")
    rest = fixed_id(None, row.id, row.moved, "at rest")
    return [
        _about(way, row, event_of(told, id=id_, cause=row.moved)),
        _about(way, row, event_of(done, id=rest, cause=row.moved)),
    ]


def _seen(way: Way, row: Owed, what: Answered, came: Came, cause: int) -> list[Event]:
    if came.seen:
        return [_read(way, row, one, cause) for one in came.seen]
    if came.written is not None and came.written.data is not None and what.record:
        change = Change(
            connection=way.name, kind=row.kind, record=what.record, road=WROTE,
            data=came.written.data, at=came.written.at, origin=f"hub:{row.id}", trace=row.trace,
        )  # fmt: skip
    elif what.outcome == "refused" and what.because == "missing" and row.record:
        return [_to_be_read(way, row, cause)]
    else:
        return []
    return [msgspec.structs.replace(taken(change, way.keep_out), cause=cause)]


def _to_be_read(way: Way, row: Owed, cause: int) -> Event:
    """Ask for a record that its vendor says is not there: a read proves it gone, or there."""
    kind, record = row.kind, row.record
    id_ = fixed_id(None, row.id, cause, "missing", kind, record)
    return Event(
        type="noticed", id=id_, connection=way.name, kind=kind, record=record, road="need",
        cause=cause, trace=row.trace,
    )  # fmt: skip


def _met(way: Way, row: Owed, one: Seen) -> Event:
    assert one.data is not None, "one that is gone is not taken for another"
    return _read(way, row, one, row.moved)


def _read(way: Way, row: Owed, one: Seen, cause: int) -> Event:
    change = Change(
        connection=way.name, kind=one.kind, record=one.record, road=READ, data=one.data, at=one.at,
        cover=one.cover, trace=row.trace,
    )  # fmt: skip
    return msgspec.structs.replace(taken(change, way.keep_out), cause=cause)


def _about(way: Way, row: Owed, event: Event) -> Event:
    return msgspec.structs.replace(
        event, connection=way.name, kind=row.kind, record=row.record or None, flow=row.flow or None,
        trace=row.trace,
    )  # fmt: skip


def _plain(agreed: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    return {flow: dict(fields) for flow, fields in agreed.items()}
