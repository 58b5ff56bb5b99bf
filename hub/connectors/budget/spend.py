"""Spend, before a call is made, what it will cost; or say when there is something to spend again.

Every window (a minute, a day of the organisation, any 24 hours) has a ceiling in the vendor's own
units, and its sum is kept in Postgres. A process draws a small block, good for two seconds, and
spends from that; what a process that died had drawn counts as spent. Work has shares: what is kept
for documents is never spent on a backfill.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hub.connectors.budget.block import BLOCK_SECONDS, Block, block_cost
from hub.connectors.budget.later import later
from hub.connectors.budget.ledger import Ledger
from hub.connectors.budget.pace import Pace
from hub.connectors.budget.places import Places
from hub.connectors.budget.standing import standing_of
from hub.connectors.budget.window import RESERVED, SPENT_AS, before
from hub.connectors.clock import RealClock
from hub.connectors.outcome import Refused, RetryAt
from hub.errors import DatabaseAway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractAsyncContextManager

    from hub.connectors.budget.standing import Standing
    from hub.connectors.budget.window import AtOnce, Share, Window
    from hub.connectors.clock import Clock
    from hub.database import Database

SAID_SECONDS = 900.0
"""How long what a vendor says is left is believed, where it does not say when it is renewed."""

SAID_SECONDS_MAX = 2 * 86_400.0
HEARD_EVERY_SECONDS = 10.0
SOON_SECONDS = 0.001


class Budget:
    """What one connection may spend, as one process sees it."""

    def __init__(
        self,
        database: Database,
        connection: str,
        windows: Sequence[Window],
        at_once: Sequence[AtOnce] = (),
        *,
        reserved: Mapping[Share, float] = RESERVED,
        clock: Clock | None = None,
    ) -> None:
        self.connection = connection
        self.windows = tuple(windows)
        self.clock = clock or RealClock()
        self._reserved = reserved
        self._ledger = Ledger(database)
        self._places = Places(connection, tuple(at_once), self._ledger, self.clock)
        # A clock moved by hand does not move the limiter's.
        self._pace = Pace(self.windows if self.clock.asked is None else ())
        self._lock = asyncio.Lock()
        self._blocks: dict[Share, Block] = {}
        self._block_cost = block_cost(self.windows)
        self._stopped: tuple[float, str] = (float("-inf"), "")
        self._heard: dict[str, float] = {}

    async def spend(
        self, cost: int = 1, share: Share = "contacts", *, wait_seconds_max: float = 0
    ) -> RetryAt | Refused | None:
        """Spend, after waiting for a short while if need be; else say when to ask again.

        What was spent is to be used at once.
        """
        until = self.clock.monotonic() + wait_seconds_max
        turn, share = share, SPENT_AS.get(share, share)
        if (refused := self._never(cost, share)) is not None:
            return refused
        if not await self._pace.turn(cost, turn, wait_seconds_max):
            return self._later(wait_seconds_max + 1, "others of this process are before it")
        while True:
            wait = await self._draw_and_spend(cost, share)
            if wait is None:
                return None
            seconds, why = wait
            if self.clock.monotonic() + seconds > until:
                return self._later(seconds, why)
            await self.clock.sleep(seconds)

    def place(
        self, marks: AbstractSet[str] = frozenset(), *, wait_seconds_max: float = 0
    ) -> AbstractAsyncContextManager[RetryAt | None]:
        """Hold a place among the calls under way; RetryAt is given where there is none."""
        return self._places.hold(marks, wait_seconds_max)

    async def stop(self, seconds: float, why: str) -> None:
        """Spend nothing for so long, in any process: the vendor asked for it.

        Others know when they next draw, which they do every two seconds.
        """
        self._stopped = max(self._stopped, (self.clock.monotonic() + seconds, why))
        await self._ledger.execute("stop", self.connection, self.clock.asked, seconds, why)

    async def heard(
        self, window: str, left: int, *, seconds: float = SAID_SECONDS, sent_ago: float = 0
    ) -> None:
        """Note what the vendor said is left of a window, for so many seconds to come.

        What it says of a window that does not bind us is let go.
        """
        ceiling = next((each.ceiling for each in self.windows if each.name == window), None)
        if ceiling is None:
            return
        # Numbers from outside: whatever they are, the database can hold these.
        left = min(max(left, 0), ceiling)
        seconds = min(max(seconds, 0), SAID_SECONDS_MAX)
        now = self.clock.monotonic()
        is_low = left < max(ceiling // 10, 2 * self._block_cost)
        if not is_low and now - self._heard.get(window, float("-inf")) < HEARD_EVERY_SECONDS:
            return
        self._heard[window] = now
        async with self._lock:
            if is_low:
                # Not accounted for, it counts in full: that errs on the safe side.
                self._blocks.clear()
            await self._ledger.execute(
                "heard", self.connection, window, left, self.clock.asked, sent_ago, seconds
            )

    async def standing(self) -> list[Standing]:
        """Tell how every window stands."""
        rows = await self._ledger.rows(
            "standing", self.connection, self.clock.asked, *self._columns()
        )
        return [standing_of(row) for row in rows]

    async def close(self) -> None:
        """Give account of what was drawn and not spent."""
        async with self._lock:
            blocks, self._blocks = self._blocks, {}
            try:
                for block in blocks.values():
                    await self._ledger.execute("settle", *block.settled())
            except DatabaseAway:
                pass
            finally:
                await self._ledger.close()

    async def _draw_and_spend(self, cost: int, share: Share) -> tuple[float, str] | None:
        """Spend from the block at hand or from a new one; else say how long to wait, and why."""
        async with self._lock:
            begun = self.clock.monotonic()
            if begun < self._stopped[0]:
                return self._stopped[0] - begun, self._stopped[1]
            block = self._blocks.get(share)
            if block is not None and block.spend(cost, begun):
                return None
            # Whatever becomes of the drawing, the one before is not touched again.
            row = await self._draw(cost, share, self._blocks.pop(share, None))
            if row["id"] is None:
                return max(row["wait_seconds"], SOON_SECONDS), row["wait_for"]
            block = self._blocks[share] = Block(row, begun)
            # Drawing may have taken longer than the block is good for.
            spent = block.spend(cost, self.clock.monotonic())
            return None if spent else (SOON_SECONDS, "the database was slow")

    async def _draw(self, cost: int, share: Share, last: Block | None) -> Any:
        above = [each for each in before(share) if self._reserved.get(each)]
        settled = last.settled() if last else (None, None, None)
        return await self._ledger.row(
            "draw",
            self.connection, share, self.clock.asked,
            cost, max(cost, self._block_cost), BLOCK_SECONDS,
            *self._columns(),
            above, [self._reserved[each] for each in above], *settled,
        )  # fmt: skip

    def _columns(self) -> tuple[list[str], list[float], list[str | None], list[int]]:
        return (
            [window.name for window in self.windows],
            [window.counted_seconds for window in self.windows],
            [window.zone for window in self.windows],
            [window.ceiling for window in self.windows],
        )

    def _never(self, cost: int, share: Share) -> Refused | None:
        """Refuse what no waiting would pay for."""
        parts = [self._reserved.get(each, 0) for each in before(share)]
        for window in self.windows:
            most = window.ceiling - sum(int(part * window.ceiling) for part in parts)
            if cost > most:
                return Refused(
                    sentence=f"This call costs {cost}, but of {window.most} in the window "
                    f"'{window.name}' of {self.connection} never more than {most} are there for "
                    f"{share}. Split the work, or raise the vendor's plan.",
                    because="quota",
                    reason="over_budget",
                )
        return None

    def _later(self, seconds: float, why: str) -> RetryAt:
        return later(self.connection, self.clock, seconds, why)
