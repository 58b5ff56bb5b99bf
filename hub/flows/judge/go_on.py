"""Have one record go on as another that is gone, because a person said that they were merged.

It takes with it whom the other was linked with. Where its link has somebody in such a place, one of
the two stays there, and the other is its duplicate: in the link all the same, so what its documents
say is counted, and nothing new is made for it. People merge the two at their vendor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.conclusions import Joined, Parted
from hub.flows.judge.ask import LINK
from hub.flows.judge.place import duplicate, holder, is_gone, make_room
from hub.flows.judge.survivor import STAYS
from hub.flows.judge.words import side_of
from hub.flows.known import key_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.conclusions import Conclusion, Member
    from hub.flows.judge.sync import SyncJudge
    from hub.flows.known import Item, Known, Record


def go_on(judge: SyncJudge, item: Item, choice: str, why: str) -> Iterator[Conclusion]:
    """Conclude what follows from a choice; nothing, where it is not any more as it was asked."""
    known, link = judge.known, UUID(item.data["link"])
    subject, _, stays = choice.removeprefix(LINK).partition(", ")
    gone, key = key_of(item.subject), key_of(subject)
    together(partial(each, one) for each in (known.record, known.link_of) for one in (gone, key))
    old, record, here = known.record(gone), known.record(key), known.link_of(key)
    if known.link_of(gone) != link or old is None or not old.gone or record is None or record.gone:
        return
    members = known.members(link)
    lost = next(each for each in members if each.subject == item.subject)
    if here is None:
        yield from _in_its_place(judge, record, link, lost, why)
    elif here != link:
        going = [one for one in members if _is_other(judge, lost, one) and not is_gone(known, one)]
        yield from (Parted(link=link, member=each, why=why) for each in (lost, *going))
        yield from _into(judge, here, going, set(stays.removesuffix(STAYS).split()), why)


def _in_its_place(
    judge: SyncJudge, record: Record, link: UUID, lost: Member, why: str
) -> Iterator[Conclusion]:
    side = side_of(judge.flow, lost.connection, lost.kind)
    assert side is not None, "it was asked about a record of this flow"
    yield from make_room(judge.known, judge.flow, link, lost, why)
    member = msgspec.structs.replace(judge.member(side, record), part=lost.part)
    yield from judge.join(link, [(record, member)], why)


def _into(
    judge: SyncJudge, link: UUID, going: list[Member], stays: set[str], why: str
) -> Iterator[Conclusion]:
    """Put records into a link; who is to stay there is the one, and whoever was it a duplicate."""
    known = judge.known
    joining = []
    for each in going:
        by = holder(known, judge.flow, link, each)
        if by is not None and each.subject in stays:
            yield Parted(link=link, member=by, why=why)
            yield Joined(link=link, members=[duplicate(by)], why=why)
        member = each if by is None or each.subject in stays else duplicate(each)
        joining.append((_record(known, each), member))
    yield from judge.join(link, joining, why)


def _is_other(judge: SyncJudge, lost: Member, one: Member) -> bool:
    is_of_side = (one.connection, one.kind) == (lost.connection, lost.kind)
    return not is_of_side and side_of(judge.flow, one.connection, one.kind) is not None


def _record(known: Known, member: Member) -> Record:
    record = known.record((member.connection, member.kind, member.record))
    assert record is not None, "those that are gone were left where they were"
    return record
