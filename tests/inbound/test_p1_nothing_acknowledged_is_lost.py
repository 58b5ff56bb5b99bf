"""P1: what was answered with a position is there, whatever dies right after the answer."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from hub.database.embedded import embedded_server
from hub.log.read import page
from hub.settings import ProjectorSettings, Settings
from tests.hubs import ANY_PORT, SHOP, a_hub, applied

if TYPE_CHECKING:
    from pathlib import Path

    from hub.app import Hub


async def test_p1_what_was_answered_outlives_the_death_of_postgres(tmp_path: Path) -> None:
    # Given a hub on a Postgres of its own, with its disk writes in full
    settings = Settings(
        home=tmp_path,
        serve=ANY_PORT,
        connections={"shop": SHOP},
        projectors=ProjectorSettings(lease_seconds=1),
    )
    async with a_hub(settings) as (hub, sender):
        pushes = [asyncio.create_task(sender.push(str(n), {"n": n})) for n in range(300)]

        # When every process of it is killed right after an answer, while others are under way
        first = (await pushes[0]).position
        await kill_every_process(hub, tmp_path)
        answers = await asyncio.gather(*pushes)
        after = await sender.push("after", {})

        # Then all are answered, each answer is true, and the hub has gone on
        kept = await everything(hub)
        assert first == 1
        assert {answer.status for answer in answers} == {200}
        assert [kept[answer.position] for answer in answers] == [str(n) for n in range(300)]
        assert kept[after.position] == "after"
        await applied(hub, after.position)


async def kill_every_process(hub: Hub, home: Path) -> None:
    async with hub.database.connected("owner") as db:
        processes = [row["pid"] for row in await db.fetch("select pid from pg_stat_activity")]
    postmaster = embedded_server(home, os.environ).status().process
    assert postmaster is not None
    for process in (postmaster, *processes):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


async def everything(hub: Hub) -> dict[int, str | None]:
    async with hub.database.connected() as db:
        return {event.position: event.record for event in await page(db, 0, 1_000)}
