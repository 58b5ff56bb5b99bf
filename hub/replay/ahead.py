"""Bring to hand at once what judging a page of records takes: one by one it is far slower.

It leaves out what few records need; that is brought when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid5

from hub.flows.books import CURRENCIES
from hub.flows.flow import Sync
from hub.flows.judge.ask import item_of
from hub.flows.judge.joint import new_link
from hub.flows.judge.reasons import NEWCOMER, PROPOSAL
from hub.flows.judge.words import manner_of, other_side, side_of
from hub.flows.known import subject_of
from hub.flows.match import keys_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hub.database.db import Db
    from hub.flows.flow import Flow
    from hub.flows.known import Key
    from hub.projectors.sync import SyncFold


async def bring_ahead(db: Db, fold: SyncFold, flow: Flow, keys: Sequence[Key]) -> None:
    """Bring records, who may be the same as they, and all that stands about both."""
    await _bring(db, fold, flow, keys)
    if isinstance(flow, Sync) and keys:
        theirs = await _alike(db, fold, flow, keys)
        await _bring(db, fold, flow, theirs)
        await _bring_links(db, fold, flow, [*keys, *theirs])


async def _bring(db: Db, fold: SyncFold, flow: Flow, keys: Sequence[Key]) -> None:
    await fold.records.fetch(db, keys)
    await fold.links.fetch(db, (), keys)
    await fold.deliveries.rows.fetch(db, [(fold.world.delivery_to(key),) for key in keys])
    items = [
        (item_of(flow, reason, subject_of(key)),) for key in keys for reason in (PROPOSAL, NEWCOMER)
    ]
    await fold.decisions.inbox.fetch(db, items)


async def _alike(db: Db, fold: SyncFold, flow: Sync, keys: Sequence[Key]) -> list[Key]:
    """Give the records of the other side that have a key in common with these."""
    side = side_of(flow, *keys[0][:2])
    if side is None:
        return []
    other = other_side(flow, side)
    for each in (side, other):
        await fold.world.bring(db, "table", [(each.connection, CURRENCIES)])
    manner = manner_of(fold.world, flow, side)
    wanted = {
        (other.connection, other.kind, f"{flow.name}: {text}", value)
        for key in keys
        if (record := fold.world.record(key)) is not None
        for text, value in keys_of(flow.match, side.name, record.fields, manner)
    }
    await fold.keys.fetch_found(db, wanted)
    found = {each for one in wanted for each in fold.keys.find(*one)}
    return [(other.connection, other.kind, each) for each in sorted(found)]


async def _bring_links(db: Db, fold: SyncFold, flow: Sync, keys: Sequence[Key]) -> None:
    """Bring the links that these are in, or that would begin with them."""
    links: set[UUID] = set()
    for key in keys:
        place = fold.links.place(key)
        links.add(place.link if place is not None else new_link(flow, key))
    await fold.links.fetch(db, links, ())
    await fold.decisions.agreements.fetch(db, [(link, flow.name) for link in links])
    slots = [
        (uuid5(link, f"{side.connection}.{side.kind}/"),) for link in links for side in flow.sides
    ]
    await fold.deliveries.rows.fetch(db, slots)
