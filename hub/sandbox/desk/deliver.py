"""Telling those who listen: an array of events, and a JWT that proves who sends it.

The JWT covers nothing of the body. What came of one call, or of one act, goes out together. An
answer other than 200 is not tried again; 410 takes the subscription away for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.desk.show import whole
from hub.sandbox.world import Hook

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Change, Organisation
    from hub.sandbox.system import Fields

GONE = 410
_encode = msgspec.json.Encoder().encode


def tell_all(org: Organisation) -> None:
    """Tell of all changes since the last time, and forget them."""
    changes, org.changes = org.changes, []
    for webhook in list(org.webhooks.values()):
        events = [_event(org, webhook, one) for one in changes if _is_told(org, webhook, one)]
        if events:
            org.world.send(_hook(org, webhook, events))


def _is_told(org: Organisation, webhook: Fields, change: Change) -> bool:
    if not webhook["isEnabled"] or change.event not in webhook["subscriptions"]:
        return False
    if change.actor.road == "api" and not org.quirks.echo_api_writes:
        return False
    automation = change.actor.road == "automation"
    if automation and "AUTOMATION" not in (webhook["includeEventsFrom"] or ()):
        return False
    source = str(webhook["ignoreSourceId"] or "").casefold()
    if org.quirks.heed_source and source and source == change.actor.source.casefold():
        return False
    return _passes(webhook["subscriptions"][change.event] or {}, change)


def _passes(how: Fields, change: Change) -> bool:
    departments = how.get("departmentIds")
    if departments and change.department not in departments:
        return False
    if how.get("direction") and change.direction != how["direction"]:
        return False
    fields = how.get("fields")
    return not fields or any(_moved(change, name) for name in fields)


def _moved(change: Change, name: str) -> bool:
    def said(record: Fields) -> object:
        return (record.get("cf") or {}).get(name) if name.startswith("cf_") else record.get(name)

    return said(change.before or {}) != said(change.payload)


def _event(org: Organisation, webhook: Fields, change: Change) -> Fields:
    how = webhook["subscriptions"][change.event] or {}
    before = change.before if how.get("includePrevState") else None
    milliseconds = org.quirks.event_time == "milliseconds"
    return {
        "eventType": change.event,
        "eventTime": str(int(change.at.timestamp() * 1000))
        if milliseconds
        else change.at.isoformat(),
        "orgId": org.id,
        "payload": _payload(org, change),
        "prevState": _before(org, before, change.payload),
    }


def _payload(org: Organisation, change: Change) -> Fields:
    kind = {"Ticket": "tickets", "Contact": "contacts", "Account": "accounts"}
    noun, _, rest = change.event.partition("_")
    if noun in kind and rest in ("Add", "Update", "Delete"):
        return whole(org, kind[noun], change.payload)
    return change.payload


def _before(org: Organisation, before: Fields | None, after: Fields) -> Fields | None:
    if before is None or org.quirks.prev_state == "whole":
        return before
    return {name: value for name, value in before.items() if after.get(name) != value}


def _hook(org: Organisation, webhook: Fields, events: list[Fields]) -> Hook:
    record = webhook["id"]

    def done(status: int) -> None:
        if status == GONE:
            org.webhooks.pop(record, None)

    return Hook(
        system="desk",
        method="POST",
        url=webhook["url"],
        headers={"Content-Type": "application/json", "X-ZDesk-JWT": proof(org, record)},
        body=_encode(events),
        done=done,
    )


def proof(org: Organisation, webhook: str) -> str:
    """Sign for a webhook, as of now."""
    unit = 1000 if org.quirks.jwt_time == "milliseconds" else 1
    now = int(org.now().timestamp())
    return org.keys.signed(
        {
            "iss": f"orgId:{org.id}",
            "aud": f"webhookId:{webhook}",
            "iat": now * unit,
            "exp": (now + org.quirks.jwt_seconds) * unit,
        }
    )
