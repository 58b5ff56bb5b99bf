"""The command line on a database of its own, and what is in that database beforehand."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.app import appending, running
from hub.cli import hub
from hub.log.partitions import make_room
from hub.log.read import head
from hub.settings import LogSettings
from tests.cli.played import vendors
from tests.hubs import ANY_PORT, applied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from hub.database import Database
    from hub.events import Event
    from tests.cli.played import Played

    NewDatabase = Callable[..., Awaitable[Database]]

PARTITION_EVENTS = 1_000


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> Any:
        return json.loads(self.out)


class Desk:
    """Where commands are typed."""

    def __init__(self, database: Database, capfd: pytest.CaptureFixture[str]) -> None:
        self.database = database
        self._capfd = capfd

    def run(self, *words: str) -> Ended:
        self._capfd.readouterr()
        with pytest.raises(SystemExit) as ending:
            hub.main(list(words))
        said = self._capfd.readouterr()
        code = ending.value.code
        return Ended(code=0 if code is None else int(code), out=said.out, err=said.err)

    def keep(self, *events: Event) -> None:
        """Put events into the log while no hub runs."""
        asyncio.run(_keep(self.database, events))

    def apply(self) -> None:
        """Let a hub run for a moment, until everything is applied."""
        asyncio.run(_apply(self.database))

    def execute(self, statement: str, *values: object) -> Any:
        """Run a statement as the owner, and give its first value."""
        return asyncio.run(_execute(self.database, statement, values))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    names = (None, "hub", "hub.app", "hub.inbound", "hub.projectors")
    handlers = logging.getLogger().handlers.copy()
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    logging.getLogger().handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
async def unmigrated_database(new_database: NewDatabase) -> Database:
    return await new_database(
        migrated=False, serve=ANY_PORT, log=LogSettings(partition_events=PARTITION_EVENTS)
    )


@pytest.fixture
async def migrated_database(new_database: NewDatabase) -> Database:
    return await new_database(serve=ANY_PORT, log=LogSettings(partition_events=PARTITION_EVENTS))


@pytest.fixture
def new_desk(
    unmigrated_database: Database,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Desk:
    """A desk whose database holds nothing yet."""
    return _desk(unmigrated_database, capfd, monkeypatch, tmp_path)


@pytest.fixture
def desk(
    migrated_database: Database,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Desk:
    """A desk whose database holds an empty log."""
    return _desk(migrated_database, capfd, monkeypatch, tmp_path)


def _desk(
    database: Database,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
) -> Desk:
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    url = database.settings.database.url
    assert url is not None
    monkeypatch.chdir(home)
    monkeypatch.setenv("HUB_HOME", str(home))
    monkeypatch.setenv("HUB_DATABASE_URL", url.reveal())
    monkeypatch.setenv("HUB_DATABASE_SCHEMA", database.schema)
    monkeypatch.setenv("HUB_LOG_PARTITION_EVENTS", str(PARTITION_EVENTS))
    monkeypatch.setenv("HUB_SERVE_PORT", "0")
    return Desk(database, capfd)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    """The played vendors; Books lets itself be called as often as one likes."""
    monkeypatch.setattr("hub.connectors.zoho_books.books.CALLS_PER_MINUTE", 10_000)
    with vendors() as one:
        yield one


async def _keep(database: Database, events: tuple[Event, ...]) -> None:
    async with database.connected() as db:
        await make_room(db, PARTITION_EVENTS)
    async with appending(database) as append:
        for start in range(0, len(events), PARTITION_EVENTS // 4):
            await append(*events[start : start + PARTITION_EVENTS // 4])


async def _apply(database: Database) -> None:
    async with running(database.settings, {}) as one, database.connected() as db:
        await applied(one, await head(db))


async def _execute(database: Database, statement: str, values: tuple[object, ...]) -> Any:
    async with database.connected("owner") as db:
        return await db.fetchval(statement, *values)
