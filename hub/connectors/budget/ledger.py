"""Where budgets are kept: one database connection of its own, one statement at a time."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hub.database import Database
    from hub.database.db import Db

T = TypeVar("T")


class Ledger:
    """What a budget has done in Postgres, by the name of its .sql file."""

    def __init__(self, database: Database) -> None:
        self._session = database.session()
        self._lock = asyncio.Lock()
        self._db: Any = None
        self._holder: UUID | None = None

    async def execute(self, name: str, *values: object) -> None:
        await self._once(lambda db: db.execute(_statement(name), *values))

    async def row(self, name: str, *values: object) -> Any:
        return await self._once(lambda db: db.fetchrow(_statement(name), *values))

    async def rows(self, name: str, *values: object) -> list[Any]:
        return await self._once(lambda db: db.fetch(_statement(name), *values))

    async def row_as_holder(self, name: str, *values: object) -> Any:
        """Do what others are to know as done by this database connection, while it lives."""
        return await self._once(partial(self._as_holder, name=name, values=values))

    async def _as_holder(self, db: Db, name: str, values: Sequence[object]) -> Any:
        if db is not self._db:
            # Another one each time: whatever became of the last, nobody holds this one's lock.
            holder = uuid4()
            await db.execute(_statement("hold_places"), holder)
            self._db, self._holder = db, holder
        return await db.fetchrow(_statement(name), *values, self._holder)

    async def close(self) -> None:
        await self._session.close()

    async def _once(self, work: Callable[[Any], Awaitable[T]]) -> T:
        async with self._lock:
            return await self._session.once(work)


def _statement(name: str) -> str:
    return statement(f"connectors/budget/{name}.sql")
