"""What the hub makes of change events: words about records, and reasons to read some.

An event is believed for exactly the fields that it names as changed or cleared: of the others it
says nothing, though they come as null. What it cannot say exactly, and what is said to have
happened without a word (a gap, a deletion, an undelete, a merge of what was too much), has the
record read. Who made a change is kept beside it as evidence; nothing is dropped on that word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import Heard, Notice, Seen, Through
from hub.connectors.pubsub.change import moment
from hub.connectors.pubsub.record_id import whole_id
from hub.connectors.pubsub.schema import HEADER
from hub.connectors.pubsub.word import Inexact, word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hub.connectors.pubsub.bitmap import Path
    from hub.connectors.pubsub.change import Changed, Header
    from hub.connectors.pubsub.schema import Field

SPEAKS = frozenset({"CREATE", "UPDATE"})
MODIFIED = "LastModifiedDate"
COMPOUND = "Address"
OVERFLOW = "one transaction changed more than the vendor tells one by one"
CONVERTED = "the vendor converted the values of a field in all records"


def told(events: Iterable[Changed]) -> tuple[list[Heard], list[Through]]:
    """Give what these events say, in their order, and from when on all is to be read.

    A record of which one of them is no word is read after all of them: what the others say of it
    may be half of a change.
    """
    heard: list[Heard] = []
    through: list[Through] = []
    silent: set[tuple[str, str]] = set()
    for event in events:
        if (all_of_it := _through(event.header)) is not None:
            through.append(all_of_it)
            continue
        for one in _heard(event):
            if one.seen is None:
                silent.add((one.notice.kind, one.notice.record))
            heard.append(one)
    return [
        Heard(notice=one.notice) if (one.notice.kind, one.notice.record) in silent else one
        for one in heard
    ], through


def _through(header: Header) -> Through | None:
    """Tell whether it is about more records than it names."""
    if header.change_type == "GAP_OVERFLOW":
        return Through(since=header.committed, reason=OVERFLOW)
    if any(record.endswith("*") for record in header.record_ids):
        # Values were converted to another type, which moves no stamp of a record.
        return Through(since=None, reason=CONVERTED)
    return None


def _heard(event: Changed) -> list[Heard]:
    """Give what an event says of each of its records: the same, where a vendor merged several."""
    header = event.header
    evidence = _evidence(header)
    fields = _fields(event)
    heard = []
    for record in map(whole_id, header.record_ids):
        notice = Notice(
            kind=header.entity_name,
            record=record,
            at=header.committed,
            data=msgspec.json.encode({HEADER: evidence}),
        )
        seen = fields and Seen(
            kind=header.entity_name,
            record=record,
            data=msgspec.json.encode({HEADER: evidence, **fields}),
            at=_stamp(event),
            cover=f"only:{','.join(fields)}",
        )
        heard.append(Heard(notice=notice, seen=seen or None))
    return heard


def _fields(event: Changed) -> dict[str, Any] | None:
    """Give the fields it speaks of under their names at REST; None if the record must be read."""
    if event.header.change_type not in SPEAKS or event.header.diff_fields:
        return None
    by_name = {field.name: field for field in event.schema.fields}
    try:
        cleared = event.cleared
        return {
            _name(path): _said(path, by_name[path[0]], event.values, path in cleared)
            for path in event.spoken
        }
    except (Inexact, ValueError):
        return None


def _said(path: Path, field: Field, values: dict[str, Any], cleared: bool) -> object:  # noqa: FBT001
    value = values.get(field.name)
    for name in path[1:]:
        field = next(part for part in field.parts if part.name == name)
        value = value.get(name) if isinstance(value, dict) else None
    if value is None and not cleared:
        raise Inexact(f"{field.name} is said to have changed, and not to what")
    return word(field, value)


def _name(path: Path) -> str:
    """Give the name at REST: the parts of an address stand beside it there, by its prefix."""
    if len(path) == 1:
        return path[0]
    compound, part = path
    if not compound.endswith(COMPOUND):
        raise Inexact(f"{compound} is put together by the vendor")
    return f"{compound.removesuffix(COMPOUND)}{part}"


def _stamp(event: Changed) -> datetime:
    """Give the vendor's stamp of it, by the same clock as a record that is read: whole seconds.

    A commit is a little later than that, and would make what is read next look older.
    """
    modified = event.values.get(MODIFIED)
    if isinstance(modified, int):
        return moment(modified)
    return event.header.committed.replace(microsecond=0)


def _evidence(header: Header) -> dict[str, Any]:
    """Keep the header as it came, but for what the event it becomes says anyway."""
    kept = msgspec.to_builtins(header)
    return {name: said for name, said in kept.items() if name not in ("entityName", "recordIds")}
