"""A committed change as a change event: Avro, in the schema of its object as it is now."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import fastavro

from hub.sandbox.pubsub.bitmap import bitmaps

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.sandbox.pubsub.schemas import Schema, Slot
    from hub.sandbox.salesforce.changes import Change, Transaction

EVENT_BYTES_MAX = 1_000_000
MANY = "000000000000000AAA"
"""Stands for the records of an overflow."""


def encoded(schema: Schema, done: Transaction, change: Change, diffs: Collection[str]) -> bytes:
    """Write one change; what would be too large is said to have happened, and no more."""
    speaks = change.change_type in ("CREATE", "UPDATE")
    update = change.change_type == "UPDATE"
    header = _header(done, change.entity, change.ids, change.change_type, change.sequence) | {
        "changedFields": bitmaps(schema.slots, change.changed) if update else [],
        "nulledFields": bitmaps(schema.slots, change.nulled) if update else [],
        "diffFields": bitmaps(schema.slots, diffs) if update else [],
    }
    values = {one.name: _value(one, change.values, diffs) for one in schema.slots} if speaks else {}
    payload = _written(schema, header, values)
    return payload if len(payload) <= EVENT_BYTES_MAX else gap(schema, done, change)


def gap(schema: Schema, done: Transaction, change: Change) -> bytes:
    """Write that something happened to records, without a word what."""
    kind = f"GAP_{change.change_type}"
    return _written(schema, _header(done, change.entity, change.ids, kind, 1), {})


def overflow(schema: Schema, done: Transaction, entity: str) -> bytes:
    """Write that a transaction changed more of an object than is told one by one."""
    return _written(schema, _header(done, entity, (MANY,), "GAP_OVERFLOW", 1), {})


def _header(
    done: Transaction, entity: str, ids: tuple[str, ...], kind: str, sequence: int
) -> dict[str, Any]:
    return {
        "entityName": entity,
        "recordIds": list(ids),
        "changeType": kind,
        "changeOrigin": done.caller.origin,
        "transactionKey": done.key,
        "sequenceNumber": sequence,
        "commitTimestamp": int(done.at.timestamp() * 1000),
        "commitNumber": done.number,
        "commitUser": done.caller.user,
        "nulledFields": [],
        "diffFields": [],
        "changedFields": [],
    }


def _written(schema: Schema, header: dict[str, Any], values: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema.parsed, {"ChangeEventHeader": header, **values})
    return out.getvalue()


def _value(slot: Slot, values: Any, diffs: Collection[str]) -> Any:
    if slot.parts:
        parts = {part: _avro(values.get(name)) for part, name in slot.parts if name}
        return parts if any(one is not None for one in parts.values()) else None
    value = _avro(values.get(slot.name))
    if slot.name in diffs and isinstance(value, str):
        return f"--- \n+++ \n@@ -1,1 +1,1 @@\n-\n+{value[:40]}"
    return value


def _avro(value: Any) -> Any:
    """Give a value as Avro holds it; a number with a fraction is a double there."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return int(value.timestamp()) * 1000
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()) * 1000
    return value
