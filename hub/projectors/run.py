"""Run a projector: read a page, fold it, write its rows and its position, wait for the next."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

from hub import observe
from hub.errors import DatabaseAway, LeaseLost
from hub.log.append import NoRoom, append_or_undo
from hub.log.follow import Wake, follow
from hub.log.partitions import make_room
from hub.observe import metrics
from hub.projectors.lease import HOLDER, Lease, take
from hub.projectors.page import Page, Unforeseen
from hub.projectors.parking import Parking
from hub.projectors.projector import judging
from hub.projectors.written import AtOnce, Written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.database import Database, Session
    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.projector import Fold, Judging, Projector
    from hub.settings import ProjectorSettings

_log = logging.getLogger(__name__)

# What the rows of a single event can be guilty of.
_REFUSED = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
)


async def run(
    projector: Projector,
    database: Database,
    wake: Wake,
    settings: ProjectorSettings,
    holder: str = HOLDER,
    *,
    moved: Wake | None = None,
    apart_seconds: float = 0.0,
) -> None:
    """Run a projector in this process whenever no other does; until cancelled.

    `moved` is told how far it has come. `apart_seconds`: how long to let events gather after a page
    that took all there were.
    """
    while True:
        session = database.session()
        try:
            lease = await _wait_for_lease(projector, session, settings, holder)
            moved = moved or Wake(of_log=False)
            await _Run(
                projector, session, wake, settings, lease, moved=moved, apart_seconds=apart_seconds
            ).go()
        except LeaseLost as lost:
            _log.warning("%s", lost)
        except DatabaseAway as away:
            database.said_nothing(away)
            await asyncio.sleep(0.1)
        finally:
            metrics.leader.set(0, projector=projector.name)
            await session.close()


async def _wait_for_lease(
    projector: Projector, session: Session, settings: ProjectorSettings, holder: str
) -> Lease:
    while True:
        lease = await session.until_done(
            lambda db: take(db, projector.name, settings.lease_seconds, holder)
        )
        if lease is not None:
            return lease
        await asyncio.sleep(min(settings.lease_seconds / 6, settings.poll_seconds))


class _Run:
    """One time of holding the lease, from taking it to losing it."""

    def __init__(
        self,
        projector: Projector,
        session: Session,
        wake: Wake,
        settings: ProjectorSettings,
        lease: Lease,
        *,
        moved: Wake,
        apart_seconds: float,
    ) -> None:
        self._moved = moved
        self._apart_seconds = apart_seconds
        self._projector = projector
        self._database = session.database
        self._session = session
        self._wake = wake
        self._settings = settings
        self._lease = lease
        self._parking = Parking(projector.name)
        self._fold = self._begin()

    async def go(self) -> None:
        name = self._projector.name
        _log.info("%s runs here, from position %d.", name, self._lease.position)
        metrics.leader.set(1, projector=name)
        await self._session.once(self._parking.load)
        tasks = [asyncio.create_task(each) for each in (self._all_pages(), self._keep_lease())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(DatabaseAway, OSError, asyncpg.PostgresError):
                await self._lease.release(self._session)

    async def _all_pages(self) -> None:
        reader = self._database.session()
        try:
            async for events in _ahead(self._pages(reader)):
                if fresh := [event for event in events if event.position > self._lease.position]:
                    await self._page(fresh)
                self._tell(events)
        finally:
            await reader.close()

    def _begin(self) -> Fold:
        return self._projector.fold(
            empty=self._lease.position == 0,
            cache_bytes_max=self._settings.cache_bytes_max,
            live=True,
        )

    async def _pages(self, reader: Session) -> AsyncIterator[list[Event]]:
        """Follow the log: in large pages while far behind, in small ones when nearly there."""
        after = self._lease.position
        while True:
            behind = self._wake.head - after
            live = self._settings.page_events_live
            size = self._settings.page_events_catch_up if behind > live else live
            async for events in follow(
                reader, self._wake, after, size, self._settings.poll_seconds
            ):
                after = events[-1].position
                yield events
                if self._apart_seconds and len(events) < size:
                    await asyncio.sleep(self._apart_seconds)
                if (self._wake.head - after > live) != (size > live):
                    break

    async def _page(self, events: Sequence[Event]) -> None:
        started = time.perf_counter()
        with observe.span(
            "project page",
            links=[event.trace for event in events if event.trace and _sampled(event)],
            projector=self._projector.name,
            first=events[0].position,
            events=len(events),
        ):
            await self._take(events, {})
        metrics.page_seconds.record(time.perf_counter() - started, projector=self._projector.name)

    async def _take(self, events: Sequence[Event], known: dict[tuple[int, int], str]) -> None:
        """Fold and write; what turns out not to be applicable is parked, and stops no other."""
        while True:
            try:
                await self._fold_and_write(events, known)
            except Unforeseen as fault:
                _log.error("%s: %s", self._projector.name, fault)
                known = {**known, fault.at: fault.reason}
                await self._start_over()
            except _REFUSED as error:
                await self._start_over()
                await self._halve(events, known, error)
                return
            else:
                return

    async def _halve(
        self,
        events: Sequence[Event],
        known: dict[tuple[int, int], str],
        error: Exception,
    ) -> None:
        """Find the event whose rows the database refuses."""
        middle = len(events) // 2
        if middle:
            await self._take(events[:middle], known)
            await self._take(events[middle:], known)
        else:
            await self._blame(events[0], known, error)

    async def _blame(
        self, event: Event, known: dict[tuple[int, int], str], error: Exception
    ) -> None:
        """Park what the database refuses: the event, or the first of those that it lets go."""
        reason = f"its rows cannot be written: {error}"
        # While one is parked, those before it are tried and those behind it wait: so the last with
        # which the page can be written is the first that cannot.
        for position in reversed(self._parking.tried_at(event)):
            try:
                await self._fold_and_write([event], {**known, (position, event.position): reason})
            except _REFUSED:
                await self._start_over()
            else:
                return
        raise error

    async def _fold_and_write(
        self, events: Sequence[Event], known: dict[tuple[int, int], str]
    ) -> None:
        page = Page(self._fold, self._parking, known, live=True)
        await self._session.once(lambda db: page.take(db, events, self._trace))
        last = events[-1].position
        judge = judging(self._fold)
        said = judge.said() if judge is not None else []
        try:
            come, kept = await self._session.once(lambda db: self._write(db, last, said))
        except NoRoom as full:
            room = partial(make_room, events_per_partition=None, events=full.events)
            await self._session.once(room)
            await self._start_over()
            await self._fold_and_write(events, known)
            return
        self._lease.position = come
        self._fold.trim()
        self._moved.to(come, _about(events, judge))
        if kept:
            self._wake.to(max(kept))

    async def _write(self, db: Db, last: int, said: Sequence[Event]) -> tuple[int, list[int]]:
        """Keep the rows, how far they go, and what was said on the way; give where both end.

        What was said here changes no row any more. Where it follows at once it is passed, unless
        it is to wait: a page of its own would tell nothing new.
        """
        written = Written()
        await self._fold.write(written)
        more = [*await self._parking.write(written), *said]
        if not more and len(written.sent) <= 1:
            rows = written.sent[0] if written.sent else AtOnce()
            await self._lease.move_with(db, last, rows)
            return last, []
        async with db.transaction():
            await self._lease.move(db, last)
            await written.send(db)
            kept = await append_or_undo(db, *more) if more else []
            come = last + len(kept)
            if kept != [*range(last + 1, come + 1)] or any(map(self._parking.holds, said)):
                return last, kept
            if kept:
                await self._lease.move(db, come, since=last)
            return come, kept

    async def _start_over(self) -> None:
        """Forget what is in memory: the page that made it was not kept."""
        self._fold = self._begin()
        await self._session.once(self._parking.load)

    async def _keep_lease(self) -> None:
        session = self._database.session()
        try:
            await self._lease.keep(session)
        finally:
            await session.close()

    def _trace(self, event: Event) -> None:
        if _sampled(event):
            assert event.trace is not None
            now = time.time_ns()
            observe.event_span("project", event.trace, now, now, projector=self._projector.name)

    def _tell(self, events: Sequence[Event]) -> None:
        name, last = self._projector.name, events[-1]
        behind = self._wake.head - last.position
        age = time.time() - last.recorded_at.timestamp() if last.recorded_at and behind else 0.0
        metrics.projector_position.set(last.position, projector=name)
        metrics.lag_events.set(behind, projector=name)
        metrics.lag_seconds.set(max(0.0, age), projector=name)
        metrics.parked.set(len(self._parking), projector=name)


async def _ahead(pages: AsyncIterator[list[Event]]) -> AsyncIterator[list[Event]]:
    """Read the next page while the last is being folded."""
    upcoming = asyncio.ensure_future(anext(pages))
    try:
        while True:
            events = await upcoming
            upcoming = asyncio.ensure_future(anext(pages))
            yield events
    finally:
        upcoming.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, DatabaseAway):
            await upcoming


def _about(events: Sequence[Event], judge: Judging | None) -> set[str] | None:
    """Give the connections of which a page may have changed anything; None: any."""
    told = {event.connection for event in events}
    if None in told:
        return None
    return {each for each in told if each} | (judge.owing() if judge is not None else set())


def _sampled(event: Event) -> bool:
    return event.trace is not None and observe.is_sampled(event.trace)
