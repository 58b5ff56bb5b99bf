"""Channels: who wants to be told of changes, where, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.body import items_of, read_body
from hub.sandbox.crm.channel import CHANNELS_MAX, Channel, live_channels, read_channel, read_events
from hub.sandbox.crm.each import done, each
from hub.sandbox.crm.pages import counted
from hub.sandbox.crm.refusal import Refusal, mandatory, param_missing

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Answer, Request

Fields = dict[str, Any]


def enable(org: Organisation, request: Request) -> Answer:
    """Make channels; one whose number is taken is put in the old one's place."""

    def one(item: Fields, path: str) -> Fields:
        channel = read_channel(org, item, path)
        org.channels[channel.id] = channel
        return _subscribed(org, request, channel)

    return each(request, _items(request), one, key="watch", whole=201)


def replace(org: Organisation, request: Request) -> Answer:
    """Give channels new details, all of them."""

    def one(item: Fields, path: str) -> Fields:
        _live(org, item, path)
        channel = read_channel(org, item, path)
        org.channels[channel.id] = channel
        return _subscribed(org, request, channel)

    return each(request, _items(request), one, key="watch")


def change(org: Organisation, request: Request) -> Answer:
    """Change some details of channels, prolong them, or take events off them."""

    def one(item: Fields, path: str) -> Fields:
        channel = _live(org, item, path)
        if item.get("_delete_events") is True:
            return _without_events(org, request, channel, item, path)
        old = {
            "channel_id": channel.id,
            "events": list(channel.events),
            "notify_url": channel.url,
            "token": channel.token,
            "return_affected_field_values": channel.with_values,
            "notify_on_related_action": channel.related,
            "notification_condition": [one.said for one in channel.conditions],
        }
        expiry = {} if "channel_expiry" in item else {"channel_expiry": org.told(channel.until)}
        channel = read_channel(org, old | expiry | item, path)
        org.channels[channel.id] = channel
        return _subscribed(org, request, channel)

    return each(request, _items(request), one, key="watch")


def disable(org: Organisation, request: Request) -> Answer:
    """End channels."""
    ids = [one.strip() for one in (request.param("channel_ids") or "").split(",") if one.strip()]
    if not ids:
        raise param_missing("channel_ids")

    def one(item: Fields, path: str) -> Fields:
        channel = _live(org, item, path)
        del org.channels[channel.id]
        module = channel.modules()[0]
        details = _place(org, request, module) | {"channel_id": channel.id}
        del details["resource_name"]
        message = "Successfully un-subscribed for actions-watch of the given module"
        return done(message, details)

    return each(request, [{"channel_id": one_id} for one_id in ids], one, key="watch")


def list_channels(org: Organisation, request: Request) -> Answer:
    """List what is subscribed, one entry for each channel and module."""
    rows = [
        (channel, module)
        for channel in live_channels(org)
        for module in channel.modules()
        if request.param("channel_id") in (None, "", channel.id)
        and request.param("module") in (None, "", module)
    ]
    return counted(request, rows, lambda row: _listed(org, request, *row), "watch")


def _items(request: Request) -> list[Fields]:
    return items_of(read_body(request), "watch", CHANNELS_MAX)


def _live(org: Organisation, item: Fields, path: str) -> Channel:
    if item.get("channel_id") in (None, ""):
        raise mandatory("channel_id", f"{path}.channel_id")
    number = str(item["channel_id"])
    found = next((one for one in live_channels(org) if one.id == number), None)
    if found is None:
        message = "given channel is not subscribed"
        raise Refusal("NOT_SUBSCRIBED", message, channel_id=number)
    return found


def _without_events(
    org: Organisation, request: Request, channel: Channel, item: Fields, path: str
) -> Fields:
    gone = read_events(org, item.get("events") or [], path)
    if not gone:
        raise mandatory("events", f"{path}.events")
    left = tuple(event for event in channel.events if event not in gone)
    if left:
        org.channels[channel.id] = msgspec.structs.replace(channel, events=left)
    else:
        del org.channels[channel.id]
    return _subscribed(org, request, msgspec.structs.replace(channel, events=left or gone))


def _subscribed(org: Organisation, request: Request, channel: Channel) -> Fields:
    events = [
        {"channel_expiry": org.told(channel.until)}
        | _place(org, request, module)
        | {"channel_id": channel.id}
        for module in channel.modules()
    ]
    message = "Successfully subscribed for actions-watch of the given module"
    return done(message, {"events": events})


def _listed(org: Organisation, request: Request, channel: Channel, module: str) -> Fields:
    return {
        "notify_on_related_action": channel.related,
        "channel_expiry": org.told(channel.until),
        "return_affected_field_values": channel.with_values,
        **_place(org, request, module),
        "notify_url": channel.url,
        "notification_condition": [one.said for one in channel.conditions if one.module == module],
        "channel_id": channel.id,
        "events": [event for event in channel.events if event.split(".")[0] == module],
        "token": channel.token,
    }


def _place(org: Organisation, request: Request, module: str) -> Fields:
    return {
        "resource_uri": f"{request.base}/crm/v8/{module}",
        "resource_id": org.modules[module].id,
        "resource_name": module,
    }
