"""Read in the log of a story what the hub did in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import Agreed, Asks, Cased, Joined, Noted, Owes, Parted
from hub.events import Answered, Decided, Sending, payload
from hub.flows.examples import Happened
from hub.flows.known import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Event
    from hub.flows.known import Key

TOLD = frozenset({"decided", "sending", "answered"})


def happened_in(log: Sequence[Event], linked: Callable[[Key], tuple[Key, ...]]) -> list[Happened]:
    """Give what was written, linked and asked, and why, in the order of the log.

    `linked` gives with what a record is linked in the end: one that is made enters a link unsaid.
    """
    sent: dict[UUID, tuple[Event, Sending]] = {}
    found: list[Happened] = []
    for event in log:
        assert event.recorded_at is not None
        match payload(event) if event.type in TOLD else None:
            case Decided() as what:
                for one in what.conclusions:
                    found += _concluded(one, event.recorded_at)
            case Sending() as what:
                sent[what.delivery] = (event, what)
            case Answered() as what if sent[what.delivery][1].fields:
                sending, said = sent[what.delivery]
                written = _written(log, event, what, said, is_new=not sending.record)
                keys = linked(written.key) if written.key is not None else ()
                found.append(msgspec.structs.replace(written, keys=keys))
    return found


def _written(
    log: Sequence[Event], event: Event, what: Answered, said: Sending, *, is_new: bool
) -> Happened:
    assert event.recorded_at is not None
    key = (event.connection or "", event.kind or "", what.record)
    return Happened(
        at=event.recorded_at,
        what="made" if is_new else "wrote",
        key=key,
        fields={**said.fields, **_seen(log, event, key)},
        sent=said.fields,
    )


def _seen(log: Sequence[Event], answer: Event, key: Key) -> dict[str, Any]:
    """Give what a record said when it was written: what the vendor filled in is of it too."""
    for event in log[answer.position :]:
        if event.type == "observed":
            is_it = key == (event.connection, event.kind, event.record)
            return fields_of(event.data) if is_it else {}
    return {}


def _concluded(one: Conclusion, at: datetime) -> Iterator[Happened]:
    match one:
        case Asks():
            yield Happened(at=at, what="asked", sentence=one.sentence)
        case Joined():
            keys = tuple(each.key for each in one.members)
            yield Happened(at=at, what="linked", keys=keys, sentence=one.why)
        case Agreed():
            yield Happened(at=at, what="why", sentence=f"{one.field}: {one.why}")
        case Cased() | Noted() | Owes() | Parted():
            yield Happened(at=at, what="why", sentence=one.why)
