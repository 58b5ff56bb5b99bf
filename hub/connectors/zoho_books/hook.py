"""A webhook of Zoho Books: its signature covers its own bytes, so what it says is believed."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from hub.connectors.connector import NotBelieved, Seen
from hub.connectors.record import seen
from hub.connectors.zoho_books.kinds import ENTITIES, is_vendor

if TYPE_CHECKING:
    from hub.connectors.connector import Hook
    from hub.settings import Secret


def hear(hook: Hook, secret: Secret | None) -> list[Seen]:
    """Take in a webhook: a copy of the record, as it was when it was sent."""
    given = hook.headers.get("x-zoho-webhook-signature", "").lower()
    if secret is None or not hmac.compare_digest(given.encode(), signed(hook, secret).encode()):
        raise NotBelieved("the webhook is not signed with this connection's secret")
    try:
        fields = msgspec.json.decode(_json(hook), type=dict[str, msgspec.Raw])
        kind, data = next(
            (ENTITIES[name], data) for name, data in fields.items() if name in ENTITIES
        )
        one = seen(kind, data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"a webhook of Zoho Books was expected; {error}") from error
    except StopIteration:
        return []
    return [] if is_vendor(one) else [one]


def signed(hook: Hook, secret: Secret) -> str:
    """Sign as Zoho does: all pairs of query and form by name, end to end, then a JSON body."""
    form = parse_qsl(hook.body.decode(), keep_blank_values=True) if _is_form(hook) else []
    pairs = "".join(name + value for name, value in sorted([*hook.query, *form]))
    said = pairs.encode() + (b"" if form else hook.body)
    return hmac.digest(secret.reveal().encode(), said, hashlib.sha256).hex()


def _is_form(hook: Hook) -> bool:
    return hook.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def _json(hook: Hook) -> bytes:
    """Give the JSON of a webhook; the old form has it in a field of its own."""
    if not _is_form(hook):
        return hook.body
    return dict(parse_qsl(hook.body.decode())).get("JSONString", "{}").encode()
