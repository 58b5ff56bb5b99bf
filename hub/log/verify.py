"""Prove that the log still holds what was appended to it, and name the first position that lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.errors import LogBroken
from hub.log.chain import GENESIS, digest, link
from hub.log.history import history

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from hub.database.db import Db
    from hub.events import Event


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was proved: `link` stands for every event up to `last`; note it elsewhere to be sure."""

    first: int
    last: int
    events: int
    link: str


async def verify(
    db: Db, archive: Path, *, start: int = 1, told: Callable[[int], None] = lambda _: None
) -> Verified:
    """Read the log from a position on; raise LogBroken at the first event that is not as it was."""
    after, trusted = await _trusted(db, start)
    known_to = await db.fetchval(statement("log/known_to.sql"))
    chain = Chain(after, trusted)
    async for events in history(db, archive, after):
        for event in events:
            chain.take(event)
        await _all_kept(db, events)
        told(chain.position)
    chain.end()
    if chain.position < known_to:
        raise LogBroken(
            f"The log ends at position {chain.position}, but has been at {known_to}: its end was "
            "cut off. Bring back a backup that has it.",
            position=chain.position + 1,
        )
    return Verified(
        first=after + 1,
        last=chain.position,
        events=chain.position - after,
        link="" if chain.before is None else chain.before.hex(),
    )


class Chain:
    """The chain as it is recomputed; `before` is None until a first link can be believed."""

    def __init__(self, position: int, before: bytes | None) -> None:
        self.position = position
        self.before = before
        self._first = position + 1
        self._digests: list[bytes] = []
        self._at: datetime | None = None

    def take(self, event: Event) -> None:
        """Check the next event against itself, and at the end of its batch against the chain."""
        if event.position != self.position + 1:
            raise LogBroken(
                f"The event at position {self.position + 1} is missing: the next in the log is "
                f"{event.position}.",
                position=self.position + 1,
            )
        if digest(event) != event.digest:
            raise LogBroken(
                f"The event at position {event.position} ({event.type} {event.subject}) was "
                "changed after it was kept: its digest does not fit what it says.",
                position=event.position,
            )
        if self._digests and event.recorded_at != self._at:
            raise self._broken(f"{event.position} bears another time than the rest of its batch")
        self.position = event.position
        self._at = event.recorded_at
        self._digests.append(event.digest)
        if event.link is not None:
            self._close(event.link)

    def end(self) -> None:
        """Check that the log does not stop in the middle of a batch."""
        if self._digests:
            raise self._broken("the link that closes it is missing")

    def _close(self, found: bytes) -> None:
        assert self._at is not None
        if self.before is not None:
            expected = link(self.before, self._first, self.position, self._at, self._digests)
            if found != expected:
                raise self._broken("its link does not fit what came before")
        self.before = found
        self._first = self.position + 1
        self._digests = []

    def _broken(self, why: str) -> LogBroken:
        return LogBroken(
            f"The batch from position {self._first} to {self.position} was changed, or something "
            f"before it was removed: {why}.",
            position=self._first,
        )


async def _all_kept(db: Db, events: list[Event]) -> None:
    """Check that each would be known again, if it came again."""
    ids = [event.id for event in events]
    kept = {row["id"]: row["position"] for row in await db.fetch(statement("log/kept.sql"), ids)}
    for event in events:
        if kept.get(event.id) != event.position:
            raise LogBroken(
                f"The event at position {event.position} ({event.type} {event.subject}) is not in "
                f"the table kept, as {event.id}: if it came again it would be kept twice. "
                "Bring back a backup, or insert that row.",
                position=event.position,
            )


async def _trusted(db: Db, start: int) -> tuple[int, bytes | None]:
    """Find where to begin, so that `start` is covered: behind a link, or at the very first."""
    if start <= 1:
        return 0, GENESIS
    row = await db.fetchrow(statement("log/link_before.sql"), start)
    if row is not None:
        return row["position"], row["link"]
    archived = await db.fetchval(statement("log/archive_of.sql"), start - 1)
    return (archived - 1, GENESIS if archived == 1 else None) if archived else (0, GENESIS)
