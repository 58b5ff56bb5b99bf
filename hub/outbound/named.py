"""Look once for many documents: which there are that name what these are made for.

A document that names a record was changed after that record was made: its id was not there before.
So one list of what was changed since then tells of all who wait, where a search tells of one. It is
kept in mind, and freshened by what was changed meanwhile; what it finds is read again in full.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.connectors.connector import Listing, Seen
from hub.database import statement
from hub.flows.judge.keys import mark_of
from hub.flows.known import fields_of
from hub.outbound.seek import made_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.connector import Kind
    from hub.outbound.owed import Owed
    from hub.outbound.seek import Tied
    from hub.outbound.way import Way

MANY = 10
"""So many documents of one kind may wait and still each is searched by itself."""

FRESH_SECONDS = 20.0
"""How long a look is good for. A document made by a person meanwhile is not seen, as one that is
made between a search and a write is not; of eighty calls a minute, three go into looking."""

CLOCKS = timedelta(minutes=10)
"""By how much the clocks of two vendors may differ."""

OVERLAP = timedelta(seconds=60)
"""How late a change may come into a list."""

PAGES_MAX = 100
"""However many wait: a list that is longer than this is of another size than what is to be made."""

PAGES_FRESH_MAX = 10
WAITING_MAX = 1_000
"""So many of those that wait are asked for the oldest: the others are younger, mostly."""

NOT_BELIEVED_SECONDS = 20.0
TOO_LONG_SECONDS = 900.0
"""How long not to look again, where a list was not believed or had too much in it."""


class Named:
    """What was looked up at one connection, by kind."""

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    async def naming(self, way: Way, kind: Kind, row: Owed, tied: Tied) -> list[str] | None:
        """Give the documents that name a record; None: it is to be searched."""
        if tied.kind not in kind.ties or tied.made is None or not isinstance(
            way.connector, Listing
        ):  # fmt: skip
            return None
        look = self._looks.setdefault(kind.name, _Look(way, way.connector, kind))
        return await look.naming(row, tied, tied.made - CLOCKS)


class _Look:
    """What was changed of one kind since a moment, and what that names."""

    def __init__(self, way: Way, connector: Listing, kind: Kind) -> None:
        self._way = way
        self._connector = connector
        self._kind = kind
        self._ties = sorted({field for fields in kind.ties.values() for field in fields})
        self._turn = asyncio.Lock()
        self._since: datetime | None = None
        """All that was changed since is known, as of when it was read last."""
        self._newest: datetime | None = None
        """The last change of all that was met, by the vendor's own clock."""
        self._read_at = float("-inf")
        self._took = timedelta()
        self._not_before = float("-inf")
        self._words: dict[str, frozenset[str]] = {}
        self._naming: dict[str, set[str]] = {}

    async def naming(self, row: Owed, tied: Tied, since: datetime) -> list[str] | None:
        async with self._turn:
            if await self._looked(row, tied, since):
                return sorted(self._naming.get(_folded(tied.record), ()))
        return None

    async def _looked(self, row: Owed, tied: Tied, since: datetime) -> bool:
        """Look where that is worth it; tell whether all that was changed since then is known."""
        there = self._since is not None and self._since <= since
        now = self._way.clock.monotonic()
        if there and now - self._read_at <= FRESH_SECONDS:
            return True
        if now < self._not_before:
            return False
        waiting = await self._waiting(row, tied, MANY + 1 if there else WAITING_MAX)
        if len(waiting) <= MANY:
            return False
        if there:
            return await self._look(row, self._fresh_since(), PAGES_FRESH_MAX)
        moments = (made_at(fields) for fields in waiting if fields is not None)
        oldest = min((made - CLOCKS for made in moments if made is not None), default=since)
        pages_max = min(2 * len(waiting), PAGES_MAX)
        if not await self._look(row, min(since, oldest), pages_max):
            return False
        self._since = min(since, oldest)
        return True

    async def _waiting(self, row: Owed, tied: Tied, most: int) -> list[bytes | None]:
        """Give what the records say, as far as known, for which such documents wait."""
        way = self._way
        async with way.database.connected() as db:
            rows = await db.fetch(
                statement("outbound/waiting.sql"),
                way.name, self._kind.name, row.flow, row.share, way.clock.now(),
                tied.connection, tied.kind, most,
            )  # fmt: skip
        return [each["fields"] for each in rows]

    def _fresh_since(self) -> datetime | None:
        """Give from when to read: what was changed while it was read last may have slipped past."""
        return self._since if self._newest is None else self._newest - self._took - OVERLAP

    async def _look(self, row: Owed, since: datetime | None, pages_max: int) -> bool:
        """Read what was changed since; what cannot be had is not to be tried again at once."""
        assert since is not None, "there is a moment since which all is known, or is to be"
        began = self._way.clock.monotonic()
        pages = await self._read(row, since, pages_max)
        if pages is not None and pages > 1:
            # Pages shift while they are read: what slipped past between two is met the second time.
            began = self._way.clock.monotonic()
            pages = await self._read(row, since, pages_max)
        if pages is None:
            self._forget()
            return False
        self._read_at = began
        self._took = timedelta(seconds=self._way.clock.monotonic() - began)
        return True

    async def _read(self, row: Owed, since: datetime, pages_max: int) -> int | None:
        """Read the list once, and give how many pages it had; None: it was not to be had."""
        cursor, newest = "", self._newest
        for number in range(1, pages_max + 1):
            page = await self._connector.changed(
                self._way.vendor, self._kind, since, cursor, row.share
            )
            rows = [] if page is None else [one for one in page.seen if isinstance(one, Seen)]
            if page is None or not self._takes_in(rows):
                self._wait(NOT_BELIEVED_SECONDS)
                return None
            newest = max(filter(None, (newest, *(one.at for one in rows))), default=None)
            if page.done:
                # Of a list that breaks off, older changes may stand on the pages that did not come.
                self._newest = newest
                return number
            cursor = page.cursor
        self._wait(TOO_LONG_SECONDS)
        return None

    def _takes_in(self, rows: Iterable[Seen]) -> bool:
        """Note whom each names; False where one does not tell."""
        for one in rows:
            fields = {} if one.data is None else fields_of(one.data)
            if any(name not in fields for name in self._ties):
                return False
            # What the hub made itself is found by its mark.
            words = () if mark_of(fields) else (_folded(fields[name]) for name in self._ties)
            self._note(one.record, frozenset(filter(None, words)))
        return True

    def _note(self, record: str, words: frozenset[str]) -> None:
        for word in self._words.pop(record, ()):
            self._naming[word].discard(record)
        if words:
            self._words[record] = words
        for word in words:
            self._naming.setdefault(word, set()).add(record)

    def _wait(self, seconds: float) -> None:
        """Do not look again so soon: until then each is searched."""
        self._not_before = self._way.clock.monotonic() + seconds

    def _forget(self) -> None:
        self._since = self._newest = None
        self._words.clear()
        self._naming.clear()


def _folded(word: object) -> str:
    return str(word or "").strip().casefold()
