"""Notice a field that a record had, and that a full read of it brings no more.

A name that is missing is no word, so nothing of it is carried on. But where it goes missing on many
records at once, the hub's user may not see it any more, and its flow is to stop: the brake counts
what is concluded here. A record counts once, until it has said the field again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Cased
from hub.flows.flow import LinkNeed, Once, Sync
from hub.flows.judge.keys import names_of
from hub.flows.judge.words import side_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.events import Event
    from hub.flows.flow import Flow, While
    from hub.flows.known import Known, Record

FULL = "fetch"
"""The road that reads records whole: a row of a list may lack what the record has."""
VANISHED = "vanished"


def vanished(known: Known, flow: Flow, event: Event) -> Iterator[Cased]:
    """Conclude which fields that a flow goes by are missing where the record had them."""
    if event.type != "observed" or event.road != FULL or event.cover is not None:
        return
    key = event.key
    left_out = known.left_out(key)
    record = known.record(key) if left_out else None
    if record is None:
        return
    for name in sorted(_names(flow, record)):
        words = [at for each, at in left_out.items() if _is(name, each) and record.fields[each]]
        case = f"{record.subject}.{name}"
        if words and not _is_told(known, flow, case, max(words)):
            why = f"{record.subject} was read whole, and {name} is missing, which it had"
            data = {"field": name, "last_said": max(words)}
            yield Cased(flow=flow.name, case=case, state=VANISHED, data=data, why=why)


def _is_told(known: Known, flow: Flow, case: str, last_said: int) -> bool:
    told = known.case(flow.name, case)
    return told is not None and told.data.get("last_said") == last_said


def _names(flow: Flow, record: Record) -> set[str]:
    """Name the fields of a kind that a flow goes by; a last `*` stands for any end."""
    connection, kind, _ = record.key
    if not isinstance(flow, Sync):
        if (flow.source.connection, flow.source.kind) != (connection, kind):
            return set()
        return _of_source(flow)
    # What bears the hub's marks is called otherwise in lists, so it may be left out by either.
    names = set(names_of([flow], connection, kind) - names_of([], connection, kind))
    for sync in filter(None, (flow, flow.people)):
        side = side_of(sync, connection, kind)
        if side is not None and not side.within:
            names |= {one.places[side.name][0] for one in sync.fields if side.name in one.places}
    return names


def _of_source(flow: Once | While) -> set[str]:
    reads = flow.becomes.reads if isinstance(flow, Once) else flow.holds.reads
    links = [need.path for need in flow.needs if isinstance(need, LinkNeed)]
    paths = [path for path in (*reads, *links) if path[0] == flow.source.name]
    return {path[1] for path in paths if len(path) > 1}


def _is(name: str, field: str) -> bool:
    return field.startswith(name[:-1]) if name.endswith("*") else field == name
