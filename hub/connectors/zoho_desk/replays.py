"""Deliveries of which all is durable, remembered while their JWT lives: a replay costs nothing.

A JWT covers nothing of the body, so a delivery is both together: Desk itself may sign two bodies of
one second alike. Only what is durable is remembered, for Desk sends again what was not taken.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.connectors.connector import Hook

REMEMBERED_MAX = 10_000


class Replays:
    """What one process took, the oldest first."""

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}

    def __contains__(self, delivery: bytes) -> bool:
        return delivery in self._until

    def remember(self, delivery: bytes, until: float, now: float) -> None:
        """Remember it until its JWT is past its end, unless too many come after it."""
        self._until[delivery] = until
        while self._oldest_until() < now or len(self._until) > REMEMBERED_MAX:
            del self._until[next(iter(self._until))]

    def _oldest_until(self) -> float:
        return next(iter(self._until.values()), float("inf"))


def delivery_of(hook: Hook, header: str) -> bytes:
    """Tell one delivery from another."""
    return hashlib.sha256(hook.headers[header].encode() + b"\n" + hook.body).digest()
