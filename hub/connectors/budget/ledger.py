"""Where budgets are kept: one database connection of its own, one statement at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.database import Database

T = TypeVar("T")


class Ledger:
    """What a budget has done in Postgres, by the name of its .sql file."""

    def __init__(self, database: Database) -> None:
        self._session = database.session()
        self._lock = asyncio.Lock()

    async def execute(self, name: str, *values: object) -> None:
        await self._once(lambda db: db.execute(_statement(name), *values))

    async def row(self, name: str, *values: object) -> Any:  # noqa: ANN401
        return await self._once(lambda db: db.fetchrow(_statement(name), *values))

    async def rows(self, name: str, *values: object) -> list[Any]:
        return await self._once(lambda db: db.fetch(_statement(name), *values))

    async def close(self) -> None:
        await self._session.close()

    async def _once(self, work: Callable[[Any], Awaitable[T]]) -> T:
        async with self._lock:
            return await self._session.once(work)


def _statement(name: str) -> str:
    return statement(f"connectors/budget/{name}.sql")
