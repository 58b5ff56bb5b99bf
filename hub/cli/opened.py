"""The hub's database for the time of one command, whether or not a hub runs."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from hub.database import open_database
from hub.database.place import place
from hub.errors import DatabaseRefused, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from hub.database import Database
    from hub.database.db import Db
    from hub.database.open import Role
    from hub.settings import Settings

__all__ = ["opened", "place"]


@asynccontextmanager
async def opened(settings: Settings, role: Role = "replay") -> AsyncIterator[tuple[Database, Any]]:
    """Give the database, and a connection to it in a role that can do no more than it needs."""
    async with open_database(settings, os.environ) as database:
        try:
            async with database.connected(role) as db:
                with _told_when_away(database, db):
                    await _must_hold_a_log(database, db)
                    yield database, db
        except DatabaseRefused as refused:
            if isinstance(refused.__cause__, asyncpg.InvalidParameterValueError):
                raise _holds_no_log(database) from refused  # not even the role is there
            raise


@contextmanager
def _told_when_away(database: Database, db: Db) -> Iterator[None]:
    """Tell that the database went away; what else goes wrong meanwhile is not the database's."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # A full disk or a reader that left is an OSError too: then the connection stands.
        if isinstance(error, OSError) and not db.is_closed():
            raise
        away = database.away(error)
        if away is None:
            raise
        raise away from error


async def _must_hold_a_log(database: Database, db: Db) -> None:
    if await db.fetchval("select to_regclass('events')") is None:
        raise _holds_no_log(database)


def _holds_no_log(database: Database) -> Refused:
    return Refused(
        f"There is no log yet in the schema {database.schema} of this database "
        f"({place(database.settings)}). `hub serve` makes one, and so does `hub migrate`."
    )
