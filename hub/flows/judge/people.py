"""Judge the people of a sync: who of one company's people on one side is who on the other.

A person is looked for among the people of the company that theirs is linked with, and nowhere else:
so a shared mailbox never joins strangers. One side may hold its people within the company's record.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import Asks, Noted
from hub.flows.books import PERSON_ID
from hub.flows.judge import ask
from hub.flows.judge.away import left, rejoins
from hub.flows.judge.joint import link_in, new_link
from hub.flows.judge.meet import Meeting
from hub.flows.judge.pair import proposed, slot_for
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.words import other_side, side_of, takes_part
from hub.flows.known import Record, subject_of, together
from hub.flows.match import Link, Nobody, Propose, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.flows.flow import Side, Sync
    from hub.flows.judge.pair import Asked
    from hub.flows.known import InForce, Key, Known
    from hub.flows.match import Verdict


COMPANY = "company"
"""Under this name an item about a person says of which company."""


class PeopleJudge:
    """The people of one company, of whom one or all are judged."""

    def __init__(self, known: Known, force: InForce, flow: Sync, *, review: bool = False) -> None:
        assert flow.people is not None
        self._known = known
        self._company = flow
        self._people = flow.people
        self._sync = SyncJudge(known, force, flow.people, review=review)
        self._review = review
        self._joined: set[Key] = set()
        """Who was found already: what is concluded holds only once all of it is."""

    def person(self, key: Key) -> Iterator[Conclusion]:
        """Conclude what follows for one person who is a record by itself."""
        side, record = side_of(self._people, key[0], key[1]), self._known.record(key)
        if side is None or record is None:
            return
        company = self._company_of(side, record)
        if record.gone or self._link_in(key) is not None:
            yield from self._sync.judge(side, record)
        elif rejoined := self._rejoined(record):
            yield from rejoined
        elif company is not None:
            yield from self._unlinked(side, record, company)
        elif takes_part(side, record) and (self._review or self._sync.force.has_new(record)):
            why = f"it names no company, so it is nobody's in {other_side(self._people, side).kind}"
            yield Noted(flow=self._people.name, subject=record.subject, why=why)

    def _rejoined(self, record: Record) -> list[Conclusion]:
        was = left(self._known, record)
        return list(rejoins(self._sync, record, was)) if was is not None else []

    def company(self, key: Key) -> Iterator[Conclusion]:
        """Conclude what follows for all people of a company, once it is linked."""
        if self._known.link_of(key) is None:
            return
        for side in self._people.sides:
            company = self._on(side, key)
            for record in self._of(side, company) if company is not None else ():
                if self._link_in(record.key) is not None:
                    yield from self._sync.judge(side, record)
                elif company is not None and self._is_free(record.key):
                    yield from self._unlinked(side, record, company)

    def _unlinked(self, side: Side, record: Record, company: Key) -> Iterator[Conclusion]:
        if (marked := self._sync.by_mark(side, record)) is not None:
            yield from marked
            return
        other = other_side(self._people, side)
        there = self._on(other, company)
        if there is None or not takes_part(side, record):
            return
        theirs = self._of(other, there)
        match self._found(side, record, other, theirs):
            case Link() as found:
                one = next(one for one in theirs if one.key[2] == found.record)
                self._joined |= {record.key, one.key}
                yield from self._sync.link_both(side, record, one, found.why)
            case Propose() as found:
                for asks in proposed(self._sync, other, record, found):
                    yield _within_company(asks, company)
            case _ if ask.waits(self._known, self._people, record):
                return
            case _ if self._may_be_under_way(side, record, other, theirs):
                return
            case _ if self._review or self._is_new(side, record, company):
                yield from self._newcomer(side, record, other, company)

    def _found(self, side: Side, record: Record, other: Side, theirs: Sequence[Record]) -> Verdict:
        """Say who somebody is, of the people of the other side that are free.

        One for whom somebody is yet to be made is the same only where that is sure: what is asked
        would be made before it is answered.
        """
        meeting = Meeting(self._known, self._people, side, other)
        hits = meeting.hits(record, theirs)
        alike = [one for one in theirs if one.key[2] in {hit.record for hit in hits}]
        free = {one.key[2] for one in alike if self._is_free(one.key)}
        waiting = {one.key[2] for one in alike if self._waits(side, one)}
        found = verdict([hit for hit in hits if hit.record in free | waiting])
        if isinstance(found, Link):
            return found
        return verdict([hit for hit in hits if hit.record in free])

    def _may_be_under_way(
        self, side: Side, record: Record, other: Side, theirs: Sequence[Record]
    ) -> bool:
        """Tell whether it may be what is being made for somebody like it: the answer tells that."""
        hits = Meeting(self._known, self._people, side, other).hits(record, theirs)
        alike = {hit.record for hit in hits}
        slots = [slot_for(self._sync, other, one) for one in theirs if one.key[2] in alike]
        found = [self._known.owed(slot) for slot in slots if slot is not None]
        return any(
            one is not None and not one.record and (one.under_way or one.look) for one in found
        )

    def _waits(self, side: Side, one: Record) -> bool:
        return one.key not in self._joined and self._sync.awaited(side, one) is not None

    def link(self, key: Key, theirs: Key, company: Key, why: str) -> Iterator[Conclusion]:
        """Link two people of a company, because a person said that they are the same."""
        side = side_of(self._people, key[0], key[1])
        record = self._free(side, company, key)
        if side is None or record is None:
            return
        other = other_side(self._people, side)
        there = self._on(other, company)
        one = self._free(other, there, theirs) if there is not None else None
        if one is not None:
            yield from self._sync.link_both(side, record, one, why)

    def make_other(self, key: Key, company: Key, *, unlike: bool) -> Iterator[Conclusion]:
        """Have a person of a company made on the other side, because a person said so.

        `unlike`: who said so had been told that nobody is like it. Where somebody is by now, that
        is another question.
        """
        side = side_of(self._people, key[0], key[1])
        record = self._free(side, company, key)
        if side is None or record is None:
            return
        other = other_side(self._people, side)
        there = self._on(other, company)
        theirs = self._of(other, there) if unlike and there is not None else []
        if isinstance(self._found(side, record, other, theirs), Nobody):
            yield from self._make(side, record, other, company)
        else:
            yield from self._unlinked(side, record, company)

    def _free(self, side: Side | None, company: Key, key: Key) -> Record | None:
        """Give somebody of a company who is in no link yet."""
        found = self._of(side, company) if side is not None else []
        free = (one for one in found if self._is_free(one.key))
        return next((one for one in free if one.key == key), None)

    def _is_free(self, key: Key) -> bool:
        return self._link_in(key) is None and key not in self._joined

    def _link_in(self, key: Key) -> UUID | None:
        return link_in(self._known, self._people, key)

    def _make(self, side: Side, record: Record, other: Side, company: Key) -> Iterator[Conclusion]:
        there = self._on(other, company)
        if there is None:
            return
        link = self._known.link_of(record.key) or new_link(self._people, record.key)
        yield from self._sync.join(
            link, [(record, self._sync.member(side, record))], "nobody is like it"
        )
        yield self._sync.create(link, other, "", within=there)

    def _newcomer(
        self, side: Side, record: Record, other: Side, company: Key
    ) -> Iterator[Conclusion]:
        rule = self._people.new[side.name]
        if rule == "create":
            yield from self._make(side, record, other, company)
        elif rule == "ask":
            yield _within_company(ask.newcomer(self._people, other, record), company)

    def _is_new(self, side: Side, record: Record, company: Key) -> bool:
        """Tell whether somebody came after the flow began, or since the company was last seen.

        Of somebody within a company's record it is not told when that was: nobody of a company
        that came itself after the flow began was there before.
        """
        if not side.within:
            return self._sync.force.has_new(record)
        whole, before = self._known.record(company), self._known.before(company)
        if whole is not None and self._sync.force.has_new(whole):
            return True
        if before is None:
            return False
        return record.key[2] not in {_id(entry) for entry in _entries(side, before)}

    def _company_of(self, side: Side, record: Record) -> Key | None:
        """Give the company that a person names."""
        named = record.fields.get(side.by) if side.by else None
        id_ = named.get("id") if isinstance(named, dict) else named
        return (*self._companies(side), id_) if isinstance(id_, str) and id_ else None

    def _companies(self, side: Side) -> tuple[str, str]:
        """Give the kind of the companies whose people a side has."""
        number = self._people.sides.index(side)
        company = self._company.sides[number]
        return company.connection, company.kind

    def _on(self, side: Side, company: Key) -> Key | None:
        """Give the company on a side: itself, or the first that it is linked with there."""
        kind = self._companies(side)
        if company[:2] == kind:
            return company
        link = self._known.link_of(company)
        members = self._known.members(link) if link is not None else ()
        return next(
            (each.key for each in members if (each.connection, each.kind) == kind),
            None,
        )

    def _of(self, side: Side, company: Key) -> list[Record]:
        """Give the people that a company has on a side."""
        if side.within:
            record = self._known.record(company)
            return [] if record is None else list(people_within(side, record))
        found = sorted(self._known.find(side.connection, side.kind, f"by {side.by}", company[2]))
        if not found:
            return []
        keys = [(side.connection, side.kind, each) for each in found]
        together(partial(self._known.record, key) for key in keys)
        together(partial(self._known.link_of, key) for key in keys)
        records = [self._known.record(key) for key in keys]
        return [one for one in records if one is not None and not one.gone]


def _within_company(asks: Asked, company: Key) -> Asked:
    """Keep with a question whose person it is about: one may be known by the company alone."""
    if not isinstance(asks, Asks):
        return asks
    return msgspec.structs.replace(asks, data={**asks.data, COMPANY: subject_of(company)})


def people_within(side: Side, company: Record) -> Iterator[Record]:
    """Make records of the people within a company's; what is known of it is known of them."""
    for entry in _entries(side, company):
        if id_ := _id(entry):
            yield Record(
                key=(side.connection, side.kind, id_),
                fields=entry,
                stamp=company.stamp,
                position=company.position,
            )


def _entries(side: Side, company: Record) -> list[dict[str, Any]]:
    entries = company.fields.get(side.within)
    return entries if isinstance(entries, list) else []


def _id(entry: dict[str, Any]) -> str:
    return str(entry.get(PERSON_ID) or "")
