"""Make the events that say what was concluded, and which records are to be read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Wants
from hub.events import Decided, Event, event_of, fixed_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.conclusions import Conclusion

NEED = "need"
"""The road of a notice by which the hub itself asks for a record."""


def events_of(event: Event, conclusions: Sequence[Conclusion]) -> list[Event]:
    """Make the events that say what was concluded, and which records are to be read for it."""
    about = {
        "cause": event.position,
        "connection": event.connection,
        "kind": event.kind,
        "record": event.record,
        "trace": event.trace,
    }
    decided = event_of(
        Decided(conclusions=list(conclusions)),
        id=fixed_id(event.recorded_at, event.id, "decided"),
        **about,
    )
    wanted = [
        Event(
            type="noticed",
            id=fixed_id(event.recorded_at, event.id, NEED, one.connection, one.kind, one.record),
            connection=one.connection,
            kind=one.kind,
            record=one.record,
            road=NEED,
            cause=event.position,
            trace=event.trace,
        )
        for one in conclusions
        if isinstance(one, Wants)
    ]
    return [decided, *wanted]
