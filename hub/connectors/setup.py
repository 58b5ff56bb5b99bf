"""Make at a vendor what the hub stands on: marks, fields of flows, word of what changes.

What the vendor's API does not make is told as clicks. Done twice, the second time changes nothing.
"""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Door, Streaming
from hub.connectors.field import Plain  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.finding import Finding, State, looked
from hub.connectors.ground import Choosing
from hub.connectors.reach import reached
from hub.connectors.streamed import streamed_of
from hub.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Connector
    from hub.connectors.ground import Ground
    from hub.connectors.http import Vendor
    from hub.connectors.site import Site

FIELDS = "fields of flows"
TELLS = "changes are told"
SECRET_BYTES = 16


class WantedField(msgspec.Struct, frozen=True, kw_only=True):
    """A field that flows write to, and that not every account has."""

    kind: str
    name: str
    label: str
    word: Plain


async def set_up(
    site: Site,
    *,
    make: bool,
    unanswered: State = "told",
    fields: Sequence[WantedField] = (),
    about: Sequence[str] = (),
) -> list[Finding]:
    """See that all of it is there and holds; with `make`, make what is not.

    `fields` are what flows write to, `about` the kinds that they are about; `unanswered` is how it
    counts that no hub answers at the public address yet.
    """
    return [
        *await about_chosen(site.ground, site.vendor),
        *await looked("marks", partial(site.ground.marks, site.vendor, make=make)),
        *await looked(FIELDS, partial(_fields, site, fields, make=make)),
        *await tell(site, make=make, unanswered=unanswered, about=about),
    ]


async def about_chosen(ground: Ground, vendor: Vendor) -> list[Finding]:
    """Say whether that part of the account is there which the settings choose."""
    if not isinstance(ground, Choosing):
        return []
    return await looked("what is chosen", partial(ground.chosen, vendor))


async def _fields(site: Site, fields: Sequence[WantedField], *, make: bool) -> list[Finding]:
    return [
        await site.ground.field(
            site.vendor, site.connector.kinds[one.kind], one.name, one.label, one.word, make=make
        )
        for one in fields
        if one.kind in site.connector.kinds
    ]


async def tell(
    site: Site, *, make: bool, unanswered: State = "told", about: Sequence[str] = ()
) -> list[Finding]:
    """See that the vendor tells of changes."""
    tells = partial(_tells, site, make=make, unanswered=unanswered, about=about)
    return await looked(TELLS, tells)


async def _tells(
    site: Site, *, make: bool, unanswered: State, about: Sequence[str]
) -> list[Finding]:
    connector = site.connector
    if isinstance(connector, Streaming):
        streamed = streamed_of(connector, connector.kinds, about)
        return [await _streams(site, connector, one) for one in streamed] or [_asked_for(connector)]
    if not site.ground.secret:
        return [_asked_for(site.connector)]
    if site.url is None:
        return [_only_polled(site.connector)]
    secret = await site.secret()
    if secret is None and not make:
        sentence = f"Nothing tells {site.url} of changes yet; `hub setup {site.name}` sees to it."
        return [Finding(about=TELLS, state="owed", sentence=sentence)]
    if secret is None:
        secret = await _new_secret(site, site.url)
    door = Door(url=site.url, token=secret)
    found = await site.ground.tells(site.vendor, door, make=make, known=site.known)
    knocked = await reached(door, site.ground.knock(door), unanswered=unanswered)
    return [*found, knocked]


async def _new_secret(site: Site, url: str) -> Secret:
    """Make the secret; it is kept once the vendor has it, so what is stopped is done anew."""
    secret = Secret(secrets.token_hex(SECRET_BYTES))
    await site.ground.renew(site.vendor, Door(url=url, token=secret))
    await site.keep_secret(secret)
    return secret


async def _streams(site: Site, connector: Streaming, name: str) -> Finding:
    about = f"{name} as it changes"
    why = await connector.why_deaf(site.vendor, site.connector.kinds[name])
    if not why:
        return Finding(about=about, state="well", sentence="The vendor tells of it over a stream.")
    return Finding(
        about=about,
        state="needs",
        sentence=why,
        steps=(
            (
                f"Choose {name} there (Setup, Integrations, Change Data Capture), five at most, or "
                f"name in change_events, under [connections.{site.name}] in hub.toml, only those "
                "that are chosen"
            ),
        ),
    )


def _asked_for(connector: Connector) -> Finding:
    seconds = min(kind.poll_seconds for kind in connector.kinds.values())
    sentence = (
        "This vendor sends nothing to an address of the hub: what changed is polled, and comes in "
        f"after {seconds / 60:g} minutes at best. Nothing is lost by that."
    )
    return Finding(about=TELLS, state="told", sentence=sentence)


def _only_polled(connector: Connector) -> Finding:
    seconds = min(kind.poll_seconds for kind in connector.kinds.values() if kind.notifies)
    return Finding(
        about=TELLS,
        state="told",
        sentence="serve.public_url is not set, so the vendor cannot tell of changes: they are "
        f"polled, and come in after {seconds / 60:g} minutes at best. Nothing is lost by that.",
        steps=(
            (
                "To hear within seconds, set the address at which the vendor reaches this hub: "
                'public_url = "https://…" under [serve] in hub.toml, then run `hub setup` again'
            ),
        ),
    )
