"""Read records out of what a vendor answers, to the byte, and put what is to be written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import Kind, NotRead, Seen
from hub.connectors.oauth import ConnectionDead
from hub.connectors.outcome import Done, Refused

if TYPE_CHECKING:
    from hub.connectors.http import Call, Vendor
    from hub.connectors.outcome import Answer


async def read(vendor: Vendor, call: Call) -> Answer:
    """Make a call that must be answered to go on; NotRead otherwise."""
    try:
        outcome = await vendor.call(call)
    except ConnectionDead as dead:
        raise NotRead(
            Refused(sentence=f"{dead}", because="authorisation", reason=dead.reason)
        ) from dead
    if not isinstance(outcome, Done):
        raise NotRead(outcome)
    return outcome.answer


_records = msgspec.json.Decoder(dict[str, msgspec.Raw])


def seen(kind: Kind, data: msgspec.Raw | bytes, *, row: bool = False) -> Seen:
    """Make what was seen of one record's JSON, kept to the byte; `row`: in a list."""
    fields = _records.decode(data)
    record = text(fields.get(kind.id))
    if record is None:
        raise ValueError(f"a record of {kind.name} without its {kind.id}")
    cover = f"except:{','.join(kind.rows_unsure)}" if row and kind.rows_unsure else None
    return Seen(
        kind=kind.name, record=record, data=bytes(data), at=stamp(kind, fields), cover=cover
    )


def stamp(kind: Kind, fields: Mapping[str, Any]) -> datetime | None:
    """Give when a record was last changed, as it says itself."""
    said = next(filter(None, (text(fields.get(name)) for name in kind.stamps)), None)
    return datetime.fromisoformat(said) if said else None


def text(word: Any) -> str | None:
    """Give a JSON word as text, a number to its last digit; None for nothing."""
    if isinstance(word, msgspec.Raw):
        raw = bytes(word)
        word = msgspec.json.decode(raw) if raw.startswith((b'"', b"n")) else raw.decode()
    return None if word in (None, "") else str(word)


def says(data: bytes, fields: Mapping[str, str]) -> bool:
    """Tell whether a record's fields say this, letter case and outer blanks aside."""
    record = _exact.decode(data)
    return all(_folded(_at(record, way)) == _folded(word) for way, word in fields.items())


def encoded(body: Mapping[str, Any]) -> bytes:
    """Give the JSON of a write, numbers to their last digit."""
    _check_numbers(body, "")
    return _encode(body)


_exact = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_encode = msgspec.json.Encoder(decimal_format="number").encode


def _at(record: object, way: str) -> object:
    for name in way.split("."):
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def _folded(word: object) -> str:
    return (text(word) or "").strip().casefold()


def _check_numbers(value: object, place: str) -> None:
    """See that no float has got in, and no decimal that is no number: either loses money."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            _check_numbers(one, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for one in value:
            _check_numbers(one, place)
    elif isinstance(value, float) or (isinstance(value, Decimal) and not value.is_finite()):
        raise TypeError(f"{place} is to be written as {value!r}; expected a decimal or an int")
