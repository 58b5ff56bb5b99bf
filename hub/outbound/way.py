"""One connection as carrying out sees it: its way out, and its way into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.clock import RealClock
from hub.log.keep import keep
from hub.outbound.named import Named

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.connectors.clock import Clock
    from hub.connectors.connector import Connector
    from hub.connectors.http import Vendor
    from hub.database import Database
    from hub.events import Event
    from hub.log.follow import Wake
    from hub.outbound.owed import Contents

AT_ONCE = 8
"""Calls under way, at most; the vendor's own limits, which the budget holds, may be lower."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What carrying out needs of a connection."""

    name: str
    connector: Connector
    vendor: Vendor
    database: Database
    append: Callable[..., Awaitable[list[int]]]
    wake: Wake
    folded: Wake
    """How far the sync projector has come, where it runs in this process."""
    contents: Contents
    keep_out: frozenset[str] = frozenset()
    clock: Clock = msgspec.field(default_factory=RealClock)
    named: Named = msgspec.field(default_factory=Named)
    """What is kept in mind of who names whom."""

    async def keep(self, *events: Event) -> list[int]:
        """Have kept what came of a delivery, however long the log is full."""
        return await keep(self.append, self.database.settings.log.event_bytes_max, *events)

    @property
    def at_once(self) -> int:
        """How many calls to make at once: of few places, half are left to those who read."""
        limits = [limit.ceiling for limit in self.connector.at_once if not limit.only]
        return max(1, min([AT_ONCE, *(limit // 2 for limit in limits)]))
