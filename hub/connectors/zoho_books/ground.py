"""Zoho Books as whoever prepares it sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from hub.connectors.connector import Hook
from hub.connectors.finding import rights_of_each
from hub.connectors.record import read
from hub.connectors.zoho_books import mark, organisation, setup
from hub.connectors.zoho_books.hook import signed
from hub.connectors.zoho_books.kinds import KINDS, ROWS_MAX
from hub.connectors.zoho_books.organisation import get
from hub.connectors.zoho_books.own_fields import own_field, own_fields
from hub.connectors.zoho_books.unconfirmed import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.field import Field, Plain
    from hub.connectors.finding import Finding
    from hub.connectors.ground import Login, Organisation
    from hub.connectors.http import Vendor

SIGNATURE = "x-zoho-webhook-signature"
_SETTINGS = frozenset({"items", "taxes", "currencies"})


class BooksGround:
    """One Books organisation."""

    secret = "webhook_secret"  # noqa: S105 - its name
    facts = FACTS

    def __init__(self, organization: str) -> None:
        self._organization = organization

    @property
    def scopes(self) -> frozenset[str]:
        """What each kind needs; nothing is ever deleted by the hub, so that is not asked for."""
        verbs = {(_group(kind), "READ") for kind in KINDS.values()}
        verbs |= {
            (_group(kind), verb)
            for kind in KINDS.values()
            if kind.writes
            for verb in ("CREATE", "UPDATE")
        }
        # Webhooks and their rules are settings.
        verbs |= {("settings", verb) for verb in ("READ", "CREATE", "UPDATE")}
        return frozenset(f"ZohoBooks.{group}.{verb}" for group, verb in verbs)

    async def organisations(self, vendor: Vendor) -> list[Organisation]:
        return await organisation.organisations(vendor)

    async def login(self, vendor: Vendor) -> Login:
        return await organisation.login(vendor, self._organization)

    async def others(self, vendor: Vendor, url: str | None) -> list[Finding]:
        return await organisation.others(vendor, self._organization, url)

    async def permissions(self, vendor: Vendor) -> list[Finding]:
        return await rights_of_each(
            KINDS.values(), partial(self._one, vendor), _more_rights(vendor)
        )

    async def marks(self, vendor: Vendor, *, make: bool) -> list[Finding]:  # noqa: ARG002
        return await mark.marks(vendor, self._organization)

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        return await own_fields(vendor, self._organization, KINDS[kind.name])

    async def field(
        self,
        vendor: Vendor,
        kind: Kind,
        name: str,
        label: str,
        word: Plain,
        *,
        make: bool,  # noqa: ARG002 - Books lets nobody make one by its API
    ) -> Finding:
        return await own_field(vendor, self._organization, KINDS[kind.name], name, label, word)

    async def renew(self, vendor: Vendor, door: Door) -> None:
        await setup.renew(vendor, self._organization, door)

    async def tells(
        self,
        vendor: Vendor,
        door: Door,
        *,
        make: bool,
        known: Listening | None,  # noqa: ARG002
    ) -> list[Finding]:
        return await setup.webhooks(vendor, self._organization, door, make=make)

    async def unheard(self, vendor: Vendor, door: Door) -> list[Finding]:
        day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        return await setup.failed(vendor, self._organization, door, day)

    def knock(self, door: Door) -> Hook:
        hook = Hook(query=(), headers={"content-type": "application/json"}, body=b'{"knock":{}}')
        headers = {**hook.headers, SIGNATURE: signed(hook, door.token)}
        return Hook(query=(), headers=headers, body=hook.body)

    def calls(self, kind: Kind, records: int) -> int:
        return 1 if KINDS[kind.name].newest_first else self.calls_of_scan(kind, records)

    def calls_of_scan(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        return max(1, -(-records // ROWS_MAX))

    async def _one(self, vendor: Vendor, kind: Kind) -> None:
        """Ask for a single row."""
        await read(vendor, get(kind.path, self._organization, per_page="1"))


def _more_rights(vendor: Vendor) -> str:
    return (
        "Give the login's role in Books the right to it (Settings, Users & Roles), or consent anew "
        f"with all scopes: hub connect {vendor.connection}"
    )


def _group(kind: Kind) -> str:
    group = kind.within or kind.name
    return "settings" if group in _SETTINGS else group
