"""Take a change in, by whichever road it came: make it an event, and wait until that is durable."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.log.change import taken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from collections.abc import Set as AbstractSet

    from hub.log.change import Change

    Append = Callable[..., Awaitable[list[int]]]


class Receiver:
    """Hands changes to the log; `append` is the way into it, `wait_seconds_max` the patience."""

    def __init__(self, append: Append, wait_seconds_max: float) -> None:
        self._append = append
        self._wait_seconds_max = wait_seconds_max

    async def receive(self, change: Change, keep_out: AbstractSet[str] = frozenset()) -> int:
        """Give the position of a change once it is durable; a repeat has that of the first.

        TimeoutError tells that it was not durable in time: it may still be kept, and taking it in
        again is a repeat then.
        """
        event = taken(change, keep_out)
        async with asyncio.timeout(self._wait_seconds_max):
            (position,) = await self._append(event)
        return position
