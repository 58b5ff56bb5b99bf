"""The road `resync`: read what a stream did not tell, from the moment up to which it did.

What is owed is in the log, kept in one append with what shows it: the moment, and how far it was
read since. If more is owed before all is read, it is begun again from the earlier of the moments.
What it brings are words like any other: known already, they change nothing.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Page
from hub.events import Missed, event_of
from hub.inbound.places import places_of, read_on
from hub.inbound.poll import pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Kind, Notice, Seen, Through
    from hub.events import Event
    from hub.inbound.account import Account

_log = logging.getLogger(__name__)

ROAD = "resync"
LATE_MAX = timedelta(minutes=15)
"""So long after its stamp a change may be committed: reading begins so much earlier."""


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read: all that changed since a moment (none: all), from the cursor on."""

    since: datetime | None
    cursor: str


class Resync:
    """What one kind owes, and the reading of it. Get it by `of`."""

    def __init__(self, account: Account, kind: Kind, owed: Owed | None) -> None:
        self._account = account
        self._kind = kind
        self._owed = owed
        self._owes = asyncio.Event()
        self._keeping = asyncio.Lock()
        if owed is not None:
            self._owes.set()

    @classmethod
    async def of(cls, account: Account, kind: Kind) -> Resync:
        """Take up what the log says is owed."""
        place = (await places_of(account, kind.name)).get(ROAD)
        owed = msgspec.json.decode(place.cursor, type=Owed) if place and place.cursor else None
        return cls(account, kind, owed)

    async def keep(self, *events: Event, owing: Sequence[Through] = ()) -> None:
        """Keep events, and with them that all since these moments is to be read."""
        async with self._keeping:
            if not owing:
                await self._account.keep(*events)
                return
            self._owed = self._with(owing)
            missed = [self._missed(one) for one in owing if one.reason]
            for one in owing:
                _tell(self._account.name, self._kind.name, one)
            await self._account.keep(*missed, self._place(self._owed), *events)
            self._owes.set()

    async def run(self) -> None:
        """Read whatever is owed; runs until cancelled."""
        while True:
            await self._owes.wait()
            self._owes.clear()
            await self._through()

    async def _through(self) -> None:
        owed = self._owed
        assert owed is not None
        connector = self._account.connector
        read = connector.first if owed.since is None else connector.news
        async for page in pages(self._account, self._kind, read, owed.cursor, ROAD):
            async with self._keeping:
                if self._owed is not owed:
                    return  # more is owed meanwhile, and this is a part of it
                behind = msgspec.structs.replace(owed, cursor=page.cursor)
                owed = self._owed = None if page.done else behind
                events = self._account.events(ROAD, page.seen)
                await self._account.keep(*events, self._place(owed, page.seen))
            if owed is None:
                return

    def _with(self, owing: Sequence[Through]) -> Owed:
        """Give what is owed together with these, begun anew from the earliest of all."""
        moments = [one.since and one.since - LATE_MAX for one in owing]
        if self._owed is not None:
            moments.append(self._owed.since)
        since = None if None in moments else min(filter(None, moments), default=None)
        cursor = self._account.connector.start(since) if since else ""
        return Owed(since=since, cursor=cursor)

    def _place(self, owed: Owed | None, seen: Sequence[Seen | Notice] = ()) -> Event:
        cursor = msgspec.json.encode(owed).decode() if owed else ""
        page = Page(seen=seen, cursor=cursor, done=owed is None)
        soon = self._kind.poll_seconds if owed else None
        return read_on(self._account, self._kind.name, ROAD, page, next_seconds=soon)

    def _missed(self, through: Through) -> Event:
        what = Missed(reason=through.reason, since=through.since)
        return event_of(what, connection=self._account.name, kind=self._kind.name, road="stream")


def _tell(account: str, kind: str, through: Through) -> None:
    if through.reason:
        since = f"that changed since {through.since:%Y-%m-%d %H:%M:%S} UTC" if through.since else ""
        _log.warning(
            "%s.%s by stream: %s. All %s is read.",
            account,
            kind,
            through.reason,
            since or "there is",
        )
