"""Say that nothing is left to spend for now, and when it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.connectors.outcome import RetryAt

if TYPE_CHECKING:
    from hub.connectors.clock import Clock


def later(connection: str, clock: Clock, seconds: float, why: str) -> RetryAt:
    at = clock.now() + timedelta(seconds=seconds)
    return RetryAt(
        sentence=f"{connection} has nothing left to spend until {at:%Y-%m-%d %H:%M:%S} UTC "
        f"({why}). It goes on by itself.",
        at=at,
    )
