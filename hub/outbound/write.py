"""Make one call for a group of deliveries, and say what came of each, whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead, Write, Written
from hub.connectors.oauth import ConnectionDead
from hub.connectors.outcome import Done, Outcome, Refused, Unknown
from hub.outbound.alike import holding
from hub.outbound.look import look
from hub.outbound.outcome import Came

if TYPE_CHECKING:
    from hub.connectors.connector import Kind
    from hub.outbound.group import Group
    from hub.outbound.owed import Owed
    from hub.outbound.way import Way

# What a connector stumbles over in an answer that nobody foresaw, or in what it was to write.
NOT_FORESEEN = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)


async def carried_out(way: Way, group: Group) -> list[Came]:
    """Look or write; whatever stands in the way of that is an outcome too."""
    try:
        if group.act == "look":
            return await look(way, group.kind, [row.record for row in group.rows])
        return await _written(way, group)
    except ConnectionDead as dead:
        outcome: Outcome = Refused(
            sentence=f"{dead}", because="authorisation", reason="connection_dead"
        )
    except NotRead as error:
        outcome = error.outcome
    except NOT_FORESEEN as error:
        outcome = Unknown(
            sentence="What came of it cannot be understood, so it may have been done "
            f"({type(error).__name__}: {error})."
        )
    return [Came(outcome=outcome)] * len(group.rows)


async def _written(way: Way, group: Group) -> list[Came]:
    writes = [_write(group, row) for row in group.rows]
    written = await way.connector.write(way.vendor, group.kind, writes)
    if len(written) != len(writes):
        raise ValueError(f"of {len(writes)} records it speaks of {len(written)}")
    named = [
        await _named(way, group.kind, row, one)
        for row, one in zip(group.rows, written, strict=True)
    ]
    return [await _came(way, group, row, one) for row, one in zip(group.rows, named, strict=True)]


async def _came(way: Way, group: Group, row: Owed, one: Written) -> Came:
    """Say what came of one; of one that is refused because another is there, who that is."""
    came = Came(outcome=one.outcome, written=one)
    if not isinstance(one.outcome, Refused):
        return came
    return await holding(way, group.kind, row, group.contents[row.id], one.outcome) or came


def _write(group: Group, row: Owed) -> Write:
    said = group.contents[row.id]
    return Write(
        fields=said.fields,
        seen=said.seen if group.kind.conditional and said.agreed else None,
        record=row.record,
        mark="" if row.record or not group.kind.mark else str(row.id),
        delivery=str(row.id),
        share=row.share,
        look=row.look or row.attempt > 0,
    )


async def _named(way: Way, kind: Kind, row: Owed, one: Written) -> Written:
    """Give what was made its id, by its mark where the vendor did not say it."""
    if one.record or row.record or not isinstance(one.outcome, Done):
        return one
    try:
        record = await way.connector.find(way.vendor, kind, str(row.id)) if kind.mark else None
    except NotRead:
        record = None
    if record is None:
        lost = Unknown(sentence="It was made, but its id was not said, nor found.")
        return msgspec.structs.replace(one, outcome=lost)
    return msgspec.structs.replace(one, record=record)
