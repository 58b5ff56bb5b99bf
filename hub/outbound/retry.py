"""How long to wait before the same is tried again, and how often it is."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

ATTEMPTS_MAX = 12
BASE_SECONDS = 1.0
WAIT_SECONDS_MAX = 600.0


def wait_seconds(delivery: UUID, attempt: int) -> float:
    """Give how long to wait after this attempt: longer each time, and any part of that.

    It is the same whoever asks, yet spreads those that failed together.
    """
    most = min(BASE_SECONDS * 2 ** (attempt - 1), WAIT_SECONDS_MAX)
    part = Random(f"{delivery}/{attempt}").random()  # noqa: S311 - no secret
    return float(most * part)
