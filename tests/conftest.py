"""Real Postgres for every test that asks for it: one server, and a database of its own per test.

postgres_url   the server all tests share; HUB_TEST_DATABASE_URL names another than the hub's own
settings       makes Settings for a fresh schema: settings(log=LogSettings(batch_events_max=2))
template       what databases are copied from
database       a fresh database, migrated; dropped after the test
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

from hub.database import Database
from hub.database.cluster import ROLE
from hub.settings import DatabaseSettings, Secret, Settings
from tests.log.desk import Desk, open_desk
from tests.server import held_server
from tests.template import Template

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


@pytest.fixture(scope="session")
def template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    made = Template(postgres_url, tmp_path_factory.mktemp("template"))
    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, made.make()).result()
        yield made
        other_thread.submit(asyncio.run, made.end()).result()


@pytest.fixture
def own_server() -> Iterator[Server]:
    with held_server() as server:
        yield server


class MakeSettings(Protocol):
    """Makes settings; `sections` are those of Settings, unchecked, so that limits may be tiny."""

    def __call__(self, **sections: Any) -> Settings: ...


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path) -> MakeSettings:
    def make(**sections: Any) -> Settings:
        place = msgspec.structs.replace(
            sections.pop("database", DatabaseSettings()),
            url=Secret(postgres_url),
            schema=f"t_{secrets.token_hex(6)}",
        )
        return Settings(home=tmp_path, database=place, **sections)

    return make


@pytest.fixture
async def new_database(
    settings: MakeSettings, template: Template
) -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    async with AsyncExitStack() as ends:

        async def make(*, migrated: bool = True, **sections: Any) -> Database:
            chosen = settings(**sections)
            assert chosen.database.url is not None
            if not migrated:
                empty = Database(chosen, chosen.database.url.reveal())
                ends.push_async_callback(drop, empty)
                return empty
            url = await template.copy()
            ends.push_async_callback(template.drop, url)
            place = msgspec.structs.replace(
                chosen.database, url=Secret(url), schema=template.schema
            )
            return Database(msgspec.structs.replace(chosen, database=place), url)

        yield make


@pytest.fixture
async def database(new_database: Callable[..., Awaitable[Database]]) -> Database:
    return await new_database()


@pytest.fixture
async def log(database: Database) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_desk(database))


async def make_haste(url: str) -> None:
    """Spare the shared server what takes long: care for its disk, and hardening its password.

    Tests of outages run a server of their own, which has both.
    """
    db = await asyncpg.connect(url)
    for care in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        await db.execute(f"alter system set {care} = off")
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
