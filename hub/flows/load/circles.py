"""Find fields that reach one another through several syncs, each owned by the one before it.

Of two syncs that write one field, one at least believes the side that they share (see `targets`).
So owners form lines; where a line comes back to where it began, a value goes round and round, and
nobody is believed in the end.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from hub.flows.flow import Sync
from hub.flows.load.loops import loop_in
from hub.flows.load.targets import may_write
from hub.settings.lines import Place  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.flows.flow import Flow


class Owning(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a sync: what it is on the side that owns it, and on the one that follows that."""

    flow: str
    place: Place
    owner: str
    follows: str


def circles_in(flows: Iterable[Flow]) -> Iterator[list[Owning]]:
    """Give each circle of owners once, in its order."""
    left = [one for flow in flows for one in _ownings(flow)]
    while circle := _circle(left):
        yield circle
        left = [one for one in left if one not in circle]


def _ownings(flow: Flow) -> Iterator[Owning]:
    if isinstance(flow, Sync):
        yield from _of_sync(flow.name, flow, ())
        if flow.people:
            yield from _of_sync(flow.name, flow.people, ("people",))


def _of_sync(name: str, sync: Sync, place: Place) -> Iterator[Owning]:
    for field in sync.fields:
        where = {
            side.name: f"{'.'.join(field.places[side.name])} of {side.connection}.{side.kind}"
            for side in sync.sides
            if field.places.get(side.name)
        }
        for side, text in where.items():
            if field.owner in where and side != field.owner and may_write(field, side):
                yield Owning(
                    flow=name,
                    place=(*place, "fields", field.name),
                    owner=where[field.owner],
                    follows=text,
                )


def _circle(left: Sequence[Owning]) -> list[Owning]:
    leads: dict[str, set[str]] = {}
    for one in left:
        leads.setdefault(one.owner, set()).add(one.follows)
    steps = pairwise(loop_in(leads))
    return [next(one for one in left if (one.owner, one.follows) == step) for step in steps]
