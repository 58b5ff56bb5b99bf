"""Have records read again at their vendor, because an operator asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.database import statement
from hub.events import Event, Reviewed, new_id
from hub.flows.judge.keys import names_of
from hub.flows.known import MARKS
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hub.database.db import Db
    from hub.flows.flow import Sync

_NOT_ALWAYS = frozenset({place[0] for place in MARKS} | {"custom_fields", "people"})
"""What a record need not have to be known whole: the hub's marks, and whom it holds."""

NEED = "need"


def noticed(connection: str, kind: str, records: Iterable[str], by: str) -> Iterator[Event]:
    """Make the notices by which records are read."""
    for record in records:
        yield Event(
            type="noticed",
            id=new_id(),
            connection=connection,
            kind=kind,
            record=record,
            road=NEED,
            origin=f"operator:{by}",
        )


async def partly_known(db: Db, flow: Sync) -> list[tuple[str, str, list[str]]]:
    """Give the records of a sync of which only a part was seen, by their kinds: a list's row.

    What they are matched by may be in the rest.
    """
    found = []
    for side in flow.sides:
        names = sorted(names_of([flow], side.connection, side.kind) - _NOT_ALWAYS)
        plain = [name for name in names if not name.endswith("*")]
        rows = await db.fetch(statement("operate/partly.sql"), side.connection, side.kind, plain)
        if rows:
            found.append((side.connection, side.kind, [row["record"] for row in rows]))
    return found


def mended(flow: str, connection: str, kind: str, records: list[str], by: str) -> list[Event]:
    """Make the events by which records that drifted are judged as they are known, and read."""
    what = Reviewed(flow=flow, records=records)
    judged = act(what, by, connection=connection, kind=kind, flow=flow)
    return [judged, *noticed(connection, kind, records, by)]
