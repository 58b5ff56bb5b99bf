"""A channel: what it is for, and how one is read from a call.

A channel that has run out is gone. It is not renewed but made anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from hub.sandbox.crm.body import list_in, part_of
from hub.sandbox.crm.refusal import Refusal, invalid_data, mandatory
from hub.sandbox.crm.values import moment

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation

Fields = dict[str, Any]

LIFE = timedelta(hours=1)
LIFE_MAX = timedelta(weeks=1)
CHANNELS_MAX = 50
"""How many channels one call may make, and how many events each may have."""

KINDS = ("all", "create", "edit", "delete")
CONDITIONS_MAX = 2
CONDITION_FIELDS_MAX = 10


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on updates of a module: which fields have to be among those that changed."""

    module: str
    fields: tuple[str, ...]
    together: bool
    """Whether all of them have to be."""

    said: Fields

    def meets(self, affected: tuple[str, ...]) -> bool:
        hits = (name in affected for name in self.fields)
        return all(hits) if self.together else any(hits)


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription, under the number that the client has chosen."""

    id: str
    events: tuple[str, ...]
    url: str
    until: datetime
    token: str | None = None
    with_values: bool = False
    related: bool = True
    """Whether it is also told of a record when another that belongs to it is saved."""

    conditions: tuple[Selection, ...] = ()

    def modules(self) -> list[str]:
        return list(dict.fromkeys(event.split(".")[0] for event in self.events))

    def wants(self, module: str, operation: str) -> bool:
        """Tell whether it is for such a change."""
        kind = {"insert": "create", "update": "edit"}.get(operation, operation)
        return f"{module}.all" in self.events or f"{module}.{kind}" in self.events


def live_channels(org: Organisation) -> list[Channel]:
    """Give the channels that have not run out; the others are gone for good."""
    now = org.now()
    for channel in list(org.channels.values()):
        if channel.until <= now:
            del org.channels[channel.id]
    return list(org.channels.values())


def read_channel(org: Organisation, item: Fields, path: str) -> Channel:
    """Read one channel, or say what is wrong with it."""
    for name in ("channel_id", "events", "notify_url"):
        if item.get(name) in (None, "", []):
            raise mandatory(name, f"{path}.{name}")
    number = str(item["channel_id"])
    if not number.isdecimal():
        raise _wrong("channel_id", path, expected_data_type="long")
    return Channel(
        id=number,
        events=read_events(org, item["events"], path),
        url=_url(item["notify_url"], path),
        until=_until(org, item.get("channel_expiry"), path),
        token=_token(org, item.get("token"), path),
        with_values=_flag(item, "return_affected_field_values", path, default=False),
        related=_flag(item, "notify_on_related_action", path, default=True),
        conditions=_conditions(org, item, path),
    )


def read_events(org: Organisation, said: object, path: str) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise _wrong("events", path, expected_data_type="jsonarray")
    if len(said) > CHANNELS_MAX:
        raise _wrong("events", path, maximum_length=CHANNELS_MAX)
    for n, event in enumerate(said):
        module, _, kind = str(event).partition(".")
        at = f"{path}.events[{n}]"
        if kind not in KINDS or module not in {**org.tables, "Users": None}:
            raise invalid_data(api_name="events", json_path=at)
        if module == "Users" or not org.modules[module].watchable:
            message = "the module does not support notifications"
            raise Refusal("NOT_SUPPORTED", message, api_name="events", json_path=at)
    return tuple(said)


def _url(said: object, path: str) -> str:
    """Take http too, which the vendor does not: those who try things out have no certificate."""
    url = str(said)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise _wrong("notify_url", path)
    return url


def _until(org: Organisation, said: object, path: str) -> datetime:
    """Give when a channel runs out: what is too far away becomes an hour, without a word."""
    now = org.now()
    if said is None:
        return now + LIFE
    until = moment(said) if isinstance(said, str) else None
    if until is None:
        raise _wrong("channel_expiry", path, expected_data_type="datetime")
    if until <= now:
        raise _wrong("channel_expiry", path)
    return until if until <= now + LIFE_MAX else now + LIFE


def _token(org: Organisation, said: object, path: str) -> str | None:
    if said is None:
        return None
    longest = org.quirks.watch_token_length_max
    if not isinstance(said, str):
        raise _wrong("token", path, expected_data_type="text")
    if len(said) > longest:
        raise _wrong("token", path, maximum_length=longest)
    return said


def _flag(item: Fields, name: str, path: str, *, default: bool) -> bool:
    said = item.get(name, default)
    if not isinstance(said, bool):
        raise _wrong(name, path, expected_data_type="boolean")
    return said


def _conditions(org: Organisation, item: Fields, path: str) -> tuple[Selection, ...]:
    name = "notification_condition"
    said = list_in(item, name, path)
    if len(said) > CONDITIONS_MAX:
        raise _wrong(name, path, maximum_length=CONDITIONS_MAX)
    return tuple(_selection(org, one, f"{path}.{name}[{n}]") for n, one in enumerate(said))


def _selection(org: Organisation, said: object, path: str) -> Selection:
    if not isinstance(said, dict) or said.get("type") != "field_selection":
        raise _wrong("type", path)
    module = str(part_of(said, "module", path).get("api_name"))
    if module not in org.tables:
        raise _wrong("module", path)
    chosen, at = part_of(said, "field_selection", path), f"{path}.field_selection"
    group = list_in(chosen, "group", at) or [chosen]
    if len(group) > CONDITION_FIELDS_MAX or not all(isinstance(one, dict) for one in group):
        raise _wrong("group", at)
    fields = [str(part_of(one, "field", f"{at}.group").get("api_name")) for one in group]
    if unknown := [one for one in fields if one not in org.modules[module].fields]:
        raise invalid_data(api_name=unknown[0], json_path=f"{at}.group")
    together = str(chosen.get("group_operator")).casefold() == "and"
    return Selection(module=module, fields=tuple(fields), together=together, said=said)


def _wrong(name: str, path: str, **details: Any) -> Refusal:
    return invalid_data(api_name=name, json_path=f"{path}.{name}", **details)
