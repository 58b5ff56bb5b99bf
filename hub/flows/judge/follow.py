"""What follows from each choice of a person, where a sync asked.

What was refused is tried again, or not, where deliveries are folded; what was agreed is put right
here, so that all sides hear of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.conclusions import THE_HUB, Agreed, Member, Noted, Parted, Withdrawn
from hub.flows import agree, steps
from hub.flows.agree.judge import voices
from hub.flows.judge import reasons
from hub.flows.judge.ask import item_of, newcomer, was_passed_over
from hub.flows.judge.away import leaves, make_room
from hub.flows.judge.choice import linked_in
from hub.flows.judge.chosen import too_late
from hub.flows.judge.go_on import go_on
from hub.flows.judge.joint import link_in
from hub.flows.judge.place import holder, moves_up, taken
from hub.flows.judge.reasons import CREATE, EDIT, LEAVE, LINK, RETRY, SKIP, TAKE, UNLINK
from hub.flows.judge.words import other_side, side_of
from hub.flows.known import key_of, together
from hub.flows.match import Link, Propose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hub.conclusions import Conclusion
    from hub.flows.flow import Field, Side
    from hub.flows.judge.chosen import Chosen
    from hub.flows.judge.sync import SyncJudge
    from hub.flows.known import Item, Key, Record
    from hub.flows.steps import Canonical


def follow(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Conclude what follows for a sync."""
    reason, _, _ = chosen.item.reason.partition(":")
    word = chosen.choice.word
    follows = FOLLOWS.get((reason, word)) or ALWAYS.get(word, _late)
    yield from follows(judge, chosen)


def _late(_: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Say that nothing follows from a choice which is not, or no longer, one for this reason."""
    yield too_late(chosen.item)


def _left(_: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    yield Noted(flow=chosen.item.flow, subject=chosen.item.subject, why=chosen.why)


def _delivered(_: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:  # noqa: ARG001
    """Conclude nothing: it is tried again where deliveries are folded."""
    return iter(())


def _judged(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    return judge.record(key_of(chosen.item.subject))


def _link(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Link the record of the item with another."""
    return _link_two(judge, chosen, key_of(chosen.item.subject), key_of(chosen.choice.whom))


def _link_two(judge: SyncJudge, chosen: Chosen, key: Key, other: Key) -> Iterator[Conclusion]:
    """Link two records, unless one has found another meanwhile."""
    known = judge.known
    together(partial(each, one) for each in (known.record, known.link_of) for one in (key, other))
    side, record, one = side_of(judge.flow, *key[:2]), known.record(key), known.record(other)
    if (
        side is None
        or record is None
        or record.gone
        or one is None
        or link_in(known, judge.flow, key) is not None
    ):
        yield too_late(chosen.item)
    else:
        yield from judge.link_both(side, record, one, chosen.why)


def _adopt(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Have one who is there take the place of what was to be made, or one beside it.

    Another part than was to be made has a place of its own: whoever needs that part owes it anew.
    """
    known, key, why = judge.known, key_of(chosen.choice.whom), chosen.why
    asks: list[Callable[[], object]] = [
        partial(known.owed, chosen.id),
        partial(known.record, key),
        partial(known.link_of, key),
    ]
    together(asks)
    delivery, record = known.owed(chosen.id), known.record(key)
    side = side_of(judge.flow, key[0], key[1])
    is_free = record is not None and not record.gone and known.link_of(key) is None
    if side is None or record is None or delivery is None or delivery.link is None:
        yield too_late(chosen.item)
        return
    if not is_free:
        yield from _link_two(judge, chosen, key, key_of(chosen.item.subject))
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


def _take_place(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Have a record take the place in a link that another has, and leave its own for that."""
    item, why = chosen.item, chosen.why
    known, key, link = judge.known, key_of(item.subject), UUID(item.data["link"])
    side, record, here = side_of(judge.flow, key[0], key[1]), known.record(key), known.link_of(key)
    if side is None or record is None or record.gone or here == link:
        yield too_late(item)
        return
    member = msgspec.structs.replace(judge.member(side, record), part=item.data["part"])
    if here is not None:
        own = next(each for each in known.members(here) if each.subject == record.subject)
        yield Parted(link=here, member=own, why=why)
    if (by := holder(known, judge.flow, link, member)) is not None:
        yield from make_room(known, judge.flow, link, by, why)
    yield from judge.join(link, [(record, member)], why)


def _create(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    item, key = chosen.item, key_of(chosen.item.subject)
    side, record = side_of(judge.flow, key[0], key[1]), judge.known.record(key)
    if side is None or record is None or record.gone:
        yield too_late(item)
    elif item.data.get(reasons.ANEW):
        yield from judge.make_anew(side, record)
    elif link_in(judge.known, judge.flow, key) is not None:
        yield too_late(item)
    elif item.reason == reasons.NEWCOMER:
        yield from judge.make_if_unlike(side, record)
    else:
        yield from judge.make_other(side, record)
        yield from _others(judge, chosen.id, item)


def _others(judge: SyncJudge, id_: UUID, item: Item) -> Iterator[Conclusion]:
    """Go on with those by themselves who are not the same as the one that was asked about."""
    for subject in linked_in(item.choices) if item.reason == reasons.PROPOSAL else ():
        key = key_of(subject)
        side = side_of(judge.flow, key[0], key[1])
        record = judge.known.record(key) if side is not None else None
        if side is None or record is None or link_in(judge.known, judge.flow, key) is not None:
            continue
        asked = judge.known.item(item_of(judge.flow, reasons.NEWCOMER, record.subject))
        was_asked = asked is not None and asked.settled_by == THE_HUB
        if record.gone or not (was_asked or was_passed_over(judge.known, judge.flow, record, id_)):
            continue
        if judge.flow.new[side.name] == "create" and not _is_like_another(
            judge, side, record, item
        ):
            yield from judge.make_other(side, record)
        elif judge.flow.new[side.name] != "ignore":
            yield newcomer(judge.flow, other_side(judge.flow, side), record)


def _is_like_another(judge: SyncJudge, side: Side, record: Record, item: Item) -> bool:
    """Tell whether somebody else may be it than whom a person said that it is not."""
    found = judge.meet(side, record)
    if isinstance(found, Propose):
        return {*found.records} != {key_of(item.subject)[2]}
    return isinstance(found, Link)


def _take(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Have a field be what one of those says who disagree."""
    link, name = UUID(chosen.item.data["link"]), chosen.item.data["field"]
    agreement = judge.known.agreement(link, judge.flow.name)
    said = voices(agreement[name]) if name in agreement else {}
    if chosen.choice.whom not in said:
        yield too_late(chosen.item)
        return
    yield from _settle(judge, link, {name: said[chosen.choice.whom]}, chosen.by)


def _edit(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    """Have fields be what a person says, where a delivery could not say what was agreed."""
    known, delivery = judge.known, judge.known.owed(chosen.id)
    link = delivery.link if delivery is not None else None
    if delivery is not None and link is None and delivery.record:
        link = known.link_of(delivery.key)
    if link is None:
        yield too_late(chosen.item)
        return
    yield from _settle(judge, link, chosen.fields, chosen.by)


def _settle(
    judge: SyncJudge, link: UUID, values: Mapping[str, Canonical], by: str
) -> Iterator[Conclusion]:
    known, flow = judge.known, judge.flow
    agreement = known.agreement(link, flow.name)
    for field in flow.fields:
        if field.name in values:
            value = values[field.name]
            agreement = agree.settle(agreement, field, value, by=by, at=known.at, same=_same)
            state = msgspec.to_builtins(agreement[field.name])
            yield Agreed(
                link=link, flow=flow.name, field=field.name, state=state, why="a person said so"
            )


def _same(field: Field, one: Canonical, other: Canonical) -> bool:
    return steps.same(field.step, one, other)


def _go_on(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    found = list(go_on(judge, chosen.item, chosen.choice, chosen.why))
    yield from found or [too_late(chosen.item)]


def _unlink(judge: SyncJudge, chosen: Chosen) -> Iterator[Conclusion]:
    data, (connection, kind, record) = chosen.item.data, key_of(chosen.item.subject)
    member = Member(connection=connection, kind=kind, record=record, part=data.get("part", ""))
    link = UUID(data["link"])
    yield from leaves(judge.known, judge.flow, link, member, chosen.why, asked=True)
    yield from moves_up(judge.known, judge.flow, link, member, chosen.why)


FOLLOWS: Mapping[tuple[str, str], Callable[[SyncJudge, Chosen], Iterator[Conclusion]]] = {
    (reasons.PROPOSAL, LINK): _link,
    (reasons.PROPOSAL, CREATE): _create,
    (reasons.NEWCOMER, LINK): _link,
    (reasons.NEWCOMER, CREATE): _create,
    (reasons.DUPLICATE, TAKE): _take_place,
    (reasons.DUPLICATE, CREATE): _create,
    (reasons.CONFLICT, TAKE): _take,
    (reasons.GONE, LINK): _go_on,
    (reasons.GONE, UNLINK): _unlink,
    (reasons.ALIKE, LINK): _adopt,
    (reasons.ALIKE, CREATE): _delivered,
    (reasons.REFUSED, LINK): _adopt,
    (reasons.REFUSED, RETRY): _delivered,
    (reasons.REFUSED, EDIT): _edit,
    (reasons.RESTLESS, RETRY): _delivered,
    (reasons.FAULT, RETRY): _judged,
}
"""By the reason of an item and what was chosen."""

ALWAYS = {LEAVE: _left, SKIP: _left}
"""What can be chosen whatever was asked."""
