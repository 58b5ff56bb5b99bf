"""Take events into the log: many callers, one commit.

Callers hand events in and wait. One task takes what has gathered while the last batch was being
written, keeps it in one statement, and gives every caller the positions. Nobody waits for a batch
to fill, and one commit is shared by all who came during the one before.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import asyncpg

from hub import observe
from hub.database import statement
from hub.errors import DatabaseRefused, EventRefused, HubError, LogFull
from hub.log.batch import Batch, Call, entry_of, parts
from hub.log.check import check
from hub.log.partitions import make_room
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.log.follow import Wake
    from hub.settings import LogSettings

BATCH_BYTES_MAX = 16 * 1024 * 1024
"""A batch takes no more in once its data has this size."""

_log = logging.getLogger(__name__)

# What a single event can be guilty of; any other refusal concerns the database itself.
_ITS_OWN_FAULT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)

SHARES = 2
"""A batch takes one part in so many of what waits: while Postgres writes it, the callers of the one
before are told, and hand in again."""

SHARE_EVENTS_MIN = 16
"""Fewer events than this are not worth a commit of their own."""


class Appender:
    """The one way into the log of this process. `run` must be running for anything to be kept."""

    def __init__(self, database: Database, settings: LogSettings, wake: Wake) -> None:
        self._session = database.session()
        self._settings = settings
        self._wake = wake
        self._waiting: deque[Call] = deque()
        self._waiting_events = 0
        self._untold = 0  # events that are kept, while their callers do not know yet
        self._something = asyncio.Event()
        self._closed = False

    async def append(self, *events: Event) -> list[int]:
        """Keep these events together, in this order; give their positions once they are durable.

        A repeat is given the position of the first. Raises at once, with nothing taken: LogFull
        when too many events wait, EventRefused for one that could never be kept. Where one event
        may repeat another of them, they are kept one after the other instead of together.
        """
        for event in events:
            check(event, self._settings.event_bytes_max)
        self._admit(len(events))
        calls = [Call(part) for part in parts(events)]
        self._waiting.extend(calls)
        self._waiting_events += len(events)
        self._something.set()
        kept = [await call.done for call in calls]
        return kept[0] if len(kept) == 1 else [each for part in kept for each in part]

    async def run(self) -> None:
        """Keep what is handed in, until closed and empty."""
        metrics.append_queue_events.watch(lambda: self._waiting_events)
        try:
            while self._waiting or not self._closed:
                if not self._waiting:
                    self._something.clear()
                    await self._something.wait()
                    continue
                batch = self._take()
                try:
                    await self._keep(batch)
                except BaseException:
                    _give_back(batch.calls)
                    raise
        finally:
            self.close()
            _give_back(self._waiting)
            self._waiting.clear()
            self._waiting_events = 0
            await self._session.close()

    def close(self) -> None:
        """Take no more; `run` ends when all that was taken is kept."""
        self._closed = True
        self._something.set()

    def _admit(self, count: int) -> None:
        if self._closed:
            raise LogFull("The hub is stopping and takes no more events; send this again.")
        if count > self._settings.queue_events_max:
            raise EventRefused(
                f"{count} events at once are more than may ever wait (log.queue_events_max is "
                f"{self._settings.queue_events_max}); send them in parts.",
                status=413,
            )
        if self._waiting_events + count > self._settings.queue_events_max:
            metrics.append_refused.add(count, reason="full")
            raise LogFull(
                f"{self._waiting_events} events wait to be kept, and at most "
                f"{self._settings.queue_events_max} may; send this again later."
            )

    def _take(self) -> Batch:
        """Take the calls of the next batch: a share of those that wait, at least one."""
        batch = Batch()
        events_max = max(SHARE_EVENTS_MIN, (self._waiting_events + self._untold + 1) // SHARES)
        events_max = min(events_max, self._settings.batch_events_max)
        while self._waiting and (
            not batch.calls or self._fits(batch, self._waiting[0], events_max)
        ):
            if not batch.add(self._waiting[0]):
                break
            self._waiting_events -= len(self._waiting.popleft().events)
        return batch

    @staticmethod
    def _fits(batch: Batch, call: Call, events_max: int) -> bool:
        events = len(batch.rows) + len(call.events)
        return events <= events_max and batch.bytes < BATCH_BYTES_MAX

    async def _keep(self, batch: Batch) -> None:
        started_ns = time.time_ns()
        try:
            batch, answer = await self._write(batch)
        except _ITS_OWN_FAULT as error:
            await self._halve(batch, error)
        except asyncpg.PostgresError as error:
            self._fail(batch, DatabaseRefused(f"The database did not keep an event: {error}"))
        except HubError as error:
            self._fail(batch, error)
        else:
            if answer["doubtful"]:
                for part in batch.cut(answer):
                    await self._keep(part)
                return
            # Not before the next batch is on its way.
            self._untold = len(batch.rows)
            asyncio.get_running_loop().call_soon(self._settle, batch, answer, started_ns)

    async def _write(self, batch: Batch) -> tuple[Batch, Any]:
        """Write it, said again as often as the log has overtaken some of it; give the answer."""
        while True:
            answer = await self._ask(batch.entries, batch.contested)
            again = batch.said_again(answer) if answer["doubtful"] else None
            if again is None:
                return batch, answer
            batch = again

    async def _ask(self, *batch: Any) -> Any:
        size = self._settings.partition_events
        while True:
            try:
                # Repeating it is safe, also when it was kept and only the answer got lost.
                return await self._session.until_done(
                    lambda db: db.fetchrow(statement("log/append.sql"), *batch)
                )
            except asyncpg.CheckViolationError as error:
                if not _is_full(error):
                    raise
                await self._session.until_done(lambda db: make_room(db, size, len(batch[0])))

    def _settle(self, batch: Batch, answer: Any, started_ns: int) -> None:
        self._untold = 0
        positions = batch.positions(answer)
        for call in batch.calls:
            call.finish([positions[event.id.int] for event in call.events])
        if answer["first_position"] is not None:
            self._wake.to(max(positions.values()))
        _tell(batch, answer, started_ns)

    async def _halve(self, batch: Batch, error: asyncpg.PostgresError) -> None:
        """Find the call that the database refuses, so that no other suffers for it."""
        if len(batch.calls) == 1:
            self._fail(batch, EventRefused(f"The database cannot hold this event: {error}"))
            return
        middle = len(batch.calls) // 2
        await self._keep(Batch(batch.calls[:middle]))
        await self._keep(Batch(batch.calls[middle:]))

    def _fail(self, batch: Batch, error: HubError) -> None:
        metrics.append_refused.add(len(batch.rows), reason=type(error).__name__)
        _log.error("%d events were not kept: %s", len(batch.rows), error)
        for call in batch.calls:
            call.fail(error)


class NoRoom(HubError):
    """No partition is there yet for so many events; what was to be kept with them is undone."""

    def __init__(self, events: int) -> None:
        self.events = events
        super().__init__(f"no partition has room for {events} more events")


async def append_within(db: Db, *events: Event) -> list[int]:
    """Keep events in a transaction of the caller's; the order of the log waits for its commit."""
    while True:
        try:
            async with db.transaction():
                return await append_or_undo(db, *events)
        except NoRoom as full:
            await make_room(db, None, full.events)


async def append_or_undo(db: Db, *events: Event) -> list[int]:
    """Keep events within a transaction that is begun again, once there is room, after NoRoom."""
    batch = Batch()
    for event in events:
        batch.put(event, entry_of(event))
    try:
        answer = await db.fetchrow(statement("log/append.sql"), batch.entries, [])
    except asyncpg.CheckViolationError as error:
        if not _is_full(error):
            raise
        raise NoRoom(len(events)) from error
    positions = batch.positions(answer)
    return [positions[event.id.int] for event in events]


def _is_full(error: asyncpg.CheckViolationError) -> bool:
    """Tell whether every partition is full: the next was to be there long before, but is not."""
    return not error.constraint_name


def _give_back(calls: Iterable[Call]) -> None:
    """Tell those who still wait that nothing will come of it."""
    for call in calls:
        call.fail(LogFull("The hub stopped before this was kept; send it again."))


def _tell(batch: Batch, answer: Any, started_ns: int) -> None:
    repeated = len(answer["repeated"] or ())
    ended_ns = time.time_ns()
    metrics.appended.add(len(batch.rows) - repeated)
    metrics.append_batch_events.record(len(batch.rows))
    metrics.append_seconds.record((ended_ns - started_ns) / 1e9)
    if repeated:
        metrics.repeated.add(repeated)
    for event in batch.rows.values():
        if event.trace and observe.is_sampled(event.trace):
            observe.event_span("append", event.trace, started_ns, ended_ns, type=event.type)
