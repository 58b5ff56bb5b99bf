"""What a process has drawn from a budget and is spending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.budget.window import Window

BLOCK_SECONDS = 2.0
"""How long a block is good for. What the vendor asked of one process, others know this soon."""


class Block:
    """A part of a budget. Times count from before it was asked for: the database drew it no
    earlier, so by its clock all is over in time.
    """

    def __init__(self, row: Any, begun: float) -> None:
        self._id = row["id"]
        self._cost = self._left = row["granted"]
        self._begun = self._last = begun
        self._good_until = begun + row["good_seconds"]

    def spend(self, cost: int, now: float) -> bool:
        """Spend from it, if it is still good and has as much."""
        if now >= self._good_until or cost > self._left:
            return False
        self._left -= cost
        self._last = now
        return True

    def settled(self) -> tuple[Any, int, float]:
        """Give its id, what was spent of it, and after how many seconds at the latest."""
        return self._id, self._cost - self._left, self._last - self._begun


def block_cost(windows: Iterable[Window]) -> int:
    """Give how much is drawn at once: little, for it is lost with its process."""
    return min(
        (max(1, min(w.ceiling // 20, max(50, w.ceiling // 1_000))) for w in windows), default=1
    )
