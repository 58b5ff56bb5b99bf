"""How events are written: a line for a person, a JSON value for a program."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.cli.visible import visible
from hub.console.moment import clock
from hub.errors import NotApplicable
from hub.events import payload

if TYPE_CHECKING:
    from hub.events import Event

_COLOURS = {
    "observed": "green",
    "gone": "red",
    "linked": "cyan",
    "unlinked": "cyan",
    "merged": "cyan",
    "split": "cyan",
    "parked": "red",
    "unparked": "yellow",
}


def line(event: Event) -> str:
    """Write an event on one line: where and when, what, about which record, by whom."""
    assert event.recorded_at is not None
    when = click.style(clock(event.recorded_at), dim=True)
    by = visible("  ".join(filter(None, (event.road, event.origin))))
    about = event.subject or _members(event) or (f"#{event.cause}" if event.cause else "")
    kind = click.style(f"{visible(event.type):9}", fg=_COLOURS.get(event.type))
    return f"#{event.position:<8}  {when}  {kind}  {visible(about):32}  {by}".rstrip()


def envelope(event: Event) -> dict[str, Any]:
    """Give all of an event as JSON can hold it; its data stays as it was written, to the digit."""
    sealed = event.seal is not None
    return {
        "position": event.position,
        "id": event.id,
        "type": event.type,
        "shape": event.shape,
        "connection": event.connection,
        "kind": event.kind,
        "record": event.record,
        "road": event.road,
        "cover": event.cover,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "origin": event.origin,
        "cause": event.cause,
        "flow": event.flow,
        "trace": event.trace,
        "seal": event.seal,
        "data": b64encode(event.data).decode() if sealed else msgspec.Raw(_on_one_line(event.data)),
        "digest": event.digest.hex(),
        "link": event.link.hex() if event.link else None,
    }


def json_line(event: Event) -> bytes:
    """Write an event as one JSON object on one line, without the line's end."""
    return msgspec.json.encode(envelope(event))


def pretty(data: bytes) -> str:
    """Indent JSON without reading its numbers."""
    return msgspec.json.format(data, indent=2).decode()


def _members(event: Event) -> str:
    """Name the records of an event that is about several."""
    try:
        members = payload(event).members
    except (KeyError, AttributeError, NotApplicable):
        return ""
    return ", ".join(f"{one.connection}.{one.kind}/{one.record}" for one in members)


def _on_one_line(data: bytes) -> bytes:
    return msgspec.json.format(data, indent=-1) if b"\n" in data or b"\r" in data else data
