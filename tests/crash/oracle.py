"""What must be true after every crash, whatever was killed and when.

`Oracle` is told what was acknowledged and reads the truth from the database. More can be asked of
it by further checks: `Oracle(database, archive, checks=[the_records_match])`, each given the log.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from hub.log.history import history
from hub.log.verify import verify
from tests.crash.worker import Acknowledged, event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event

    Check = Callable[[Database, list[Event]], Awaitable[None]]

T = TypeVar("T")


class Oracle:
    def __init__(self, database: Database, archive: Path, checks: Sequence[Check] = ()) -> None:
        self.acknowledged: list[Acknowledged] = []
        self._database = database
        self._archive = archive
        self._checks = [self.chain_holds, self.nothing_is_lost, self.nothing_is_doubled, *checks]

    async def look(self) -> int:
        """Hold the database to every check; give how many events its log has."""
        log = await self.asked(self._read)
        for check in self._checks:
            await check(self._database, log)
        return len(log)

    async def asked(self, question: Callable[[Any], Awaitable[T]]) -> T:
        """Ask the database, as soon as it answers again."""
        session = self._database.session("replay")
        try:
            return await session.until_done(question)
        finally:
            await session.close()

    async def _read(self, db: Db) -> list[Event]:
        return [each async for page in history(db, self._archive, 0) for each in page]

    async def chain_holds(self, _: Database, log: list[Event]) -> None:
        proved = await self.asked(lambda db: verify(db, self._archive))
        kept = await self.asked(lambda db: db.fetch("select position from kept order by position"))
        assert proved.last == len(log)
        assert [each.position for each in log] == list(range(1, len(log) + 1))
        assert [row["position"] for row in kept] == list(range(1, len(log) + 1))

    async def nothing_is_lost(self, _: Database, log: list[Event]) -> None:
        """Every acknowledged event stands where that was said."""
        for said in self.acknowledged:
            expected, found = event(said.worker, said.caller, said.number), log[said.position - 1]
            assert _facts(found) == _facts(expected), said

    async def nothing_is_doubled(self, _: Database, log: list[Event]) -> None:
        """No id is there twice, and no sighting follows itself."""
        assert max(Counter(each.id for each in log).values(), default=1) == 1
        last: dict[str | None, tuple[object, ...]] = {}
        for each in log:
            assert last.get(each.record) != _facts(each), each
            last[each.record] = _facts(each)


def _facts(event: Event) -> tuple[object, ...]:
    return event.type, event.record, event.road, event.occurred_at, event.data
