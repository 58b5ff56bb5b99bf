"""What an answer of Zoho Desk means: the code in its body counts, then the status."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Left, Verdict, retry_after_seconds
from hub.connectors.outcome import Answer, Because, Done, Refused, RetryAt, Unknown
from hub.connectors.zoho_desk.kinds import BUSY_SECONDS, SPENT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.outcome import Outcome

_BECAUSE: Mapping[str, Because] = {
    "UNAUTHORIZED": "authorisation",
    "INVALID_OAUTH": "authorisation",
    "SCOPE_MISMATCH": "authorisation",
    "OAUTH_ORG_MISMATCH": "authorisation",
    "FORBIDDEN": "authorisation",
    "LICENSE_ACCESS_LIMITED": "quota",
    "RESOURCE_SIZE_EXCEEDED": "quota",
    "URL_NOT_FOUND": "missing",
}
_TOKEN_DEAD = frozenset({"INVALID_OAUTH", "UNAUTHORIZED"})
_STOPS: Mapping[str, float] = {
    "THRESHOLD_EXCEEDED": SPENT_SECONDS,
    "TOO_MANY_REQUESTS": BUSY_SECONDS,
}
_LEFT = "x-rate-limit-remaining-v3"
_REFERENCES = frozenset(
    ("contactId", "accountId", "assigneeId", "teamId", "departmentId", "ownerId")
)


class Wrong(msgspec.Struct):
    """What is wrong with one field; `field` is a pointer, which begins with a slash."""

    field: str = msgspec.field(name="fieldName", default="")
    kind: str = msgspec.field(name="errorType", default="")
    message: str = msgspec.field(name="errorMessage", default="")

    def __str__(self) -> str:
        said = f"{self.field.lstrip('/').replace('/', '.')} is {self.kind or 'refused'}"
        return f"{said} ({self.message[:200].rstrip('.')})" if self.message else said


class _Head(msgspec.Struct):
    code: str = msgspec.field(name="errorCode", default="")
    message: str = ""
    errors: list[Wrong] = []


def judge(answer: Answer) -> Verdict:
    """Read the code, and how much is left of the day's credits."""
    head = _Head()
    if answer.status >= 400:  # noqa: PLR2004
        head = msgspec.json.decode(answer.body or b"{}", type=_Head)
    stop = _stop_seconds(answer, head)
    return Verdict(
        outcome=_outcome(answer, head, stop),
        token_dead=head.code in _TOKEN_DEAD,
        stop_seconds=stop,
        stop_why=f"it said {head.code or answer.status}: {head.message[:200]}",
        left=_left(answer),
    )


def _outcome(answer: Answer, head: _Head, stop: float) -> Outcome:
    if answer.status < 400:  # noqa: PLR2004
        return Done(sentence="It answered.", answer=answer)
    said = f"It said {head.code or answer.status}: {_told(head)}".rstrip(":. ")
    if answer.status == 429:  # noqa: PLR2004
        return RetryAt(sentence=f"{said}.", at=answer.at + timedelta(seconds=stop))
    if answer.status >= 500:  # noqa: PLR2004
        return Unknown(sentence=f"{said}.")
    reason = head.code or str(answer.status)
    return Refused(sentence=f"{said}.", because=_because(answer, head), reason=reason)


def _told(head: _Head) -> str:
    return "; ".join(str(one) for one in head.errors) or head.message[:500]


def _because(answer: Answer, head: _Head) -> Because:
    if any(one.kind == "duplicate" for one in head.errors):
        return "alike"
    if any(one.kind == "invalid" and one.field.lstrip("/") in _REFERENCES for one in head.errors):
        return "missing"
    by_status: Mapping[int, Because] = {401: "authorisation", 403: "authorisation"}
    return _BECAUSE.get(head.code) or by_status.get(answer.status, "data")


def _stop_seconds(answer: Answer, head: _Head) -> float:
    if answer.status != 429:  # noqa: PLR2004
        return 0
    return retry_after_seconds(answer) or _STOPS.get(head.code, BUSY_SECONDS)


def _left(answer: Answer) -> dict[str, Left]:
    said = answer.headers.get(_LEFT, "")
    return {"day": Left(cost=int(said))} if said.isdecimal() else {}
