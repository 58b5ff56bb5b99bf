"""Reach the hub's schema in Postgres, and go on after the database went away and came back.

Every connection to the database takes a role when it is opened: `serve` for a running hub, `replay`
for what may only read the log, `owner` for migrations and archives. Roles are made by the first
migration and named after the schema, so two hubs in one database cannot reach one another's rows.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import asyncpg

from hub.database.embedded import open_server
from hub.database.place import advice, found, place
from hub.errors import DatabaseAway, DatabaseRefused
from hub.observe import metrics
from hub.settings.url import EXPECTED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from hub.database.db import Db
    from hub.settings import Settings

T = TypeVar("T")
Role = Literal["serve", "replay", "owner"]

MAJOR_MIN = 15
CONNECT_SECONDS_MAX = 10.0
RETRY_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)

_log = logging.getLogger(__name__)

# What says that the server, not the statement, is the matter: the same statement may pass later.
_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.OutOfMemoryError,
    asyncpg.ReadOnlySQLTransactionError,
)


@asynccontextmanager
async def open_database(settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[Database]:
    """Give the database of these settings: the one named there, else the embedded one."""
    if settings.database.url is not None:
        yield Database(settings, settings.database.url.reveal())
        return
    async with open_server(settings.home, environ) as server:
        yield Database(settings, server.url)


class Database:
    """One schema in one Postgres, and whether it answers."""

    def __init__(self, settings: Settings, url: str) -> None:
        self.settings = settings
        self.schema = settings.database.schema
        self._url = url
        self._away_since: float | None = None

    def __repr__(self) -> str:
        return f"<Database schema={self.schema}>"

    @property
    def is_up(self) -> bool:
        """Whether it answered when it was last asked."""
        return self._away_since is None

    @asynccontextmanager
    async def connected(self, role: Role = "serve", **session: str) -> AsyncIterator[Any]:
        """Open a database connection for a short while; one that cannot be had is said so."""
        try:
            db = await self.connect(role, **session)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise self.away(error) or _refused(error) from error
        try:
            yield db
        finally:
            await close(db)

    async def connect(self, role: Role = "serve", **session: str) -> Any:
        """Open a database connection; `session` are Postgres settings for as long as it lasts."""
        seconds = self.settings.database.statement_seconds_max
        taken = {} if role == "owner" else {"role": f"{self.schema}_{role}"}
        try:
            db = await asyncpg.connect(
                self._url,
                timeout=CONNECT_SECONDS_MAX,
                command_timeout=None if role == "owner" else seconds,
                server_settings={
                    "application_name": f"hub {role}",
                    "search_path": self.schema,
                    "timezone": "UTC",
                    "jit": "off",
                    **taken,
                    **session,
                },
            )
        except ValueError:
            # Neither its text nor itself goes on: what it repeats of the URL may be the password.
            raise DatabaseRefused(
                "HUB_DATABASE_URL (database.url in hub.toml) cannot be used as it stands: expected "
                f"{EXPECTED}. What was found is not shown, as it holds a password."
            ) from None
        if (version := db.get_server_version()).major < MAJOR_MIN:
            await db.close()
            raise DatabaseRefused(
                f"The hub needs Postgres {MAJOR_MIN} or newer; the database it was given is "
                f"{version.major}.{version.minor}."
            )
        return db

    def session(self, role: Role = "serve", **session: str) -> Session:
        """Give a connection for long use, reopened whenever it was lost."""
        return Session(self, role, session)

    def away(self, error: Exception, db: Db | None = None) -> DatabaseAway | None:
        """Say where the database is, what was found there and what to do, if it is away."""
        away = as_away(error, db)
        if away is None or away is error:
            return away
        return DatabaseAway(
            f"The database ({place(self.settings)}) does not answer: {away}. "
            f"{advice(self.settings)}"
        )

    def said_nothing(self, error: DatabaseAway) -> None:
        """Note that it does not answer; said once, however many are waiting for it."""
        if self._away_since is None:
            self._away_since = time.monotonic()
            metrics.database_up.set(0)
            _log.warning("%s It is waited for.", error)

    def answered(self, opened: float = math.inf) -> None:
        """Note that it answers, over a connection that was opened at this moment (or just now).

        One from before the outage proves nothing: a server that dies may still answer some.
        """
        if self._away_since is not None:
            if opened < self._away_since:
                return
            seconds = time.monotonic() - self._away_since
            self._away_since = None
            _log.warning("The database is back after %.1f s; going on.", seconds)
        metrics.database_up.set(1)


class Session:
    """A database connection for one task, reopened after the database was away."""

    def __init__(self, database: Database, role: Role, settings: dict[str, str]) -> None:
        self.database = database
        self._role = role
        self._settings = settings
        self._db: Any = None
        self._opened = 0.0

    async def until_done(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Do this work, again from its start after every outage: it must bear being repeated."""
        attempt = 0
        while True:
            try:
                return await self.once(work)
            except DatabaseAway as away:
                self.database.said_nothing(away)
                await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1

    async def once(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Do this work; DatabaseAway tells that it may or may not have been done."""
        try:
            if self._db is None or self._db.is_closed():
                self._opened = time.monotonic()
                self._db = await self.database.connect(self._role, **self._settings)
            result = await work(self._db)
        except Exception as error:
            away = self.database.away(error, self._db)
            if away is None:
                raise
            await self.close()
            raise away from error
        self.database.answered(self._opened)
        return result

    async def close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            await close(db)


async def close(db: Db) -> None:
    """Close a connection, whatever state it is in; never wait long for a server that hangs."""
    try:
        await db.close(timeout=1)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        db.terminate()


def as_away(error: Exception, db: Db | None = None) -> DatabaseAway | None:
    """Give what this error means if the database is away, or None if it is another matter."""
    if isinstance(error, DatabaseAway):
        return error
    if isinstance(error, asyncpg.ClientConfigurationError):
        return None
    lost = isinstance(error, asyncpg.InterfaceError) and (db is None or db.is_closed())
    # asyncpg says so when the server went away in the middle of an answer.
    lost = lost or isinstance(error, asyncpg.InternalClientError)
    if lost or isinstance(error, _AWAY):
        return DatabaseAway(found(error))
    return None


def _refused(error: Exception) -> DatabaseRefused:
    advice = "Check HUB_DATABASE_URL, and that `hub migrate` has run."
    return DatabaseRefused(f"The database refused the hub: {error}\n{advice}")
