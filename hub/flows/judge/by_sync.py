"""What an event means to a sync: which records, people and links are judged because of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.events import payload
from hub.flows.judge.agreeing import Agreeing
from hub.flows.judge.ask import moot
from hub.flows.judge.away import back
from hub.flows.judge.joint import link_in
from hub.flows.judge.pair import met
from hub.flows.judge.people import PeopleJudge
from hub.flows.judge.survivor import left_by
from hub.flows.judge.sync import SyncJudge
from hub.flows.judge.words import side_of
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Answered, Event, Linked
    from hub.flows.flow import Sync
    from hub.flows.known import InForce, Key, Known


def by_sync(known: Known, force: InForce, flow: Sync, event: Event) -> Iterator[Conclusion]:
    """Conclude what follows for one sync."""
    match event.type:
        case "observed" | "gone":
            yield from _record(known, force, flow, event.key)
            yield from _left_behind(known, force, flow, event.key)
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
    keys = [each.key for each in what.members]
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
    keys = [one.key for one in known.members(link) if side_of(flow, one.connection, one.kind)]
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
        link = known.link_of(delivery.key)
    key = delivery.key
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
