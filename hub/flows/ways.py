"""Which kinds a flow brings together: from where it takes, and where it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.flows.flow import Once, Sync

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.flows.flow import Flow


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a flow does between two kinds."""

    flow: str
    source: str
    target: str
    does: Literal["agrees with", "makes", "tells", "opens and closes"]
    fields: list[str]


def ways_of(flow: Flow) -> Iterator[Way]:
    """Give the ways of a flow, in the order of its file."""
    if isinstance(flow, Sync):
        one, other = (f"{side.connection}.{side.kind}" for side in flow.sides)
        names = [field.name for field in flow.fields if field.write != "never"]
        yield Way(flow=flow.name, source=one, target=other, does="agrees with", fields=names)
        if flow.people:
            yield from ways_of(flow.people)
        return
    source = f"{flow.source.connection}.{flow.source.kind}"
    if isinstance(flow, Once):
        made = f"{flow.make.connection}.{flow.make.kind}"
        names = [*flow.make.fields, *flow.make.each]
        yield Way(flow=flow.name, source=source, target=made, does="makes", fields=names)
    elif flow.opens is not None:
        one = f"{flow.opens.make.connection}.{flow.opens.make.kind}"
        names = list(flow.opens.make.fields | flow.opens.close.fields)
        yield Way(flow=flow.name, source=source, target=one, does="opens and closes", fields=names)
    for tell in flow.tell if isinstance(flow, Once) else flow.keep:
        target = f"{tell.connection}.{tell.kind}"
        names = list(tell.fields)
        yield Way(flow=flow.name, source=source, target=target, does="tells", fields=names)
