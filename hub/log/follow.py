"""Wait for what comes next in the log.

The truth is the poll: whoever waits looks again after a second at the latest. An append in this
process wakes at once. One in another process sends a NOTIFY, which is only a hint: it is sent after
the commit, because inside it would be a lock on all commits of the database, and it may be lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from hub.log.read import page
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from hub.database import Database, Session
    from hub.database.db import Db
    from hub.events import Event

HINT_SECONDS = 0.01
"""Hints are sent no closer together than this, however many batches there are."""

POLL_SECONDS = 1.0


class Wake:
    """The last position this process knows to be in the log, and those who wait for the next.

    `of_log`: else it is how far one has come who follows the log.
    """

    def __init__(self, *, of_log: bool = True) -> None:
        self.head = 0
        self._about_any = 0
        self._about: dict[str, int] = {}
        self._of_log = of_log
        self._moved = asyncio.Event()

    def to(self, position: int, about: Collection[str] | None = None) -> None:
        """Wake everybody who waits for this position or an earlier one.

        `about` are the connections of which something may be otherwise since then; None: of any.
        """
        if position > self.head:
            self.head = position
            if about is None:
                self._about_any = position
            else:
                self._about.update(dict.fromkeys(about, position))
            if self._of_log:
                metrics.log_head.set(position)
            self._moved.set()
            self._moved = asyncio.Event()

    async def wait(self, position: int, seconds: float) -> bool:
        """Wait until this position is in the log, or so long; tell which it was."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.head < position:
                    await self._moved.wait()
        return self.head >= position

    async def wait_about(self, connection: str, position: int, seconds: float) -> None:
        """Wait until it came to this position with something about a connection, or so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while max(self._about_any, self._about.get(connection, 0)) < position:
                    await self._moved.wait()


async def follow(
    session: Session, wake: Wake, after: int, events_max: int, poll_seconds: float = POLL_SECONDS
) -> AsyncIterator[list[Event]]:
    """Give all events after a position, a page at a time and for ever."""
    while True:
        hinted = wake.head
        events = await session.until_done(partial(page, after=after, events_max=events_max))
        if events:
            after = events[-1].position
            wake.to(after)
            yield events
        if len(events) < events_max:
            # That was all. A hint from before we looked tells nothing more: the next one counts.
            await wake.wait(max(after, hinted) + 1, poll_seconds)


async def hear(database: Database, wake: Wake) -> None:
    """Wake this process when another appends; runs until cancelled."""
    session = database.session()

    def heard(_db: object, _process: int, _channel: str, text: str) -> None:
        wake.to(int(text))

    async def listen(db: Db) -> None:
        gone = asyncio.Event()
        db.add_termination_listener(lambda _: gone.set())
        await db.add_listener(_channel(database), heard)
        database.answered()
        await gone.wait()
        raise ConnectionResetError("the connection that listens was lost")

    try:
        await session.until_done(listen)
    finally:
        await session.close()


async def tell(database: Database, wake: Wake) -> None:
    """Hint to other processes how far the log has come; runs until cancelled."""
    session = database.session()
    told = 0
    try:
        while True:
            if await wake.wait(told + 1, POLL_SECONDS):
                told = wake.head
                await session.until_done(partial(_hint, channel=_channel(database), head=told))
                await asyncio.sleep(HINT_SECONDS)
    finally:
        await session.close()


async def _hint(db: Db, channel: str, head: int) -> None:
    await db.execute("select pg_notify($1, $2)", channel, str(head))


def _channel(database: Database) -> str:
    return f"{database.schema}_log"
