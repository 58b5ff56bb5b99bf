"""What every road does when a vendor gives nothing: wait, say so once, and ask again."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused, RetryAt

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from hub.inbound.account import Account

T = TypeVar("T")

WAIT_SECONDS_MAX = 3_600.0
TELL_SECONDS = 30.0
"""A wait that is shorter is every day's business."""

REFUSED_SECONDS = 30.0
"""Somebody must mend it; when they have, it goes on by itself."""

ODD = "not_understood"
_NOT_FORESEEN = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)

_log = logging.getLogger(__name__)


async def understood(reading: Awaitable[T]) -> T:
    """Have something read; what is answered in a way that nobody foresaw was not read."""
    try:
        return await reading
    except _NOT_FORESEEN as error:
        raise NotRead(
            Refused(
                sentence=f"The answer is not what the vendor's pages promise ({error}). Nothing of "
                "it was taken; it is asked for again. If that lasts, report it with this line.",
                because="data",
                reason=ODD,
            )
        ) from error


def is_odd(error: NotRead) -> bool:
    return isinstance(error.outcome, Refused) and error.outcome.reason == ODD


async def not_read(account: Account, what: str, error: NotRead) -> None:
    """Wait until the same may be tried again; say so, if that is long and was not said yet."""
    seconds = wait_seconds(error)
    if seconds >= TELL_SECONDS and f"{error}" not in account.said:
        account.said.add(f"{error}")
        _log.warning("%s: %s", what, error)
    await asyncio.sleep(seconds)


def wait_seconds(error: NotRead) -> float:
    """Give how long to wait before the same is tried again."""
    if isinstance(error.outcome, RetryAt):
        seconds = (error.outcome.at - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.1), WAIT_SECONDS_MAX)
    return REFUSED_SECONDS
