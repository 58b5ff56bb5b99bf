"""What the end of a stream means: the vendor's own code says it, in the trailing metadata.

Nothing is ever answered by going on from the newest event: what lies between would be lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import grpc
import grpc.aio

from hub.connectors.connector import NotRead, PlaceLost
from hub.connectors.outcome import Refused, RetryAt
from hub.errors import HubError

if TYPE_CHECKING:
    from hub.connectors.outcome import Because

WAIT_SECONDS = 5.0
_PREFIX = "sfdc.platform.eventbus.grpc."
_AUTH = "service.auth.error"
_LOST = frozenset(
    {
        "subscription.fetch.replayid.validation.failed",
        "subscription.fetch.replayid.corrupted",
    }
)
_FOR_GOOD: dict[str, tuple[Because, str]] = {
    "concurrent.client.limit.exceeded": ("quota", "Too many listen to this organisation at once"),
    "topic.notfound": ("authorisation", "It has no such topic: choose it in Change Data Capture"),
    "permission": ("authorisation", "The hub's user may not listen to it: it needs View All there"),
}
_BY_STATUS = {grpc.StatusCode.PERMISSION_DENIED: "permission"}
"""What is known by its status alone: its codes are not confirmed."""


class TokenDead(HubError):
    """The token is no longer taken: a new one is a new stream."""


def ended(error: grpc.aio.AioRpcError, since: datetime, now: datetime) -> HubError:
    """Give what the end of a stream comes to; up to `since` everything was told."""
    code = _code(error)
    if code == _AUTH or (not code and error.code() is grpc.StatusCode.UNAUTHENTICATED):
        return TokenDead("The vendor does not take this token any more.")
    if code in _LOST:
        return PlaceLost(f"the vendor no longer knows this place ({code})", since=since)
    code = _BY_STATUS.get(error.code(), code)
    if code in _FOR_GOOD:
        because, what = _FOR_GOOD[code]
        sentence = f"{what} ({code}), or leave it out of change_events: it is polled in any case."
        return NotRead(Refused(sentence=sentence, because=because, reason=code))
    return later(f"The stream ended ({code or error.code().name}).", now)


def later(sentence: str, now: datetime) -> NotRead:
    """Say that the same is worth another try, in a while."""
    return NotRead(RetryAt(sentence=sentence, at=now + timedelta(seconds=WAIT_SECONDS)))


def _code(error: grpc.aio.AioRpcError) -> str:
    for name, said in error.trailing_metadata() or ():
        if name == "error-code":
            text = said.decode() if isinstance(said, bytes) else str(said)
            return text.removeprefix(_PREFIX)
    return ""
