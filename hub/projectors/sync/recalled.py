"""What was concluded from events when they were judged: it is looked up, and never judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from hub.database import statement
from hub.events import Event, payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.conclusions import Conclusion
    from hub.database.db import Db


class Recalled:
    """The conclusions that the log holds; `live`: those to come are judged where it ends."""

    def __init__(self, *, live: bool) -> None:
        self.judged_to: int | None = None
        """The last event from which something was concluded; None: it was not looked up yet."""
        self.by_cause: dict[int, list[Conclusion]] = {}
        self._live = live
        self._archived = False

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        """Look up what was concluded from these."""
        if self.judged_to is None:
            self.judged_to = await db.fetchval(statement("projectors/sync/judged_to.sql"))
        is_known = not self._live or events[0].position <= self.judged_to
        self.by_cause = await self._found(db, events) if is_known else {}

    async def recall(self, db: Db, archived: AsyncIterator[Sequence[Event]]) -> None:
        """Have at hand what was concluded in partitions of the log that are in files by now."""
        await db.execute(statement("projectors/sync/make_recalled.sql"))
        async for events in archived:
            decided = [each for each in events if each.type == "decided" and each.cause is not None]
            if decided:
                rows = [(each.cause, each.shape, each.data) for each in decided]
                await db.executemany(statement("projectors/sync/keep_recalled.sql"), rows)
        self._archived = True

    def of(self, event: Event) -> list[Conclusion]:
        """Give what is to be taken in with this event, beside what it says itself."""
        if event.type == "decided":
            # Of one that a person took. Any other holds already, from its cause on.
            return payload(event).conclusions if event.cause is None else []
        return self.by_cause.get(event.position, [])

    def is_new(self, at: int) -> bool:
        """Tell whether nothing was judged yet that far into the log."""
        return self._live and at > (self.judged_to or 0)

    async def _found(self, db: Db, events: Sequence[Event]) -> dict[int, list[Conclusion]]:
        positions = [event.position for event in events]
        rows = await db.fetch(statement("projectors/sync/concluded.sql"), positions)
        if self._archived:
            rows += await db.fetch(statement("projectors/sync/recalled.sql"), positions)
        return {row["cause"]: payload(_decided(row)).conclusions for row in rows}


def _decided(row: Any) -> Event:
    return Event(type="decided", id=UUID(int=0), shape=row["shape"], data=row["data"])
