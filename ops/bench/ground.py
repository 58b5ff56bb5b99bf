"""What every bench stands on: a Postgres of its own, a migrated schema, made-up events, figures."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import statistics
import tempfile
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import Member
from hub.database import migrate, open_database
from hub.events import Event, Linked, event_of, fixed_id, seen_id, utc
from hub.log.append import Appender
from hub.log.follow import Wake
from hub.log.partitions import keep_ahead, make_room
from hub.settings import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.database import Database
    from hub.settings import Settings

START_MICROSECONDS = 1_700_000_000_000_000
PADDING = "a" * 330


class Ground(msgspec.Struct, kw_only=True):
    """A hub without its server: a log that takes events, nothing that follows it."""

    settings: Settings
    database: Database
    wake: Wake
    appender: Appender


@asynccontextmanager
async def ground(**variables: str) -> AsyncIterator[Ground]:
    """Stand up a database and an appender in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        environ = {"HUB_HOME": home, "PATH": os.environ["PATH"], **variables}
        settings = load(None, environ)
        async with open_database(settings, environ) as database:
            await migrate(database)
            async with appending(settings, database) as made:
                yield made


@asynccontextmanager
async def appending(settings: Settings, database: Database) -> AsyncIterator[Ground]:
    wake = Wake()
    appender = Appender(database, settings.log, wake)
    async with database.connected() as db:
        await make_room(db, settings.log.partition_events)
    tasks = [
        asyncio.create_task(appender.run()),
        asyncio.create_task(keep_ahead(database, wake, settings.log.partition_events)),
    ]
    try:
        yield Ground(settings=settings, database=database, wake=wake, appender=appender)
    finally:
        appender.close()
        await tasks[0]
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def body(number: int) -> bytes:
    """Make a record as a vendor sends it: about 500 bytes, an id of 18 digits, money as text."""
    return (
        b'{"id":"46000000000%07d","Account_Name":"Zylker %d","Phone":"+49 555 %d",'
        b'"Website":null,"Industry":"Logistics","Annual_Revenue":"%d.50","Note":"%s"}'
        % (number, number, number, number, PADDING.encode())
    )


def observed(number: int, records: int, rng: random.Random) -> Event:
    """Make an observation of one of so many records, a millisecond after the one before."""
    record = str(460_000_000_000_000_000 + rng.randrange(records))
    data = body(number)
    at = utc(START_MICROSECONDS + number * 1000)
    return Event(
        type="observed",
        id=seen_id(at, "crm", "Accounts", record, number),
        connection="crm",
        kind="Accounts",
        record=record,
        road="webhook",
        occurred_at=at,
        origin="user:4600000000000001",
        trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        data=data,
    )


def linked(number: int) -> Event:
    link = fixed_id(None, "link", number)
    record = str(number)
    members = [
        Member(connection="crm", kind="Accounts", record=record),
        Member(connection="books", kind="contacts", record=record),
    ]
    return event_of(Linked(link=link, members=members), id=fixed_id(None, "linked", number))


async def fill(
    made: Ground, events: int, records: int, *, links: int = 100, first: int = 0
) -> None:
    """Append so many events, `links` of each thousand of them links, in large calls."""
    rng = random.Random(first)  # noqa: S311 - the same history every time
    calls: list[asyncio.Task[Any]] = []
    for start in range(first, first + events, 1000):
        batch = [
            linked(number) if number % 1000 < links else observed(number, records, rng)
            for number in range(start, min(start + 1000, first + events))
        ]
        calls.append(asyncio.create_task(made.appender.append(*batch)))
        if len(calls) == 4:  # noqa: PLR2004 - enough to keep the appender busy
            await calls.pop(0)
    await asyncio.gather(*calls)


def tell(bench: str, **figures: Any) -> None:
    """Print the figures, as the last line."""
    rounded = {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    print(msgspec.json.encode({"bench": bench, **rounded}).decode(), flush=True)


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """Give the median ratio of figures taken pair by pair, so that a slow minute cancels out."""
    return statistics.median(one / other for one, other in zip(of, to, strict=True))


def milliseconds(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


def memory_mb() -> float:
    """Give the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clock() -> float:
    return time.perf_counter()
