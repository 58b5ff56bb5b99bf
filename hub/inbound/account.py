"""One connection as its roads see it: its connector, its way out, and its way into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import Notice, Seen
from hub.log.change import Change, noticed, taken
from hub.log.keep import keep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from hub.connectors.connector import Connector, Door
    from hub.connectors.http import Vendor
    from hub.database import Database
    from hub.events import Event
    from hub.log.follow import Wake

    Append = Callable[..., Awaitable[list[int]]]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What every road of a connection needs."""

    name: str
    connector: Connector
    vendor: Vendor
    database: Database
    append: Append
    wake: Wake
    keep_out: frozenset[str] = frozenset()
    door: Callable[[], Awaitable[Door | None]]
    """Where the vendor reaches this hub; None if it cannot."""
    about: Callable[[Any], Awaitable[Sequence[str]]]
    """The kinds that flows in force are about, those first that most are."""
    said: set[str] = msgspec.field(default_factory=set)
    """What was said of it since something was last read: one fault stops every road."""

    async def keep(self, *events: Event) -> None:
        """Have kept what a road brought, however long the log is full: nobody sends it again."""
        await keep(self.append, self.database.settings.log.event_bytes_max, *events)

    def events(
        self, road: str, seen: Iterable[Seen | Notice], *, trace: str | None = None
    ) -> list[Event]:
        """Make the events of what a road brought."""
        return [
            noticed(self._change(road, one, trace))
            if isinstance(one, Notice)
            else taken(self._change(road, one, trace), self.keep_out)
            for one in seen
        ]

    def _change(self, road: str, one: Seen | Notice, trace: str | None) -> Change:
        return Change(
            connection=self.name,
            kind=one.kind,
            record=one.record,
            road=road,
            data=one.data,
            at=one.at,
            cover=one.cover if isinstance(one, Seen) else None,
            trace=trace,
        )
