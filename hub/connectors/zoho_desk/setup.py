"""Prepare Zoho Desk: prove the field that bears the hub's mark, and look after the webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_desk.kinds import KINDS, MARK
from hub.connectors.zoho_desk.own_fields import clicks, custom
from hub.connectors.zoho_desk.subscription import ours, subscribed

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.connectors.connector import Door, Kind
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

ABOUT_WEBHOOK = "webhook"
_LABEL = "Hub Key"
_NOT_ANSWERED = "status code 200"
"""How Desk's sentence ends where the address did not answer."""


async def marks(vendor: Vendor, caller: Caller) -> list[Finding]:
    """See that each kind has the field, and that it is searched by."""
    return [await _mark(vendor, caller, kind) for kind in KINDS.values() if kind.mark]


async def _mark(vendor: Vendor, caller: Caller, kind: Kind) -> Finding:
    about = f"{MARK} of {kind.name}"
    if await custom(vendor, caller, kind, MARK) is None:
        return Finding(
            about=about,
            state="needs",
            sentence=f"{kind.name} have no field {MARK}, and no page says how one is made through "
            "the API. Without it the hub makes none there: one whose answer was lost would come "
            "twice.",
            steps=clicks(kind, MARK, _LABEL, "Single Line"),
        )
    probe = (("customField1", f"{MARK}:probe-{uuid4()}"),)
    try:
        await read(vendor, caller.lists(f"{kind.path}/search", probe, first=0, limit=1))
    except NotRead as error:
        sentence = f"It is there, but {kind.name} cannot be searched by it. {error}"
        return Finding(about=about, state="needs", sentence=sentence)
    sentence = f"There is a field {MARK}, by which the hub finds its own {kind.name}."
    return Finding(about=about, state="well", sentence=sentence)


async def webhook(
    vendor: Vendor, caller: Caller, door: Door, departments: Collection[str], *, make: bool
) -> Finding:
    """See that Desk tells this hub of all changes in these departments; none: in all."""
    there = await ours(vendor, caller, door.url)
    lacks = ["there is none"] if there is None else there.lacks(departments)
    if not lacks:
        sentence = "Desk tells of each change, and of what its automation does."
        return Finding(about=ABOUT_WEBHOOK, state="well", sentence=sentence)
    if not make:
        sentence = f"To be put right: {', '.join(lacks)}. `hub serve` does so too when it starts."
        return Finding(about=ABOUT_WEBHOOK, state="owed", sentence=sentence)
    try:
        await subscribed(vendor, caller, door.url, departments)
    except NotRead as error:
        return _not_made(door, error)
    return Finding(about=ABOUT_WEBHOOK, state="made", sentence=f"Put right: {', '.join(lacks)}.")


def _not_made(door: Door, error: NotRead) -> Finding:
    if isinstance(error.outcome, Refused) and _NOT_ANSWERED in error.outcome.sentence:
        sentence = (
            f"Desk asks {door.url} whether it is there before it makes a webhook, and nobody "
            "answered. `hub serve` makes it by itself when it starts."
        )
        return Finding(about=ABOUT_WEBHOOK, state="told", sentence=sentence)
    return Finding(
        about=ABOUT_WEBHOOK,
        state="needs",
        sentence=f"Desk does not let the hub make it. {error}",
        steps=(
            "See that the edition has webhooks (Professional and above), and one left to enable",
            "See that the profile of the login has the permission Webhook",
            "Until then changes are polled: they come in after minutes",
        ),
    )
