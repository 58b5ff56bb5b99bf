"""Judge an event by every flow that is in force and is about it."""

from __future__ import annotations

import logging
from functools import partial
from operator import ne
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid5

import msgspec

from hub.conclusions import Asks, Joined
from hub.events import event_of, payload
from hub.flows.flow import Once, Sync, While
from hub.flows.judge.brake import braked
from hub.flows.judge.by_sync import by_sync
from hub.flows.judge.once import OnceJudge
from hub.flows.judge.reasons import FAULT, RETRY, SKIP
from hub.flows.judge.resolve import resolve
from hub.flows.judge.vanished import vanished
from hub.flows.judge.whiles import WhileJudge
from hub.flows.known import NotAtHand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.conclusions import Conclusion
    from hub.events import Event
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
    record = known.record(event.key) if event.type == "observed" else None
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
    record = known.record(event.key)
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
            yield from by_sync(known, force, flow, event)
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
    seen = [event.key] if event.type in ("observed", "gone") else []
    return [*seen, *_joining(known, event, joined)]


def _joining(known: Known, event: Event, joined: Sequence[Joined]) -> list[Key]:
    """Give the records that were linked for it, or by a person."""
    match event.type:
        case "linked":
            told = [each.key for each in payload(event).members]
        case "merged":
            told = [each.key for each in known.members(payload(event).into)]
        case _:
            told = []
    return [*told, *(each.key for one in joined for each in one.members)]


def _by_once(judge: OnceJudge, flow: Once, event: Event) -> Iterator[Conclusion]:
    match event.type:
        case "observed" | "gone":
            yield from judge.record(event.key)
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
            yield from judge.record(event.key)
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
