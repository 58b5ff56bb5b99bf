"""What is asked of a vendor, and what a connector says that the answer means."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import msgspec

from hub.connectors.budget import Share  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.outcome import Outcome  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from hub.connectors.outcome import Answer

Verb: TypeAlias = Literal["read", "marked", "readable", "blind"]
"""What can be known after a lost answer.

read      nothing was changed: it may simply be done again
marked    the vendor can find the hub's mark: found means done
readable  the record tells whether it was done
blind     nothing tells
"""

ANSWER_BYTES_MAX = 32 * 1024 * 1024

STOP_SECONDS_MAX = 86_400.0
"""However long a vendor asks to be left alone: after a day it is tried again."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask of a vendor."""

    method: str
    path: str
    """From the root of the host; what is put into it is percent-encoded by the caller. Empty: the
    address of the token itself, which may be a secret as a whole."""
    params: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = {}
    body: bytes | None = None
    verb: Verb
    cost: int = 1
    share: Share = "contacts"
    marks: frozenset[str] = frozenset()
    """What limits of calls at once it counts in, beside the one for all."""
    answers: Literal["json", "bytes", "text"] = "json"
    """Of `text` the connector judges whatever comes."""
    answer_bytes_max: int = ANSWER_BYTES_MAX
    seconds_max: float = 30.0


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What a vendor says is left of a window; after `seconds` it is renewed."""

    cost: int
    seconds: float | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer means.

    A connector says Unknown where a write may have been done (any 5xx); of a read the hub makes a
    RetryAt of it. With `token_dead` the outcome is what to say if a fresh token does not help.
    """

    outcome: Outcome
    token_dead: bool = False
    stop_seconds: float = 0
    """How long no call of this connection is to be made."""
    stop_why: str = ""
    left: dict[str, Left] = {}
    """By the name of the window."""


class Judge(Protocol):
    """Says what an answer means; it sees only those that can be read."""

    def __call__(self, answer: Answer) -> Verdict: ...


def retry_after_seconds(answer: Answer) -> float | None:
    """Give how long the vendor asks to be left alone: seconds, or a date, in its Retry-After."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(text) if text.isdecimal() else _until(text, answer)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0), STOP_SECONDS_MAX)


def _until(text: str, answer: Answer) -> float:
    return (parsedate_to_datetime(text) - answer.at).total_seconds()
