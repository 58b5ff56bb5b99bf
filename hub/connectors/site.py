"""One connection, opened for a command: its settings, its way out, and where its secrets are."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.build import called, connector_of, source_of, vendor_of
from hub.connectors.connector import Connector, Listening  # noqa: TC001 - msgspec reads these
from hub.connectors.ground import Ground  # noqa: TC001
from hub.connectors.http import Vendor  # noqa: TC001
from hub.connectors.salesforce.ground import SalesforceGround
from hub.connectors.zoho_books.ground import BooksGround
from hub.connectors.zoho_crm.ground import CrmGround
from hub.connectors.zoho_desk.ground import DeskGround
from hub.database import Database  # noqa: TC001
from hub.errors import Refused
from hub.settings import Connection, Secret  # noqa: TC001
from hub.vault import Vault  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.connectors.http import TokenSource
    from hub.settings import Settings

SECRET = re.compile(r"[A-Za-z0-9]{12,50}")
"""What Zoho takes as the secret of a webhook; also short enough for the token of a channel."""

WAIT_SECONDS_MAX = 90.0
"""A command has nothing better to do than to wait until a minute's limit is over."""

_NOT_CHOSEN = "0"


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever prepares or examines a connection needs."""

    name: str
    connection: Connection
    connector: Connector
    ground: Ground
    vendor: Vendor
    database: Database
    vault: Vault
    url: str | None
    """Where the vendor reaches this hub; None: it cannot."""
    known: Listening | None = None
    """What was subscribed last, where a hub has run."""

    async def secret(self) -> Secret | None:
        """Give what the vendor proves its hooks with; None before it was made."""
        async with self.database.connected() as db:
            return await self.vault.read(db, self.name, self.ground.secret)

    async def keep_secret(self, secret: Secret) -> None:
        """Keep what the vendor is to prove its hooks with."""
        if not SECRET.fullmatch(secret.reveal()):
            raise Refused(
                "The secret of a webhook has 12 to 50 letters and digits, and nothing else; what "
                "was given has not. Make one: openssl rand -hex 20"
            )
        async with self.database.connected() as db:
            await self.vault.keep(db, self.name, self.ground.secret, secret)


@asynccontextmanager
async def opened_site(
    name: str,
    settings: Settings,
    database: Database,
    vault: Vault,
    *,
    tokens: TokenSource | None = None,
    known: Listening | None = None,
    undecided: bool = False,
) -> AsyncIterator[Site]:
    """Open a connection of the settings; `tokens` are others than those of its kept grant.

    `undecided`: its organisation may have yet to be chosen.
    """
    connection = settings.connections[name]
    chosen = connection.organization or (_NOT_CHOSEN if undecided else None)
    connector = connector_of(name, msgspec.structs.replace(connection, organization=chosen))
    if connector is None:
        raise Refused(f"{name} is a system of your own that pushes: there is nothing to prepare.")
    tokens = tokens or source_of(name, connection, database, vault)
    public = settings.serve.public_url
    way_out = vendor_of(name, connector, tokens, database, wait_seconds_max=WAIT_SECONDS_MAX)
    async with way_out as vendor:
        yield Site(
            name=name,
            connection=connection,
            connector=connector,
            ground=ground_of(connection),
            vendor=vendor,
            database=database,
            vault=vault,
            url=None if public is None else f"{public.rstrip('/')}/hooks/{name}",
            known=known,
        )


def ground_of(connection: Connection) -> Ground:
    """Give the ground of a connection that has a vendor."""
    if connection.system == "zoho_crm":
        return CrmGround()
    if connection.system == "zoho_desk":
        return DeskGround(connection.organization or "", connection.departments)
    if connection.system == "salesforce":
        client = called(connection.client_id or "")
        return SalesforceGround(client, custom=connection.objects, version=connection.api_version)
    return BooksGround(connection.organization or "")
