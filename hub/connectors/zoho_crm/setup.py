"""Prepare Zoho CRM: make the unique field that bears the hub's mark, and look after the channel.

A field that was made is proved by its description and by a query for a value that none has. The
channel is the running hub's own work; here one only looks whether it is there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.outcome import Refused
from hub.connectors.zoho_crm.custom_field import Wanted, see_to
from hub.connectors.zoho_crm.kinds import KINDS, MARK
from hub.connectors.zoho_crm.organisation import channels
from hub.connectors.zoho_crm.write import find

if TYPE_CHECKING:
    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.http import Vendor

ABOUT_CHANNEL = "channel"
_MARK = Wanted(name=MARK, label="Hub Id", unique=True)


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
    found = await see_to(vendor, kind, _MARK, make=make)
    if found.state not in ("well", "made"):
        return found
    return await _proved(vendor, kind, found.about, made=found.state == "made")


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


def _told_of() -> set[str]:
    return {kind.name for kind in KINDS.values() if kind.notifies}
