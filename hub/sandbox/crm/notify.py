"""Telling those who watch: one message for each channel, module and operation of a call.

A message carries nothing that proves whom it comes from but the channel's own token, and names its
resource under `/crm/v2`, whatever version the channel was made with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from hub.sandbox.crm.channel import Channel, live_channels
from hub.sandbox.crm.show import show_value
from hub.sandbox.world import Hook

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Change, Organisation

Fields = dict[str, Any]

_encoder = msgspec.json.Encoder(decimal_format="number")


def notify(org: Organisation, base: str) -> None:
    """Tell of all changes since the last time, and forget them."""
    changes, org.changes = org.changes, []
    if not changes or not org.channels:
        return
    for channel in live_channels(org):
        for bundle in _bundles(channel, changes):
            org.world.send(_message(org, channel, bundle, base))


def _bundles(channel: Channel, changes: list[Change]) -> list[list[Change]]:
    """Give the changes that a channel is told of, those of one kind together."""
    bundles: dict[tuple[str, str, bool], list[Change]] = {}
    for change in changes:
        if _is_told(channel, change):
            key = (change.module, change.operation, change.related)
            bundles.setdefault(key, []).append(change)
    return list(bundles.values())


def _is_told(channel: Channel, change: Change) -> bool:
    if not channel.wants(change.module, change.operation):
        return False
    if change.related and not channel.related:
        return False
    if change.operation != "update":
        return True
    conditions = [one for one in channel.conditions if one.module == change.module]
    return all(one.meets(change.affected) for one in conditions)


def _message(org: Organisation, channel: Channel, changes: list[Change], base: str) -> Hook:
    first = changes[0]
    ids = list(dict.fromkeys(change.id for change in changes))
    affected: dict[str, list[str]] = {}
    for change in changes:
        names = affected.setdefault(change.id, [])
        names += [name for name in change.affected if name not in names]
    body: Fields = {
        "server_time": int(org.world.clock.now().timestamp() * 1000),
        "query_params": dict(parse_qsl(urlsplit(channel.url).query)),
        "module": first.module,
        "resource_uri": f"{base}/crm/v2/{first.module}",
        "ids": ids,
        "affected_fields": [{key: names} for key, names in affected.items() if names],
        "operation": first.operation,
        "channel_id": channel.id,
        "token": channel.token,
    }
    if channel.with_values:
        body["affected_values"] = [
            {"record_id": key, "values": _values(org, first.module, key, names)}
            for key, names in affected.items()
            if names
        ]
    return Hook(
        system="crm",
        method="POST",
        url=channel.url,
        headers={"Content-Type": "application/json;charset=UTF-8"},
        body=_encoder.encode(body),
    )


def _values(org: Organisation, module: str, record_id: str, names: list[str]) -> Fields:
    record = org.tables[module].get(record_id)
    if record is None:
        return {}
    fields = org.modules[module].fields
    return {
        name: show_value(org, fields[name], record.get(name)) for name in names if name in fields
    }
