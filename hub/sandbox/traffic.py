"""People at work: a lively, seeded stream of what they do at the vendors' own screens."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import TYPE_CHECKING

from hub.errors import Refused
from hub.sandbox.people.hands import Hands, NothingToDo
from hub.sandbox.people.in_books import InBooks
from hub.sandbox.people.in_crm import InCrm
from hub.sandbox.people.in_desk import InDesk
from hub.sandbox.people.in_salesforce import InSalesforce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.sandbox.people.hands import Done
    from hub.sandbox.system import System
    from hub.sandbox.world import World

TRIES_MAX = 20
LOOK_SECONDS = 0.1
BEHIND_SECONDS_MAX = 1.0

_log = logging.getLogger(__name__)


class Traffic:
    """The people; the same seed has them do the same in the same world."""

    def __init__(self, world: World, systems: Sequence[System]) -> None:
        self._world = world
        self._hands = Hands(world, systems)
        self._people = [one(self._hands) for one in (InCrm, InBooks, InDesk, InSalesforce)]
        self.acts = 0

    async def flow(self) -> None:
        """Do one thing after the other at the pace that the world sets, until cancelled."""
        clock = time.monotonic
        last = clock()
        while True:
            pace = self._world.acts_per_minute
            due = max(last + 60 / pace, clock() - BEHIND_SECONDS_MAX) if pace else math.inf
            if due > clock():
                await asyncio.sleep(min(due - clock(), LOOK_SECONDS))  # the pace may change
                continue
            last = due
            if self._hands.is_out_of_date():
                self.look_again()
            self._try_step()
            await asyncio.sleep(0)

    def look_again(self) -> None:
        """See what others have done."""
        self._hands.look_again()

    def forget(self) -> None:
        """Begin anew, as people who have never been there."""
        self._hands.forget()
        self.acts = 0

    def _try_step(self) -> None:
        try:
            self.step()
        except Exception:  # noqa: BLE001 - the others work on when one fails
            _log.exception("A person's act failed, which is a mistake of the sandbox.")

    def step(self) -> Done | None:
        """Do one thing; None when there was nothing that anybody could do."""
        self.acts += 1
        there = [one for one in self._people if self._hands.has(one.system)]
        ways = [way for one in there for way in one.ways()]
        for _ in range(TRIES_MAX if ways else 0):
            (act,) = self._hands.random.choices(
                [act for act, _ in ways], [often for _, often in ways]
            )
            try:
                return act()
            except NothingToDo:
                continue
            except Refused as refused:  # somebody else was there first
                _log.debug("A person could not do it: %s", refused)
        return None
