"""Whoever replays can read everything and write nothing but the tables it is making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from hub.database import statement
from hub.log.append import append_within
from hub.projectors import PROJECTORS
from hub.replay.shadow import Shadow
from tests.replay.live import SYNC, TABLES, observed

if TYPE_CHECKING:
    from tests.replay.live import Live

LOG = ("events", "kept", "archives", "migrations", "projectors")


async def test_p12_the_role_of_a_rebuild_changes_nothing_that_serves(live: Live) -> None:
    await live.has_seen(observed())
    schema = live.database.schema

    async with (
        live.database.connected("owner") as owner,
        Shadow(owner, schema, SYNC).made() as shadow,
        live.database.connected("replay", search_path=shadow.search_path) as db,
    ):
        for table in (*LOG, *TABLES):
            for refused in (
                f'insert into "{schema}".{table} select * from "{schema}".{table}',
                f'delete from "{schema}".{table}',
                f'truncate "{schema}".{table}',
                f'drop table "{schema}".{table}',
            ):
                await must_refuse(db, refused)
        for refused in (
            "update events set type = 'other'",
            "update projectors set position = 0",
            f'update "{schema}".records set position = 0',
            f'create table "{schema}".mine ()',
            f'select "{schema}".open_partition(10)',
        ):
            await must_refuse(db, refused)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await append_within(db, observed(record="2"))
        await db.execute("insert into records select * from records")
        await db.execute("delete from parked")

    assert len(await live.desk.events()) == 1


async def test_p12_the_role_that_looks_back_changes_nothing_at_all(live: Live) -> None:
    await live.has_seen(observed())

    async with live.database.connected("replay") as db:
        for table in (*LOG, *TABLES):
            await must_refuse(db, f"insert into {table} select * from {table}")
            await must_refuse(db, f"delete from {table}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await append_within(db, observed(record="2"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.fetchrow(statement("projectors/take.sql"), "sync", "replay", 3.0)


async def test_p12_after_a_swap_the_role_may_no_more_than_before(live: Live) -> None:
    await live.has_seen(observed())

    for each in PROJECTORS:
        await live.rebuild(each)

    async with live.database.connected("replay") as db:
        for table in TABLES:
            await db.fetch(f"select * from {table}")
            await must_refuse(db, f"delete from {table}")
    async with live.database.connected() as db:
        for table in TABLES:
            await db.execute(f"delete from {table}")


async def must_refuse(db: asyncpg.Connection, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await db.execute(sql)
