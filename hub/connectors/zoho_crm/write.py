"""Write records of Zoho CRM: many in a call, each judged by itself, and no automation started.

A change that holds only for the record as it was seen is alone in its call: the condition is a
header, and so one for all.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Written
from hub.connectors.http import Call
from hub.connectors.outcome import Done, Unknown
from hub.connectors.record import encoded
from hub.connectors.zoho_crm import query
from hub.connectors.zoho_crm.judge import Details, Item, of_item
from hub.connectors.zoho_crm.kinds import HEAVY_FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Kind, Write
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer

RECORDS_PER_CREDIT = 10


class _Item(Item):
    details: Details = msgspec.field(default_factory=Details)


class _Items(msgspec.Struct):
    data: list[_Item]


async def write(
    vendor: Vendor, kind: Kind, writes: Sequence[Write], condition: str
) -> list[Written]:
    """Make records, or change some, all in one call; it says of each what came of it."""
    outcome = await vendor.call(_call(kind, writes, condition))
    if not isinstance(outcome, Done):
        return [Written(outcome=outcome)] * len(writes)
    return written(kind, outcome.answer, len(writes))


async def find(vendor: Vendor, kind: Kind, mark: str) -> str | None:
    """Look which record bears a mark."""
    found = await query.records(vendor, kind, {kind.mark: mark}, most=2)
    if len(found) > 1:
        raise ValueError(f"{kind.mark} of {kind.name} is not unique: two records bear {mark}")
    return found[0] if found else None


def written(kind: Kind, answer: Answer, count: int) -> list[Written]:
    """Say what came of so many records, by what was answered."""
    try:
        items = msgspec.json.decode(answer.body, type=_Items).data
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        lost = Unknown(sentence=f"What it says of the records cannot be read: {error}")
        return [Written(outcome=lost)] * count
    if len(items) != count:
        sentence = f"It was to speak of {count} records, and did of {len(items)}."
        return [Written(outcome=Unknown(sentence=sentence))] * count
    return [_written(kind, item, answer) for item in items]


def _call(kind: Kind, writes: Sequence[Write], condition: str) -> Call:
    creates = not writes[0].record
    body = {"data": [_row(kind, one) for one in writes], "trigger": []}
    marked = creates and kind.mark and all(one.mark for one in writes)
    return Call(
        method="POST" if creates else "PUT",
        path=kind.path,
        headers={"Content-Type": "application/json", **_only_if(writes, condition)},
        body=encoded(body),
        verb="marked" if marked else "blind" if creates else "readable",
        cost=-(-len(writes) // RECORDS_PER_CREDIT),
        share=writes[0].share,
        marks=frozenset({"heavy"} if len(writes) > HEAVY_FROM else ()),
    )


def _only_if(writes: Sequence[Write], condition: str) -> dict[str, str]:
    """Give the header by which nothing is changed that somebody else has changed since."""
    seen = [one.seen for one in writes if one.seen is not None]
    if not seen or not condition:
        return {}
    if len(writes) > 1:
        found = f"expected one record, found {len(writes)}"
        raise ValueError(f"{condition} holds for all of a call: {found}")
    return {condition: seen[0].astimezone(UTC).isoformat(timespec="seconds")}


def _row(kind: Kind, one: Write) -> dict[str, object]:
    if one.record:
        return {**one.fields, "id": one.record}
    return {**one.fields, kind.mark: one.mark} if kind.mark and one.mark else dict(one.fields)


def _written(kind: Kind, item: _Item, answer: Answer) -> Written:
    details = item.details
    if item.code == "SUCCESS":
        done = Done(sentence="It was written.", answer=answer)
        return Written(outcome=done, record=details.id, at=details.at)
    if item.code == "DUPLICATE_DATA" and details.api_name == kind.mark:
        return _was_there(_other(details), answer)
    return Written(outcome=of_item(item, details))


def _was_there(record: str, answer: Answer) -> Written:
    """Say that a record bears the mark; one that the login may not see is not named."""
    if not record:
        sentence = "A record bears the hub's own mark already, and it does not say which."
        return Written(outcome=Unknown(sentence=sentence))
    there = Done(sentence="It was there already, under the hub's own mark.", answer=answer)
    return Written(outcome=there, record=record, was_there=True)


def _other(details: Details) -> str:
    """Give the record that is in the way; it is named in one of two ways, or in none."""
    said = details.duplicate_record.get("id")
    return details.id or (msgspec.json.decode(said, type=str) if said else "")
