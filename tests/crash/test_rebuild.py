"""A rebuild that is killed costs nothing but its own work."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.settings import LogSettings, ProjectorSettings
from tests.crash.rebuilding import LEASE_SECONDS
from tests.replay.live import Live, observed, open_live, story

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.database import Database

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("rebuilding.py")
SLACK_SECONDS = 5.0
WRONG = """update records set fields = '{"name":"wrong"}' where record = '1'"""
FIELDS = "select convert_from(fields, 'UTF8') from records where record = '1'"


@pytest.fixture
async def live(new_database: Callable[..., Awaitable[Database]]) -> AsyncIterator[Live]:
    database = await new_database(
        log=LogSettings(partition_events=100),
        projectors=ProjectorSettings(poll_seconds=0.02, lease_seconds=LEASE_SECONDS),
    )
    async with open_live(database) as hub:
        yield hub


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.slow)])
async def test_killed_anywhere_the_hub_goes_on_and_the_next_rebuild_is_right(
    live: Live, kills: int
) -> None:
    await live.has_seen(observed({"name": "right"}, at=50), *story(1, events=30))
    statements = await rebuilt_in_a_child(live, 0)
    fields = (await live.execute(FIELDS))[0][0]
    moments = random.Random(kills).sample(range(1, statements), kills)

    async with live.following():
        for moment in moments:
            await live.execute(WRONG)
            await rebuilt_in_a_child(live, moment)
            await goes_on(live)
            assert (await live.execute(FIELDS))[0][0] in (fields, '{"name":"wrong"}')

        await live.rebuild()

    assert await live.traces() == []
    assert (await live.execute(FIELDS))[0][0] == fields
    assert await live.rows() == await live.afresh()


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_right_before_or_after_the_swap_one_set_of_tables_serves(
    live: Live, moment: str
) -> None:
    await live.has_seen(observed({"name": "right"}))
    await live.execute(WRONG)

    async with live.following():
        await rebuilt_in_a_child(live, moment)
        await goes_on(live)
        found = (await live.execute(FIELDS))[0][0]
        left = await live.traces()
        await live.rebuild()

    assert found == ('{"name":"right"}' if moment == "after" else '{"name":"wrong"}')
    assert len(left) > 0
    assert await live.traces() == []
    assert await live.rows() == await live.afresh()


async def rebuilt_in_a_child(live: Live, moment: int | str) -> int:
    """Rebuild in a process that is killed at a moment; at 0 it is not, and tells its statements."""
    settings, schema = live.database.settings, live.database.schema
    assert settings.database.url is not None
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        CHILD,
        *(settings.database.url.reveal(), schema, settings.home, str(moment)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    said, _ = await child.communicate()
    # The server notices within a moment that the process is gone, and lets go of its lock.
    await live.until(
        "not exists (select from pg_locks where locktype = 'advisory' and "
        "(classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0))",
        f"{schema}.rebuild.sync",
    )
    assert child.returncode == (0 if moment == 0 else -signal.SIGKILL)
    return int(said or 0)


async def goes_on(live: Live) -> None:
    """Say something, and see it applied before the lease of the dead could have run out twice."""
    await live.tell(observed({"name": "on"}, record="on"))
    async with asyncio.timeout(LEASE_SECONDS + SLACK_SECONDS):
        await live.applied()
