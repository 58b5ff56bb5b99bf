"""Carry out a group of deliveries in one call: announce it, write or look, tell what came of it."""

from __future__ import annotations

import asyncio
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from hub import observe
from hub.connectors.connector import Kind
from hub.connectors.outcome import Done, Refused, Unknown
from hub.errors import EventRefused
from hub.observe import metrics
from hub.outbound.alike import alike
from hub.outbound.announced import Announced, not_folded
from hub.outbound.doors import Doors
from hub.outbound.fresh import Fresh
from hub.outbound.hold import Aside, Held, Places
from hub.outbound.outcome import Attempt, Came
from hub.outbound.owed import Nothing, NotNow
from hub.outbound.told import answered, nothing, sending, unsent
from hub.outbound.write import carried_out

if TYPE_CHECKING:
    from asyncio import Task, TaskGroup
    from collections.abc import Coroutine, Iterable, Iterator

    from hub.events import Event
    from hub.outbound.group import Group
    from hub.outbound.owed import Owed
    from hub.outbound.prepare import Said
    from hub.outbound.way import Way


class Carrier:
    """What one process has in hand of what is owed to a connection."""

    def __init__(self, way: Way, tasks: TaskGroup) -> None:
        self.held = Held()
        self.aside = Aside(way.clock.monotonic)
        self.doors = Doors(way.name, way.clock)
        self.places = Places(way.at_once)
        self.fresh = Fresh(way.clock)
        self._way = way
        self._tasks = tasks
        self._announcements = Announced(way)
        self._under_way: set[Task[None]] = set()

    def ready(self, groups: Iterable[Group]) -> Iterator[Group]:
        """Give calls as they can be made, while there are places; what is left comes again."""
        for group in self.fresh.groups(groups, self.aside):
            if not self.places.left:
                break
            yield group

    def carry(self, group: Group) -> None:
        """Have a group carried out, unless what it must pass was shut meanwhile."""
        if not self.doors.lets(group.share, group.kind.name):
            return
        rows = [row for row in group.rows if self.held.take(row)]
        if rows:
            self.doors.begin(group.share, group.kind.name)
            self.places.take(group.share)
            self._begin(self._carry(msgspec.structs.replace(group, rows=rows)))

    async def ended(self, seconds_max: float) -> None:
        """Wait until what is under way has ended, or so long."""
        if self._under_way and seconds_max:
            await asyncio.wait(self._under_way, timeout=seconds_max)

    async def close(self) -> None:
        await self._announcements.close()

    def can_be_sent(self, row: Owed) -> bool:
        """Settle what never can be, and what was sent by a process that was stopped since."""
        kind = self._way.connector.kinds.get(row.kind)
        if kind is None or not kind.writes:
            self.rest(row, _not_written(self._way.name, row.kind))
        elif row.state == "sending":
            lost = self._attempt(row, row.attempt).lost()
            events = answered(self._way, row, lost, Came(outcome=None), row.moved)
            self._settle(row, events, lost.outcome)
        else:
            return True
        return False

    def rest(self, row: Owed, said: Said) -> None:
        """Leave a delivery that is not to be sent as it is to be left."""
        match said:
            case NotNow():
                self.aside.put(row)
            case Nothing():
                done = self._attempt(row, row.attempt + 1).nothing(said.why)
                self._settle(row, nothing(self._way, row, said, done), done.outcome)
            case Refused():
                refused = self._attempt(row, row.attempt, works=True).answer(Came(outcome=said))
                self._settle(row, unsent(self._way, row, refused), refused.outcome)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry(self, group: Group) -> None:
        began = time.perf_counter()
        try:
            there = await alike(self._way, group)
            rows = [row for row in group.rows if row.id in there]
            left = [row for row in group.rows if row.id not in there]
            group = await self._announced(msgspec.structs.replace(group, rows=left))
            group, late = await self._still_owed(group)
            there |= dict.fromkeys(
                (row.id for row in late), Came(outcome=not_folded(self._way.clock.now()))
            )
            rows += late
            came = [*await self._called(group), *(there[row.id] for row in rows)]
        finally:
            self.places.give_back(group.share)
        group = msgspec.structs.replace(group, rows=[*group.rows, *rows])
        self.doors.heard(group.share, group.kind.name, [one.outcome for one in came])
        await self._tell_all(group, came)
        metrics.deliver_seconds.record(time.perf_counter() - began, connection=self._way.name)

    async def _announced(self, group: Group) -> Group:
        """Tell the log of all that is about to be sent; give what may be sent then."""
        if group.act == "look" or not group.rows:
            return group
        known = self._way.wake.head
        events = [sending(self._way, row, group.contents[row.id]) for row in group.rows]
        try:
            positions: list[int | None] = [*await self._way.keep(*events)]
        except EventRefused:
            told = zip(group.rows, events, strict=True)
            positions = [await self._announce(row, event) for row, event in told]
        sent = {}
        for row, position in zip(group.rows, positions, strict=True):
            if position is not None and position <= known:
                # It was sent before, and the tables do not show it: that event is parked.
                self.held.let_go(row)
                self.aside.put(row)
            elif position is not None:
                sent[row.id] = position
        rows = [row for row in group.rows if row.id in sent]
        return msgspec.structs.replace(group, rows=rows, sent=sent)

    async def _still_owed(self, group: Group) -> tuple[Group, list[Owed]]:
        """Leave out what is owed no more, and was when it was taken: a row that is to be made.

        Beside them those are given of which that cannot be told.
        """
        made = [row.id for row in group.rows if not row.record and row.id in group.sent]
        if not made or group.kind.creates == "blind":
            return group, []
        standing = await self._announcements.standing(made, max(map(group.sent.__getitem__, made)))
        late = [row for row in group.rows if row.id in made] if standing is None else []
        standing = standing or set()
        for row in group.rows:
            if row.id in made and row.id not in standing and row not in late:
                self.held.let_go(row)
        rows = [row for row in group.rows if row.id not in made or row.id in standing]
        return msgspec.structs.replace(group, rows=rows), late

    async def _announce(self, row: Owed, event: Event) -> int | None:
        """Tell of one by itself: what the log cannot hold is not sent."""
        try:
            (position,) = await self._way.keep(event)
        except EventRefused as error:
            self.held.let_go(row)
            self.rest(row, Refused(sentence=f"{error}", because="data", reason="not_kept"))
            return None
        return position

    async def _called(self, group: Group) -> list[Came]:
        """Make the call, in the trace of what led to it."""
        if not group.rows:
            return []
        about: dict[str, Any] = {
            "connection": self._way.name,
            "hub.kind": group.kind.name,
            "hub.act": group.act,
        }
        traces = [row.trace for row in group.rows if row.trace]
        began_ns, began = time.time_ns(), self._way.clock.monotonic()
        with _span(group, traces, about) as span:
            came = await carried_out(self._way, group)
            for row, one in zip(group.rows, came, strict=True):
                if one.seen:
                    self.fresh.has_read(row.kind, row.record, began)
                elif isinstance(one.outcome, Done) and row.record:
                    self.fresh.has_written(group.kind, row.record)
                if isinstance(one.outcome, Refused | Unknown):
                    span.fail(one.outcome.sentence)
        if len(group.rows) > 1:
            for trace in filter(observe.is_sampled, traces):
                observe.event_span("deliver", trace, began_ns, time.time_ns(), **about)
        return came

    async def _tell_all(self, group: Group, came: list[Came]) -> None:
        """Tell what came of each; all stay in hand until that is folded."""
        works = self.doors.works(group.kind.name)
        told = [
            self._told(group, row, one, works=works)
            for row, one in zip(group.rows, came, strict=True)
        ]
        positions = iter(await self._way.keep(*(event for _, events in told for event in events)))
        for row, (outcome, events) in zip(group.rows, told, strict=True):
            self.held.answered(row, max(islice(positions, len(events))))
            metrics.delivered.add(connection=self._way.name, outcome=outcome)

    def _told(self, group: Group, row: Owed, came: Came, *, works: bool) -> tuple[str, list[Event]]:
        sent = group.sent.get(row.id)
        if sent is None:
            what = self._attempt(row, row.attempt, works=works).answer(came)
            return what.outcome, unsent(self._way, row, what, came)
        what = self._attempt(row, row.attempt + 1, works=works).answer(came)
        return what.outcome, answered(self._way, row, what, came, sent)

    def _settle(self, row: Owed, events: list[Event], outcome: str) -> None:
        """Tell what became of a delivery for which no call is made."""
        if self.held.take(row):
            self._begin(self._tell(row, events, outcome))

    async def _tell(self, row: Owed, events: list[Event], outcome: str) -> None:
        positions = await self._way.keep(*events)
        self.held.answered(row, max(positions))
        metrics.delivered.add(connection=self._way.name, outcome=outcome)

    def _attempt(self, row: Owed, number: int, *, works: bool = False) -> Attempt:
        kind = self._way.connector.kinds.get(row.kind) or Kind(name=row.kind, path="")
        return Attempt(row=row, kind=kind, number=number, now=self._way.clock.now(), works=works)


def _span(group: Group, traces: list[str], about: dict[str, Any]) -> observe.Span:
    if len(group.rows) == 1:
        return observe.span("deliver", traces[0] if traces else None, **about)
    return observe.span("deliver batch", links=traces, **about)


def _not_written(connection: str, kind: str) -> Refused:
    return Refused(
        sentence=f"This hub writes no {kind} to {connection}. Mend the flow that owes it.",
        because="data",
        reason="not_written",
    )
