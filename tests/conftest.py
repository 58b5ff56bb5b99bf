"""Real Postgres for every test that asks for it: one server, and a schema of its own per test.

postgres_url   the server all tests share; HUB_TEST_DATABASE_URL names another than the hub's own
settings       makes Settings for a fresh schema: settings(log=LogSettings(batch_events_max=2))
database       a fresh schema, migrated; dropped after the test, and its roles with it
log            the same with a partition open and an appender running
new_database   makes more databases like `database`, with settings of the test's choice
own_server     a server that the test may kill: it is minded as a running hub minds its own
"""

from __future__ import annotations

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest

from hub.database import Database, migrate
from hub.database.cluster import ROLE
from hub.settings import DatabaseSettings, Secret, Settings
from tests.log.desk import Desk, open_desk
from tests.server import held_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from hub.database.embedded import Server

SCRAM_ITERATIONS_SINCE = 16


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    given = os.environ.get("HUB_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with held_server() as server, ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, make_haste(server.url)).result()
        yield server.url


@pytest.fixture
def own_server() -> Iterator[Server]:
    with held_server() as server:
        yield server


class MakeSettings(Protocol):
    """Makes settings; `sections` are those of Settings, unchecked, so that limits may be tiny."""

    def __call__(self, **sections: Any) -> Settings: ...  # noqa: ANN401


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path) -> MakeSettings:
    def make(**sections: Any) -> Settings:  # noqa: ANN401
        place = msgspec.structs.replace(
            sections.pop("database", DatabaseSettings()),
            url=Secret(postgres_url),
            schema=f"t_{secrets.token_hex(6)}",
        )
        return Settings(home=tmp_path, database=place, **sections)

    return make


@pytest.fixture
async def new_database(
    settings: MakeSettings,
) -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    made: list[Database] = []

    async def make(*, migrated: bool = True, **sections: Any) -> Database:  # noqa: ANN401
        chosen = settings(**sections)
        assert chosen.database.url is not None
        made.append(Database(chosen, chosen.database.url.reveal()))
        if migrated:
            await migrate(made[-1])
        return made[-1]

    yield make
    for database in made:
        await drop(database)


@pytest.fixture
async def database(new_database: Callable[..., Awaitable[Database]]) -> Database:
    return await new_database()


@pytest.fixture
async def log(database: Database) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_desk(database))


async def make_haste(url: str) -> None:
    """Spare the shared server what takes long: waiting for its disk, and hardening its password.

    Tests of outages run a server of their own, which has both.
    """
    db = await asyncpg.connect(url)
    await db.execute("alter system set fsync = off")
    await db.execute("select pg_reload_conf()")
    if db.get_server_version().major >= SCRAM_ITERATIONS_SINCE:
        await db.execute("set scram_iterations = 1")
        await db.execute(f"alter role {ROLE} password '{urlsplit(url).password}'")
    await db.close()


async def drop(database: Database) -> None:
    async with database.connected("owner") as db:
        await db.execute(f'drop schema if exists "{database.schema}" cascade')
        for role in ("serve", "replay"):
            await db.execute(f'drop role if exists "{database.schema}_{role}"')
