"""Say which records are the same, and which are not, where the hub had it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from hub.events import Merged, Reviewed, Split
from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Member
    from hub.events import Event
    from hub.flows.flow import Flow


def merge(
    link: UUID, into: UUID, members: Sequence[Member], flows: Iterable[Flow], by: str
) -> list[Event]:
    """Make the events by which all of a link goes into another, and is judged there."""
    return [act(Merged(link=link, into=into), by), *_judged(members, flows, by)]


def split(
    link: UUID,
    members: Sequence[Member],
    left: Sequence[Member],
    flows: Sequence[Flow],
    by: str,
) -> list[Event]:
    """Make the events by which members leave a link for one of their own; all are judged anew."""
    what = Split(link=link, new=uuid4(), members=list(members))
    return [act(what, by), *_judged([*members, *left], flows, by)]


def _judged(members: Sequence[Member], flows: Iterable[Flow], by: str) -> Iterator[Event]:
    """Have what the members say be agreed upon anew, by every flow that is about them."""
    for flow in flows:
        if not isinstance(flow, Sync):
            continue
        for one in members:
            if side_of(flow, one.connection, one.kind) is not None:
                what = Reviewed(flow=flow.name, records=[one.record])
                yield act(what, by, connection=one.connection, kind=one.kind, flow=flow.name)
