"""Read records before they are written again: whether the last write was done shows in them.

What was read is kept as an observation, and what is owed is judged anew by that. Of what is to be
made the connector itself looks first, by the mark or by what tells such a record from others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.connector import NotRead, Seen
from hub.connectors.outcome import Refused, Unknown
from hub.database import statement
from hub.flows.judge.keys import holds
from hub.outbound.doors import OTHERS
from hub.outbound.outcome import Came

if TYPE_CHECKING:
    from hub.connectors.connector import Kind
    from hub.database.db import Reads
    from hub.outbound.way import Way

_GONE_WITH = Came(
    outcome=Refused(
        sentence="What it stood within is there no more, and it went with that.",
        because="missing",
        reason="gone",
    )
)


async def look(way: Way, kind: Kind, records: list[str]) -> list[Came]:
    """Read these records; NotRead tells that none can be read now."""
    if kind.within:
        return await _within(way, kind, records)
    try:
        seen = await way.connector.fetch(way.vendor, kind, records)
    except NotRead as error:
        if not _is_about_a_record(error):
            raise
        if len(records) == 1:
            return [Came(outcome=error.outcome)]
        # One that cannot be read stops no other.
        return [came for each in records for came in await look(way, kind, [each])]
    found: dict[str, list[Seen]] = {}
    for one in seen:
        if one.kind == kind.name:
            found.setdefault(one.record, []).append(one)
    return [_came(found.get(record, [])) for record in records]


async def _within(way: Way, kind: Kind, records: list[str]) -> list[Came]:
    """Read those that stand within another record by reading that: it shows how they are."""
    async with way.database.connected() as db:
        names = [holds(kind.name)] * len(records)
        rows = await db.fetch(statement("outbound/wholes.sql"), way.name, names, records)
        whole_of = {row["value"]: row["record"] for row in rows}
        alone = [each for each in records if each not in whole_of]
        gone = await _gone_with(way, db, kind, alone) if alone else ()
    wholes = sorted(set(whole_of.values()))
    there = await look(way, way.connector.kinds[kind.within], wholes) if wholes else []
    came = dict(zip(wholes, there, strict=True))
    return [
        came[whole_of[each]] if each in whole_of else _GONE_WITH if each in gone else _came([])
        for each in records
    ]


async def _gone_with(way: Way, db: Reads, kind: Kind, records: list[str]) -> set[str]:
    """Give those that stood within another record until it was gone."""
    query = statement("outbound/gone_with.sql")
    return {row["id"] for row in await db.fetch(query, way.name, kind.within, records)}


def _is_about_a_record(error: NotRead) -> bool:
    return isinstance(error.outcome, Refused) and error.outcome.because not in OTHERS


def _came(seen: list[Seen]) -> Came:
    if not seen:
        return Came(outcome=Unknown(sentence="It was asked for, and no word of it came."))
    if any(one.data is None for one in seen):
        sentence = "The record is there no more."
        gone = Refused(sentence=sentence, because="missing", reason="gone")
        return Came(outcome=gone, seen=seen)
    return Came(outcome=None, seen=seen)
