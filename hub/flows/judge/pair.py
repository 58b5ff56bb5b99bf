"""Two who are, or may be, the same: of a pair one question is asked, and nothing made beside."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.conclusions import Withdrawn
from hub.flows.judge import ask
from hub.flows.judge.words import other_side, part_of
from hub.flows.known import slot_of, together
from hub.flows.match import Nobody, Propose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.conclusions import Answers, Asks, Cased
    from hub.flows.flow import Side
    from hub.flows.judge.sync import SyncJudge
    from hub.flows.known import Key, Record

    Asked = Asks | Answers | Cased


def proposed(judge: SyncJudge, other: Side, record: Record, found: Propose) -> Iterator[Asked]:
    """Propose others as the same as a record, in one question for each pair."""
    known = judge.known
    keys = [(other.connection, other.kind, each) for each in found.records]
    together(partial(known.link_of, key) for key in keys)
    theirs = (known.record(key) for key in keys)
    to_make = {
        one.subject: slot
        for one in theirs
        if one is not None and (slot := slot_for(judge, other, one)) is not None
    }
    yield from ask.proposed(known, judge.flow, other, record, found, to_make=to_make)


def met(judge: SyncJudge, side: Side, link: UUID) -> list[Key]:
    """Give those of a side who are, or may be, the same as who is in a link."""
    own = other_side(judge.flow, side)
    members = [
        judge.known.record(one.key)
        for one in judge.known.members(link)
        if (one.connection, one.kind) == (own.connection, own.kind)
    ]
    found = [judge.meet(own, one) for one in members if one is not None and not one.gone]
    return [
        (side.connection, side.kind, one)
        for each in found
        if not isinstance(each, Nobody)
        for one in (each.records if isinstance(each, Propose) else (each.record,))
    ]


def made_no_more(
    judge: SyncJudge, link: UUID, side: Side, record: Record, theirs: Record
) -> Iterator[Withdrawn]:
    """Leave unmade what was to be made for either of two who have each other now.

    In another part it is owed anew by whoever still needs it.
    """
    other = other_side(judge.flow, side)
    for own, one, there, has in ((side, record, other, theirs), (other, theirs, side, record)):
        part = judge.part_to_make(own, there, one)
        owed = judge.known.owed(slot_of(link, there.connection, there.kind, part))
        is_filled = part_of(judge.known, judge.flow, there, has) == part
        if owed is not None and owed.is_open and owed.is_not_begun and not is_filled:
            why = f"{one.subject} is linked with {has.subject}"
            yield Withdrawn(delivery=owed.id, flow=judge.flow.name, why=why)


def slot_for(judge: SyncJudge, side: Side, record: Record) -> UUID | None:
    """Give the slot of what is made on the other side for one who is in a link."""
    link = judge.known.link_of(record.key)
    other = other_side(judge.flow, side)
    part = judge.part_to_make(side, other, record)
    return slot_of(link, other.connection, other.kind, part) if link is not None else None
