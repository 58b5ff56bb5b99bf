"""Act right at one of the statements that a rebuild sends to the database."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Callable

_counting: ContextVar[object] = ContextVar("counting", default=None)

SENDS = ("execute", "fetch", "fetchrow", "fetchval")


class Statements:
    """Counts the statements of this task and those it makes; acts when the chosen one is sent."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self.sent = 0
        self._at = at
        self._act = act
        _counting.set(self)

    def watch(self, replace: Callable[[Any, str, Any], object]) -> None:
        """Stand between the hub and asyncpg; `replace` is setattr or the like."""
        for name in SENDS:
            replace(asyncpg.Connection, name, self._watched(getattr(asyncpg.Connection, name)))

    def _watched(self, send: Any) -> Any:
        async def watched(*values: Any, **named: Any) -> Any:
            if _counting.get() is self:
                self.sent += 1
                if self.sent == self._at:
                    # Called in the next turn of the loop: by then the statement is on its way.
                    asyncio.get_running_loop().call_soon(self._act)
            return await send(*values, **named)

        return watched
