"""Hold both sides of a sync against what is agreed: counts, digests, sums of money, and drift.

So it is done with the companies of a flow, and with the people within them.

Drift is a side's word that is neither the agreed value nor its own way of saying that, and that
nobody is carrying on, asking about, or about to write. It is found on what is known; whoever wants
it on what is there has all of it read again before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.flows.judge.people import people_within
from hub.flows.judge.words import other_side, said, side_of, takes_part
from hub.replay.plan import Supposing
from hub.replay.tally import Count, Drift, Found, Held, Tally

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from uuid import UUID

    from hub.database.db import Db
    from hub.flows.flow import Side, Sync
    from hub.flows.known import Key, Record
    from hub.projectors.sync.world import World
    from hub.replay.plan import Page


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """`pending` are words that differ and are being settled: owed, asked about, or under way."""

    flow: str
    sides: list[Count]
    fields: list[Held]
    drift: list[Drift]
    pending: int


async def reconciled(
    db: Db, flow: Sync, pages: AsyncIterator[Page], told: Callable[[int], None] = lambda _: None
) -> Reconciled:
    """Go through the records of these pages, and hold each against what its link agrees on."""
    supposing = Supposing(db, flow)
    await supposing.begin()
    tallies = [Tally(flow, flow)]
    if flow.people is not None:
        tallies.append(Tally(flow, flow.people, "people."))
    done = 0
    async for connection, kind, records in pages:
        await supposing.bring(connection, kind, records)
        for record in records:
            key = (connection, kind, record)
            for tally in tallies:
                for each in await _looked(supposing, tally, key):
                    tally.take(each)
        done += len(records)
        told(done)
    return Reconciled(
        flow=flow.name,
        sides=[count for tally in tallies for count in tally.counts],
        fields=[held for tally in tallies for held in tally.held()],
        drift=[drift for tally in tallies for drift in tally.drift],
        pending=sum(tally.pending for tally in tallies),
    )


async def _looked(supposing: Supposing, tally: Tally, key: Key) -> list[Found]:
    return await supposing.at_hand(lambda: list(_look(supposing.world, tally, key)))


def _look(world: World, tally: Tally, key: Key) -> Iterator[Found]:
    """Give what takes part of a record: itself, or the people within it."""
    record = world.record(key)
    if record is None:
        return
    own = side_of(tally.sync, key[0], key[1])
    if own is not None and not own.within and takes_part(own, record):
        yield _found(world, tally.sync, own, record, record.subject)
    company = side_of(tally.flow, key[0], key[1])
    if tally.sync is not tally.flow and company is not None and takes_part(company, record):
        side = tally.sync.sides[tally.flow.sides.index(company)]
        for each in people_within(side, record) if side.within else ():
            yield _found(world, tally.sync, side, each, record.subject)


def _found(world: World, sync: Sync, side: Side, record: Record, read: str) -> Found:
    link = world.link_of(record.key)
    if link is None:
        return Found(side=side, record=record, read=read, link=None)
    owed = world.owed_to(record.key)
    return Found(
        side=side,
        record=record,
        read=read,
        link=link,
        alone=not _has_other_side(world, sync, side, link),
        words=said(world, sync, side, record),
        states=dict(world.agreement(link, sync.name)),
        under_way=owed is not None and owed.state in ("owed", "sending", "parked"),
    )


def _has_other_side(world: World, sync: Sync, side: Side, link: UUID) -> bool:
    """Tell whether somebody of the other side is in a link, who is there and takes part.

    Of one within another's record no more is known by itself than that it is linked.
    """
    other = other_side(sync, side)
    members = (
        world.record(one.key)
        for one in world.members(link)
        if (one.connection, one.kind) == (other.connection, other.kind)
    )
    return any(bool(other.within) if one is None else takes_part(other, one) for one in members)
