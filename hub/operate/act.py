"""An operator's act, as an event: it bears the name of who did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.events import event_of

if TYPE_CHECKING:
    import msgspec

    from hub.events import Event


def act(what: msgspec.Struct, by: str, **envelope: Any) -> Event:
    """Make the event of what an operator did."""
    return event_of(what, origin=f"operator:{by}", **envelope)
