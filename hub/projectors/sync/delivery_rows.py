"""What the table of deliveries holds: each row as it stands there, and as it is known."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import Any
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.projectors.sync.shelf import Shelf

_encode = msgspec.json.Encoder(decimal_format="number").encode
_read = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_read_told = msgspec.json.Decoder(dict[str, dict[str, Any]], float_hook=Decimal).decode


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    connection: str
    kind: str
    record: str = ""
    part: str = ""
    link: UUID | None = None
    flow: str = ""
    case: str = ""
    state: str = "owed"
    share: str = "contacts"
    fields: dict[str, Any] | None = None
    told: dict[str, dict[str, Any]] = {}
    sent: dict[str, Any] = {}
    """`agreed` and `told` of the last `sending`; of what is to be made, what was `agreed` at the
    `earlier` ones, where that was another. What was `found` is as one of these has made it."""
    attempt: int = 0
    rounds: int = 0
    look: bool = False
    approved: int | None = None
    not_before: datetime | None = None
    answered_at: datetime | None = None
    owed: int = 0
    moved: int = 0
    moved_at: datetime
    because: str = ""
    reason: str = ""
    trace: str | None = None


def delivery_rows() -> Shelf[tuple[UUID], Delivery]:
    return Shelf("deliveries", _delivery, _columns)


def _delivery(*columns: Any) -> Delivery:
    row = dict(zip(Delivery.__struct_fields__, columns, strict=True))
    row["fields"] = None if row["fields"] is None else _read(row["fields"])
    row["told"] = {} if row["told"] is None else _read_told(row["told"])
    row["sent"] = {} if row["sent"] is None else _read(row["sent"])
    return Delivery(**row)


def _columns(row: Delivery) -> tuple[Any, ...]:
    columns = msgspec.structs.asdict(row)
    columns["fields"] = None if row.fields is None else _encode(row.fields)
    columns["told"] = _encode(row.told) if row.told else None
    columns["sent"] = _encode(row.sent) if row.sent else None
    return tuple(columns.values())
