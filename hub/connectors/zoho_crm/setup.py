"""Prepare Zoho CRM: make the unique field that bears the hub's mark, and look after the channel.

A field that was made is proved by its description and by a query for a value that none has. The
channel is the running hub's own work; here one only looks whether it is there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from hub.connectors.connector import NotRead, read
from hub.connectors.finding import Finding
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.zoho_crm.kinds import KINDS, MARK
from hub.connectors.zoho_crm.organisation import SHARE, channels, get
from hub.connectors.zoho_crm.write import find

if TYPE_CHECKING:
    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.http import Vendor

LABEL = "Hub Id"
LENGTH = 100
ABOUT_CHANNEL = "channel"


class _Field(msgspec.Struct):
    api_name: str
    field_label: str = ""
    data_type: str = "text"
    unique: Any = None
    """An object, which is empty where it is not."""


class _Fields(msgspec.Struct):
    fields: list[_Field] = []


class _Item(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Items(msgspec.Struct):
    fields: list[_Item] = []


async def marks(vendor: Vendor, *, make: bool) -> list[Finding]:
    """See that each module has the field; make it where it is missing."""
    return [await _mark(vendor, kind, make=make) for kind in KINDS.values() if kind.mark]


async def channel(vendor: Vendor, door: Door, known: Listening | None) -> Finding:
    """Look whether the channel is there that leads to this hub, for every module."""
    rows = [one for one in await channels(vendor) if one.notify_url == door.url]
    missing = _told_of() - {one.resource_name for one in rows}
    if not missing:
        until = min(datetime.fromisoformat(one.channel_expiry) for one in rows)
        sentence = (
            f"The CRM tells of changes until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC. A hub "
            "that runs renews it when half of its time is over."
        )
        return Finding(about=ABOUT_CHANNEL, state="well", sentence=sentence)
    if known is not None and known.until > datetime.now(UTC):
        return Finding(
            about=ABOUT_CHANNEL,
            state="needs",
            sentence=f"The channel was to last until {known.until:%Y-%m-%d %H:%M} UTC, but the CRM "
            f"does not tell of {', '.join(sorted(missing))} any more. Polling finds the changes "
            "meanwhile.",
            steps=("Start the hub anew: it looks after its channel when it starts",),
        )
    sentence = (
        "A channel is the hub's own work: `hub serve` subscribes one when it starts, and renews it "
        "for as long as it runs. There is none now."
    )
    return Finding(about=ABOUT_CHANNEL, state="told", sentence=sentence)


async def _mark(vendor: Vendor, kind: Kind, *, make: bool) -> Finding:
    about, made = f"{MARK} of {kind.name}", False
    field = await _field(vendor, kind)
    if field is None and not make:
        sentence = f"{kind.name} have no field {MARK} yet."
        return Finding(about=about, state="owed", sentence=sentence)
    if field is None:
        try:
            await _make(vendor, kind)
        except NotRead as error:
            sentence = f"The CRM does not let the hub make the field. {error}"
            return Finding(about=about, state="needs", sentence=sentence, steps=_clicks(kind))
        field, made = await _field(vendor, kind), True
    if (fault := _fault(kind, field)) is not None:
        return Finding(about=about, state="needs", sentence=fault, steps=_clicks(kind))
    return await _proved(vendor, kind, about, made=made)


async def _proved(vendor: Vendor, kind: Kind, about: str, *, made: bool) -> Finding:
    try:
        await find(vendor, kind, f"probe-{uuid4()}")
    except NotRead as error:
        if made and isinstance(error.outcome, Refused):
            sentence = "It was made, but a query does not know it yet. Run `hub setup` again."
            return Finding(about=about, state="needs", sentence=sentence)
        sentence = f"It is there, but it could not be proved. {error}"
        return Finding(about=about, state="needs", sentence=sentence)
    how = "Made: a" if made else "There is a"
    sentence = f"{how} unique field {MARK}, by which the hub finds its own {kind.name}."
    return Finding(about=about, state="made" if made else "well", sentence=sentence)


async def _field(vendor: Vendor, kind: Kind) -> _Field | None:
    answer = await read(vendor, get("/crm/v8/settings/fields", module=kind.name))
    found = msgspec.json.decode(answer.body or b"{}", type=_Fields).fields
    ours = [one for one in found if one.api_name == MARK]
    # Where the name was taken, the one that was made got another.
    return next(iter([*ours, *(one for one in found if one.field_label == LABEL)]), None)


def _fault(kind: Kind, field: _Field | None) -> str | None:
    if field is None:
        return f"The CRM said that it made {MARK} of {kind.name}, but does not list it."
    if field.api_name != MARK:
        return f'The field "{LABEL}" of {kind.name} is called {field.api_name}; expected {MARK}.'
    if field.data_type != "text":
        return f"{MARK} of {kind.name} is of the type {field.data_type}; expected text."
    if not field.unique:
        return f"{MARK} of {kind.name} is not unique: two records could bear one mark."
    return None


async def _make(vendor: Vendor, kind: Kind) -> None:
    field = {
        "field_label": LABEL,
        "data_type": "text",
        "length": LENGTH,
        "unique": {"case_sensitive": False},
    }
    call = Call(
        method="POST",
        path="/crm/v8/settings/fields",
        params=(("module", kind.name),),
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode({"fields": [field]}),
        verb="readable",
        share=SHARE,
    )
    answer = await read(vendor, call)
    # An answer 207 is no success by itself.
    for item in msgspec.json.decode(answer.body, type=_Items).fields:
        if item.code != "SUCCESS":
            sentence = f"It said {item.code}: {item.message}."
            raise NotRead(Refused(sentence=sentence, because="data", reason=item.code))


def _clicks(kind: Kind) -> tuple[str, ...]:
    return (
        f"In the CRM: Setup, Customization, Modules and Fields, {kind.name}, Layouts, Standard",
        f'Drag in a Single Line field, name it "{LABEL}", at most {LENGTH} characters',
        'In its properties tick "Do not allow duplicate values", and save the layout',
        (
            f"Its API name must read {MARK} (Setup, Developer Hub, APIs & SDKs, API Names). Where "
            "the edition has no unique field left, free one. Then run `hub setup` again"
        ),
    )


def _told_of() -> set[str]:
    return {kind.name for kind in KINDS.values() if kind.notifies}
