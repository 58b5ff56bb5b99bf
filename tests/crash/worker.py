"""A process that appends under load, to be killed: `python -m tests.crash.worker`, orders on stdin.

Each of its callers hands in events by number, one after the other, some of them twice and some as
sightings that go back and forth. What was acknowledged is written to stdout before the caller goes
on. It may be ordered to kill itself right before, during or right after a call of the database.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.database import Database, Session
from hub.events import Event, fixed_id
from hub.log.follow import hear, tell
from hub.log.partitions import keep_ahead
from hub.settings import DatabaseSettings, LogSettings, Secret, Settings
from tests.log.desk import NOON, Desk, running, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLERS = 16
PARTITION_EVENTS = 400
SIGHTINGS_EACH = 3


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is to do; `begin` is the number with which each of its callers begins."""

    url: str
    schema: str
    name: str
    seed: int
    begin: list[int]
    kill: Literal["before", "during", "after"] | None = None
    kill_call: int = 0


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """That the event `number` of a caller is kept at this position."""

    worker: str
    caller: int
    number: int
    position: int


async def work(orders: Orders) -> None:
    """Hand in events for ever."""
    settings = Settings(
        home=Path("/nowhere"),
        database=DatabaseSettings(url=Secret(orders.url), schema=orders.schema),
        log=LogSettings(partition_events=PARTITION_EVENTS),
    )
    log = Desk(Database(settings, orders.url))
    if orders.kill:
        await_death(orders.kill, orders.kill_call)
    async with running(log), asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_ahead(log.database, log.wake, PARTITION_EVENTS))
        tasks.create_task(hear(log.database, log.wake))
        tasks.create_task(tell(log.database, log.wake))
        for caller in range(CALLERS):
            tasks.create_task(call(log, orders, caller))


async def call(log: Desk, orders: Orders, caller: int) -> None:
    chance = random.Random(f"{orders.seed} {caller}")
    number = orders.begin[caller]
    while True:
        count = chance.randint(1, 3)
        events = [event(orders.name, caller, number + each) for each in range(count)]
        if caller % 2 == 0 and chance.random() < 0.1:
            twice = asyncio.create_task(log.append(*events))
            positions = await log.append(*events)
            assert await twice == positions
        else:
            positions = await log.append(*events)
        for each, position in enumerate(positions):
            said = Acknowledged(
                worker=orders.name, caller=caller, number=number + each, position=position
            )
            os.write(1, msgspec.json.encode(said) + b"\n")
        number += count


def event(name: str, caller: int, number: int) -> Event:
    """Make the event of this number: the same whoever makes it, however often."""
    if caller % 2:
        # One record; every stamp is said three times, and no two that follow are alike.
        at = number // SIGHTINGS_EACH
        return seen("ABA"[number % SIGHTINGS_EACH], record=f"{name}.{caller}", at=at)
    return Event(
        type="happened",
        id=fixed_id(NOON, "crash", name, caller, number),
        record=f"{name}.{caller}",
        connection="crm",
        kind="contacts",
        data=msgspec.json.encode({"number": number}),
    )


def await_death(point: str, calls: int) -> None:
    """Kill this process at the given call of the database."""
    left = calls
    once = Session.once

    async def doomed(self: Session, work: Callable[[Any], Awaitable[Any]]) -> Any:
        nonlocal left
        left -= 1
        if left:
            return await once(self, work)
        if point == "before":
            die()
        if point == "during":
            asyncio.get_running_loop().call_later(0.0005, die)
        result = await once(self, work)
        die()
        return result

    Session.once = doomed  # type: ignore[method-assign]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(work(msgspec.json.decode(sys.stdin.buffer.readline(), type=Orders)))
