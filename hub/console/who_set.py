"""Who set a field last, as the history says that a ticket of Zoho Desk was read with.

It says it field by field, and so more surely than who touched a record last; and it says it also of
what no webhook told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.events import Event

_NAMED_BY_NONE: Mapping[str, tuple[str, ...]] = {
    "OvershotDueTime": ("isOverDue",),
    "TicketEscalated": ("isEscalated",),
    "TagsAdded": ("tags", "tagCount"),
    "TagsRemoved": ("tags", "tagCount"),
}
"""What a row is about that does not name the field."""


class _Actor(msgspec.Struct, frozen=True):
    name: str | None = None
    type: str | None = None

    def __str__(self) -> str:
        """Give the name, and what it is the name of: an SLA and a workflow have names too."""
        return f"{self.name} ({self.type})" if self.name and self.type else self.name or ""


class _Info(msgspec.Struct, frozen=True):
    field: str | None = msgspec.field(name="propertyName", default=None)


class _Happened(msgspec.Struct, frozen=True):
    event: str = msgspec.field(name="eventName", default="")
    actor: _Actor = _Actor()
    info: list[_Info] = msgspec.field(name="eventInfo", default_factory=list)

    def is_about(self, field: str) -> bool:
        named = {_plain(one.field or "") for one in self.info}
        return field in _NAMED_BY_NONE.get(self.event, ()) or _plain(field) in named


class _Ticket(msgspec.Struct, frozen=True):
    history: list[_Happened] = []
    """The latest first."""


_read = msgspec.json.Decoder(_Ticket).decode


def who_set(event: Event, field: str) -> str:
    """Name who set a field last; empty where the event does not say."""
    if event.type != "observed" or event.seal is not None:
        return ""
    try:
        rows = _read(event.data).history
    except msgspec.MsgspecError:
        return ""
    return next((str(row.actor) for row in rows if row.is_about(field)), "")


def _plain(name: str) -> str:
    """Give a field's name or its label as either is compared: no page says which it is."""
    return name.replace(" ", "").casefold()
