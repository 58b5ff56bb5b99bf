"""Who may go on as a record that is gone: a vendor that merges two does not always say which stays.

Three things tell it. Those that it was linked with have the keys of another; their people name
another company now; and so do the records that their documents were made for.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.flows import books, steps
from hub.flows.flow import LinkNeed, Once
from hub.flows.judge.choice import Choice
from hub.flows.judge.keys import holds
from hub.flows.judge.meet import Meeting
from hub.flows.judge.reasons import LINK
from hub.flows.judge.words import other_side, takes_part
from hub.flows.known import together
from hub.flows.match import Link, Propose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Asks, Member
    from hub.flows.flow import Side, Sync
    from hub.flows.known import Key, Known, Record

DOCUMENTS_MAX = 50
"""So many of a customer's documents are looked at, the newest: they move together."""


class Survivor(msgspec.Struct, frozen=True, kw_only=True):
    """One that may go on, and what tells that."""

    record: Record
    why: str
    link: UUID | None
    linked: Sequence[Member]
    """Those of the other side that it is linked with."""


class Survivors:
    """Looks for who may go on as what is gone of one side of a sync."""

    def __init__(self, known: Known, flow: Sync, side: Side) -> None:
        self._known = known
        self._flow = flow
        self._side = side
        self._other = other_side(flow, side)

    def of(self, gone: Key, others: Iterable[Record]) -> list[Survivor]:
        """Give who may go on as one that is gone, by those that it was linked with.

        A person is known within a company alone, so of people nothing is told.
        """
        if self._side.by or self._side.within:
            return []
        whys: dict[Key, str] = {}
        for one in others:
            for key, why in (*self._by_keys(one), *self._by_people(one), *self._by_documents(one)):
                if key != gone:
                    whys.setdefault(key, why)
        found = [self._survivor(key, why) for key, why in whys.items()]
        return [one for one in found if one is not None]

    def _survivor(self, key: Key, why: str) -> Survivor | None:
        known, other = self._known, self._other
        asks: list[Callable[[], object]] = [
            partial(known.record, key),
            partial(known.link_of, key),
        ]
        together(asks)
        record, link = known.record(key), known.link_of(key)
        if record is None or not takes_part(self._side, record):
            return None
        members = known.members(link) if link is not None else ()
        linked = [one for one in members if _kind(one) == (other.connection, other.kind)]
        return Survivor(record=record, why=why, link=link, linked=linked)

    def _by_keys(self, one: Record) -> Iterator[tuple[Key, str]]:
        found = Meeting(self._known, self._flow, self._other, self._side).of(one)
        if isinstance(found, Link | Propose):
            records = found.records if isinstance(found, Propose) else (found.record,)
            for each in records:
                yield self._key(each), found.why

    def _by_people(self, one: Record) -> Iterator[tuple[Key, str]]:
        """Follow the people of a customer to the company that they are of now."""
        if self._flow.people is None:
            return
        numbers = [self._flow.sides.index(each) for each in (self._side, self._other)]
        mine, theirs = (self._flow.people.sides[number] for number in numbers)
        keys = [(theirs.connection, theirs.kind, each) for each in self._people(theirs, one)]
        together(partial(self._known.link_of, key) for key in keys)
        for link in filter(None, (self._known.link_of(key) for key in keys)):
            for member in self._known.members(link):
                if _kind(member) == (mine.connection, mine.kind):
                    for id_ in self._companies(mine, member):
                        yield self._key(id_), f"{member.subject} is there now"

    def _people(self, side: Side, one: Record) -> list[str]:
        if not side.within:
            return sorted(self._known.find(side.connection, side.kind, f"by {side.by}", one.key[2]))
        return [str(each.get(books.PERSON_ID) or "") for each in one.fields.get(side.within) or ()]

    def _companies(self, side: Side, person: Member) -> list[str]:
        """Give the companies that a person is of."""
        if side.within:
            kind = (self._side.connection, self._side.kind)
            return sorted(self._known.find(*kind, holds(side.kind), person.record))
        record = self._known.record((person.connection, person.kind, person.record))
        named = record.fields.get(side.by) if record is not None and not record.gone else None
        return _named(named)

    def _by_documents(self, one: Record) -> Iterator[tuple[Key, str]]:
        """Follow the documents of a customer to the company that their sources name now."""
        for force in self._known.flows.values():
            if not isinstance(force.flow, Once) or force.flow.make.connection != one.key[0]:
                continue
            for need in force.flow.needs:
                if isinstance(need, LinkNeed) and need.of == self._flow.name:
                    yield from self._by_sources(force.flow, need, one)

    def _by_sources(self, once: Once, need: LinkNeed, one: Record) -> Iterator[tuple[Key, str]]:
        for source in self._sources(once, one):
            for id_ in _named(steps.value_at({once.source.name: source.fields}, need.path)):
                yield self._key(id_), f"{source.subject} names it now"

    def _sources(self, once: Once, one: Record) -> list[Record]:
        connection, kind = once.make.connection, once.make.kind
        customer = books.CUSTOMER if kind in books.SUMMED else ""
        found = sorted(self._known.find(connection, kind, f"by {customer}", one.key[2]))
        keys = [(connection, kind, each) for each in found[-DOCUMENTS_MAX:]]
        documents = together(partial(self._known.record, key) for key in keys)
        made = together(partial(self._known.marked, each) for each in documents if each is not None)
        cases = {each.case for each in made if each is not None and each.flow == once.name}
        place = (once.source.connection, once.source.kind)
        sources = together(partial(self._known.record, (*place, each)) for each in sorted(cases))
        return [each for each in sources if each is not None and not each.gone]

    def _key(self, record: str) -> Key:
        return self._side.connection, self._side.kind, record


def left_by(known: Known, flow: Sync, key: Key) -> list[Key]:
    """Give the records of a sync that a record named until now, where it names others instead."""
    fields = list(_naming(known, flow, key))
    before, record = (known.before(key), known.record(key)) if fields else (None, None)
    if before is None or record is None:
        return []
    return [
        (side.connection, side.kind, id_)
        for side, field in fields
        for id_ in _named(before.fields.get(field))
        if id_ not in _named(record.fields.get(field))
    ]


def _naming(known: Known, flow: Sync, key: Key) -> Iterator[tuple[Side, str]]:
    """Give the fields in which a record names one of a sync: as its company, or as its customer."""
    if flow.people is not None:
        for company, side in zip(flow.sides, flow.people.sides, strict=True):
            if side.by and (side.connection, side.kind) == key[:2]:
                yield company, side.by
    for force in known.flows.values():
        once = force.flow
        if not isinstance(once, Once) or (once.source.connection, once.source.kind) != key[:2]:
            continue
        for need in once.needs:
            if isinstance(need, LinkNeed) and need.of == flow.name and len(need.path) > 1:
                yield from ((one, need.path[1]) for one in flow.sides if one.connection == key[0])


def may_be(asks: Asks, found: Sequence[Survivor], theirs: Sequence[Member]) -> Asks:
    """Say beside a question about what is gone who may go on as it, and offer to have it so."""
    each = " or ".join(f"{one.record.subject} ({_told(one)})" for one in found)
    names = _named_all(theirs)
    sentence = (
        f"{asks.sentence} It may have been merged into {each}. Until a person says so, nothing "
        f"that is said of {names} is said of another."
    )
    offered = [choice for one in found for choice in _choices(one, theirs)]
    if any(each.stays for each in offered):
        sentence += (
            " Whoever does not stay is kept beside the one who does, as a duplicate, and is told "
            "the same, until people merge the two at their vendor."
        )
    choices = [*map(str, offered), *asks.choices]
    return msgspec.structs.replace(asks, sentence=sentence, choices=choices)


def _choices(one: Survivor, theirs: Sequence[Member]) -> list[Choice]:
    """Offer to have it go on; where both sides of a merge have a place, say whose it is then."""
    places = {(each.kind, each.part) for each in theirs}
    holding = [each for each in one.linked if (each.kind, each.part) in places]
    held = {(each.kind, each.part) for each in holding}
    claiming = [each for each in theirs if (each.kind, each.part) in held]
    name = one.record.subject
    if not holding:
        return [Choice(word=LINK, whom=name)]
    stays = (tuple(each.subject for each in some) for some in (holding, claiming))
    return [Choice(word=LINK, whom=name, stays=each) for each in stays]


def _told(one: Survivor) -> str:
    names = _named_all(one.linked)
    return one.why if not names or names in one.why else f"{one.why}; linked with {names}"


def _named_all(members: Sequence[Member]) -> str:
    return " and ".join(each.subject for each in members)


def _named(said: object) -> list[str]:
    """Read the id of a record that is named in a field."""
    id_ = said.get("id") if isinstance(said, dict) else said
    return [id_] if isinstance(id_, str) and id_ else []


def _kind(member: Member) -> tuple[str, str]:
    return member.connection, member.kind
