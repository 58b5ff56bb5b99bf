"""What a record says of the fields of a sync, each in one form for all sides."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hub.flows import steps
from hub.flows.agree import Said
from hub.flows.books import CURRENCIES, CURRENCY_ID

if TYPE_CHECKING:
    from hub.conclusions import Member
    from hub.flows.flow import Side, Step, Sync
    from hub.flows.known import Known, Record

_FIRST, _SECOND = steps.Manner(), steps.Manner(second=True)


def side_of(flow: Sync, connection: str, kind: str) -> Side | None:
    """Give the side whose records these are."""
    for side in flow.sides:
        if side.kind == kind and side.connection == connection:
            return side
    return None


def other_side(flow: Sync, side: Side) -> Side:
    return flow.sides[1] if side is flow.sides[0] else flow.sides[0]


def takes_part(side: Side, record: Record) -> bool:
    """Tell whether a record is one of those that the side is about."""
    if record.gone:
        return False
    return side.only is None or bool(side.only.of({"it": record.fields}))


def part_of(known: Known, flow: Sync, side: Side, record: Record) -> str:
    """Give what tells this record apart from others of its side in one link."""
    if not side.part:
        return ""
    own = next((one for one in flow.fields if one.places.get(side.name) == side.part), None)
    word = said(known, flow, side, record).get(own.name) if own is not None else None
    return str(word.value) if word is not None and word.value is not None else ""


def part_now(known: Known, flow: Sync, member: Member) -> str:
    """Give the part that a member of a link plays: where none was said, what its record says."""
    side = side_of(flow, member.connection, member.kind)
    if member.part or side is None or not side.part:
        return member.part
    record = known.record(member.key)
    return "" if record is None else part_of(known, flow, side, record)


def said(known: Known, flow: Sync, side: Side, record: Record) -> dict[str, Said]:
    """Give each word of a record; a field that it does not have is no word.

    A word that cannot be read is none either: the record says it again in words that can be.
    """
    manner = manner_of(known, flow, side)
    found: dict[str, Said] = {}
    for field in flow.fields:
        if (path := field.places.get(side.name)) is None:
            continue
        raw = steps.value_at(record.fields, path)
        if raw is steps.ABSENT:
            continue
        value = _canonical(field.step, raw, manner)
        if value is steps.ABSENT:
            continue
        found[field.name] = Said(value=value, stamp=record.stamp, position=record.position)
    return found


def _canonical(step: Step, raw: Any, manner: steps.Manner) -> steps.Canonical | steps.Absent:
    """Read a word; ABSENT if it cannot be read. Most words were read before, and are remembered."""
    if step.name == "currency" or isinstance(raw, list):
        return _read(step, raw, manner)
    if isinstance(raw, dict):
        return _read_again(step, tuple(raw.items()), manner.second)
    return _read_again(step, raw, manner.second)


@lru_cache(maxsize=100_000)
def _read_again(step: Step, raw: Any, second: bool) -> steps.Canonical | steps.Absent:  # noqa: FBT001
    value = dict(raw) if isinstance(raw, tuple) else raw
    return _read(step, value, steps.Manner(second=second))


def _read(step: Step, raw: Any, manner: steps.Manner) -> steps.Canonical | steps.Absent:
    try:
        return steps.read(step, raw, manner)
    except steps.NotUnderstood:
        return steps.ABSENT


def manner_of(known: Known, flow: Sync, side: Side) -> steps.Manner:
    """Give how a side says things: where currencies are ids there, which is which."""
    if not has_currency_ids(flow, side):
        return _SECOND if side is flow.sides[1] else _FIRST
    currencies = {
        record.key[2]: str(record.fields.get("currency_code", ""))
        for record in known.table(side.connection, CURRENCIES)
    }
    return steps.Manner(second=side is flow.sides[1], currencies=currencies)


def has_currency_ids(flow: Sync, side: Side) -> bool:
    """Tell whether currencies are ids on a side: then it takes their table to read them."""
    return any(
        field.step.name == "currency" and field.places.get(side.name, ())[-1:] == (CURRENCY_ID,)
        for field in flow.fields
    )
