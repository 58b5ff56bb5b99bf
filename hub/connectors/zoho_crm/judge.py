"""What an answer of Zoho CRM means: of a whole call, and of each record in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Left, Verdict
from hub.connectors.outcome import Answer, Because, Done, Refused, Unknown
from hub.connectors.zoho_crm.kinds import CONCURRENCY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a code of Zoho's says of who can mend it; for all others the HTTP status tells.
_BECAUSE: Mapping[str, Because] = {
    "OAUTH_SCOPE_MISMATCH": "authorisation",
    "NO_PERMISSION": "authorisation",
    "LIMIT_EXCEEDED": "quota",
    "RECORD_IN_BLUEPRINT": "passing",
    "RECORD_LOCKED": "passing",
    "NOT_APPROVED": "passing",
    "RESOURCE_NOT_FOUND": "missing",
    "ALREADY_MODIFIED": "changed",
}
_OF_RECORDS = (400, 412)
"""What it answers with where every record of a write was refused: each says why."""

_TOKEN_DEAD = frozenset({"INVALID_TOKEN", "INVALID_OAUTHTOKEN", "AUTHENTICATION_FAILURE"})
ERROR_BYTES_MAX = 4_096
_WRAPPERS = frozenset({"data", "watch", "fields"})


class Details(msgspec.Struct):
    """What Zoho adds about an item: which field it is about, or the record that came of it."""

    api_name: str = ""
    json_path: str = ""
    id: str = ""
    modified: str | None = msgspec.field(name="Modified_Time", default=None)
    expected_data_type: str = ""
    maximum_length: int | None = None
    duplicate_record: dict[str, msgspec.Raw] = {}

    @property
    def at(self) -> datetime | None:
        """When the record was changed, by the CRM's own clock; None for what is no time."""
        with suppress(ValueError):
            return datetime.fromisoformat(self.modified or "")
        return None


class Item(msgspec.Struct):
    """What Zoho says of one record of a write, or of a call as a whole."""

    code: str = ""
    message: str = ""


def judge(answer: Answer) -> Verdict:
    """Read the status, the code in the body, and how much is left of the day's credits."""
    fault = _fault(answer)
    too_many = answer.status == 429  # noqa: PLR2004
    return Verdict(
        outcome=_outcome(answer, fault),
        token_dead=answer.status == 401 and fault.code in _TOKEN_DEAD,  # noqa: PLR2004
        stop_seconds=CONCURRENCY_SECONDS if too_many else 0,
        stop_why=f"it said {fault.code}",
        left=_left(answer),
    )


def of_item(item: Item, details: Details) -> Refused:
    """Say what it means that one record was refused."""
    place = details.api_name or details.json_path
    about = f" of {place}" if place else ""
    expected = f", expected {details.expected_data_type}" if details.expected_data_type else ""
    longest = "" if details.maximum_length is None else f", at most {details.maximum_length} long"
    return Refused(
        sentence=f"It said {item.code}{about}: {item.message.rstrip('.')}{expected}{longest}.",
        because="missing" if _names_nobody(item, details) else _BECAUSE.get(item.code) or "data",
        reason=item.code,
    )


def _names_nobody(item: Item, details: Details) -> bool:
    """Tell whether the id that was written to is nobody's: of one deleted, or merged away."""
    return item.code == "INVALID_DATA" and details.api_name == "id"


def _outcome(answer: Answer, fault: Item) -> Done | Refused | Unknown:
    """Judge a call; a write whose every record was refused was answered: each says why."""
    was_done = answer.status < 400 and not fault.code  # noqa: PLR2004
    if was_done or (answer.status in _OF_RECORDS and b'"data"' in answer.body[:20]):
        return Done(sentence="It answered.", answer=answer)
    said = f"It said {fault.code or answer.status}: {fault.message}".rstrip(":. ")
    if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004
        return Unknown(sentence=f"{said}.")
    because = _BECAUSE.get(fault.code) or _by_status(answer.status)
    return Refused(sentence=f"{said}.", because=because, reason=fault.code or str(answer.status))


def _fault(answer: Answer) -> Item:
    """Read the fault of an answer: at its top, or of the one item it is about."""
    if not answer.body or (answer.status < 400 and not _says_error(answer.body)):  # noqa: PLR2004
        return Item()
    flat = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    for wrapper in flat.keys() & _WRAPPERS:
        items = msgspec.json.decode(flat[wrapper], type=list[Item])
        return items[0] if items else Item()
    return msgspec.json.decode(answer.body, type=Item)


def _says_error(body: bytes) -> bool:
    """Tell whether an answer is an error all the same, whatever its status; such are short."""
    if len(body) > ERROR_BYTES_MAX or not body.startswith(b"{"):
        return False
    flat = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return "code" in flat and bytes(flat.get("status", b"")) == b'"error"'


def _by_status(status: int) -> Because:
    if status in (401, 403):
        return "authorisation"
    if status == 412:  # noqa: PLR2004
        return "changed"
    return "missing" if status == 404 else "data"  # noqa: PLR2004


def _left(answer: Answer) -> dict[str, Left]:
    said = answer.headers.get("x-api-credits-remaining", "")
    return {"day": Left(cost=int(said))} if said.isdecimal() else {}
