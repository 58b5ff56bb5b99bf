"""Judge events, step by step: each knows what those before it have concluded.

`NotAtHand` leaves an event under way, and what was concluded so far taken in: asked again, it goes
on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.events import as_read
from hub.flows.judge.event import Step, judge, steps_of
from hub.projectors.sync.said import events_of

if TYPE_CHECKING:
    from hub.conclusions import Conclusion
    from hub.events import Event
    from hub.projectors.sync.conclude import Concluding
    from hub.projectors.sync.world import World


class UnderWay(msgspec.Struct, kw_only=True):
    """An event that is being judged."""

    left: list[Step]
    """What is to be judged of it still."""
    before: list[Conclusion] = []
    """What the syncs have concluded that had their turn right before."""
    concluded: list[Conclusion] = []
    """What was concluded of it in all."""


class Judging:
    """Judges one event after the other, and gathers what is to be said of them."""

    def __init__(self, world: World, concluding: Concluding) -> None:
        self._world = world
        self._concluding = concluding
        self._under_way: UnderWay | None = None
        self._said: list[Event] = []

    def judge(self, event: Event, at: int) -> None:
        if self._under_way is None:
            self._under_way = UnderWay(left=list(steps_of(event, self._world)))
        under_way = self._under_way
        while under_way.left:
            self._step(under_way, event, at)
        if under_way.concluded:
            self._concluding.touch(under_way.concluded, event)
            self._concluding.settle(under_way.concluded, event)
        self._under_way = None
        if under_way.concluded:
            self._said += events_of(event, under_way.concluded)

    def said(self) -> list[Event]:
        """Give the events of what was concluded since they were last given."""
        said, self._said = self._said, []
        return said

    def _step(self, under_way: UnderWay, event: Event, at: int) -> None:
        step = under_way.left[0]
        # As they will be read: so that what holds now is what a rebuild makes of it.
        conclusions = as_read(judge(self._world, step, under_way.before))
        if conclusions:
            self._concluding.touch(conclusions, event)
            self._concluding.take_in(conclusions, event, at)
        under_way.before = [*under_way.before, *conclusions] if step.sync else []
        under_way.concluded += conclusions
        under_way.left.pop(0)
