"""Judge an event by every flow that is in force and is about it."""

from __future__ import annotations

import logging
from functools import partial
from operator import ne
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid5

import msgspec

from hub.conclusions import Asks, Joined
from hub.events import Answered, event_of, payload
from hub.flows.flow import Once, Sync, While
from hub.flows.judge.agreeing import Agreeing
from hub.flows.judge.ask import moot
from hub.flows.judge.away import back
from hub.flows.judge.brake import braked
from hub.flows.judge.joint import link_in
from hub.flows.judge.once import OnceJudge
from hub.flows.judge.pair import met
from hub.flows.judge.people import PeopleJudge
from hub.flows.judge.reasons import FAULT, RETRY, SKIP
from hub.flows.judge.resolve import resolve
from hub.flows.judge.survivor import left_by
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.vanished import vanished
from hub.flows.judge.whiles import WhileJudge
from hub.flows.judge.words import side_of
from hub.flows.known import NotAtHand, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.events import Event, Linked
    from hub.flows.known import InForce, Key, Known

_log = logging.getLogger(__name__)

TYPES = frozenset(
    {"observed", "gone", "reviewed", "answered", "fetched", "due", "day_began", "resolved"}
    | {"mode_set", "linked", "merged", "redelivered"}
)


ASKED_FOR = frozenset({"reviewed", "resolved", "linked", "merged", "redelivered"})
"""What follows from these a person has asked for: a brake does not count it."""


class Step(NamedTuple):
    """Something to judge: by one sync, or by all other flows, for which records are linked."""

    event: Event
    sync: str = ""


def steps_of(event: Event, known: Known) -> Iterator[Step]:
    """Give what is judged one after the other, each knowing what those before have concluded.

    Syncs take turns, for the link that one of them begins is the one that the next goes on with.
    Who had a record made comes first: it knows its link, in which the others are yet to match it.
    """
    flows = known.flows.items()
    names = [name for name, one in flows if isinstance(one.flow, Sync) and one.decides]
    if len(names) > 1:
        names.sort(key=partial(ne, _maker(event, known)))
    for one in _one_by_one(event):
        yield from (Step(one, sync=name) for name in names)
        yield Step(one)


def _maker(event: Event, known: Known) -> str:
    """Name the flow for which a record was made, by the hub's mark on it."""
    record = known.record(_key(event)) if event.type == "observed" else None
    owed = known.marked(record) if record is not None else None
    return owed.flow if owed is not None else ""


def _one_by_one(event: Event) -> Iterator[Event]:
    if event.type != "reviewed":
        yield event
        return
    what = payload(event)
    for record in what.records:
        one = msgspec.structs.replace(what, records=[record])
        yield msgspec.structs.replace(event, data=event_of(one).data)


def judge(known: Known, step: Step, before: Sequence[Conclusion] = ()) -> list[Conclusion]:
    """Give all that follows from an event, by the flows as they are in force right after it.

    `before` is what the steps before this one have concluded.
    """
    event = step.event
    if event.type not in TYPES or _is_in_doubt(known, event) or _is_unread(event):
        return []
    joined = [one for one in before if isinstance(one, Joined)]
    found: list[Conclusion] = []
    for force in known.flows.values():
        is_sync = isinstance(force.flow, Sync)
        if force.decides and (force.flow.name == step.sync if is_sync else not step.sync):
            concluded = _or_why_not(known, force, event, joined)
            brake = None
            if concluded and event.type not in ASKED_FOR:
                brake = braked(known, force, concluded)
            found += [*([brake] if brake else []), *concluded]
    return found


def _is_in_doubt(known: Known, event: Event) -> bool:
    """Tell whether what was seen may be older than what is known: the read that decides is judged.

    A webhook that comes late may bear the very second of the hub's own write, and be from before.
    """
    if event.type != "observed" or not known.flows:
        return False
    record = known.record(_key(event))
    return record is not None and record.doubt and not record.gone


def _is_unread(event: Event) -> bool:
    """Tell whether nothing was read, for all was known: who waits for a reading still waits."""
    return event.type == "fetched" and payload(event).known


def _or_why_not(
    known: Known, force: InForce, event: Event, joined: Sequence[Joined]
) -> list[Conclusion]:
    """Have a flow judge; one that stumbles stops no other, and a person is told."""
    try:
        return list(_by_flow(known, force, event, joined))
    except NotAtHand:
        raise
    except Exception as error:  # noqa: BLE001 - said, and one flow stops no other
        _log.exception("%s stumbled at event %d", force.flow.name, event.position)
        return [
            Asks(
                item=uuid5(event.id, f"{force.flow.id}/fault"),
                flow=force.flow.name,
                reason=FAULT,
                sentence=f"It could not be judged: {type(error).__name__}: {error}",
                subject=event.subject,
                choices=[RETRY, SKIP],
            )
        ]


def _by_flow(
    known: Known, force: InForce, event: Event, joined: Sequence[Joined]
) -> Iterator[Conclusion]:
    yield from vanished(known, force.flow, event)
    if event.type == "resolved":
        yield from resolve(known, force, payload(event), event.origin or "")
    match force.flow:
        case Sync() as flow:
            yield from _by_sync(known, force, flow, event)
        case Once() as flow:
            judge = OnceJudge(known, force, flow)
            yield from _by_once(judge, flow, event)
            yield from judge.waiting(_news(known, event, joined))
        case While() as flow:
            while_judge = WhileJudge(known, force, flow)
            yield from _by_while(while_judge, flow, event)
            yield from while_judge.linked(_joining(known, event, joined))


def _news(known: Known, event: Event, joined: Sequence[Joined]) -> list[Key]:
    """Give the records that were seen, and those that were linked for it, or by a person."""
    seen = [_key(event)] if event.type in ("observed", "gone") else []
    return [*seen, *_joining(known, event, joined)]


def _joining(known: Known, event: Event, joined: Sequence[Joined]) -> list[Key]:
    """Give the records that were linked for it, or by a person."""
    match event.type:
        case "linked":
            told = _keys(payload(event).members)
        case "merged":
            told = _keys(known.members(payload(event).into))
        case _:
            told = []
    return [*told, *_keys(each for one in joined for each in one.members)]


def _keys(members: Iterable[Member]) -> list[Key]:
    return [(each.connection, each.kind, each.record) for each in members]


def _by_sync(known: Known, force: InForce, flow: Sync, event: Event) -> Iterator[Conclusion]:
    match event.type:
        case "observed" | "gone":
            yield from _record(known, force, flow, _key(event))
            yield from _left_behind(known, force, flow, _key(event))
        case "reviewed":
            what = payload(event)
            for record in what.records if what.flow == flow.name else ():
                key = (event.connection or "", event.kind or "", record)
                yield from _record(known, force, flow, key, review=True)
        case "answered":
            yield from _after(known, flow, payload(event))
            yield from _who_is_there(known, force, flow, payload(event))
        case "linked":
            for each in filter(None, (flow, flow.people)):
                yield from _linked(SyncJudge(known, force, each, review=True), payload(event))
        case "merged":
            for each in filter(None, (flow, flow.people)):
                yield from _merged(SyncJudge(known, force, each), payload(event).into)


def _by_once(judge: OnceJudge, flow: Once, event: Event) -> Iterator[Conclusion]:
    match event.type:
        case "observed" | "gone":
            yield from judge.record(_key(event))
        case "day_began" if event.connection == flow.make.connection:
            yield from judge.morning()
        case "fetched":
            yield from judge.fetched(event.connection or "", event.kind or "", payload(event))
        case "due" if (what := payload(event)).flow == flow.name:
            yield from judge.due(what.case)
        case "answered":
            yield from judge.answered(payload(event))
        case "redelivered":
            yield from judge.redelivered(payload(event).written)
        case "reviewed":
            what = payload(event)
            for record in what.records if what.flow == flow.name else ():
                yield from judge.offered((event.connection or "", event.kind or "", record))


def _by_while(judge: WhileJudge, flow: While, event: Event) -> Iterator[Conclusion]:
    match event.type:
        case "observed" | "gone":
            yield from judge.record(_key(event))
        case "day_began" if event.connection == flow.clock:
            yield from judge.morning()
        case "mode_set" if payload(event).flow == flow.name:
            yield from judge.begun()
        case "fetched":
            yield from judge.fetched(event.connection or "", event.kind or "", payload(event))
        case "answered":
            yield from judge.answered(payload(event))
        case "redelivered":
            yield from judge.redelivered(payload(event).written)


def _record(
    known: Known, force: InForce, flow: Sync, key: Key, *, review: bool = False
) -> Iterator[Conclusion]:
    """Judge a record, and the people of the company that it is."""
    is_company = side_of(flow, key[0], key[1]) is not None
    if is_company:
        yield from SyncJudge(known, force, flow, review=review).record(key)
    if flow.people is not None:
        people = PeopleJudge(known, force, flow, review=review)
        yield from people.company(key) if is_company else people.person(key)


def _linked(judge: SyncJudge, what: Linked) -> Iterator[Conclusion]:
    """Have those agree whom a person has linked: until they do, an edit would be no news."""
    keys = [(each.connection, each.kind, each.record) for each in what.members]
    found = together(partial(judge.known.record, key) for key in keys)
    records = [
        one
        for one in found
        if one is not None and not one.gone and side_of(judge.flow, one.key[0], one.key[1])
    ]
    if records:
        yield from back(judge.known, records)
        yield from moot(judge.known, judge.flow, records)
        yield from judge.agreeing.of(what.link, records)


def _merged(judge: SyncJudge, link: UUID) -> Iterator[Conclusion]:
    """Settle what was asked of those who have each other now, and have them begin to agree.

    All are heard at once: by whoever is reviewed first, a word would be written that another's
    prevails over. Where some have agreed already, who comes to them is reviewed after that.
    """
    known, flow = judge.known, judge.flow
    keys = [key for key in _keys(known.members(link)) if side_of(flow, key[0], key[1])]
    if len({key[:2] for key in keys}) > 1:
        found = together(partial(known.record, key) for key in keys)
        yield from moot(known, flow, [one for one in found if one is not None])
        yield from judge.agreeing.begun(link)


def _left_behind(known: Known, force: InForce, flow: Sync, key: Key) -> Iterator[Conclusion]:
    """Judge anew a company that is gone, when a record that named it names another."""
    for left in left_by(known, flow, key):
        record = known.record(left)
        if record is not None and record.gone:
            yield from SyncJudge(known, force, flow).record(left)


def _after(known: Known, flow: Sync, what: Answered) -> Iterator[Conclusion]:
    """Judge what waited for the answer to a delivery.

    Where the answer tells of the record, that is judged right after it, with all that waited.
    """
    delivery = known.owed(what.delivery)
    if delivery is None:
        return
    link = delivery.link
    if link is None and delivery.record:
        link = known.link_of((delivery.connection, delivery.kind, delivery.record))
    key = (delivery.connection, delivery.kind, delivery.record)
    for each in (flow, flow.people):
        if link is None or each is None or side_of(each, *key[:2]) is None:
            continue
        if known.agreement(link, each.name) or link_in(known, each, key) == link:
            record = known.record(key)
            if record is not None and delivery.link is not None:
                yield from moot(known, each, [record])  # it may have been asked about until now
            if what.tells:
                continue
            sure = [record] if record is not None and not record.doubt else []
            yield from Agreeing(known, each).of(link, sure)


def _who_is_there(known: Known, force: InForce, flow: Sync, what: Answered) -> Iterator[Conclusion]:
    """Judge those anew for whom something was not made: nothing of it is under way any more."""
    owed = known.owed(what.delivery) if what.outcome == "refused" else None
    if owed is None or owed.record or owed.link is None or owed.flow != flow.name:
        return
    side = side_of(flow, owed.connection, owed.kind)
    there = met(SyncJudge(known, force, flow), side, owed.link) if side is not None else []
    alike = [(owed.connection, owed.kind, one) for one in what.alike]
    for key in dict.fromkeys([*alike, *there]):
        yield from _record(known, force, flow, key)


def _key(event: Event) -> Key:
    return event.connection or "", event.kind or "", event.record or ""
