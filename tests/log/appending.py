"""A process that appends: `python -m tests.log.appending SCHEMA NUMBER EVENTS` (URL on stdin).

It says `ready` and waits for a line before it begins, so that several begin at once. Then it hands
in its events by many callers and prints what each was answered, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from hub.database import Database
from hub.settings import DatabaseSettings, LogSettings, Secret, Settings
from tests.log.desk import Desk, running, seen


async def main(url: str, schema: str, number: int, events: int) -> None:
    settings = Settings(
        home=Path("/nowhere"),
        database=DatabaseSettings(url=Secret(url), schema=schema),
        log=LogSettings(batch_events_max=5, partition_events=700),
    )
    log = Desk(Database(settings, url))
    async with running(log):
        print("ready", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        # Every second event is one that every process hands in.
        told = [seen(n, record=f"{number if n % 2 else 'all'}.{n}") for n in range(events)]
        answers = await asyncio.gather(*(log.append(event) for event in told))
    print(  # noqa: T201
        json.dumps([(str(event.id), at) for event, [at] in zip(told, answers, strict=True)])
    )


if __name__ == "__main__":
    schema, number, events = sys.argv[1:]
    asyncio.run(main(sys.stdin.readline().strip(), schema, int(number), int(events)))
