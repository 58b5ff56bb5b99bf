"""After a restore: find at the vendors what bears the hub's marks, and take it for done.

The log has forgotten what was made since its backup; the marks on it tell which slots it fills.
Such a slot is filled from here on, whether it is owed already or will be: nothing is made twice.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import msgspec

from hub.connectors.connector import NotRead, Seen
from hub.connectors.outcome import RetryAt
from hub.database import statement
from hub.events import Answered, WritesStopped
from hub.flows.flow import Once, Sync
from hub.flows.judge.keys import kinds_of, mark_of
from hub.flows.judge.reasons import ADOPTED, BLIND
from hub.flows.known import fields_of
from hub.log.change import Change, taken
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from hub.connectors.connector import Connector, Kind
    from hub.connectors.http import Vendor
    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Flow

ROAD = "scan"
PATIENCE_SECONDS_MAX = 300.0
UNSURE = (
    "The log was set back or moved: it may have gone out since, and nothing there tells. Say in "
    "the inbox whether it is to be sent."
)
SENTENCE = "It was found by its mark, after the log was set back or moved."


class Place(Protocol):
    """A connection that can be read."""

    @property
    def name(self) -> str: ...
    @property
    def connector(self) -> Connector: ...
    @property
    def vendor(self) -> Vendor: ...


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that is held until what was made there is found."""

    connection: str
    since: int
    reason: str


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """A record that bears a mark of the hub's."""

    mark: UUID
    seen: Seen


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a kind: how many bear a mark, of how many the log knew, and the rest."""

    kind: str
    read: int
    found: int
    known: int
    adopted: int
    elsewhere: list[str]
    """Records whose mark the log knows on another one: for a person to look at."""


async def held(db: Db) -> list[Held]:
    """Give the connections that are held since a restore."""
    return [Held(**dict(row)) for row in await db.fetch(statement("operate/restored.sql"))]


async def found_at(
    place: Place, db: Db, kind: Kind, keep_out: AbstractSet[str], by: str
) -> tuple[Counts, list[Event]]:
    """Read a kind through; give what bears a mark there, and the events that take it for done."""
    read, bearers = 0, []
    async for seen in _all(place, kind):
        read += len(seen)
        bearers += [one for one in map(_bearer, seen) if one is not None]
    marks = [one.mark for one in bearers]
    rows = {row["id"]: row for row in await db.fetch(statement("operate/of_marks.sql"), marks)}
    known = [one for one in bearers if _is_known(one, rows)]
    filled = {id_ for id_, row in rows.items() if row["state"] == "done"}
    adopted: list[Bearer] = []
    elsewhere: list[Bearer] = []
    for one in bearers:
        if one not in known:
            (elsewhere if one.mark in filled else adopted).append(one)
            filled.add(one.mark)
    counts = Counts(
        kind=f"{place.name}.{kind.name}",
        read=read,
        found=len(bearers),
        known=len(known),
        adopted=len(adopted),
        elsewhere=[f"{place.name}.{kind.name}/{one.seen.record}" for one in elsewhere],
    )
    events = [each for one in adopted for each in _adopts(place, one, rows, keep_out, by)]
    return counts, events


async def unsure(connection: str, db: Db, by: str) -> list[Event]:
    """Leave to a person what a connection of messages is owed: it may have gone out since."""
    return [
        act(
            Answered(
                delivery=row["id"], attempt=row["attempt"], outcome="refused",
                sentence=UNSURE, because=BLIND, reason="restored",
            ),
            by, connection=connection, kind=row["kind"],
        )
        for row in await db.fetch(statement("operate/unsure.sql"), connection)
    ]  # fmt: skip


def let_go(connections: Iterable[Held], by: str) -> list[Event]:
    """Make the events by which a hold is taken off."""
    what = WritesStopped(stopped=False, reason="what was made meanwhile was found and adopted")
    return [act(what, by, connection=one.connection) for one in connections]


def kinds_made(flows: Iterable[Flow], place: Place) -> list[Kind]:
    """Give the kinds of a connection that bear marks, and of which flows make records."""
    made: set[tuple[str, str]] = set()
    for flow in flows:
        if isinstance(flow, Sync):
            made |= kinds_of(flow)
        elif isinstance(flow, Once):
            made.add((flow.make.connection, flow.make.kind))
        elif flow.opens is not None:
            made.add((flow.opens.make.connection, flow.opens.make.kind))
    return [
        kind
        for name, kind in place.connector.kinds.items()
        if kind.mark and (place.name, name) in made
    ]


async def _all(place: Place, kind: Kind) -> AsyncIterator[Sequence[Seen]]:
    cursor, done = "", False
    while not done:
        try:
            page = await place.connector.first(place.vendor, kind, cursor)
        except NotRead as error:
            await _patience(error)
            continue
        yield [one for one in page.seen if isinstance(one, Seen)]
        cursor, done = page.cursor, page.done


async def _patience(error: NotRead) -> None:
    """Wait for what the vendor allows in a minute; what takes longer ends it."""
    at = error.outcome.at if isinstance(error.outcome, RetryAt) else None
    seconds = (at - datetime.now(UTC)).total_seconds() if at is not None else None
    if seconds is None or seconds > PATIENCE_SECONDS_MAX:
        raise error
    await asyncio.sleep(max(seconds, 0.1))


def _bearer(seen: Seen) -> Bearer | None:
    if seen.data is None:
        return None
    try:
        return Bearer(mark=UUID(mark_of(fields_of(seen.data))), seen=seen)
    except ValueError:
        return None  # it bears none, or somebody else's word in the hub's field


def _row(one: Bearer, rows: Mapping[UUID, Any]) -> Mapping[str, Any]:
    return dict(rows.get(one.mark) or {})


def _is_known(one: Bearer, rows: Mapping[UUID, Any]) -> bool:
    row = _row(one, rows)
    return bool(row) and row["state"] == "done" and row["record"] == one.seen.record


def _adopts(
    place: Place,
    one: Bearer,
    rows: Mapping[UUID, Any],
    keep_out: AbstractSet[str],
    by: str,
) -> list[Event]:
    """Take a slot for filled, and keep what fills it as it was seen."""
    what = Answered(
        delivery=one.mark, attempt=_row(one, rows).get("attempt", 0), outcome="done",
        sentence=SENTENCE, record=one.seen.record, was_there=True, because=ADOPTED,
    )  # fmt: skip
    about = {"connection": place.name, "kind": one.seen.kind, "record": one.seen.record}
    change = Change(**about, road=ROAD, data=one.seen.data, at=one.seen.at, cover=one.seen.cover)
    return [act(what, by, **about), taken(change, keep_out)]
