"""Fold one page of events into a projector's rows, event by event."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from hub.errors import HubError, NotApplicable
from hub.events import ABOUT_EVENTS
from hub.flows.known import NotAtHand
from hub.projectors.parking import Parking, word_of
from hub.projectors.projector import judging

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.projector import Fold

    Parkings = Mapping[tuple[int, int], str]


BREATH_EVENTS = 100


class Unforeseen(HubError):
    """A fold failed without saying so: its rows may be half changed, so the page is done anew."""

    def __init__(self, event: Event, at: int, error: Exception) -> None:
        self.at = (event.position, at)
        self.reason = f"{type(error).__name__}: {error}"
        super().__init__(f"event {event.position} cannot be applied: {self.reason}")


class Page:
    """Folds a page: each event is applied, held behind a parked one of its record, or parked.

    `known` are the events that must be parked without being tried. `live` tells whether others may
    be: in a rebuild they may not, for what is parked is in the log.
    """

    def __init__(self, fold: Fold, parking: Parking, known: Parkings, *, live: bool) -> None:
        self._fold = fold
        self._parking = parking
        self._known = known
        self._live = live
        self._judging = judging(fold)

    async def take(
        self, db: Db, events: Sequence[Event], told: Callable[[Event], None] = lambda _: None
    ) -> None:
        bodies = await self._parking.bodies(db, events)
        await self._fold.load(db, [*bodies.values(), *events])
        bodies.update((event.position, event) for event in events)
        for number, event in enumerate(events, 1):
            if number % BREATH_EVENTS == 0:
                await asyncio.sleep(0)  # a long fold can be stopped
            if event.type in ABOUT_EVENTS:
                # No fold sees these: one that failed at them would park for ever what it parked.
                await self._heed(db, event, bodies)
            elif self._parking.holds(event):
                self._parking.hold(event, event.position)
            else:
                await self._apply(db, event, event.position)
            told(event)

    async def _heed(self, db: Db, event: Event, bodies: Mapping[int, Event]) -> None:
        """Let the event go that is named, and those behind it, up to the first that fails again."""
        word = word_of(event)
        if word is None:
            return
        for position in self._parking.behind(word):
            self._parking.release(position)
            if word.act == "skip" and position == word.event:
                continue
            if not await self._apply(db, bodies[position], event.position):
                return

    async def _apply(self, db: Db, event: Event, at: int) -> bool:
        reason = self._known.get((event.position, at))
        if reason is None:
            try:
                await self._at_hand(db, partial(self._fold.apply, event, at))
            except NotApplicable as error:
                reason = str(error)
            except Exception as error:
                raise Unforeseen(event, at, error) from error
            else:
                await self._judge(db, event, at)
                return True
            if not self._live:
                raise NotApplicable(
                    f"event {event.position} ({event.type} {event.subject}) cannot be applied by "
                    f"this version of the hub, but was applied before: {reason}"
                )
        self._parking.park(event, at, reason)
        return False

    async def _judge(self, db: Db, event: Event, at: int) -> None:
        if self._judging is not None:
            await self._at_hand(db, partial(self._judging.judge, event, at))

    async def _at_hand(self, db: Db, act: Callable[[], None]) -> None:
        """Do something, having brought to hand whatever it asks for."""
        while True:
            try:
                act()
            except NotAtHand as wanted:
                assert self._judging is not None, "only such a fold asks for more"
                await self._judging.bring(db, wanted)
            else:
                return
