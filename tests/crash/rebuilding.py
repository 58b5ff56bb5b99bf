"""Rebuild in a process of its own, and be killed there: at a statement, or around the swap."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hub.database import Database
from hub.projectors import PROJECTORS
from hub.replay import rebuild as rebuild_module
from hub.replay.shadow import Shadow
from hub.settings import DatabaseSettings, ProjectorSettings, Secret, Settings
from tests.replay.statements import Statements

if TYPE_CHECKING:
    from hub.projectors.lease import Lease

LEASE_SECONDS = 1.0


async def rebuild(url: str, schema: str, home: Path, moment: str) -> int:
    """Rebuild until killed: `moment` is the number of a statement, `before` or `after`."""
    rebuild_module.LEASE_SECONDS = LEASE_SECONDS
    rebuild_module.NEAR_EVENTS = 10
    settings = Settings(
        home=home,
        database=DatabaseSettings(url=Secret(url), schema=schema),
        projectors=ProjectorSettings(page_events_catch_up=7),
    )
    statements = Statements(int(moment) if moment.isdigit() else 0, die)
    statements.watch(setattr)
    if not moment.isdigit():
        die_around_swap(moment)
    await rebuild_module.rebuild(PROJECTORS[0], Database(settings, url), home / "archive")
    return statements.sent


def die_around_swap(moment: str) -> None:
    swap = Shadow.swap

    async def last_swap(shadow: Shadow, lease: Lease) -> None:
        if moment == "after":
            await swap(shadow, lease)
        die()

    Shadow.swap = last_swap  # type: ignore[method-assign, assignment]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    print(asyncio.run(rebuild(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])))  # noqa: T201
