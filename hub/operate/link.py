"""Say which records are the same, and which are not, where the hub had it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec

from hub.conclusions import Withdrawn
from hub.database import statement
from hub.events import Decided, Linked, Merged, Reviewed, Split
from hub.flows.flow import Sync
from hub.flows.judge.place import is_duplicate, original
from hub.flows.judge.words import side_of
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.conclusions import Conclusion, Member
    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Flow


class Unmade(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a link that is yet to be made."""

    id: UUID
    flow: str
    link: UUID
    connection: str
    kind: str
    part: str


async def unmade_of(db: Db, *links: UUID) -> list[Unmade]:
    """Give what is yet to be made for links."""
    rows = await db.fetch(statement("operate/unmade.sql"), links)
    return [Unmade(**dict(row)) for row in rows]


def merge(
    link: UUID,
    into: UUID,
    members: Sequence[Member],
    flows: Iterable[Flow],
    by: str,
    *,
    unmade: Iterable[Unmade] = (),
) -> list[Event]:
    """Make the events by which all of a link goes into another, and is judged there.

    What was to be made for the one is made no more, nor for the other of such as come to it:
    whoever still needs it owes it anew, in the link in which all are.
    """
    come = {(one.connection, one.kind) for one in members}
    why = f"its link went into another, {by} said so"
    moot: list[Conclusion] = [
        Withdrawn(delivery=one.id, flow=one.flow, why=why)
        for one in unmade
        if one.link == link or (one.connection, one.kind) in come
    ]
    withdrawn = [act(Decided(conclusions=moot), by)] if moot else []
    return [*withdrawn, act(Merged(link=link, into=into), by), *_judged(members, flows, by)]


def split(
    link: UUID,
    members: Sequence[Member],
    left: Sequence[Member],
    flows: Sequence[Flow],
    by: str,
) -> list[Event]:
    """Make the events by which members leave a link for one of their own; all are judged anew.

    Whoever was a duplicate of one that is in the other link now is that no more.
    """
    what = Split(link=link, new=uuid4(), members=list(members))
    places = [*_moved_up(what.new, members), *_moved_up(link, left)]
    return [act(one, by) for one in (what, *places)] + list(_judged([*members, *left], flows, by))


def _moved_up(link: UUID, members: Sequence[Member]) -> list[Linked]:
    """Put the first duplicate of nobody there into the place that is empty."""
    held = {_place(one) for one in members if not is_duplicate(one)}
    free = {_place(original(one)): original(one) for one in reversed(members) if is_duplicate(one)}
    moved = [one for place, one in free.items() if place not in held]
    return [Linked(link=link, members=moved)] if moved else []


def _place(one: Member) -> tuple[str, str, str]:
    return one.connection, one.kind, one.part


def _judged(members: Sequence[Member], flows: Iterable[Flow], by: str) -> Iterator[Event]:
    """Have what the members say be agreed upon anew, by every flow that is about them."""
    for flow in flows:
        if not isinstance(flow, Sync):
            continue
        for one in members:
            if side_of(flow, one.connection, one.kind) is not None:
                what = Reviewed(flow=flow.name, records=[one.record])
                yield act(what, by, connection=one.connection, kind=one.kind, flow=flow.name)
