"""Zoho Desk as whoever prepares it sees it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.connectors.connector import Hook
from hub.connectors.finding import Finding, rights_of_each
from hub.connectors.record import read
from hub.connectors.zoho_desk import organisation, setup
from hub.connectors.zoho_desk.call import Caller
from hub.connectors.zoho_desk.departments import Departments
from hub.connectors.zoho_desk.hook import KNOCK, knocked
from hub.connectors.zoho_desk.kinds import KINDS, LIST_WEIGHT, ROWS_MAX, SEARCH_FROM_MAX, TABLES
from hub.connectors.zoho_desk.own_fields import own_field, own_fields
from hub.connectors.zoho_desk.subscription import ours
from hub.connectors.zoho_desk.unconfirmed import FACTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.field import Field, Plain
    from hub.connectors.ground import Login, Organisation
    from hub.connectors.http import Vendor

_SCOPES = frozenset(
    ("Desk.tickets.READ", "Desk.tickets.CREATE", "Desk.tickets.UPDATE", "Desk.contacts.READ",
     "Desk.contacts.CREATE", "Desk.contacts.UPDATE", "Desk.search.READ", "Desk.basic.READ",
     "Desk.settings.READ", "Desk.events.READ", "Desk.events.CREATE", "Desk.events.UPDATE")
)  # fmt: skip


class DeskGround:
    """One portal."""

    secret = "webhook_secret"  # noqa: S105 - its name; it is what the hub knocks with itself
    facts = FACTS

    def __init__(self, organization: str, departments: Collection[str] = ()) -> None:
        self._caller = Caller(organization=organization)
        self._departments = Departments(departments)

    @property
    def scopes(self) -> frozenset[str]:
        """What each kind needs; nothing is ever deleted by the hub, so that is not asked for."""
        return _SCOPES

    async def organisations(self, vendor: Vendor) -> list[Organisation]:
        return await organisation.organisations(vendor)

    async def login(self, vendor: Vendor) -> Login:
        return await organisation.login(vendor, self._caller)

    async def others(self, vendor: Vendor, url: str | None) -> list[Finding]:
        return await organisation.others(vendor, self._caller, url)

    async def permissions(self, vendor: Vendor) -> list[Finding]:
        return await rights_of_each(
            KINDS.values(), partial(self._one, vendor), _more_rights(vendor)
        )

    async def chosen(self, vendor: Vendor) -> list[Finding]:
        return await self._departments.finding(vendor, self._caller)

    async def marks(self, vendor: Vendor, *, make: bool) -> list[Finding]:  # noqa: ARG002
        return await setup.marks(vendor, self._caller)

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        return await own_fields(vendor, self._caller, kind)

    async def field(
        self,
        vendor: Vendor,
        kind: Kind,
        name: str,
        label: str,
        word: Plain,
        *,
        make: bool,  # noqa: ARG002 - no page says how one is made
    ) -> Finding:
        return await own_field(vendor, self._caller, kind, name, label, word)

    async def renew(self, vendor: Vendor, door: Door) -> None:
        """Nothing at Desk holds the secret: it proves its hooks by keys of its own."""

    async def tells(
        self,
        vendor: Vendor,
        door: Door,
        *,
        make: bool,
        known: Listening | None,  # noqa: ARG002
    ) -> list[Finding]:
        departments = await self._departments.ids(vendor, self._caller)
        return [await setup.webhook(vendor, self._caller, door, departments, make=make)]

    async def unheard(self, vendor: Vendor, door: Door) -> list[Finding]:
        """Look whether the webhook is still there: Desk keeps no account of what did not arrive."""
        if await ours(vendor, self._caller, door.url) is None:
            return []
        sentence = "Desk keeps no account of what did not arrive; polling finds it."
        return [Finding(about="webhooks sent", state="told", sentence=sentence)]

    def knock(self, door: Door) -> Hook:
        headers = {"content-type": "application/json", KNOCK: knocked(door.token)}
        return Hook(query=(), headers=headers, body=b"{}")

    def calls(self, kind: Kind, records: int) -> int:
        """Of tickets, those that wait are read each time: a tenth of all, as a rule."""
        if kind.name == "tickets":
            waiting = -(-min(records // 10, SEARCH_FROM_MAX) // ROWS_MAX)
            return LIST_WEIGHT * (1 + waiting)
        return LIST_WEIGHT

    def calls_of_scan(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        return LIST_WEIGHT * max(1, -(-records // ROWS_MAX))

    async def _one(self, vendor: Vendor, kind: Kind) -> None:
        """Ask for a single row."""
        limit = 1 if kind.name not in TABLES else 10
        await read(vendor, self._caller.lists(kind.path, (), first=0, limit=limit))


def _more_rights(vendor: Vendor) -> str:
    return (
        "Give the login's profile in Desk the right to it, in all departments (Setup, Users and "
        f"Control, Profiles), or consent anew with all scopes: hub connect {vendor.connection}"
    )
