"""Spread the calls of one process over time, so that no minute's worth goes in one burst.

This is for the vendor's comfort alone: that a window is never passed, the blocks see to.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiolimiter import AsyncLimiter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.budget.window import Window

SPREAD_SECONDS_MAX = 60.0
"""Windows up to this long are spread evenly; in a longer one, a burst is what it is for."""

BUCKETS = 20
"""How many buckets a window is: a bucket may go at once, and as much again drips in meanwhile, so
a bucket of a whole window would let two windows' worth through in one."""


class Pace:
    """An even stream of calls over the shortest of these windows."""

    def __init__(self, windows: Iterable[Window]) -> None:
        short = [window for window in windows if window.seconds <= SPREAD_SECONDS_MAX]
        window = min(short, key=lambda each: each.seconds, default=None)
        self._limiter = None if window is None else _limiter(window)

    async def turn(self, cost: int, wait_seconds_max: float) -> bool:
        """Wait for the turn of a call of this cost; False if it does not come in time."""
        if self._limiter is None:
            return True
        try:
            async with asyncio.timeout(max(wait_seconds_max, 0.001)):
                await _drip(self._limiter, cost)
        except TimeoutError:
            return False
        return True


async def _drip(limiter: AsyncLimiter, cost: int) -> None:
    left = float(cost)
    while left > 0:
        await limiter.acquire(min(left, limiter.max_rate))
        left -= limiter.max_rate


def _limiter(window: Window) -> AsyncLimiter:
    bucket = max(1, window.ceiling // BUCKETS)
    return AsyncLimiter(bucket, window.seconds * bucket / window.ceiling)
