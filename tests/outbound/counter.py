"""Where deliveries to a shop are owed, carried out, and folded, by the fold that a hub has.

Of flows there are none: `wants` is what records are to say, and a delivery owes what its record was
not last seen to show.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from hub.events import payload
from hub.log.follow import Wake
from hub.log.read import page
from hub.outbound.deliver import deliver
from hub.outbound.owed import Content, Nothing
from hub.outbound.way import Way
from hub.projectors.sync.deliveries import TYPES, Deliveries
from tests.log.desk import happened
from tests.outbound.shop import Shop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from hub.database.db import Db
    from hub.events import Event
    from hub.outbound.owed import NotNow, Owed
    from tests.log.desk import Desk

PATIENCE_SECONDS = 60.0


class Counter:
    """The shop, what is owed to it, and what the log and the tables say of that."""

    def __init__(self, log: Desk) -> None:
        self.log = log
        self.shop = Shop()
        self.folded = Wake()
        self.folds = asyncio.Event()
        """While it is not set, the tables do not follow the log."""
        self.folds.set()
        self.wants: dict[UUID, dict[str, Any]] = {}
        self.says: dict[UUID, Content | Nothing | NotNow | Exception] = {}
        """What deliveries are to say, in place of what they want."""
        self.shows: dict[tuple[str, str], dict[str, Any]] = {}
        self.asked: list[list[UUID]] = []
        self._delivering: asyncio.Task[None] | None = None
        self._owner = log.database.session("owner")

    @property
    def way(self) -> Way:
        connector: Any = self.shop
        vendor: Any = None
        return Way(
            name="shop", connector=connector, vendor=vendor, database=self.log.database,
            append=self.log.append, wake=self.log.wake, folded=self.folded, contents=self.contents,
        )  # fmt: skip

    def begin(self, way: Way | None = None) -> asyncio.Task[None]:
        """Have it carried out, as by a process that starts."""
        self._delivering = asyncio.create_task(deliver(way or self.way))
        return self._delivering

    async def kill(self) -> None:
        """End the one who carries out, wherever it is."""
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)

    async def owe(self, kind: str, record: str = "", **row: Any) -> UUID:
        """Owe a write; `wants` is what it is to say."""
        (position,) = await self.log.append(happened())
        id_ = row.pop("id", None) or uuid4()
        self.wants[id_] = row.pop("wants", {"name": "new"})
        columns = {
            "id": id_, "connection": "shop", "kind": kind, "record": record, "part": "",
            "flow": "customers", "case": "", "state": "owed", "share": "contacts", "attempt": 0,
            "rounds": 0, "look": False, "owed": position, "moved": position,
            "moved_at": datetime.now(UTC), "because": "", "reason": "", **row,
        }  # fmt: skip
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        await self.execute(f"insert into deliveries ({names}) values ({places})", *columns.values())
        return UUID(str(id_))

    async def change(self, id_: UUID, **columns: Any) -> None:
        """Move a row, as an event would."""
        (position,) = await self.log.append(happened())
        columns["moved"] = position
        sets = ", ".join(f'"{name}" = ${n}' for n, name in enumerate(columns, 2))
        await self.execute(f"update deliveries set {sets} where id = $1", id_, *columns.values())

    async def row(self, id_: UUID) -> Any:
        (row,) = await self.execute("select * from deliveries where id = $1", id_)
        return row

    async def execute(self, sql: str, *values: object) -> list[Any]:
        """Do what only the owner may."""
        rows = await self._owner.once(lambda db: db.fetch(sql, *values))
        return list(rows)

    async def close(self) -> None:
        await self.kill()
        await self._owner.close()

    async def comes_to(self, state: str, *ids: UUID) -> list[Any]:
        """Wait until these deliveries stand so."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    at = self.folded.head
                    rows = [await self.row(id_) for id_ in ids]
                    if all(row["state"] == state for row in rows):
                        return rows
                    await self.folded.wait(at + 1, PATIENCE_SECONDS)
        except TimeoutError:
            raise AssertionError(f"not {state}: {[dict(row) for row in rows]}") from None

    async def told(self, *types: str) -> list[Event]:
        """Give what the log was told of deliveries, in order."""
        wanted = types or ("sending", "answered", "observed", "gone", "unreadable")
        return [event for event in await self.log.events() if event.type in wanted]

    async def contents(
        self, _db: Any, rows: Sequence[Owed]
    ) -> Mapping[UUID, Content | Nothing | NotNow]:
        self.asked.append([row.id for row in rows])
        found = {}
        for row in rows:
            says = self.says.get(row.id)
            if isinstance(says, Exception):
                raise says
            found[row.id] = says or self._owes(row)
        return found

    def _owes(self, row: Owed) -> Content | Nothing:
        shows = self.shows.get((row.kind, row.record), {})
        wants = self.wants[row.id]
        if row.record and all(shows.get(name) == word for name, word in wants.items()):
            return Nothing(why="it shows all of it")
        return Content(fields=dict(wants), agreed={"customers": dict(wants)})

    async def fold(self) -> None:
        """Move the rows by the log; runs until cancelled."""
        session = self.log.database.session()
        try:
            while True:
                await self.folds.wait()
                after = self.folded.head
                events = await session.until_done(partial(page, after=after, events_max=500))
                if events:
                    await session.once(partial(self._fold, events=events))
                    self.folded.to(events[-1].position)
                else:
                    await self.log.wake.wait(after + 1, 1.0)
        finally:
            await session.close()

    async def _fold(self, db: Db, events: list[Event]) -> None:
        deliveries = Deliveries()
        moving = [event for event in events if event.type in TYPES]
        await deliveries.rows.fetch(db, {(payload(event).delivery,) for event in moving})
        for event in moving:
            deliveries.apply(event)
        for event in events:
            if event.type == "observed":
                self.shows[event.kind or "", event.record or ""] = json.loads(event.data)
        async with db.transaction():
            await deliveries.rows.write(db)
            await db.execute(
                "insert into projectors (name, position) values ('sync', $1) "
                "on conflict (name) do update set position = excluded.position",
                events[-1].position,
            )


@asynccontextmanager
async def open_counter(log: Desk) -> AsyncIterator[Counter]:
    counter = Counter(log)
    folding = asyncio.create_task(counter.fold())
    try:
        yield counter
    finally:
        await counter.close()
        folding.cancel()
        await asyncio.gather(folding, return_exceptions=True)
