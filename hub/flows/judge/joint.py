"""A link may be the work of several syncs: whether one of them has a record of it in hand yet.

A customer in Books may be known in CRM by one sync, in Desk by another, and all of them are one
link. So a record that is in a link already is still to be matched by each sync that has not begun
with it. Where one sync alone is about a kind of record, to be in a link is to be in its hands; and
so it is where a person has made the link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.flows.known import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.conclusions import Member
    from hub.flows.known import Key, Known

_LINKS = UUID("a3f1d0b4-5c58-5c0e-9d61-6f0d8d5b2c3e")
"""The name space of links, each named after the record by which it begins."""


def new_link(flow: Sync, key: Key, since: int | None = None) -> UUID:
    """Make the id of a link: of the record by which it begins, and `since` when, if made anew."""
    anew = "" if since is None else f"/{since}"
    return uuid5(_LINKS, f"{flow.id}/{subject_of(key)}{anew}")


def link_in(known: Known, flow: Sync, key: Key) -> UUID | None:
    """Give the link in which a sync has a record in hand; None: the sync is yet to match it."""
    link = known.link_of(key)
    others = list(_others(known, flow, key))
    if link is None or not others:
        return link
    members = known.members(link)
    if known.agreement(link, flow.name) or _has_other_side(flow, key, members):
        return link
    begun = {new_link(one, each.key) for one in others for each in members}
    return None if link in begun else link


def _others(known: Known, flow: Sync, key: Key) -> Iterator[Sync]:
    """Give the other syncs that are about a record's kind."""
    for force in known.flows.values():
        if not isinstance(force.flow, Sync):
            continue
        for one in (force.flow, force.flow.people):
            if one is not None and one.name != flow.name and side_of(one, key[0], key[1]):
                yield one


def _has_other_side(flow: Sync, key: Key, members: Sequence[Member]) -> bool:
    kinds = {(side.connection, side.kind) for side in flow.sides} - {key[:2]}
    return any((each.connection, each.kind) in kinds for each in members)
