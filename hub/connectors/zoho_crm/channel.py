"""A notification channel of Zoho CRM: had, renewed, and believed only so far.

A notification bears no signature. Its token, which only the hub and Zoho know, is what makes it
worth a look, and all it does is to have the records read.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Listening, NotBelieved, Notice, NotRead
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.record import read, text
from hub.connectors.zoho_crm.kinds import CHANNEL_LASTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.connectors.connector import Door, Hook, Kind
    from hub.connectors.http import Vendor
    from hub.settings import Secret

LAPSED = "NOT_SUBSCRIBED"


class _Channel(msgspec.Struct):
    channel_expiry: datetime


class _Channels(msgspec.Struct):
    events: list[_Channel]


class _Subscribed(msgspec.Struct):
    details: _Channels


class _Watched(msgspec.Struct):
    """What a subscription came to. It says how long it lasts, which may be less than was asked."""

    watch: list[_Subscribed]


class _Notification(msgspec.Struct):
    module: str
    ids: list[str]
    channel_id: str = ""
    token: str = ""
    server_time: int = 0


async def listen(
    vendor: Vendor, kinds: Iterable[Kind], door: Door, cursor: str, now: datetime
) -> Listening:
    """Subscribe a channel, or renew it; one that has lapsed is made anew under the same id."""
    channel = cursor or _number(door)
    watch = {
        "channel_id": channel,
        "events": [f"{kind.name}.all" for kind in kinds if kind.notifies],
        "channel_expiry": (now + CHANNEL_LASTS).astimezone(UTC).isoformat(timespec="seconds"),
        "token": door.token.reveal(),
        "notify_url": door.url,
        "return_affected_field_values": False,
        # Else saving a contact tells of its account, too.
        "notify_on_related_action": False,
    }
    body = msgspec.json.encode({"watch": [watch]})
    try:
        answer = await read(vendor, _call("PUT" if cursor else "POST", body))
    except NotRead as error:
        if not (isinstance(error.outcome, Refused) and error.outcome.reason == LAPSED):
            raise
        answer = await read(vendor, _call("POST", body))
    said = msgspec.json.decode(answer.body, type=_Watched)
    until = min(each.channel_expiry for one in said.watch for each in one.details.events)
    return Listening(cursor=channel, until=until)


def hear(hook: Hook, kinds: Mapping[str, Kind], token: Secret | None) -> list[Notice]:
    """Take a notification for what it is: a reason to read some records."""
    try:
        what = msgspec.json.decode(hook.body, type=_Notification)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"a notification of Zoho CRM was expected; {error}") from error
    if token is None or not hmac.compare_digest(what.token.encode(), token.reveal().encode()):
        raise NotBelieved("the notification does not bear the token of this hub's channel")
    if what.module not in kinds:
        return []
    at = datetime.fromtimestamp(what.server_time / 1000, UTC) if what.server_time else None
    said = msgspec.json.encode({"operation": _operation(hook.body)})
    return [Notice(kind=what.module, record=each, at=at, data=said) for each in what.ids]


def _number(door: Door) -> str:
    """Give a channel its number: the same each time, so that a lost answer makes no second."""
    digest = hashlib.sha256(door.url.encode()).digest()
    return str(int.from_bytes(digest[:6], "big"))


def _operation(body: bytes) -> str:
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return text(fields.get("operation")) or "unknown"


def _call(method: str, body: bytes) -> Call:
    return Call(
        method=method,
        path="/crm/v8/actions/watch",
        headers={"Content-Type": "application/json"},
        body=body,
        verb="readable",
    )
