"""Migrations go forward, each once, and refuse by name what does not fit."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from hub.database import Database, migrate
from hub.database.migrate import DIRECTORY, pending, read
from hub.errors import DatabaseAway, DatabaseFault, DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

ALL = [each.name for each in read(DIRECTORY)]


@pytest.fixture
async def empty(new_database: Callable[..., Awaitable[Database]]) -> Database:
    return await new_database(migrated=False)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    directory = tmp_path / "migrations"
    directory.mkdir()
    write(directory, "0001_first", "create table first (a int)")
    write(directory, "0002_second", "create table second (a int)")
    return directory


async def test_an_empty_database_is_given_all_of_it_once(empty: Database) -> None:
    assert await pending(empty) == ALL
    assert await migrate(empty) == ALL
    assert await migrate(empty) == []
    assert await pending(empty) == []


async def test_a_dry_run_changes_nothing(empty: Database) -> None:
    assert await migrate(empty, dry_run=True) == ALL

    async with empty.connected("owner") as db:
        assert await db.fetchval("select to_regnamespace($1)", empty.schema) is None


async def test_many_that_start_at_once_migrate_once(empty: Database) -> None:
    applied = await asyncio.gather(*(migrate(again(empty)) for _ in range(6)))

    assert sorted(map(len, applied)) == [0] * 5 + [len(ALL)]
    async with empty.connected("owner") as db:
        rows = await db.fetch("select name from migrations order by name")
    assert [row["name"] for row in rows] == ALL


async def test_a_later_file_is_applied_alone(empty: Database, files: Path) -> None:
    await migrate(empty, directory=files)
    write(files, "0003_third", "create table third (a int)")

    assert await migrate(empty, directory=files) == ["0003_third"]


async def test_a_file_that_fails_leaves_nothing_and_is_named(empty: Database, files: Path) -> None:
    write(files, "0003_third", "create table third (a int); select 1/0")
    write(files, "0004_fourth", "create table fourth (a int)")

    with pytest.raises(DatabaseRefused, match=r"0003_third failed.*division by zero"):
        await migrate(empty, directory=files)

    assert await tables(empty) == {"first", "second", "migrations"}
    write(files, "0003_third", "create table third (a int)")
    assert await migrate(empty, directory=files) == ["0003_third", "0004_fourth"]


@pytest.mark.parametrize("dry_run", [True, False])
async def test_an_edited_file_is_refused_by_name(
    dry_run: bool,  # noqa: FBT001
    empty: Database,
    files: Path,
) -> None:
    await migrate(empty, directory=files)
    write(files, "0001_first", "create table first (a text)")

    with pytest.raises(DatabaseRefused, match="0001_first was edited after"):
        await migrate(empty, dry_run=dry_run, directory=files)


async def test_a_file_that_is_missing_is_refused_by_name(empty: Database, files: Path) -> None:
    await migrate(empty, directory=files)
    (files / "0002_second.sql").unlink()

    with pytest.raises(DatabaseRefused, match=r"has the migration 0002_second.* newer version"):
        await migrate(empty, directory=files)


async def test_a_file_that_comes_too_late_is_refused_by_name(empty: Database, files: Path) -> None:
    await migrate(empty, directory=files)
    write(files, "0001_forgotten", "create table forgotten (a int)")

    with pytest.raises(DatabaseRefused, match="0001_forgotten is not applied, but the later 0002"):
        await migrate(empty, directory=files)

    assert "forgotten" not in await tables(empty)


async def test_a_hub_without_its_files_is_not_installed_whole(
    empty: Database, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRefused, match="holds no migrations"):
        await migrate(empty, directory=tmp_path / "nowhere")


async def test_who_may_not_migrate_is_told_what_is_needed(
    empty: Database, postgres_url: str
) -> None:
    user = f"{empty.schema}_serve"  # goes with the schema's roles
    async with empty.connected("owner") as db:
        await db.execute(f"create role {user} login password 'x'")
    url = re.sub(r"//[^@]*@", f"//{user}:x@", postgres_url)

    with pytest.raises(DatabaseRefused, match=f"(?s){user} may not do .* createrole"):
        await migrate(Database(empty.settings, url))


async def test_a_schema_that_a_hub_has_not_migrated_is_refused_to_it(empty: Database) -> None:
    with pytest.raises(DatabaseRefused, match="hub migrate"):
        async with empty.connected("serve"):
            pytest.fail("there is no such role")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("postgresql://hub:x@127.0.0.1:1/hub", DatabaseAway),
        ("postgresql://hub:x@127.0.0.1:port/hub", DatabaseRefused),
        ("postgresql://hub:x@127.0.0.1/hub?sslmode=perhaps", DatabaseRefused),
    ],
)
async def test_a_database_that_is_away_is_told_from_one_that_cannot_be(
    url: str, fault: type[DatabaseFault], empty: Database
) -> None:
    with pytest.raises(fault) as raised:
        await migrate(Database(empty.settings, url))

    assert ":x@" not in str(raised.value)


async def test_a_wrong_password_is_refused(empty: Database, postgres_url: str) -> None:
    url = re.sub(r":[^:@]*@", ":wrong@", postgres_url)

    with pytest.raises(DatabaseRefused, match="password authentication failed"):
        await migrate(Database(empty.settings, url))


def write(directory: Path, name: str, sql: str) -> None:
    (directory / f"{name}.sql").write_text(sql, encoding="utf-8")


def again(database: Database) -> Database:
    url = database.settings.database.url
    assert url is not None
    return Database(database.settings, url.reveal())


async def tables(database: Database) -> set[str]:
    async with database.connected("owner") as db:
        rows = await db.fetch(
            "select tablename from pg_tables where schemaname = $1", database.schema
        )
    return {row["tablename"] for row in rows}
