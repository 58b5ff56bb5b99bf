"""Judge the records of a sync: which link each is in, what its link agrees on, what is to be made.

A record that is in no link is matched; what matches nobody is made on the other side, if it is new
and the flow says so. What was there before the flow began is left to a first sync, which a person
has looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import Joined, Member, Owes, Parted, Withdrawn
from hub.flows.books import PARENTS
from hub.flows.judge import ask, away, pair
from hub.flows.judge.agreeing import Agreeing
from hub.flows.judge.gone import Gone
from hub.flows.judge.joint import link_in, new_link
from hub.flows.judge.meet import Meeting
from hub.flows.judge.place import holder, is_gone, taken
from hub.flows.judge.words import other_side, part_of, said, side_of, takes_part
from hub.flows.known import slot_of
from hub.flows.match import Link, Nobody, Propose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.flows.flow import Side, Sync
    from hub.flows.known import InForce, Key, Known, Owed, Record
    from hub.flows.match import Verdict


class SyncJudge:
    """One sync that judges one event. With `review` a person has asked for it: age is no matter."""

    def __init__(self, known: Known, force: InForce, flow: Sync, *, review: bool = False) -> None:
        self.known = known
        self.force = force
        self.flow = flow
        self.review = review
        self.agreeing = Agreeing(known, flow)

    def record(self, key: Key) -> Iterator[Conclusion]:
        """Conclude what follows for a record, as it is known now."""
        side, record = side_of(self.flow, key[0], key[1]), self.known.record(key)
        if side is not None and record is not None:
            yield from self.judge(side, record)

    def judge(self, side: Side, record: Record) -> Iterator[Conclusion]:
        link = link_in(self.known, self.flow, record.key)
        about = None if link is None else Gone(self.known, self.flow, side, record, link)
        if about is not None:
            look = about.judge if record.gone else about.there_again
            yield from look(review=self.review)
        if not takes_part(side, record):
            return
        if link is not None:
            yield from self.agreeing.of(link, [record])
        else:
            yield from self._unlinked(side, record)

    def create(self, link: UUID, side: Side, part: str, *, within: Key | None = None) -> Owes:
        """Owe the record of a link that is yet to be made; its id, and mark, is that of the slot.

        `within` is the record that it is to be a part of.
        """
        return Owes(
            delivery=slot_of(link, side.connection, side.kind, part),
            flow=self.flow.name,
            connection=side.connection,
            kind=side.kind,
            link=link,
            part=part,
            fields=None if within is None else _naming(side, within),
            share="backfill" if self.review else "contacts",
            why="it is on one side only",
        )

    def creates(self, link: UUID, side: Side, part: str, source: str) -> Iterator[Conclusion]:
        """Have a record of a link made, unless it bears the mark of that already, or is gone."""
        owes = self.create(link, side, part)
        made = self.known.owed(owes.delivery)
        if (lost := self._lost(made)) is not None:
            alone = all(one.subject == source for one in self.known.members(link))
            yield ask.anew(self.flow, source, lost.subject, alone=alone)
            return
        yield owes
        if made is None or not made.is_adopted:
            return
        record = self.known.record((side.connection, side.kind, made.record))
        if record is not None and not record.gone and self.known.link_of(record.key) is None:
            member = msgspec.structs.replace(self.member(side, record), part=part)
            yield from self.join(link, [(record, member)], "it bears the hub's mark")

    def join(
        self, link: UUID, records: Sequence[tuple[Record, Member]], why: str
    ) -> Iterator[Conclusion]:
        """Put records into a link, and have the link agree on what they say."""
        members = [member for _, member in records]
        yield Joined(link=link, members=members, why=why)
        yield from away.back(self.known, [record for record, _ in records])
        yield from ask.moot(self.known, self.flow, [record for record, _ in records])
        yield from self.agreeing.of(link, [record for record, _ in records], members)

    def link_both(
        self, side: Side, record: Record, theirs: Record, why: str
    ) -> Iterator[Conclusion]:
        """Put a record into the link of another, which may begin with that; or that into its own.

        Where both are in links of other flows already, a person is to merge these.
        """
        here, there = self.known.link_of(record.key), self.known.link_of(theirs.key)
        if here is not None and there is not None and here != there:
            comes = list(self._comes_over(side, theirs, there, why))
            if not comes:
                yield from ask.linked_both(self.known, self.flow, record, theirs, why)
                return
            yield from comes
            there = None
        link = there or here or new_link(self.flow, theirs.key)
        joining = [(record, self.member(side, record))]
        if there is None or not self.known.agreement(there, self.flow.name):
            joining.append((theirs, self.member(other_side(self.flow, side), theirs)))
        for _, member in joining:
            by = holder(self.known, self.flow, link, member)
            if by is not None and not is_gone(self.known, by):
                yield from taken(self.known, self.flow, link, member, by, why=why)
                return
            if by is not None:
                yield from away.make_room(self.known, self.flow, link, by, why)
        yield from self.join(link, joining, why)
        yield from pair.made_no_more(self, link, side, record, theirs)

    def _comes_over(
        self, side: Side, theirs: Record, there: UUID, why: str
    ) -> Iterator[Conclusion]:
        """Have one leave its link who is alone there, and whose other side was not sent yet."""
        owed = self.awaited(side, theirs)
        if owed is not None:
            yield Parted(link=there, member=self.known.members(there)[0], why=why)
            if owed.is_open:
                yield Withdrawn(delivery=owed.id, flow=self.flow.name, why=why)

    def awaited(self, side: Side, theirs: Record) -> Owed | None:
        """Give what is to be made on a side for one who is alone in a link, if it is not begun."""
        link = self.known.link_of(theirs.key)
        if link is None or len(self.known.members(link)) > 1:
            return None
        slot = pair.slot_for(self, other_side(self.flow, side), theirs)
        owed = self.known.owed(slot) if slot is not None else None
        return owed if owed is not None and owed.is_not_begun else None

    def make_other(self, side: Side, record: Record) -> Iterator[Conclusion]:
        """Begin a link with a record, and have the other side's made."""
        link = self.known.link_of(record.key) or new_link(self.flow, record.key)
        yield from self._make_in(link, side, record, "it matches nobody")

    def make_if_unlike(self, side: Side, record: Record) -> Iterator[Conclusion]:
        """Have the other side's made, as a person said who had been told that it matches nobody.

        Where it matches somebody by now, that is another question.
        """
        if isinstance(self.meet(side, record), Nobody):
            yield from self.make_other(side, record)
        else:
            yield from self._unlinked(side, record)

    def make_anew(self, side: Side, record: Record) -> Iterator[Conclusion]:
        """Begin a link of its own for a record whose other side was made once, and is gone."""
        link = self.known.link_of(record.key)
        if link is not None:
            member = next(one for one in self.known.members(link) if one.subject == record.subject)
            yield Parted(link=link, member=member, why="what was made for it is gone")
        fresh = new_link(self.flow, record.key, since=self.known.at)
        yield from self._make_in(fresh, side, record, "it is made anew")

    def _make_in(self, link: UUID, side: Side, record: Record, why: str) -> Iterator[Conclusion]:
        other = other_side(self.flow, side)
        made = list(
            self.creates(link, other, self.part_to_make(side, other, record), record.subject)
        )
        if any(isinstance(one, Owes) for one in made):
            yield from self.join(link, [(record, self.member(side, record))], why)
        yield from made

    def _lost(self, made: Owed | None) -> Record | None:
        """Give the record that was made for a slot, if it is gone."""
        if made is None or not made.record or made.state != "done":
            return None
        record = self.known.record((made.connection, made.kind, made.record))
        return record if record is not None and record.gone else None

    def _unlinked(self, side: Side, record: Record) -> Iterator[Conclusion]:
        if (marked := self.by_mark(side, record)) is not None:
            yield from marked
            return
        was = away.left(self.known, record)
        if was is None and (self.review or self.force.has_new(record)):
            yield from self._match(side, record)
        elif was is not None:
            rejoined = list(away.rejoins(self, record, was))
            yield from rejoined
            if not rejoined and away.is_for(self, was):
                yield from self._match(side, record, was)

    def by_mark(self, side: Side, record: Record) -> Iterator[Conclusion] | None:
        """Put a record into the link for which it was made; None: it bears no such mark."""
        marked = self._marked(side, record)
        return None if marked is None else self._by_mark(record, *marked)

    def _by_mark(self, record: Record, link: UUID, member: Member) -> Iterator[Conclusion]:
        why = "it bears the hub's mark"
        if (by := holder(self.known, self.flow, link, member)) is not None:
            yield from taken(self.known, self.flow, link, member, by, why=why)
        else:
            yield from self.join(link, [(record, member)], why)

    def _match(
        self, side: Side, record: Record, was: away.Left | None = None
    ) -> Iterator[Conclusion]:
        """Look who it is on the other side; who `was` in a link before is not made in silence."""
        other = other_side(self.flow, side)
        found = self.meet(side, record)
        match found:
            case Link():
                theirs = self.known.record((other.connection, other.kind, found.record))
                assert theirs is not None, "it was compared"
                yield from self.link_both(side, record, theirs, found.why)
            case Propose():
                yield from pair.proposed(self, other, record, found)
            case _ if was is not None:
                yield away.asks(self, other, record, was)
            case _ if ask.waits(self.known, self.flow, record):
                return
            case _ if self.flow.new[side.name] == "create":
                yield from self.make_other(side, record)
            case _ if self.flow.new[side.name] == "ask":
                yield ask.newcomer(self.flow, other, record)

    def meet(self, side: Side, record: Record) -> Verdict:
        """Say who a record is on the other side."""
        return Meeting(self.known, self.flow, side, other_side(self.flow, side)).of(record)

    def _marked(self, side: Side, record: Record) -> tuple[UUID, Member] | None:
        """Give the link for which this record was made, by the hub's own mark on it."""
        owed = self.known.marked(record)
        if owed is None or owed.link is None or self.known.link_of(record.key) is not None:
            return None
        member = self.member(side, record)
        return owed.link, msgspec.structs.replace(member, part=owed.part)

    def part_to_make(self, side: Side, other: Side, record: Record) -> str:
        """Give the part of what is to be made: what this one says of the field that tells parts."""
        own = next(
            (one for one in self.flow.fields if one.places.get(other.name) == other.part), None
        )
        word = said(self.known, self.flow, side, record).get(own.name) if own is not None else None
        return str(word.value) if word is not None and word.value is not None else ""

    def member(self, side: Side, record: Record) -> Member:
        """Give a record as a member of a link: of the one that it is in, or is to be in."""
        connection, kind, id_ = record.key
        if (link := self.known.link_of(record.key)) is not None:
            return next(one for one in self.known.members(link) if one.subject == record.subject)
        part = part_of(self.known, self.flow, side, record)
        return Member(connection=connection, kind=kind, record=id_, part=part)


def _naming(side: Side, whole: Key) -> dict[str, Any]:
    """Have a record to be made name the one that it is a part of."""
    if side.kind in PARENTS:
        return {PARENTS[side.kind]: whole[2]}
    return {side.by: {"id": whole[2]}}
