"""Spread the calls of one process over time, so that no minute's worth goes in one burst.

This is for the vendor's comfort, and for the order of calls: that a window is never passed, the
blocks see to. Where several wait, documents go before the rest, and what people changed before what
is read once more, but never so that others starve.
"""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.connectors.budget.window import Share, Window

SPREAD_SECONDS_MAX = 60.0
"""Windows up to this long are spread evenly; in a longer one, a burst is what it is for."""

BUCKETS = 20
"""How many buckets a window is: a bucket may go at once, and as much again drips in meanwhile, so
a bucket of a whole window would let two windows' worth through in one."""


TURNS: Mapping[Share, int] = {"documents": 12, "contacts": 6, "readings": 1, "backfill": 1}
"""Of twenty turns, how many each share has while all of them wait."""


class Pace:
    """An even stream of calls over the shortest of these windows."""

    def __init__(self, windows: Iterable[Window]) -> None:
        short = [window for window in windows if window.seconds <= SPREAD_SECONDS_MAX]
        window = min(short, key=lambda each: each.seconds, default=None)
        self._limiter = None if window is None else _limiter(window)
        self._line = Line()

    async def turn(self, cost: int, share: Share, wait_seconds_max: float) -> bool:
        """Wait for the turn of a call of this cost; False if it does not come in time."""
        if self._limiter is None:
            return True
        try:
            async with asyncio.timeout(max(wait_seconds_max, 0.001)):
                await self._line.first(share, cost)
                try:
                    await _drip(self._limiter, cost)
                finally:
                    self._line.next()
        except TimeoutError:
            return False
        return True


class Line:
    """Those who wait, each with the moment at which it would be through by the turns it has."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._is_busy = False
        self._now = 0.0
        self._last = dict.fromkeys(TURNS, 0.0)

    async def first(self, share: Share, cost: int) -> None:
        """Wait until all who are before this one have gone."""
        through = max(self._now, self._last[share]) + cost / TURNS[share]
        self._last[share] = through
        if not self._is_busy:
            self._is_busy, self._now = True, through
            return
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (through, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                # What it did not take is its share's still: else one that asks often and in vain
                # would fall behind for good.
                self._last[share] -= cost / TURNS[share]
            else:  # its turn had come
                self.next()
            raise

    def next(self) -> None:
        """Let the next one go."""
        while self._waiting:
            through, _, turn = heappop(self._waiting)
            if not turn.done():
                self._now = through
                turn.set_result(None)
                return
        self._is_busy = False


async def _drip(limiter: AsyncLimiter, cost: int) -> None:
    left = float(cost)
    while left > 0:
        await limiter.acquire(min(left, limiter.max_rate))
        left -= limiter.max_rate


def _limiter(window: Window) -> AsyncLimiter:
    bucket = max(1, window.ceiling // BUCKETS)
    return AsyncLimiter(bucket, window.seconds * bucket / window.ceiling)
