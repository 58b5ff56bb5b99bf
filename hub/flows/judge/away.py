"""A record leaves its link; one that is gone may be back one day, under another name.

Vendors undelete. Nothing in it may match any more, but it is the record that it was; so where its
place is free it is in its link again, and otherwise a person is asked. Nothing is made for it in
silence.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.conclusions import Answers, Cased, Member, Parted
from hub.flows.flow import Sync
from hub.flows.judge import ask
from hub.flows.judge.place import holder, is_gone
from hub.flows.judge.reasons import GONE
from hub.flows.judge.words import side_of
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.conclusions import Asks, Conclusion
    from hub.flows.flow import Side
    from hub.flows.judge.sync import SyncJudge
    from hub.flows.known import Case, Key, Known, Record

AWAY, BACK = "away", "back"
"""The states of a record that was gone when it left its link: since then, and until then."""


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """The place that a record had in a link, and the flow by which it left."""

    flow: str
    link: UUID
    member: Member
    asked: bool
    """Whether a person had it leave, and not the flow by itself."""


def make_room(known: Known, flow: Sync, link: UUID, by: Member, why: str) -> Iterator[Conclusion]:
    """Have the one who holds a place leave it, and ask nobody any more about its being gone."""
    yield from leaves(known, flow, link, by, why)
    item = ask.item_of(flow, GONE, by.subject)
    asked = known.item(item)
    if asked is not None and asked.settled is None:
        yield Answers(item=item, why="another has taken its place")


def leaves(
    known: Known, flow: Sync, link: UUID, member: Member, why: str, *, asked: bool = False
) -> Iterator[Conclusion]:
    """Have a record leave its link; of one that is gone its place is kept in mind.

    `asked`: a person had it leave.
    """
    yield Parted(link=link, member=member, why=why)
    if is_gone(known, member):
        data = {"link": str(link), "part": member.part, "asked": asked}
        yield Cased(flow=flow.name, case=member.subject, state=AWAY, data=data, why=why)


def left(known: Known, record: Record) -> Left | None:
    """Give where a record was until it was gone, if it has been in no link since."""
    cases = _cases(known, record.key)
    if not cases:
        return None
    flow, case = max(cases, key=lambda one: one[1].since)
    connection, kind, id_ = record.key
    member = Member(connection=connection, kind=kind, record=id_, part=case.data["part"])
    asked = bool(case.data.get("asked"))
    return Left(flow=flow, link=UUID(case.data["link"]), member=member, asked=asked)


def rejoins(judge: SyncJudge, record: Record, was: Left) -> Iterator[Conclusion]:
    """Have a record be in its link again, where its place is free and somebody is there still."""
    known, flow = judge.known, judge.flow
    if was.asked or not (was.flow == flow.name or known.agreement(was.link, flow.name)):
        return
    by = holder(known, flow, was.link, was.member)
    if not _there(known, was.link) or (by is not None and not is_gone(known, by)):
        return
    why = "it is there again"
    if by is not None:
        yield from make_room(known, flow, was.link, by, why)
    yield from judge.join(was.link, [(record, was.member)], why)


def is_for(judge: SyncJudge, was: Left) -> bool:
    """Whether this flow is to ask: it had the record leave, or whichever did decides no more."""
    force = judge.known.flows.get(was.flow)
    return was.flow == judge.flow.name or force is None or not force.decides


def asks(judge: SyncJudge, other: Side, record: Record, was: Left) -> Asks:
    """Ask a person where a record belongs that matches nobody, and has no place to come back to."""
    there, kind = _there(judge.known, was.link), (other.connection, other.kind)
    by = holder(judge.known, judge.flow, was.link, was.member)
    theirs = [one.subject for one in there if (one.connection, one.kind) == kind]
    linked = ", ".join(one.subject for one in there if one != by)
    if not linked:
        why = "Nobody whom it was linked with is there any more"
    elif by is not None:
        why = f"It was linked with {linked}, and its place there is {by.subject}'s now"
    else:
        why = f"It was linked with {linked}, until a person took it out of that link"
    return ask.there_once_more(judge.flow, record, theirs, why)


def back(known: Known, records: Sequence[Record]) -> Iterator[Cased]:
    """Forget the place that these had, now that they are in a link."""
    for record in records:
        for flow, _ in _cases(known, record.key):
            yield Cased(flow=flow, case=record.subject, state=BACK, why="it is in a link again")


def _cases(known: Known, key: Key) -> list[tuple[str, Case]]:
    subject = f"{key[0]}.{key[1]}/{key[2]}"
    names = [one.name for one in _syncs(known) if side_of(one, key[0], key[1]) is not None]
    cases = together(partial(known.case, name, subject) for name in names)
    found = zip(names, cases, strict=True)
    return [(name, case) for name, case in found if case is not None and case.state == AWAY]


def _syncs(known: Known) -> Iterator[Sync]:
    for force in known.flows.values():
        if isinstance(force.flow, Sync):
            yield from filter(None, (force.flow, force.flow.people))


def _there(known: Known, link: UUID) -> list[Member]:
    """Give who is in a link and not known to be gone."""
    members = known.members(link)
    found = [known.record(one.key) for one in members]
    return [one for one, its in zip(members, found, strict=True) if its is None or not its.gone]
