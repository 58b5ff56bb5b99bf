"""What an answer of Zoho Books means: the code in its body counts, whatever the status says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Left, Verdict, retry_after_seconds
from hub.connectors.outcome import Answer, Because, Done, Refused, Unknown
from hub.connectors.zoho_books.kinds import BLOCKED_SECONDS, BUSY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

ABSENT = 1002
_BECAUSE: Mapping[int, Because] = {
    57: "authorisation",
    14: "authorisation",
    6041: "authorisation",
    9017: "authorisation",
    ABSENT: "missing",
    5: "missing",
}
_STOPS: Mapping[int, float] = {43: BLOCKED_SECONDS, 44: BLOCKED_SECONDS, 1070: BUSY_SECONDS}


class _Head(msgspec.Struct):
    code: int = 0
    message: str = ""


def judge(answer: Answer) -> Verdict:
    """Read the code in the body, which counts whatever the status says, and what is left."""
    head = msgspec.json.decode(answer.body or b"{}", type=_Head)
    stop = _stop_seconds(answer, head)
    return Verdict(
        outcome=_outcome(answer, head),
        token_dead=answer.status == 401 and head.code in (14, 57),  # noqa: PLR2004
        stop_seconds=stop,
        stop_why=f"it said {head.code}: {head.message[:200]}",
        left=_left(answer),
    )


def _outcome(answer: Answer, head: _Head) -> Done | Refused | Unknown:
    if head.code == 0 and answer.status < 400:  # noqa: PLR2004
        return Done(sentence="It answered.", answer=answer)
    said = f"It said {head.code or answer.status}: {head.message[:500]}".rstrip(":. ")
    if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004
        return Unknown(sentence=f"{said}.")
    because = _BECAUSE.get(head.code) or ("missing" if answer.status == 404 else "data")  # noqa: PLR2004
    return Refused(sentence=f"{said}.", because=because, reason=str(head.code))


def _stop_seconds(answer: Answer, head: _Head) -> float:
    if head.code == 45:  # noqa: PLR2004 - the day's limit
        left = answer.headers.get("x-rate-limit-reset", "")
        return float(left) if left.isdecimal() else BLOCKED_SECONDS
    if answer.status == 429 or head.code in _STOPS:  # noqa: PLR2004
        return retry_after_seconds(answer) or _STOPS.get(head.code, BUSY_SECONDS)
    return 0


def _left(answer: Answer) -> dict[str, Left]:
    left, reset = (
        answer.headers.get(f"x-rate-limit-{name}", "") for name in ("remaining", "reset")
    )
    if not left.isdecimal():
        return {}
    return {"day": Left(cost=int(left), seconds=float(reset) if reset.isdecimal() else None)}
