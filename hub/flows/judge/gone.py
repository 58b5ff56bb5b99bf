"""What follows when a record of a link is gone, and when it is there again: never a delete.

Of a record that is gone, those that it was linked with may be made inactive, each once. Where it
may have been merged into another, a person is asked instead: that one may go on with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Noted, Owes, Withdrawn
from hub.flows.inactive import inactive_of, is_inactive
from hub.flows.judge import ask
from hub.flows.judge.away import leaves
from hub.flows.judge.place import is_gone, moves_up
from hub.flows.judge.survivor import Survivors, may_be
from hub.flows.judge.words import other_side, takes_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Asks, Conclusion, Member
    from hub.flows.flow import Side, Sync
    from hub.flows.judge.survivor import Survivor
    from hub.flows.known import Known, Record

_OPEN = frozenset({"owed", "sending", "parked"})
_HAD_LEFT = "the one whose duplicate it was is gone"


class Gone:
    """A record of a link that is gone, or was."""

    def __init__(self, known: Known, flow: Sync, side: Side, record: Record, link: UUID) -> None:
        self._known = known
        self._flow = flow
        self._side = side
        self._other = other_side(flow, side)
        self._record = record
        self._link = link
        self._rule = flow.gone[side.name]

    def judge(self, *, review: bool) -> Iterator[Conclusion]:
        """Do what the flow says; `review`: a person asks for it, though it was gone before."""
        members = self._known.members(self._link)
        member = next(each for each in members if each.subject == self._record.subject)
        others = [each for each in members if each is not member]
        before = self._known.before(self._record.key)
        if self._rule == "unlink":
            yield from leaves(self._known, self._flow, self._link, member, "it is gone")
            yield from moves_up(self._known, self._flow, self._link, member, _HAD_LEFT)
        elif self._rule == "ask":
            yield self._asks(member, others)
        elif self._rule == "deactivate" and (review or before is None or not before.gone):
            yield from self._deactivate(member, others)

    def there_again(self, *, review: bool) -> Iterator[Conclusion]:
        """Settle what was asked when it went; what was made inactive for it is left so."""
        before = self._known.before(self._record.key)
        was_gone = before is not None and before.gone
        if was_gone:
            yield from ask.settled_by_return(self._known, self._flow, self._record)
        if self._rule == "deactivate" and (was_gone or review):
            for each in self._of(self._other, self._known.members(self._link)):
                yield from self._let_be(each, was_gone=was_gone)

    def _deactivate(self, member: Member, others: Sequence[Member]) -> Iterator[Conclusion]:
        stays = [each for each in self._of(self._side, others) if not is_gone(self._known, each)]
        if stays:
            yield self._noted(f"it is gone, and {_named(stays)} stays in its link: nothing changes")
            return
        theirs = [self._known.record(each.key) for each in self._of(self._other, others)]
        there = [one for one in theirs if one is not None and takes_part(self._other, one)]
        if not there:
            yield self._noted("it is gone, and so is all that it was linked with")
        for one in there:
            if is_inactive(one):
                yield self._noted(f"it is gone, and {one.subject} is inactive already")
            elif self._survivors([one]):
                yield self._asks(member, others)
            else:
                yield self._inactive(one)

    def _inactive(self, one: Record) -> Owes:
        connection, kind, id_ = one.key
        return Owes(
            delivery=self._known.delivery_to(one.key),
            flow=self._flow.name,
            connection=connection,
            kind=kind,
            record=id_,
            link=self._link,
            fields=dict(inactive_of(kind)),
            why=f"{self._record.subject} is gone",
        )

    def _asks(self, member: Member, others: Sequence[Member]) -> Asks:
        """Ask what is to become of it; where others may go on as it, whether they do."""
        asks = ask.gone(self._flow, self._link, member, others)
        known = [(each, self._known.record(each.key)) for each in self._of(self._other, others)]
        there = [(each, one) for each, one in known if one is not None and not one.gone]
        found = self._survivors([one for _, one in there])
        return may_be(asks, found, [each for each, _ in there]) if found else asks

    def _survivors(self, others: Sequence[Record]) -> list[Survivor]:
        return Survivors(self._known, self._flow, self._side).of(self._record.key, others)

    def _let_be(self, member: Member, *, was_gone: bool) -> Iterator[Conclusion]:
        key = member.key
        owed, theirs = self._known.owed_to(key), self._known.record(key)
        again = f"{self._record.subject} is there again"
        if owed is not None and owed.state in _OPEN:
            delivery = self._known.delivery_to(key)
            yield Withdrawn(delivery=delivery, flow=self._flow.name, link=self._link, why=again)
        if was_gone and theirs is not None and is_inactive(theirs):
            yield self._noted(f"it is there again, and {member.subject} is left inactive")

    def _of(self, side: Side, members: Sequence[Member]) -> list[Member]:
        kind = (side.connection, side.kind)
        return [each for each in members if (each.connection, each.kind) == kind]

    def _noted(self, why: str) -> Noted:
        return Noted(flow=self._flow.name, subject=self._record.subject, why=why)


def _named(members: Sequence[Member]) -> str:
    return ", ".join(each.subject for each in members)
