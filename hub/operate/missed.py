"""What changed while a flow decided nothing: off or paused, it has not heard of it.

A sync judges it when it is let decide again, else its sides would rest in quiet disagreement. What
a once flow would have made is left to a person, who may have made it by hand: see `hub catch-up`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.database import statement
from hub.events import Reviewed
from hub.flows.flow import Sync, While
from hub.flows.judge.keys import kinds_of
from hub.operate.act import act
from hub.operate.review import PAGE_RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Flow
    from hub.operate.in_force import Installed

    Changed = dict[tuple[str, str], list[str]]


async def missed(db: Db, installed: Installed, after: int | None = None) -> Changed:
    """Give the records that said something since the flow rests, or since `after`, by their kinds.

    A while flow missed nothing: it looks at how things are when it is let decide.
    """
    rests, flow = installed.rests, installed.flow
    if rests is None or isinstance(flow, While):
        return {}
    query, is_sync = statement("operate/missed.sql"), isinstance(flow, Sync)
    since = rests if after is None else after
    found = {}
    for kind in sorted(_kinds(flow)):
        rows = await db.fetch(query, *kind, rests, since, is_sync)
        found[kind] = [row["record"] for row in rows]
    return {kind: records for kind, records in found.items() if records}


def judged(installed: Installed, changed: Changed, by: str) -> list[Event]:
    """Make the events by which a sync judges what it did not hear of."""
    flow = installed.flow
    if not isinstance(flow, Sync):
        return []
    return [
        act(Reviewed(flow=flow.name, records=page), by, connection=one, kind=kind, flow=flow.name)
        for (one, kind), records in changed.items()
        for page in _pages(records)
    ]


def _kinds(flow: Flow) -> Iterable[tuple[str, str]]:
    if isinstance(flow, Sync):
        return kinds_of(flow)
    return [(flow.source.connection, flow.source.kind)]


def _pages(records: list[str]) -> Iterable[list[str]]:
    starts = range(0, len(records), PAGE_RECORDS)
    return (records[start : start + PAGE_RECORDS] for start in starts)
