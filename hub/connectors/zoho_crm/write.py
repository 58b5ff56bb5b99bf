"""Write records of Zoho CRM: many in a call, each judged by itself, and no automation started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Written, read
from hub.connectors.http import Call
from hub.connectors.outcome import Done, Unknown
from hub.connectors.zoho_crm.judge import Details, Item, of_item
from hub.connectors.zoho_crm.kinds import HEAVY_FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Kind, Write
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer

RECORDS_PER_CREDIT = 10
_encode = msgspec.json.Encoder(decimal_format="number").encode


class _Item(Item):
    details: Details = msgspec.field(default_factory=Details)


class _Items(msgspec.Struct):
    data: list[_Item]


class _Found(msgspec.Struct):
    id: str


class _Rows(msgspec.Struct):
    data: list[_Found] = []


async def write(vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
    """Make records, or change some, all in one call; it says of each what came of it."""
    outcome = await vendor.call(_call(kind, writes))
    if not isinstance(outcome, Done):
        return [Written(outcome=outcome)] * len(writes)
    items = _items(outcome.answer)
    if len(items) != len(writes):
        lost = Unknown(
            sentence=f"It was to speak of {len(writes)} records, and did of {len(items)}."
        )
        return [Written(outcome=lost)] * len(writes)
    return [_written(kind, item, outcome.answer) for item in items]


async def find(vendor: Vendor, kind: Kind, mark: str) -> str | None:
    """Look which record bears a mark. A search lags behind what was written; a query does not."""
    quoted = mark.replace("'", "''")
    query = f"select id from {kind.name} where {kind.mark} = '{quoted}' limit 2"  # noqa: S608
    call = Call(
        method="POST",
        path="/crm/v8/coql",
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode({"select_query": query}),
        verb="read",
        marks=frozenset({"heavy"}),
    )
    answer = await read(vendor, call)
    rows = msgspec.json.decode(answer.body, type=_Rows).data if answer.body else []
    if len(rows) > 1:
        raise ValueError(f"{kind.mark} of {kind.name} is not unique: two records bear {mark}")
    return rows[0].id if rows else None


def _call(kind: Kind, writes: Sequence[Write]) -> Call:
    creates = not writes[0].record
    body = {"data": [_row(kind, one) for one in writes], "trigger": []}
    marked = creates and kind.mark and all(one.mark for one in writes)
    return Call(
        method="POST" if creates else "PUT",
        path=kind.path,
        headers={"Content-Type": "application/json"},
        body=_encode(body),
        verb="marked" if marked else "blind" if creates else "readable",
        cost=-(-len(writes) // RECORDS_PER_CREDIT),
        share=writes[0].share,
        marks=frozenset({"heavy"} if len(writes) > HEAVY_FROM else ()),
    )


def _row(kind: Kind, one: Write) -> dict[str, object]:
    if one.record:
        return {**one.fields, "id": one.record}
    return {**one.fields, kind.mark: one.mark} if kind.mark and one.mark else dict(one.fields)


def _items(answer: Answer) -> list[_Item]:
    return msgspec.json.decode(answer.body, type=_Items).data


def _written(kind: Kind, item: _Item, answer: Answer) -> Written:
    details = item.details
    if item.code == "SUCCESS":
        return Written(outcome=Done(sentence="It was written.", answer=answer), record=details.id)
    if item.code == "DUPLICATE_DATA" and details.api_name == kind.mark:
        there = Done(sentence="It was there already, under the hub's own mark.", answer=answer)
        return Written(outcome=there, record=_other(details), was_there=True)
    return Written(outcome=of_item(item, details))


def _other(details: Details) -> str:
    """Give the record that is in the way; it is named in one of two ways, or in none."""
    said = details.duplicate_record.get("id")
    return details.id or (msgspec.json.decode(said, type=str) if said else "")
