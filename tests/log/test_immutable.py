"""P2: neither the role that serves nor the one that replays can change what was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from hub.database import migrate
from hub.settings import LogSettings
from tests.log.desk import Desk, happened, open_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.database import Database
    from hub.database.open import Role

REFUSED = "permission denied|must be owner"


@pytest.fixture
async def log(new_database: Callable[..., Awaitable[Database]]) -> AsyncIterator[Desk]:
    """A log of three partitions, and of one archive in name."""
    database = await new_database(log=LogSettings(partition_events=5))
    async with open_desk(database) as desk:
        for _ in range(12):
            await desk.append(happened())
        yield desk


@pytest.mark.parametrize("role", ["serve", "replay"])
async def test_p2_what_was_kept_is_not_changed(role: Role, log: Desk) -> None:
    columns = {"events": "position", "kept": "position", "archives": "last"}
    columns |= dict.fromkeys(await partitions(log), "position")
    before = await log.events()
    async with log.database.connected(role) as db:
        for table, column in columns.items():
            for act in (
                f"update {table} set {column} = {column}",
                f"delete from {table}",
                f"truncate {table}",
                f"drop table {table}",
                f"alter table {table} disable trigger all",
                f"alter table {table} rename to mine",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match=REFUSED):
                    await db.execute(act)

    assert len(columns) == 6
    assert await log.events() == before


async def test_p12_the_role_that_replays_adds_nothing(log: Desk) -> None:
    async with log.database.connected("replay") as db:
        for act in (
            "insert into events select * from events limit 1",
            "insert into kept values (gen_random_uuid(), 1)",
            "insert into archives values (1, 1, now(), '', '')",
            "select append(null, null)",
            "select open_partition(1)",
            "create table mine ()",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=REFUSED):
                await db.execute(act)


async def test_the_role_that_serves_lengthens_the_log_by_whole_partitions_alone(log: Desk) -> None:
    async with log.database.connected("serve") as db:
        for table in await partitions(log):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"alter table events detach partition {table}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"insert into {table} select * from events limit 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("create table events_x partition of events default")

        assert await db.fetchval("select open_partition(5)") == 21


@pytest.mark.parametrize("role", ["serve", "replay"])
async def test_a_role_of_one_schema_reaches_nothing_in_another(
    role: Role, new_database: Callable[..., Awaitable[Database]]
) -> None:
    # Given two hubs in one Postgres database, each with a schema of its own
    ours, theirs = [await new_database(migrated=False) for _ in range(2)]
    for each in (ours, theirs):
        await migrate(each)

    async with ours.connected(role) as db:
        for table in ("events", "kept", "archives", "event_json", "partitions"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"select * from {theirs.schema}.{table}")


async def partitions(log: Desk) -> list[str]:
    return [row["name"] for row in await log.execute("select name from partitions")]


async def test_p2_no_temporary_table_of_the_serving_role_stands_for_one_of_the_hub(
    log: Desk,
) -> None:
    async with log.database.connected() as db:
        for act in FORGED:
            await db.execute(act.format(schema=log.database.schema))
        await db.fetchval("select open_partition(1000)")
        assert not await db.fetchval("select fence('sync', 'me')")

    assert "forged" not in {event.origin for event in await log.events()}


FORGED = [
    (
        "create function pg_temp.forge() returns bigint language plpgsql as $$ begin "
        "update {schema}.events set origin = 'forged'; return 4001; end $$"
    ),
    (
        "create temp view partitions as "
        "select 'x'::text as name, 3001::bigint as first, pg_temp.forge() as until"
    ),
    (
        "insert into projectors (name, holder, backend, lease_until) "
        "values ('sync', 'other', backend(), 'infinity')"
    ),
    "create temp table pg_stat_activity as select 0 as pid, now() as backend_start",
]
