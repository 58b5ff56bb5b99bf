"""The hub's database for the time of one command, whether or not a hub runs."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from hub.database import as_away, open_database
from hub.errors import DatabaseRefused, Refused
from hub.observe.mask import mask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.database import Database
    from hub.database.open import Role
    from hub.settings import Settings


@asynccontextmanager
async def opened(settings: Settings, role: Role = "replay") -> AsyncIterator[tuple[Database, Any]]:
    """Give the database, and a connection to it in a role that can do no more than it needs."""
    async with open_database(settings, os.environ) as database:
        try:
            async with database.connected(role) as db:
                await _must_hold_a_log(database, db)
                yield database, db
        except DatabaseRefused as refused:
            if isinstance(refused.__cause__, asyncpg.InvalidParameterValueError):
                raise _holds_no_log(database) from refused  # not even the role is there
            raise
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            away = as_away(error)
            if away is None:
                raise
            raise away from error


def place(settings: Settings) -> str:
    """Tell where the database is, without its password."""
    if settings.database.url is None:
        return f"the hub's own, in {settings.home}"
    # Masked first: a password may hold an @ or a / that somebody forgot to escape.
    url, _, _ = mask(settings.database.url.reveal()).partition("?")
    return url.partition("://")[2].rpartition("@")[2]


async def _must_hold_a_log(database: Database, db: Any) -> None:  # noqa: ANN401
    if await db.fetchval("select to_regclass('events')") is None:
        raise _holds_no_log(database)


def _holds_no_log(database: Database) -> Refused:
    return Refused(
        f"There is no log yet in the schema {database.schema} of this database "
        f"({place(database.settings)}). `hub serve` makes one, and so does `hub migrate`."
    )
