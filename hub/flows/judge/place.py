"""A place in a link is one record's: who holds it, and what follows where another claims it.

So it is when a vendor merges two records: the one that is left bears the mark of the other, or a
person says that it is what the other was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Asks, Joined
from hub.flows.judge.ask import item_of
from hub.flows.judge.choice import to_take
from hub.flows.judge.reasons import CREATE, DUPLICATE, LEAVE
from hub.flows.judge.words import part_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.flows.flow import Sync
    from hub.flows.known import Known

DUPLICATE_PART = " duplicate "
"""In the part of a record that stays beside the one whose place it had."""


def holder(known: Known, flow: Sync, link: UUID, member: Member) -> Member | None:
    """Give who has the place that a record is to have in a link."""
    others = [
        each
        for each in known.members(link)
        if (each.connection, each.kind) == (member.connection, member.kind)
        and each.record != member.record
    ]
    part = part_now(known, flow, member) if others else ""
    return next((each for each in others if part_now(known, flow, each) == part), None)


def taken(
    known: Known, flow: Sync, link: UUID, member: Member, by: Member, *, why: str
) -> Iterator[Conclusion]:
    """Have a person say whose the place is; what waits for an answer is not asked again."""
    others = [each.subject for each in known.members(link) if each != by]
    gone = is_gone(known, by)
    asks = Asks(
        item=item_of(flow, DUPLICATE, member.subject),
        flow=flow.name,
        reason=DUPLICATE,
        sentence=f"{member.subject} would be linked with {', '.join(others) or 'nobody'} ({why}), "
        f"but that place is {by.subject}'s"
        + (", which is gone: they may have been merged." if gone else "."),
        subject=member.subject,
        choices=[to_take(member.subject), CREATE, LEAVE],
        data={"link": str(link), "part": member.part, "holder": by.subject},
    )
    known_item = known.item(asks.item)
    if known_item is None or known_item.sentence != asks.sentence:
        yield asks


def moves_up(known: Known, flow: Sync, link: UUID, left: Member, why: str) -> Iterator[Conclusion]:
    """Give the place of one who left to the first that was its duplicate, else it is made anew."""
    part = part_now(known, flow, left)
    same = [each for each in known.members(link) if _is_of(each, left)]
    next_one = next(
        (one for each in same if part_now(known, flow, one := original(each)) == part), None
    )
    if next_one is not None:
        yield Joined(link=link, members=[next_one], why=why)


def _is_of(each: Member, left: Member) -> bool:
    is_other = each.record != left.record and is_duplicate(each)
    return is_other and (each.connection, each.kind) == (left.connection, left.kind)


def is_gone(known: Known, member: Member) -> bool:
    record = known.record(member.key)
    return record is None or record.gone


def duplicate(member: Member) -> Member:
    """Give a place beside the one that such a record has; it sorts behind that."""
    part = f"{member.part}{DUPLICATE_PART}{member.record}".strip()
    return msgspec.structs.replace(member, part=part)


def original(member: Member) -> Member:
    """Give the place that a record would have, were it nobody's duplicate."""
    words = member.part.split()
    mark = DUPLICATE_PART.strip()
    words = words[: words.index(mark)] if mark in words else words
    return msgspec.structs.replace(member, part=" ".join(words))


def is_duplicate(member: Member) -> bool:
    return DUPLICATE_PART.strip() in member.part.split()
