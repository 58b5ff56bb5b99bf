"""What the benches of projectors share: catching up, rebuilding, and reading as their yardstick."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.projectors.run import run
from hub.projectors.sync import Sync
from ops.bench.ground import clock

if TYPE_CHECKING:
    from hub.database.db import Db
    from ops.bench.ground import Ground

PAGE_EVENTS = 5_000


async def read_rate(db: Db, events: int, *, first: int = 0) -> float:
    """Read the rows that a rebuild reads, through asyncpg, and decode nothing."""
    started = clock()
    for after in range(first, first + events, PAGE_EVENTS):
        await db.fetch(statement("log/page.sql"), after, after + PAGE_EVENTS)
    return events / (clock() - started)


async def catch_up_rate(made: Ground, events: int, *, after: int = 0) -> float:
    """Let the live sync projector go through the log, every page its own transaction."""
    started = clock()
    task = asyncio.create_task(run(Sync(), made.database, made.wake, made.settings.projectors))
    async with made.database.connected() as db:
        while await position(db) < after + events:
            await asyncio.sleep(0.02)
            if task.done():
                task.result()
    seconds = clock() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return events / seconds


async def position(db: Db) -> int:
    return int(await db.fetchval("select position from projectors where name = 'sync'") or 0)


async def forget(made: Ground) -> None:
    """Put the sync projector back to the start, its tables empty."""
    async with made.database.connected("owner") as db:
        await db.execute(f"truncate {', '.join(Sync.tables)}, parked, projectors")


def rebuild_apart(made: Ground) -> dict[str, Any]:
    """Rebuild in a process of its own, as an operator does; give its figures and its memory."""
    code = (
        "import asyncio, json, os, resource, sys\n"
        "from hub.database import open_database\n"
        "from hub.projectors.sync import Sync\n"
        "from hub.replay.rebuild import rebuild\n"
        "from hub.settings import load\n"
        "async def main():\n"
        "    settings = load(None, {'HUB_HOME': sys.argv[1], 'PATH': os.environ['PATH']})\n"
        "    async with open_database(settings, os.environ) as database:\n"
        "        done = await rebuild(Sync(), database, settings.log.archive_directory)\n"
        "    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "    print(json.dumps({'rate': done.position / done.seconds, 'memory_mb': memory,\n"
        "                      'paused_s': done.paused_seconds,\n"
        "                      'same': all(t.is_same for t in done.tables)}))\n"
        "import uvloop\n"
        "uvloop.run(main())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(made.settings.home)],
        check=True,
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    return dict(json.loads(answer.stdout.splitlines()[-1]))
