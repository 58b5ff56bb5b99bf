"""Play one story: people act at the vendors, time moves on, and the hub does what follows.

What the hub owes is carried out once all of a minute was seen, and the vendors take all of it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.events import DayBegan, Due, Event, ModeSet, Resolved, Reviewed, event_of
from hub.flows.examples import NotAStory, seen_in
from hub.flows.flow import Sync
from hub.operate.act import act
from hub.operate.review import kinds_in_order
from hub.stories.deliver import Deliverer
from hub.stories.happen import happened_in
from hub.stories.memory import HubInMemory
from hub.stories.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.examples import Happened, Seen
    from hub.flows.known import Key
    from hub.stories.scene import Scene

BY = "ana"
BEFORE = timedelta(days=30)
"""How old what was there before is when the flow begins."""

AHEAD = timedelta(minutes=1)
"""How long before the first line the flow begins."""

RUNS_ON = timedelta(days=1)
TICK = timedelta(seconds=1)


def play(see: Sequence[str], scene: Scene) -> list[Happened]:
    """Give what a hub does about what is seen; NotAStory where a line cannot be played."""
    stage = played(see, scene)
    return happened_in(stage.hub.log, stage.hub.linked_with)


def played(see: Sequence[str], scene: Scene) -> Stage:
    """Play a story to its end; give the hub and the vendors as they stand then."""
    seen = seen_in(see, scene.names())
    begins = next((one.at for one in seen if one.at is not None), None)
    if begins is None:
        raise NotAStory("expected a line with a time, as `10:00 nothing happens`, found none")
    stage = Stage(scene, begins - AHEAD)
    stage.begin([one for one in seen if one.act == "was"])
    for number, one in enumerate(seen):
        stage.see(one)
        following = seen[number + 1].at if number + 1 < len(seen) else None
        if following is None or following != one.at:
            stage.settle()
    stage.run_on()
    return stage


class Stage:
    """A hub in memory, and the vendors that it is connected with."""

    def __init__(self, scene: Scene, begins: datetime) -> None:
        self.hub = HubInMemory()
        self.sides = Sides(scene.systems)
        self._scene = scene
        self._begins = begins
        self._deliverer = Deliverer(self.hub, self.sides, self.observe, self._tick)

    def begin(self, were: Sequence[Seen]) -> None:
        """Have read what was there, then let the flows decide."""
        self.hub.now = self._begins - AHEAD
        for key in self.sides.begin():
            self.observe(key)
        for one in were:
            self._put(one, self._begins - BEFORE)
        self.hub.now = self._begins
        for name in self._scene.systems:
            self._day_began(name)
        for what in self._scene.installed():
            self.hub.tell(act(what, BY, flow=what.flow))
            self.hub.tell(act(ModeSet(flow=what.flow, mode="on"), BY, flow=what.flow))

    def see(self, seen: Seen) -> None:
        """Let time move on to a line, and have happen what it says."""
        if seen.at is not None:
            self._until(seen.at)
        match seen.act:
            case "change" | "first":
                is_old = seen.act == "first"
                self._put(seen, self._begins - BEFORE if is_old else self._tick())
            case "gone":
                self._gone(seen)
            case "says":
                self._answer(seen)
            case "first sync":
                self._review_all()

    def settle(self) -> None:
        """Carry out all that is owed and wanted, and what follows from that."""
        self._deliverer.settle()

    def run_on(self) -> None:
        """Let time move on until nothing is waited for."""
        end = self.hub.now + RUNS_ON
        while (due := self._next_due()) is not None and due[0] <= end:
            self._until(due[0])

    def observe(self, key: Key, *, origin: str | None = None) -> None:
        """Have the hub see a record as it is."""
        fields = self.sides.fields(key)
        event = Event(
            type="observed", id=self._id(), connection=key[0], kind=key[1], record=key[2],
            data=_encode(fields), road="poll", occurred_at=self.hub.now, origin=origin,
        )  # fmt: skip
        self.hub.tell(event)

    def _put(self, seen: Seen, created: datetime) -> None:
        assert seen.key is not None
        self.sides.put(seen.key, seen.fields, at=self.hub.now, created=created)
        self.observe(seen.key)

    def _gone(self, seen: Seen) -> None:
        assert seen.key is not None
        if not self.sides.has(seen.key):
            raise NotAStory(f"{seen.text}: expected a record that is there, found none")
        self.sides.remove(seen.key)
        at = self._tick()
        connection, kind, record = seen.key
        event = Event(
            type="gone", id=self._id(), connection=connection, kind=kind, record=record,
            road="poll", occurred_at=at,
        )  # fmt: skip
        self.hub.tell(event)

    def _answer(self, seen: Seen) -> None:
        waiting = self.hub.waiting()
        if not waiting:
            raise NotAStory(f"{seen.text}: expected a question to be answered, found none")
        self._tick()
        self.hub.tell(act(Resolved(item=waiting[-1], choice=seen.choice), seen.who))

    def _review_all(self) -> None:
        for flow in self._scene.flows.values():
            for connection, kind in kinds_in_order(flow) if isinstance(flow, Sync) else ():
                records = self.sides.of_kind(connection, kind)
                what = Reviewed(flow=flow.name, records=records)
                self._tick()
                self.hub.tell(act(what, BY, connection=connection, kind=kind, flow=flow.name))

    def _until(self, at: datetime) -> None:
        """Let time move on, and tell of the days and the moments that come meanwhile."""
        while True:
            due, midnight = self._next_due(), _midnight_after(self.hub.now)
            if midnight <= at and (due is None or midnight <= due[0]):
                self.hub.now = midnight
                for name in self._scene.systems:
                    self._day_began(name)
            elif due is not None and due[0] <= at:
                moment, flow, case = due
                self.hub.now = max(self.hub.now, moment)
                self.hub.tell(event_of(Due(flow=flow, case=case), id=self._id(), flow=flow))
            else:
                self.hub.now = max(self.hub.now, at)
                return
            self.settle()

    def _next_due(self) -> tuple[datetime, str, str] | None:
        waiting = [
            (case.until, flow, about)
            for flow, about, case in self.hub.cases()
            if case.until is not None
        ]
        return min(waiting, default=None)

    def _day_began(self, connection: str) -> None:
        what = DayBegan(day=self.hub.now.date(), zone="UTC")
        self.hub.tell(event_of(what, id=self._id(), connection=connection, kind="all"))

    def _tick(self) -> datetime:
        """Let a second pass: no two things happen at one moment."""
        self.hub.now += TICK
        return self.hub.now

    def _id(self) -> UUID:
        """Number the events of a story: played again, it is the same to the bit."""
        return UUID(int=len(self.hub.log) + 1)


def _midnight_after(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


_encode: Any = msgspec.json.Encoder(decimal_format="number").encode
