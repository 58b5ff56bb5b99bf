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
import msgspec

from hub import observe
from hub.database import statement
from hub.errors import DatabaseRefused, EventRefused, HubError, LogFull
from hub.events import Event, again_id
from hub.log.check import check
from hub.log.chain import digest
from hub.log.partitions import open_partition
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hub.database import Database
    from hub.log.follow import Wake
    from hub.settings import LogSettings

_log = logging.getLogger(__name__)

# What a single event can be guilty of; any other refusal concerns the database itself.
_ITS_OWN_FAULT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)


class Appender:
    """The one way into the log of this process. `run` must be running for anything to be kept."""

    def __init__(self, database: Database, settings: LogSettings, wake: Wake) -> None:
        self._session = database.session()
        self._settings = settings
        self._wake = wake
        self._waiting: deque[Call] = deque()
        self._waiting_events = 0
        self._something = asyncio.Event()
        self._closed = False

    async def append(self, *events: Event) -> list[int]:
        """Keep these events together, in this order; give their positions once they are durable.

        A repeat is given the position of the first. Raises at once, with nothing taken: LogFull
        when too many events wait, EventRefused for one that could never be kept.
        """
        if len({event.id for event in events}) < len(events):
            return [(await self.append(event))[0] for event in events]
        for event in events:
            check(event, self._settings.event_bytes_max)
        self._admit(len(events))
        call = Call(events)
        self._waiting.append(call)
        self._waiting_events += len(events)
        self._something.set()
        return await call.done

    async def run(self) -> None:
        """Keep what is handed in, until closed and empty."""
        metrics.append_queue_events.watch(lambda: self._waiting_events)
        try:
            while self._waiting or not self._closed:
                await self._something.wait()
                self._something.clear()
                while self._waiting:
                    await self._keep(self._take())
        finally:
            self.close()
            self._give_back("The hub stopped before this was kept; send it again.")
            await self._session.close()

    def close(self) -> None:
        """Take no more; `run` ends when all that was taken is kept."""
        self._closed = True
        self._something.set()

    def _admit(self, count: int) -> None:
        if self._closed:
            raise LogFull("The hub is stopping and takes no more events; send this again.")
        if self._waiting_events + count > self._settings.queue_events_max:
            metrics.append_refused.add(count, reason="full")
            raise LogFull(
                f"{self._waiting_events} events wait to be kept, and at most "
                f"{self._settings.queue_events_max} may; send this again later."
            )

    def _take(self) -> list[Call]:
        """Take the calls of the next batch: as many as fit, at least one."""
        batch = Batch()
        while self._waiting and (
            not batch.calls
            or len(batch.rows) + len(self._waiting[0].events) <= self._settings.batch_events_max
        ):
            if not batch.add(self._waiting[0]):
                break
            self._waiting.popleft()
        self._waiting_events -= sum(len(call.events) for call in batch.calls)
        return batch.calls

    async def _keep(self, calls: list[Call]) -> None:
        batch = Batch(calls)
        started_ns = time.time_ns()
        try:
            answer = await self._write(batch)
        except _ITS_OWN_FAULT as error:
            await self._halve(calls, error)
        except asyncpg.PostgresError as error:
            self._fail(calls, DatabaseRefused(f"The database did not keep an event: {error}"))
        except HubError as error:
            self._fail(calls, error)
        except asyncio.CancelledError:
            self._fail(calls, LogFull("The hub stopped before this was kept; send it again."))
            raise
        else:
            self._settle(batch, answer)
            _tell(batch, answer, started_ns)

    async def _write(self, batch: Batch) -> Any:  # noqa: ANN401 - a row
        # Repeating it is safe, also when it was kept and only the answer got lost.
        columns = batch.columns()
        while True:
            try:
                return await self._session.until_done(
                    lambda db: db.fetchrow(statement("log/append.sql"), *columns)
                )
            except asyncpg.CheckViolationError:
                # Every partition is full: the next was to be there long before, but is not.
                size = self._settings.partition_events
                await self._session.until_done(lambda db: open_partition(db, size))

    def _settle(self, batch: Batch, answer: Any) -> None:  # noqa: ANN401
        positions, overtaken = batch.positions(answer)
        for call in batch.calls:
            if overtaken and call.say_again(overtaken):
                self._waiting.appendleft(call)
                self._waiting_events += len(call.events)
            else:
                call.finish([positions[event.id] for event in call.events])
        if answer["first_position"] is not None:
            self._wake.to(max(positions.values()))

    async def _halve(self, calls: list[Call], error: asyncpg.PostgresError) -> None:
        """Find the call that the database refuses, so that no other suffers for it."""
        if len(calls) == 1:
            self._fail(calls, EventRefused(f"The database cannot hold this event: {error}"))
            return
        middle = len(calls) // 2
        await self._keep(calls[:middle])
        await self._keep(calls[middle:])

    def _fail(self, calls: Sequence[Call], error: HubError) -> None:
        events = sum(len(call.events) for call in calls)
        metrics.append_refused.add(events, reason=type(error).__name__)
        _log.error("%d events were not kept: %s", events, error)
        for call in calls:
            call.fail(error)

    def _give_back(self, sentence: str) -> None:
        for call in self._waiting:
            call.fail(LogFull(sentence))
        self._waiting.clear()
        self._waiting_events = 0


async def append_within(db: Any, *events: Event) -> list[int]:  # noqa: ANN401
    """Keep events inside a transaction of the caller's: the order of the log waits for its commit."""
    batch = Batch()
    batch.rows = {event.id: event for event in events}
    answer = await db.fetchrow(statement("log/append.sql"), *batch.columns())
    positions, _ = batch.positions(answer)
    return [positions[event.id] for event in events]


class Call:
    """The events that one caller handed in together, and what it waits for."""

    __slots__ = ("done", "events")

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.done: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()

    def finish(self, positions: list[int]) -> None:
        if not self.done.done():  # else its caller has gone
            self.done.set_result(positions)

    def fail(self, error: HubError) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def say_again(self, overtaken: dict[UUID, int]) -> bool:
        """Give new ids to what was seen before, but not last; tell whether there is any."""
        if not any(event.id in overtaken for event in self.events):
            return False
        self.events = [
            msgspec.structs.replace(event, id=again_id(event.id, overtaken[event.id]))
            if event.id in overtaken
            else event
            for event in self.events
        ]
        return True


class Batch:
    """What goes into the log in one commit: the events of some calls, each id once."""

    def __init__(self, calls: Sequence[Call] = ()) -> None:
        self.calls: list[Call] = []
        self.rows: dict[UUID, Event] = {}
        for call in calls:
            self.add(call)

    def add(self, call: Call) -> bool:
        """Take a call in, unless it says again what another event here has overtaken."""
        for event in call.events:
            if event.id in self.rows and self._has_overtaken(event):
                return False
        for event in call.events:
            self.rows.setdefault(event.id, event)
        self.calls.append(call)
        return True

    def columns(self) -> list[tuple[Any, ...]]:
        """Give the columns of the envelope, as `append.sql` wants them."""
        return list(zip(*map(_row, self.rows.values()), strict=True))

    def positions(self, answer: Any) -> tuple[dict[UUID, int], dict[UUID, int]]:  # noqa: ANN401
        """Give the position of each id, and of those overtaken where they stood before."""
        first = answer["first_position"]
        if answer["repeated"] is None:
            return dict(zip(self.rows, range(first, first + len(self.rows)), strict=True)), {}
        known: dict[int, int] = dict(
            zip(answer["repeated"], answer["repeated_positions"], strict=True)
        )
        again = {place for place, is_so in zip(known, answer["overtaken"], strict=True) if is_so}
        positions, overtaken = {}, {}
        for place, id_ in enumerate(self.rows, 1):
            if place in known:
                positions[id_] = known[place]
            else:
                positions[id_] = first
                first += 1
            if place in again:
                overtaken[id_] = known[place]
        return positions, overtaken

    def _has_overtaken(self, repeat: Event) -> bool:
        ids = list(self.rows)
        return any(
            (other.record, other.kind, other.connection, other.road)
            == (repeat.record, repeat.kind, repeat.connection, repeat.road)
            for other in (self.rows[id_] for id_ in ids[ids.index(repeat.id) + 1 :])
        )


def _row(event: Event) -> tuple[Any, ...]:
    return (
        event.id,
        event.type,
        event.shape,
        event.connection,
        event.kind,
        event.record,
        event.road,
        event.cover,
        event.occurred_at,
        event.origin,
        event.cause,
        event.flow,
        event.trace,
        event.seal,
        event.data,
        digest(event),
    )


def _tell(batch: Batch, answer: Any, started_ns: int) -> None:  # noqa: ANN401
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
