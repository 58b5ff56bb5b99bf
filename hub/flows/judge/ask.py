"""What a person is asked: the items that flows put into the inbox."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from hub.conclusions import Answers, Asks, Cased
from hub.flows.judge.choice import linked_in, to_link, to_take
from hub.flows.judge.reasons import (
    ANEW,
    BOTH,
    CHOICE,
    CONFLICT,
    CREATE,
    DUPLICATE,
    GONE,
    LEAVE,
    NEWCOMER,
    PROPOSAL,
    SKIP,
    UNLINK,
    WITH,
)
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hub.conclusions import Member
    from hub.flows.agree import Conflict
    from hub.flows.flow import Flow, Side, Sync
    from hub.flows.known import Item, Known, Record
    from hub.flows.match import Propose
    from hub.flows.steps import Canonical

ASKED = "asked"
"""The state of a record of which a person is asked by the question about another."""

_ITEMS = UUID("0b0f6c2e-8a0f-5a52-8f43-1d7d0a3e9b51")


def proposed(
    known: Known,
    flow: Sync,
    other: Side,
    record: Record,
    found: Propose,
    *,
    to_make: Mapping[str, UUID],
) -> Iterator[Asks | Answers | Cased]:
    """Propose others as the same as a record, unless each has been asked about together with it.

    Both of a pair are judged, each in its turn; the question of the one is that of the other. So
    is that of what was `to_make` for the other, and may be this one; and who matched nobody before
    is asked about in this one from now on.
    """
    asks = proposal(flow, other, record, found)
    subjects = [f"{other.connection}.{other.kind}/{each}" for each in found.records]
    items = {one: _questions_of(flow, record.subject, one, to_make) for one in subjects}
    together(partial(known.item, item) for some in items.values() for item in some)
    asked = {
        one: item
        for one, some in items.items()
        for item, whom in some.items()
        if _asks_of(known.item(item), whom)
    }
    own = known.item(asks.item)
    if len(asked) < len(items) or (own is not None and own.settled is None):
        yield asks
        is_of_people = other.by or other.within
        for subject in () if is_of_people else subjects:
            newcomer = known.item(item_of(flow, NEWCOMER, subject))
            if newcomer is not None and newcomer.settled is None and ANEW not in newcomer.data:
                why = f"it may be the same as {record.subject}: that is asked"
                yield Answers(item=item_of(flow, NEWCOMER, subject), why=why)
                yield asked_there(flow, subject, {record.subject: asks.item})
    else:
        yield asked_there(flow, record.subject, asked)


def _questions_of(
    flow: Sync, subject: str, other: str, to_make: Mapping[str, UUID]
) -> dict[UUID, str]:
    """Give the questions that may be about a pair already, and whom each is to name for that."""
    made = to_make.get(other)
    found = {
        item_of(flow, PROPOSAL, other): subject,
        item_of(flow, BOTH, other): subject,
        item_of(flow, BOTH, subject): other,
    }
    return found if made is None else {**found, made: subject}


def asked_there(flow: Sync, subject: str, asked: Mapping[str, UUID]) -> Cased:
    """Keep where a person is asked about somebody: until that is settled he is not passed over."""
    why = f"whether it is the same as {', '.join(asked)} is asked there"
    data = {"items": [str(item) for item in asked.values()]}
    return Cased(flow=flow.name, case=f"{PROPOSAL} {subject}", state=ASKED, data=data, why=why)


def was_passed_over(known: Known, flow: Sync, record: Record, item: UUID) -> bool:
    """Tell whether nothing was done for a record because of a question about another."""
    case = known.case(flow.name, f"{PROPOSAL} {record.subject}")
    return case is not None and str(item) in case.data["items"]


def _asks_of(item: Item | None, subject: str) -> bool:
    """Tell whether a question is about a record, and waits, or was left by a person."""
    if item is None:
        return False
    if subject not in linked_in(item.choices) and item.data.get(WITH) != subject:
        return False
    return item.settled is None or item.data.get(CHOICE) in (LEAVE, SKIP)


def proposal(flow: Sync, other: Side, record: Record, found: Propose) -> Asks:
    subjects = [f"{other.connection}.{other.kind}/{each}" for each in found.records]
    return Asks(
        item=item_of(flow, PROPOSAL, record.subject),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{record.subject} may be the same as {', '.join(subjects)}: {found.why}.",
        subject=record.subject,
        choices=[*map(to_link, subjects), CREATE, LEAVE],
    )


def linked_both(
    known: Known, flow: Sync, record: Record, theirs: Record, why: str
) -> Iterator[Asks | Answers]:
    """Say of two who are the same why they are not linked, and what a person can do.

    Each is in a link of its own by now. It is a question of its own: whether they are the same is
    asked no more.
    """
    one, other = record.subject, theirs.subject
    here, there = (_members(known, each) for each in (record, theirs))
    links = f"{one} is {_linked(one, here)}; {other} is {_linked(other, there)}"
    asks = Asks(
        item=item_of(flow, BOTH, one),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{one} is the same as {other} ({why}), but each is in a link of its own: {links}."
        f" {_first(here, there)}To make these one: hub links merge {other} {one}",
        subject=one,
        choices=[LEAVE],
        data={WITH: other},
    )
    yield asks
    items = [item_of(flow, PROPOSAL, each) for each in (one, other)]
    together(partial(known.item, item) for item in items)
    for item, whom in zip(items, (other, one), strict=True):
        asked = known.item(item)
        if asked is not None and asked.settled is None and _asks_of(asked, whom):
            yield Answers(item=item, why=asks.sentence)


def _members(known: Known, record: Record) -> Sequence[Member]:
    link = known.link_of(record.key)
    return known.members(link) if link is not None else ()


def _linked(subject: str, members: Sequence[Member]) -> str:
    others = [one.subject for one in members if one.subject != subject]
    return f"linked with {', '.join(others)}" if others else "alone in its link"


def _first(here: Sequence[Member], there: Sequence[Member]) -> str:
    """Say what is in the way of one link: two of one kind and part."""
    places = {(one.connection, one.kind, one.part): one.subject for one in here}
    both = (
        f"{places[place]} and {one.subject}"
        for one in there
        if (place := (one.connection, one.kind, one.part)) in places
    )
    first = next(both, None)
    way = "merge these where they are, or take one out of its link: hub links split"
    return "" if first is None else f"One link has no place for both {first}: {way}. "


def newcomer(flow: Sync, other: Side, record: Record) -> Asks:
    return Asks(
        item=item_of(flow, NEWCOMER, record.subject),
        flow=flow.name,
        reason=NEWCOMER,
        sentence=f"{record.subject} matches nobody in {other.connection}.{other.kind}, and "
        f"{flow.name} makes none there by itself.",
        subject=record.subject,
        choices=[CREATE, LEAVE],
    )


def anew(flow: Sync, source: str, lost: str, *, alone: bool) -> Asks:
    """Ask about a record that was made once and is gone; beside others it is not made by a word."""
    by_hand = (
        "" if alone else " Make it there by hand, and say that it is the same: hub links merge."
    )
    return Asks(
        item=item_of(flow, NEWCOMER, source),
        flow=flow.name,
        reason=NEWCOMER,
        sentence=f"{lost}, which was made for {source}, is gone: nothing is made in its place "
        f"unless a person says so.{by_hand}",
        subject=source,
        choices=[CREATE, LEAVE] if alone else [LEAVE],
        data={ANEW: True},
    )


def there_once_more(flow: Sync, record: Record, theirs: Sequence[str], why: str) -> Asks:
    """Ask about a record that was gone, and cannot simply be again where it was."""
    return Asks(
        item=item_of(flow, PROPOSAL, record.subject),
        flow=flow.name,
        reason=PROPOSAL,
        sentence=f"{record.subject} was gone and is there again, and matches nobody as it is now. "
        f"{why}. Nothing is made for it unless a person says so.",
        subject=record.subject,
        choices=[*map(to_link, theirs), CREATE, LEAVE],
        data={ANEW: True},
    )


def conflict(flow: Sync, link: UUID, what: Conflict, members: Sequence[Member]) -> Asks:
    said_by = [f"{who} says {_shown(value)}" for who, value in what.values.items()]
    return Asks(
        item=item_of(flow, CONFLICT, f"{link}/{what.field}"),
        flow=flow.name,
        reason=CONFLICT,
        sentence=f"Both changed {what.field}: {', '.join(said_by)}; before, it was "
        f"{_shown(what.agreed)}.",
        subject=members[0].subject if members else "",
        choices=[to_take(who) for who in what.values],
        data={"link": str(link), "field": what.field, "values": what.values},
    )


def gone(flow: Sync, link: UUID, member: Member, others: Sequence[Member]) -> Asks:
    linked = ", ".join(each.subject for each in others)
    return Asks(
        item=item_of(flow, GONE, member.subject),
        flow=flow.name,
        reason=GONE,
        sentence=f"{member.subject} is gone; it was linked with {linked}.",
        subject=member.subject,
        choices=[UNLINK, LEAVE],
        data={"link": str(link), "part": member.part},
    )


def moot(known: Known, flow: Sync, records: Iterable[Record]) -> Iterator[Answers]:
    """Settle what was asked of records that have found their link by themselves."""
    items = [
        item_of(flow, reason, record.subject)
        for record in records
        for reason in (PROPOSAL, BOTH, NEWCOMER, DUPLICATE)
    ]
    together(partial(known.item, item) for item in items)
    for item in items:
        found = known.item(item)
        if found is not None and found.settled is None:
            yield Answers(item=item, why="it was linked meanwhile")


def settled_by_return(known: Known, flow: Sync, record: Record) -> Iterator[Answers]:
    """Settle what was asked of a record that was gone."""
    item = item_of(flow, GONE, record.subject)
    found = known.item(item)
    if found is not None and found.settled is None:
        yield Answers(item=item, why="it is there again")


def item_of(flow: Flow, reason: str, about: str) -> UUID:
    """Give the id of an item: asked again, it is the same."""
    return uuid5(_ITEMS, f"{flow.id}/{reason}/{about}")


def _shown(value: Canonical) -> str:
    return "nothing" if value is None else f"“{value}”"


def waits(known: Known, flow: Sync, record: Record) -> bool:
    """Tell whether a person is being asked who somebody is: until then none is made for him."""
    case = known.case(flow.name, f"{PROPOSAL} {record.subject}")
    there = [UUID(each) for each in case.data["items"]] if case is not None else []
    own = [item_of(flow, each, record.subject) for each in (PROPOSAL, BOTH)]
    items = together(partial(known.item, each) for each in (*own, *there))
    return any(item is not None and item.settled is None for item in items)
