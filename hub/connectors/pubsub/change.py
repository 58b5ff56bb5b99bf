"""A change event as the vendor sent it: its header, and the fields that it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.pubsub.bitmap import named
from hub.connectors.pubsub.schema import HEADER, Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.pubsub.bitmap import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Header(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who changed what, in which transaction."""

    entity_name: str
    record_ids: list[str]
    change_type: str
    change_origin: str = ""
    transaction_key: str = ""
    sequence_number: int = 0
    commit_timestamp: int = 0
    commit_number: int = 0
    commit_user: str = ""
    nulled_fields: list[str] = []
    diff_fields: list[str] = []
    changed_fields: list[str] = []

    @property
    def committed(self) -> datetime:
        return moment(self.commit_timestamp)


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """An event, read with the schema it was written in."""

    header: Header
    values: dict[str, Any]
    schema: Schema

    @property
    def spoken(self) -> list[Path]:
        """The fields it speaks of; of a new record, all that hold something."""
        if self.header.change_type == "CREATE":
            return _filled(self.schema, self.values)
        both = [*self.header.changed_fields, *self.header.nulled_fields]
        return named(both, self.schema.fields)

    @property
    def cleared(self) -> frozenset[Path]:
        return frozenset(named(self.header.nulled_fields, self.schema.fields))


def changed(schema: Schema, payload: bytes) -> Changed:
    """Read an event; ValueError where it cannot be read."""
    values = schema.read(payload)
    header = msgspec.convert(values.pop(HEADER), Header)
    return Changed(header=header, values=values, schema=schema)


def moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def in_order(events: Sequence[Changed]) -> list[Changed]:
    """Put the events of one transaction together, in their sequence."""
    first: dict[str, int] = {}
    for number, event in enumerate(events):
        first.setdefault(event.header.transaction_key, number)
    return sorted(
        events, key=lambda one: (first[one.header.transaction_key], one.header.sequence_number)
    )


def _filled(schema: Schema, values: dict[str, Any]) -> list[Path]:
    found: list[Path] = []
    for field in schema.fields[1:]:  # the first is the header
        value = values.get(field.name)
        if isinstance(value, dict):
            found += [(field.name, part) for part, one in value.items() if one is not None]
        elif value is not None:
            found.append((field.name,))
    return found
