"""A database for histories: each is written, folded in many ways, and undone."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from hub.log.append import append_within
from hub.log.partitions import make_room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from hub.database import Database
    from hub.events import Event


class Written(Protocol):
    """Writes events to an empty log, round all checks, and takes them back when left."""

    def __call__(self, *events: Event) -> AbstractAsyncContextManager[Any]: ...


@pytest.fixture
async def written(database: Database) -> AsyncIterator[Written]:
    async with database.connected("owner") as db:
        await make_room(db, 1_000)

        @asynccontextmanager
        async def write(*events: Event) -> AsyncIterator[Any]:
            undone = db.transaction()
            await undone.start()
            try:
                if events:
                    await append_within(db, *events)
                yield db
            finally:
                await undone.rollback()

        yield write
