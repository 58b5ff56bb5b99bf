"""Have one record go on as another that is gone, because a person said that they were merged.

It takes with it whom the other was linked with. Where its link has somebody in such a place, one of
the two stays there, and the other is its duplicate: in the link all the same, so what its documents
say is counted, and nothing new is made for it. People merge the two at their vendor. Those of the
link that other flows have brought go on too, and agree there with the rest; whose a place is that
another of these has is asked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.conclusions import Joined, Parted
from hub.flows.flow import Sync
from hub.flows.judge.ask import moot
from hub.flows.judge.away import leaves, make_room
from hub.flows.judge.place import duplicate, holder, is_gone, taken
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.words import side_of
from hub.flows.known import key_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.conclusions import Conclusion, Member
    from hub.flows.judge.choice import Choice
    from hub.flows.known import Item, Key, Known, Record


def go_on(judge: SyncJudge, item: Item, choice: Choice, why: str) -> Iterator[Conclusion]:
    """Conclude what follows for whom a person named; nothing, if it is not as it was asked."""
    known, link = judge.known, UUID(item.data["link"])
    gone, key = key_of(item.subject), key_of(choice.whom)
    together(partial(each, one) for each in (known.record, known.link_of) for one in (gone, key))
    old, record, here = known.record(gone), known.record(key), known.link_of(key)
    if known.link_of(gone) != link or old is None or not old.gone or record is None or record.gone:
        return
    members = known.members(link)
    lost = next(each for each in members if each.subject == item.subject)
    if here is None:
        yield from _in_its_place(judge, record, link, lost, why)
    elif here != link:
        there = [one for one in members if one != lost and not is_gone(known, one)]
        going = [
            one
            for one in there
            if _is_other(judge, lost, one) or not holder(known, judge.flow, here, one)
        ]
        yield from leaves(known, judge.flow, link, lost, why)
        yield from (Parted(link=link, member=each, why=why) for each in going)
        yield from _into(judge, here, going, choice.stays, why)
        for each in (one for one in there if one not in going):
            yield from _ask_whose(judge, here, each, why)


def _in_its_place(
    judge: SyncJudge, record: Record, link: UUID, lost: Member, why: str
) -> Iterator[Conclusion]:
    side = side_of(judge.flow, lost.connection, lost.kind)
    assert side is not None, "it was asked about a record of this flow"
    yield from make_room(judge.known, judge.flow, link, lost, why)
    member = msgspec.structs.replace(judge.member(side, record), part=lost.part)
    yield from judge.join(link, [(record, member)], why)


def _into(
    judge: SyncJudge, link: UUID, going: list[Member], stays: Sequence[str], why: str
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
    members = [member for _, member in joining]
    yield Joined(link=link, members=members, why=why)
    for one in (judge, *_further(judge, going)):
        come = [record for record, _ in joining if _is_of(one.flow, record.key)]
        records = [*one.agreeing.unheard(link), *come]
        yield from moot(known, one.flow, records)
        yield from one.agreeing.of(link, records, members)


def _further(judge: SyncJudge, going: list[Member]) -> Iterator[SyncJudge]:
    """Judge by the flows, too, that have brought somebody who goes on."""
    others = [one.key for one in going if not _is_of(judge.flow, one.key)]
    for force in judge.known.flows.values():
        flow = force.flow
        if isinstance(flow, Sync) and force.decides and any(_is_of(flow, key) for key in others):
            yield SyncJudge(judge.known, force, flow, review=True)


def _ask_whose(judge: SyncJudge, link: UUID, one: Member, why: str) -> Iterator[Conclusion]:
    """Have a person say which of two that one flow has brought has the place of both."""
    known = judge.known
    syncs = (force.flow for force in known.flows.values() if isinstance(force.flow, Sync))
    flow = next((each for each in syncs if _is_of(each, one.key)), None)
    by = holder(known, flow, link, one) if flow is not None else None
    if by is not None and flow is not None:
        yield from taken(known, flow, link, one, by, why=why)


def _is_other(judge: SyncJudge, lost: Member, one: Member) -> bool:
    is_of_side = (one.connection, one.kind) == (lost.connection, lost.kind)
    return not is_of_side and _is_of(judge.flow, one.key)


def _is_of(flow: Sync, key: Key) -> bool:
    return side_of(flow, *key[:2]) is not None


def _record(known: Known, member: Member) -> Record:
    record = known.record(member.key)
    assert record is not None, "those that are gone were left where they were"
    return record
