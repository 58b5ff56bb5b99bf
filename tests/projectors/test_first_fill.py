"""A first sync fills empty tables: what it asks of them meanwhile costs what it asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hub.database import statement

if TYPE_CHECKING:
    from hub.database import Database
    from hub.database.db import Db

ROWS, WANTED = 5_000, 500

KEYS = """
insert into keys (connection, kind, record, name, value)
select 'crm', 'Accounts', n::text, name, name || n
from generate_series(1, $1::integer) as n, unnest('{mail,name}'::text[]) as name
"""
DUPLICATES = """
insert into duplicates (position, link, connection, kind, record, part, other_link, other_record)
select n, gen_random_uuid(), 'crm', 'Accounts', n::text, '', gen_random_uuid(), (n + 1)::text
from generate_series(1, $1::integer) as n
"""


@pytest.mark.parametrize("plans", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("name", "fill", "columns"),
    [
        ("keys", KEYS, "'crm', 'Accounts', n::text"),
        ("found", KEYS, "'crm', 'Accounts', 'mail', 'mail' || n"),
        ("duplicates", DUPLICATES, "'crm', 'Accounts', n::text"),
    ],
)
async def test_a_table_that_was_just_filled_is_read_by_what_tells_its_rows_apart(
    database: Database, plans: str, name: str, fill: str, columns: str
) -> None:
    async with database.connected("owner", plan_cache_mode=plans) as db:
        # given: asked for the first time while it was empty, then filled, and never analysed
        table = "duplicates" if name == "duplicates" else "keys"
        await db.execute(f"alter table {table} set (autovacuum_enabled = false)")
        await db.execute(f"prepare wanted as {statement(f'projectors/sync/{name}.sql')}")
        lists = await _lists(db, columns)
        await db.execute(f"execute wanted({lists})")
        await db.execute(fill.replace("$1", f"{ROWS}"))

        # when
        plan = await db.fetchval(f"explain (analyze, format json) execute wanted({lists})")

        # then: the whole table once at most, never all of a kind for each
        (read,) = json.loads(plan)
        pages = read["Plan"]["Shared Hit Blocks"] + read["Plan"]["Shared Read Blocks"]
        assert pages < 4 * ROWS, f"{pages} pages were read for {WANTED} records"


async def _lists(db: Db, columns: str) -> str:
    """Write the columns of what is wanted as array literals."""
    rows = await db.fetch(f"select {columns} from generate_series(1, {WANTED}) as n")
    arrays = ("{" + ",".join(column) + "}" for column in zip(*rows, strict=True))
    return ", ".join(f"'{array}'" for array in arrays)
