"""Have no more calls under way than a vendor allows, all processes together.

Every call holds a place in Postgres while it is under way. One left behind by a process that died
ends soon, as nobody holds that one's lock any more; at the latest it ends by itself.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from hub.connectors.budget.later import later
from hub.connectors.outcome import RetryAt
from hub.errors import DatabaseAway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from collections.abc import Set as AbstractSet

    from hub.connectors.budget.ledger import Ledger
    from hub.connectors.budget.window import AtOnce
    from hub.connectors.clock import Clock

CALL_SECONDS_MAX = 60.0
"""No call is under way for longer."""

PLACE_SECONDS = 2 * CALL_SECONDS_MAX
DEAD_SECONDS = 10.0
"""How long a vendor may go on with what a process asked that is dead since."""

LOOK_SECONDS = 0.25
RETRY_SECONDS_MAX = 1.0


class Places:
    """The places of one connection, as one process takes them."""

    def __init__(
        self, connection: str, limits: Sequence[AtOnce], ledger: Ledger, clock: Clock
    ) -> None:
        self._connection = connection
        self._limits = limits
        self._ledger = ledger
        self._clock = clock
        self._given_back = asyncio.Event()

    @asynccontextmanager
    async def hold(
        self, marks: AbstractSet[str], wait_seconds_max: float
    ) -> AsyncIterator[RetryAt | None]:
        """Hold a place in every limit that these marks count in; RetryAt where there is none."""
        until = self._clock.monotonic() + wait_seconds_max
        held: list[Any] = []
        try:
            for limit in self._limits:
                if limit.only and limit.only not in marks:
                    continue
                taken = await self.take(limit, until)
                if isinstance(taken, RetryAt):
                    yield taken
                    return
                held.append(taken)
            yield None
        finally:
            await self._give_back(held)

    async def take(self, limit: AtOnce, until: float) -> Any:
        """Give the id of a place, or RetryAt if none became free in time."""
        while True:
            self._given_back.clear()
            row = await self._ledger.row_as_holder(
                "take_place",
                self._connection, limit.name, self._clock.asked, limit.ceiling, PLACE_SECONDS,
                DEAD_SECONDS,
            )  # fmt: skip
            if row["id"] is not None:
                return row["id"]
            left = until - self._clock.monotonic()
            if left <= 0:
                why = f"{limit.ceiling} calls are under way: {limit.name}"
                seconds = min(row["wait_seconds"], RETRY_SECONDS_MAX)
                return later(self._connection, self._clock, seconds, why)
            # One of ours that ends is known at once, one of another process is looked for.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LOOK_SECONDS)):
                    await self._given_back.wait()

    async def _give_back(self, places: list[Any]) -> None:
        if not places:
            return
        try:
            await self._ledger.execute("give_back", places)
        except DatabaseAway:
            # They end by themselves.
            pass
        finally:
            self._given_back.set()
