"""What follows from a person's answer to what waited in the inbox.

A delivery that was refused is tried again, or not, where deliveries are folded; what was agreed is
put right here, so that all sides hear of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.conclusions import THE_HUB, Agreed, Member, Noted, Parted, Withdrawn
from hub.flows import agree, steps
from hub.flows.agree.judge import voices
from hub.flows.flow import Once, Sync, While
from hub.flows.judge import ask
from hub.flows.judge.go_on import go_on
from hub.flows.judge.joint import link_in
from hub.flows.judge.once import OnceJudge
from hub.flows.judge.people import COMPANY, PeopleJudge
from hub.flows.judge.place import holder, leaves, make_room, taken
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.whiles import WhileJudge
from hub.flows.judge.words import other_side, side_of
from hub.flows.known import key_of, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hub.conclusions import Conclusion
    from hub.events import Resolved
    from hub.flows.flow import Field
    from hub.flows.known import InForce, Item, Key, Known
    from hub.flows.steps import Canonical

TOO_LATE = "the answer came too late: it is not as it was when this was asked"


def resolve(known: Known, force: InForce, what: Resolved, by: str) -> list[Conclusion]:
    """Conclude what follows for one flow; an answer that came second changes nothing."""
    item = known.item(what.item)
    if item is None or item.settled != known.at:
        return []
    if isinstance(force.flow, Once) and item.flow == force.flow.name:
        return list(_of_case(OnceJudge(known, force, force.flow), item, what, by))
    if isinstance(force.flow, While) and item.flow == force.flow.name and "case" in item.data:
        opened = WhileJudge(known, force, force.flow).opened
        return list(opened.resolved(item.data["case"], what.choice)) if opened else []
    flow = _sync(force, item)
    if flow is None:
        return []
    if COMPANY in item.data and isinstance(force.flow, Sync) and force.flow.name == item.flow:
        people = PeopleJudge(known, force, force.flow, review=True)
        return list(_of_person(people, item, what, by))
    return list(_answered(SyncJudge(known, force, flow, review=True), item, what, by))


def _of_case(judge: OnceJudge, item: Item, what: Resolved, by: str) -> Iterator[Conclusion]:
    """Have a thing that is done once judged again, or left."""
    if what.choice == "retry" and "case" in item.data:
        yield from judge.again(item.data["case"])
    elif what.choice == "retry":
        yield from judge.anew(what.item)
    elif what.choice == ask.LEAVE:
        yield Noted(flow=item.flow, subject=item.subject, why=f"{_name(by)} said so")


def _of_person(people: PeopleJudge, item: Item, what: Resolved, by: str) -> Iterator[Conclusion]:
    key, company = key_of(item.subject), key_of(item.data[COMPANY])
    if what.choice.startswith(ask.LINK):
        theirs = key_of(what.choice.removeprefix(ask.LINK))
        found = list(people.link(key, theirs, company, f"{_name(by)} said so"))
    elif what.choice == ask.CREATE:
        unlike = item.reason == ask.NEWCOMER
        found = list(people.make_other(key, company, unlike=unlike))
    else:
        found = [Noted(flow=item.flow, subject=item.subject, why=f"{_name(by)} said so")]
    yield from found or [_too_late(item)]


def _name(by: str) -> str:
    return by.removeprefix("operator:")


def _answered(judge: SyncJudge, item: Item, what: Resolved, by: str) -> Iterator[Conclusion]:
    known, flow = judge.known, judge.flow
    why = f"{_name(by)} said so"
    match item.reason, what.choice:
        case ((ask.PROPOSAL | ask.NEWCOMER), choice) if choice.startswith(ask.LINK):
            yield from _link(judge, item, choice.removeprefix(ask.LINK), why)
        case ((ask.PROPOSAL | ask.NEWCOMER | ask.DUPLICATE), ask.CREATE):
            yield from _create(judge, item)
        case _, choice if choice.startswith(ask.LINK) and known.owed(what.item) is not None:
            yield from _adopt(judge, item, what, choice.removeprefix(ask.LINK), why)
        case ask.DUPLICATE, choice if choice.startswith(ask.TAKE):
            yield from _take_place(judge, item, why)
        case ask.CONFLICT, choice if choice.startswith(ask.TAKE):
            yield from _take(known, flow, item, choice.removeprefix(ask.TAKE), by)
        case ask.GONE, choice if choice != ask.LEAVE:
            yield from _of_gone(judge, item, choice, why)
        case _, ask.LEAVE | "skip":
            yield Noted(flow=flow.name, subject=item.subject, why=why)
        case "fault", "retry":
            yield from judge.record(key_of(item.subject))
        case _, "edit":
            yield from _edit(known, flow, what, by)


def _link(
    judge: SyncJudge, item: Item, theirs: str, why: str, *, of: Key | None = None
) -> Iterator[Conclusion]:
    """Link two records, that of the item or another, unless one has found another meanwhile."""
    known, key, other = judge.known, of or key_of(item.subject), key_of(theirs)
    together(partial(each, one) for each in (known.record, known.link_of) for one in (key, other))
    side, record, one = side_of(judge.flow, *key[:2]), known.record(key), known.record(other)
    if (
        side is None
        or record is None
        or record.gone
        or one is None
        or link_in(known, judge.flow, key) is not None
    ):
        yield _too_late(item)
    else:
        yield from judge.link_both(side, record, one, why)


def _adopt(
    judge: SyncJudge, item: Item, what: Resolved, theirs: str, why: str
) -> Iterator[Conclusion]:
    """Have one who is there take the place of what was to be made, or one beside it.

    Another part than was to be made has a place of its own: whoever needs that part owes it anew.
    """
    known, key = judge.known, key_of(theirs)
    asks: list[Callable[[], object]] = [
        partial(known.owed, what.item),
        partial(known.record, key),
        partial(known.link_of, key),
    ]
    together(asks)
    delivery, record = known.owed(what.item), known.record(key)
    side = side_of(judge.flow, key[0], key[1])
    is_free = record is not None and not record.gone and known.link_of(key) is None
    if side is None or record is None or delivery is None or delivery.link is None:
        yield _too_late(item)
        return
    if not is_free:
        yield from _link(judge, item, item.subject, why, of=key)
        return
    member = judge.member(side, record)
    if delivery.part in ("", member.part) or not member.part:
        member = msgspec.structs.replace(member, part=delivery.part)
    elif (by := holder(known, judge.flow, delivery.link, member)) is not None:
        yield from taken(known, judge.flow, delivery.link, member, by, why=why)
        return
    else:
        instead = f"it is linked with {record.subject}: {why}"
        yield Withdrawn(delivery=delivery.id, flow=judge.flow.name, why=instead)
    yield from judge.join(delivery.link, [(record, member)], why)


def _take_place(judge: SyncJudge, item: Item, why: str) -> Iterator[Conclusion]:
    """Have a record take the place in a link that another has, and leave its own for that."""
    known, key, link = judge.known, key_of(item.subject), UUID(item.data["link"])
    side, record, here = side_of(judge.flow, key[0], key[1]), known.record(key), known.link_of(key)
    if side is None or record is None or record.gone or here == link:
        yield _too_late(item)
        return
    member = msgspec.structs.replace(judge.member(side, record), part=item.data["part"])
    if here is not None:
        own = next(each for each in known.members(here) if each.subject == record.subject)
        yield Parted(link=here, member=own, why=why)
    if (by := holder(known, judge.flow, link, member)) is not None:
        yield from make_room(known, judge.flow, link, by, why)
    yield from judge.join(link, [(record, member)], why)


def _create(judge: SyncJudge, item: Item) -> Iterator[Conclusion]:
    key = key_of(item.subject)
    side, record = side_of(judge.flow, key[0], key[1]), judge.known.record(key)
    is_anew = bool(item.data.get(ask.ANEW))
    if side is None or record is None or record.gone:
        yield _too_late(item)
    elif is_anew:
        yield from judge.make_anew(side, record)
    elif link_in(judge.known, judge.flow, key) is not None:
        yield _too_late(item)
    elif item.reason == ask.NEWCOMER:
        yield from judge.make_if_unlike(side, record)
    else:
        yield from judge.make_other(side, record)
        yield from _newcomers(judge, item)


def _newcomers(judge: SyncJudge, item: Item) -> Iterator[Conclusion]:
    """Ask about those by themselves who are not the same as the one that was asked about."""
    for choice in item.choices if item.reason == ask.PROPOSAL else ():
        key = key_of(choice.removeprefix(ask.LINK))
        side = side_of(judge.flow, key[0], key[1]) if choice.startswith(ask.LINK) else None
        record = judge.known.record(key) if side is not None else None
        if side is None or record is None or link_in(judge.known, judge.flow, key) is not None:
            continue
        asked = judge.known.item(ask.item_of(judge.flow, ask.NEWCOMER, record.subject))
        if asked is not None and asked.settled_by == THE_HUB and not record.gone:
            yield ask.newcomer(judge.flow, other_side(judge.flow, side), record)


def _take(known: Known, flow: Sync, item: Item, who: str, by: str) -> Iterator[Conclusion]:
    """Have a field be what one of those says who disagree."""
    link, name = UUID(item.data["link"]), item.data["field"]
    agreement = known.agreement(link, flow.name)
    said = voices(agreement[name]) if name in agreement else {}
    if who not in said:
        yield _too_late(item)
        return
    yield from _settle(known, flow, link, {name: said[who]}, by)


def _edit(known: Known, flow: Sync, what: Resolved, by: str) -> Iterator[Conclusion]:
    """Have fields be what a person says, where a delivery could not say what was agreed."""
    delivery = known.owed(what.item)
    link = delivery.link if delivery is not None else None
    if delivery is not None and link is None and delivery.record:
        link = known.link_of((delivery.connection, delivery.kind, delivery.record))
    if link is not None:
        yield from _settle(known, flow, link, what.fields, by)


def _settle(
    known: Known, flow: Sync, link: UUID, values: Mapping[str, Canonical], by: str
) -> Iterator[Conclusion]:
    agreement = known.agreement(link, flow.name)
    for field in flow.fields:
        if field.name in values:
            value = values[field.name]
            agreement = agree.settle(agreement, field, value, by=by, at=known.at, same=_same)
            state = msgspec.to_builtins(agreement[field.name])
            yield Agreed(
                link=link, flow=flow.name, field=field.name, state=state, why="a person said so"
            )


def _of_gone(judge: SyncJudge, item: Item, choice: str, why: str) -> Iterator[Conclusion]:
    if choice == ask.UNLINK:
        yield from _unlink(judge, item, why)
    else:
        yield from list(go_on(judge, item, choice, why)) or [_too_late(item)]


def _unlink(judge: SyncJudge, item: Item, why: str) -> Iterator[Conclusion]:
    link, (connection, kind, record) = UUID(item.data["link"]), key_of(item.subject)
    part = item.data.get("part", "")
    member = Member(connection=connection, kind=kind, record=record, part=part)
    yield from leaves(judge.known, judge.flow, link, member, why, asked=True)


def _too_late(item: Item) -> Noted:
    return Noted(flow=item.flow, subject=item.subject, why=TOO_LATE)


def _sync(force: InForce, item: Item) -> Sync | None:
    """Give the sync that asked: the flow itself, or that of the people within it."""
    flow, (connection, kind, _) = force.flow, key_of(item.subject)
    if not isinstance(flow, Sync) or flow.name != item.flow:
        return None
    both = (flow, flow.people)
    return next((one for one in both if one and side_of(one, connection, kind)), None)


def _same(field: Field, one: Canonical, other: Canonical) -> bool:
    return steps.same(field.step, one, other)
