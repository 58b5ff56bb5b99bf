"""What a document that is to be made says to a person: of what, for whom, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from hub.conclusions import Owes
from hub.console.outcome import called
from hub.database import statement
from hub.errors import NotApplicable
from hub.events import Event, new_id, payload
from hub.flows.books import CURRENCY_ID, LINES, NAMED
from hub.flows.document import NotMade
from hub.flows.document.line import line_of
from hub.flows.flow import Once, While
from hub.flows.known import fields_of, subject_of
from hub.flows.money import ZERO, NotMoney, amount_of, rounded, shown
from hub.operate.in_force import in_force
from hub.outbound.owed import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from hub.database.db import Db
    from hub.flows.known import Key
    from hub.outbound.owed import Owed

    Records = Mapping[Key, Mapping[str, Any]]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`names` are what the ids in its fields stand for, by field."""

    kind: str = ""
    """What the flow calls the source: `deal`."""
    source: str = ""
    called: str = ""
    total: str = ""
    names: dict[str, str] = {}


class _Made(NamedTuple):
    connection: str
    row: Owed
    fields: Mapping[str, Any]


async def documents(db: Db, found: Iterable[tuple[str, Owed, object]]) -> dict[UUID, Document]:
    """Say of each that is to be made what can be said of it."""
    made = [
        _Made(connection, row, what.fields)
        for connection, row, what in found
        if isinstance(what, Content) and not row.record
    ]
    if not made:
        return {}
    sources = await _sources(db, [one.row for one in made])
    sums = await _sums(db, [one.row for one in made])
    keys = {key for one in made for _, key in _ids(one)}
    records = await _records(db, keys | {key for _, key in sources.values()})
    return {
        one.row.id: _document(one, sources.get(one.row.id), sums.get(one.row.id), records)
        for one in made
    }


def line(row: Mapping[str, Any]) -> str:
    """Say one line: `“Survey”: 3 at 100, discount 10%`."""
    rest = {name: value for name, value in row.items() if value not in (None, "", [])}
    name, quantity, rate = (rest.pop(each, "") for each in ("name", "quantity", "rate"))
    off = rest.pop("discount", "")
    said = [f"{quantity} at {rate}", *([f"discount {off}"] if _is_something(off) else [])]
    return f"“{name}”: {', '.join([*said, *(f'{each} {value}' for each, value in rest.items())])}"


def is_line(value: object) -> bool:
    return isinstance(value, dict) and {"quantity", "rate"} <= value.keys()


def _document(
    one: _Made, source: tuple[str, Key] | None, owes: Owes | None, records: Records
) -> Document:
    kind, of = source or ("", None)
    names = {
        field: name for field, key in _ids(one) if (name := _name(field, records.get(key, {})))
    }
    currency = (owes.currency if owes else "") or names.get(CURRENCY_ID, "")
    return Document(
        kind=kind,
        source=subject_of(of) if of else "",
        called=called(records.get(of, {})) if of else "",
        total=_total(one, owes.amount if owes else "", currency),
        names=names,
    )


def _name(field: str, record: Mapping[str, Any]) -> str:
    return str(record.get("currency_code", "")) if field == CURRENCY_ID else called(record)


def _total(one: _Made, amount: str, currency: str) -> str:
    """Say what its source comes to; where that is not told, what its lines come to."""
    if amount:
        return shown(rounded(amount_of(amount) or ZERO, currency), currency)
    rows = [each for each in one.fields.get(LINES) or () if is_line(each)]
    try:
        net = sum((line_of(each, currency, ()).net for each in rows), ZERO)
    except (NotMade, NotMoney):
        return ""
    return f"{shown(rounded(net, currency), currency)} without tax" if rows else ""


def _ids(one: _Made) -> list[tuple[str, Key]]:
    return [
        (field, (one.connection, kind, str(one.fields[field])))
        for field, kind in NAMED.items()
        if one.fields.get(field)
    ]


async def _sources(db: Db, rows: Sequence[Owed]) -> dict[UUID, tuple[str, Key]]:
    """Give of each what its flow calls the source, and the source."""
    flows = {name: each.flow for name, each in (await in_force(db)).items()}
    return {
        row.id: (flow.source.name, flow.source.key(row.case))
        for row in rows
        if row.case and isinstance(flow := flows.get(row.flow), Once | While)
    }


async def _sums(db: Db, rows: Sequence[Owed]) -> dict[UUID, Owes]:
    """Give the decisions by which they are owed: these tell what each comes to."""
    at = sorted({row.owed for row in rows})
    found: dict[UUID, Owes] = {}
    for each in await db.fetch(statement("projectors/sync/concluded.sql"), at):
        event = Event(type="decided", id=new_id(), shape=each["shape"], data=each["data"])
        try:
            concluded = payload(event).conclusions
        except NotApplicable:
            continue
        found |= {one.delivery: one for one in concluded if isinstance(one, Owes)}
    return found


async def _records(db: Db, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    if not (wanted := sorted(keys)):
        return {}
    rows = await db.fetch(statement("console/names.sql"), *map(list, zip(*wanted, strict=True)))
    return {
        (row["connection"], row["kind"], row["record"]): fields_of(row["fields"]) for row in rows
    }


def _is_something(off: object) -> bool:
    return bool(off) and str(off).strip("%0. ") != ""
