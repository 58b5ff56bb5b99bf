"""What Zoho Desk sends by itself: an array of events, and beside it a JWT that proves the sender.

The JWT covers nothing of the body, so whoever has seen one could send another body with it. So
nothing of what an event says is taken but which record it is about: that is then read.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt
import msgspec

from hub.connectors.connector import Hook, NotBelieved, Notice
from hub.connectors.record import text

if TYPE_CHECKING:
    from hub.connectors.zoho_desk.keys import Keys
    from hub.settings import Secret

HEADER = "x-zdesk-jwt"
KNOCK = "x-hub-knock"
LEEWAY_SECONDS = 60.0
EVENTS_MAX = 200
"""Each costs a read, and nothing proves the body: more than this is not taken of one delivery."""

_MILLISECONDS_FROM = 10**11
"""A time that is larger is in milliseconds: in seconds it would be in the year 5138."""

KINDS = {
    "Ticket": "tickets",
    "Contact": "contacts",
    "Account": "accounts",
    "Department": "departments",
    "Agent": "agents",
}


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a JWT of Desk says."""

    issuer: str
    webhook: str
    """The id of the subscription that it is sent for."""
    ends: float
    """From when on, in seconds since 1970, it is believed no more."""


class _Event(msgspec.Struct):
    event: str = msgspec.field(name="eventType")
    payload: dict[str, msgspec.Raw]
    at: str | int | None = msgspec.field(name="eventTime", default=None)
    before: dict[str, msgspec.Raw] | None = msgspec.field(name="prevState", default=None)


_log = logging.getLogger(__name__)
_events = msgspec.json.Decoder(list[_Event])


def is_a_ping(hook: Hook, secret: Secret | None) -> bool:
    """Tell whether it only asks if anybody is there: Desk does, and the hub at its own door."""
    if HEADER in hook.headers or hook.body.strip() not in (b"", b"{}", b"[]"):
        return False
    knock = hook.headers.get(KNOCK)
    if knock is None:
        return True
    if secret is not None and hmac.compare_digest(knock.encode(), knocked(secret).encode()):
        return True
    raise NotBelieved("whoever knocks does not know this hub's secret")


def knocked(secret: Secret) -> str:
    """Give what the hub knocks with at its own door."""
    return hmac.digest(secret.reveal().encode(), b"knock", hashlib.sha256).hex()


def key_name(hook: Hook) -> str | None:
    """Give the name of the key that a hook says it is signed with."""
    with suppress(jwt.PyJWTError, KeyError):
        name = jwt.get_unverified_header(hook.headers[HEADER]).get("kid")
        return name if isinstance(name, str) else None
    return None


def proved(hook: Hook, keys: Keys) -> Claims:
    """Check the signature and the end of a JWT, and give what it says; NotBelieved otherwise."""
    key = keys.of(key_name(hook) or "")
    if key is None:
        raise NotBelieved("the webhook is not signed with a key of Zoho Desk's")
    try:
        claims = jwt.decode(
            hook.headers[HEADER],
            key,
            algorithms=["RS256"],
            # Whether times are in seconds or milliseconds is not settled: the end is judged below.
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False,
                     "verify_aud": False, "require": ["iss", "aud", "exp"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise NotBelieved(f"the webhook's JWT does not hold: {error}") from error
    ends = _ends(claims["exp"])
    if ends < datetime.now(UTC).timestamp():
        raise NotBelieved("the webhook's JWT is past its end")
    webhook = str(claims["aud"]).removeprefix("webhookId:")
    return Claims(issuer=str(claims["iss"]), webhook=webhook, ends=ends)


def notices(body: bytes) -> list[Notice]:
    """Take each event for what it is: a reason to read a record."""
    try:
        events = _events.decode(body)
    except msgspec.DecodeError as error:
        raise ValueError(f"an array of events of Zoho Desk was expected; {error}") from error
    if len(events) > EVENTS_MAX:
        _log.warning(
            "Zoho Desk told of %d events at once; the first %d are read at once, and what the rest "
            "speak of is found by polling.", len(events), EVENTS_MAX,
        )  # fmt: skip
    found = (_notice(event) for event in events[:EVENTS_MAX])
    return [one for one in found if one is not None]


def _notice(event: _Event) -> Notice | None:
    noun, _, act = event.event.partition("_")
    kind = KINDS.get(noun)
    if kind is None:
        return None
    # What hangs on a ticket has the ticket read.
    field = "id" if act in ("Add", "Update", "Delete") else "ticketId"
    record = text(event.payload.get(field))
    if record is None:
        return None
    said: dict[str, Any] = {"event": event.event, "changed": _changed(event)}
    return Notice(kind=kind, record=record, at=_time(event.at), data=msgspec.json.encode(said))


def _changed(event: _Event) -> list[str]:
    """Name the fields that changed, where it says what was before."""
    before = event.before or {}
    return sorted(
        name
        for name, was in before.items()
        if msgspec.json.decode(event.payload.get(name, b"null")) != msgspec.json.decode(was)
    )


def _time(said: str | int | None) -> datetime | None:
    """Read a time: milliseconds since 1970 as text, as a rule."""
    if said is None or said == "":
        return None
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(said) / 1000, UTC)
    with suppress(ValueError):
        return datetime.fromisoformat(str(said))
    return None


def _ends(said: object) -> float:
    try:
        seconds = int(str(said))
    except ValueError:
        return float("-inf")
    if seconds >= _MILLISECONDS_FROM:
        seconds //= 1000
    return seconds + LEEWAY_SECONDS
