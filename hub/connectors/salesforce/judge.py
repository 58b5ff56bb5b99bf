"""What an answer of Salesforce means, and each error in it: the code says more than the status."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from hub.connectors.http import Left, Verdict
from hub.connectors.outcome import Answer, Because, Done, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hub.connectors.outcome import Outcome

# What a code says of who can mend it; for all others the HTTP status tells.
_BECAUSE: Mapping[str, Because] = {
    "API_DISABLED_FOR_ORG": "authorisation",
    "API_CURRENTLY_DISABLED": "authorisation",
    "FUNCTIONALITY_NOT_ENABLED": "authorisation",
    "INSUFFICIENT_ACCESS": "authorisation",
    "INSUFFICIENT_ACCESS_OR_READONLY": "authorisation",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "authorisation",
    "STORAGE_LIMIT_EXCEEDED": "quota",
    "ENTITY_IS_LOCKED": "passing",
    "ENTITY_IS_DELETED": "missing",
    "NOT_FOUND": "missing",
    "INVALID_CROSS_REFERENCE_KEY": "missing",
    "DUPLICATES_DETECTED": "alike",
    "DUPLICATE_EXTERNAL_ID": "alike",
    "PRECONDITION_FAILED": "changed",
}
LIMIT = "REQUEST_LIMIT_EXCEEDED"
LOCKED_ROW = "UNABLE_TO_LOCK_ROW"
DUPLICATES = "DUPLICATES_DETECTED"
DUPLICATE_VALUE = "DUPLICATE_VALUE"
MULTIPLE_CHOICES = 300

DAY_OVER_SECONDS = 900.0
"""The day is any 24 hours: some of it comes back all the time."""

BUSY_SECONDS = 30.0
LOCKED_SECONDS = 5
"""A row is held for seconds; whoever waits for one waits up to twice that, not all alike."""

_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
_SUBJECT_MAX = 5


class Fault(msgspec.Struct):
    """One error; of an item in a longer answer the code has another name."""

    message: str = ""
    errorCode: str = ""  # noqa: N815 - the vendor's name
    statusCode: str = ""  # noqa: N815
    fields: list[str] | None = None
    duplicateResut: Any = None  # noqa: N815 - so spelled by the vendor, for years
    duplicateResult: Any = None  # noqa: N815

    @property
    def code(self) -> str:
        return self.errorCode or self.statusCode

    @property
    def alike(self) -> list[str]:
        """Name the records that were found to be alike."""
        said = self.duplicateResut or self.duplicateResult or {}
        matches = [one for each in said.get("matchResults", ()) for one in each["matchRecords"]]
        return [str(one["record"]["Id"]) for one in matches]


class _OfLogin(msgspec.Struct):
    error: str = ""
    error_description: str = ""


def judge(answer: Answer) -> Verdict:
    """Read the codes in the body, the status, and how much of the day is spent."""
    fault = fault_in(answer)
    stop = _stop_seconds(fault)
    return Verdict(
        outcome=_outcome(answer, fault),
        token_dead=answer.status == 401,  # noqa: PLR2004
        stop_seconds=stop,
        stop_why=f"it said {fault.message}" if stop else "",
        left=_left(answer),
    )


def of_fault(fault: Fault, at: datetime, status: int = 400, subject: str = "") -> Outcome:
    """Say what one error means; `subject` tells those apart that wait for the same row."""
    said = f"It said {fault.code or status}{_about(fault)}: {fault.message.rstrip('.')}."
    if fault.code == LIMIT:
        return RetryAt(sentence=said, at=at + timedelta(seconds=_stop_seconds(fault)))
    if fault.code == LOCKED_ROW:
        more = crc32(f"{subject}{at}".encode()) % LOCKED_SECONDS
        return RetryAt(sentence=said, at=at + timedelta(seconds=LOCKED_SECONDS + more))
    if status >= 500 or status == 429:  # noqa: PLR2004
        return Unknown(sentence=said)
    because = _BECAUSE.get(fault.code) or _by_status(status)
    return Refused(sentence=said, because=because, reason=fault.code or str(status))


def fault_in(answer: Answer) -> Fault:
    """Give the first error of an answer; an empty one where there is none."""
    if answer.status < MULTIPLE_CHOICES or not answer.body:
        return Fault()
    if answer.status == MULTIPLE_CHOICES:
        found = msgspec.json.decode(answer.body, type=list[str])
        sentence = f"{len(found)} records bear the same external id: {', '.join(found)}"
        return Fault(message=sentence, errorCode="DUPLICATE_EXTERNAL_ID")
    if answer.body.lstrip().startswith(b"["):
        faults = msgspec.json.decode(answer.body, type=list[Fault])
        return faults[0] if faults else Fault()
    of_login = msgspec.json.decode(answer.body, type=_OfLogin)
    return Fault(message=of_login.error_description, errorCode=of_login.error)


def _outcome(answer: Answer, fault: Fault) -> Outcome:
    if answer.status < MULTIPLE_CHOICES or answer.status == 304:  # noqa: PLR2004
        return Done(sentence="It answered.", answer=answer)
    return of_fault(fault, answer.at, answer.status)


def _about(fault: Fault) -> str:
    named = f" of {', '.join(fault.fields[:_SUBJECT_MAX])}" if fault.fields else ""
    alike = f", alike are {', '.join(fault.alike[:_SUBJECT_MAX])}" if fault.alike else ""
    return named + alike


def _stop_seconds(fault: Fault) -> float:
    """Tell how long to leave it alone; the same code is said of the day and of being busy."""
    if fault.code != LIMIT:
        return 0.0
    return DAY_OVER_SECONDS if "TotalRequests" in fault.message else BUSY_SECONDS


def _by_status(status: int) -> Because:
    if status in (401, 403):
        return "authorisation"
    if status == 412:  # noqa: PLR2004
        return "changed"
    return "missing" if status == 404 else "data"  # noqa: PLR2004


def _left(answer: Answer) -> dict[str, Left]:
    found = _USAGE.search(answer.headers.get("sforce-limit-info", ""))
    return {"day": Left(cost=int(found[2]) - int(found[1]))} if found else {}
