"""Run projectors until killed: python projecting.py URL SCHEMA HOLDER [SIGNAL before|after NTH].

With the last three it sends itself a signal around the commit of its nth page: right before it, all
rows written, or right after it, nobody told.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncpg.transaction import Transaction

from hub.database import Database
from hub.log.follow import Wake
from hub.projectors.run import run
from hub.settings import DatabaseSettings, Secret, Settings
from tests.projectors.at_work import QUICK, Counting
from tests.projectors.by_hand import SYNC, TIMELINE

if TYPE_CHECKING:
    from types import TracebackType


async def main(url: str, schema: str, holder: str) -> None:
    place = DatabaseSettings(url=Secret(url), schema=schema)
    database = Database(Settings(home=Path("unused"), database=place), url)
    async with asyncio.TaskGroup() as group:
        for projector in (SYNC, TIMELINE, Counting()):
            group.create_task(run(projector, database, Wake(), QUICK, holder))
        sys.stdout.write("running\n")
        sys.stdout.flush()


def strike(what: signal.Signals, when: str, nth: int) -> None:
    """Be struck at a commit; every transaction of this process is that of a page."""
    left = nth
    leave = Transaction.__aexit__

    async def struck(
        self: Any,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        nonlocal left
        left -= 1
        is_the_one = left == 0
        if when == "before" and is_the_one:
            os.kill(os.getpid(), what)
        await leave(self, kind, error, where)
        if when == "after" and is_the_one:
            os.kill(os.getpid(), what)

    Transaction.__aexit__ = struck


if __name__ == "__main__":
    if len(sys.argv) > 4:
        strike(signal.Signals[sys.argv[4]], sys.argv[5], int(sys.argv[6]))
    asyncio.run(main(*sys.argv[1:4]))
