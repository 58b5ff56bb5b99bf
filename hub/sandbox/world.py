"""What all played systems share: one clock, one source of chance, ids, faults, calls, and a sender.

Everything that happens is a function of the seed and of the calls: chance comes from the world's
own generator, time from its clock, which people may move on.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.faults import Dial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


CALLS_KEPT_MAX = 100_000

_log = logging.getLogger(__name__)


class Clock:
    """The time in the sandbox: the real one, and what it was moved on by; or a still one."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._moved = timedelta()
        self._order = itertools.count()
        self._timers: list[tuple[datetime, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        """Give the moment; a clock that was given a start stands still until it is moved on."""
        base = self._start or datetime.fromtimestamp(time.time(), UTC)
        return base + self._moved

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Have something done when the clock gets there."""
        heapq.heappush(self._timers, (moment, next(self._order), act))

    def advance(self, seconds: float) -> None:
        """Move on; what falls due on the way happens in its order, each at its own moment.

        What fails then is told in the log: time does not stop for it.
        """
        until = self.now() + timedelta(seconds=seconds)
        while self._timers and self._timers[0][0] <= until:
            moment, _, act = heapq.heappop(self._timers)
            self._moved += max(moment - self.now(), timedelta())
            try:
                act()
            except Exception:  # noqa: BLE001 - what falls due after it must happen all the same
                _log.exception("Something that fell due in the sandbox failed.")
        self._moved += max(until - self.now(), timedelta())

    def set_back(self, seconds: float) -> None:
        """Begin earlier: for a world that was just made, in which nothing has happened yet."""
        self._moved -= timedelta(seconds=seconds)

    def tick(self) -> None:
        """Do what has fallen due while the real clock went on."""
        self.advance(0)

    def reset(self) -> None:
        """Go back to where it began; nothing falls due any more."""
        self._moved = timedelta()
        self._timers.clear()


class Call(msgspec.Struct, kw_only=True):
    """One API call that was received, in the order of arrival."""

    n: int
    at: str
    system: str
    method: str
    path: str
    status: int
    """What was answered; 0 when the call was dropped before anything was done."""

    body: str
    query: str = ""
    came: int = 0
    went: int = 0
    """Its own place, and that of its answer, in the one order of all that come and go: which calls
    were under way at a time can be told from it. A call that is under way has not gone."""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """Something a system sends of its own accord."""

    system: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    done: Callable[[int], None] | None = None
    """Told the HTTP status it was answered with, 0 without an answer; not told of a lost one."""


class World:
    """The ground the systems stand on."""

    def __init__(self, seed: int = 1, start: datetime | None = None) -> None:
        self.seed = seed
        self.acts_per_minute = 0.0
        """How much made-up people do; see `traffic.py`."""

        self.clock = Clock(start)
        self.random = Random(seed)  # noqa: S311 - a played world, the same for every seed
        self.faults = Dial(self.random)
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT_MAX)
        """The newest; of so many nobody asks for the first, and they would fill the memory."""

        self.calls_count = 0
        self.outbox: list[Hook] = []
        self.on_hook: Callable[[], None] = lambda: None
        self._ids = itertools.count(1)
        self._steps = itertools.count(1)

    def new_id(self, prefix: str) -> str:
        """Make the next id, of 19 digits as the vendors' are: beyond what a float can hold."""
        return f"{prefix}{next(self._ids):0{19 - len(prefix)}d}"

    def step(self) -> int:
        """Give the next place in the order in which calls come and go."""
        return next(self._steps)

    def record(
        self,
        *,
        system: str,
        method: str,
        path: str,
        query: str,
        status: int,
        body: str,
        came: int = 0,
    ) -> Call:
        """Keep a call for those who ask what was received."""
        self.calls_count += 1
        call = Call(
            n=self.calls_count,
            at=self.clock.now().isoformat(),
            system=system,
            method=method,
            path=path,
            query=query,
            status=status,
            body=body,
            came=came,
        )
        self.calls.append(call)
        return call

    def calls_since(self, n: int) -> Iterator[Call]:
        """Give the calls that came after the n-th."""
        gone = self.calls_count - len(self.calls)
        return itertools.islice(self.calls, max(n - gone, 0), None)

    def send(self, hook: Hook) -> None:
        """Let a webhook go out, as soon as the answer at hand is given."""
        self.outbox.append(hook)
        self.on_hook()

    def reset(self) -> None:
        """Begin anew: no calls, faults or timers, nobody at work, clock and chance as at first."""
        self.acts_per_minute = 0.0
        self.clock.reset()
        self.random.seed(self.seed)
        self.faults.clear()
        self.calls.clear()
        self.calls_count = 0
        self.outbox.clear()
        self._ids = itertools.count(1)
