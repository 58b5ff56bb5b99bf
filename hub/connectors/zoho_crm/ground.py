"""Zoho CRM as whoever prepares it sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Hook, NotRead
from hub.connectors.finding import rights
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_crm import organisation, setup
from hub.connectors.zoho_crm.custom_field import Wanted, see_to
from hub.connectors.zoho_crm.kinds import KINDS, TABLES
from hub.connectors.zoho_crm.organisation import get
from hub.connectors.zoho_crm.own_fields import own_fields
from hub.connectors.zoho_crm.unconfirmed import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.field import Field, Plain
    from hub.connectors.finding import Finding
    from hub.connectors.ground import Login, Organisation
    from hub.connectors.http import Vendor

_OF_ALL = frozenset(
    {
        "ZohoCRM.settings.READ",
        "ZohoCRM.settings.fields.CREATE",  # the mark, and what flows write to
        "ZohoCRM.users.READ",
        "ZohoCRM.org.READ",
        "ZohoCRM.notifications.ALL",
        "ZohoCRM.coql.READ",
        "ZohoCRM.bulk.ALL",
    }
)


class CrmGround:
    """One CRM organisation."""

    secret = "channel_token"  # noqa: S105 - its name
    facts = FACTS

    @property
    def scopes(self) -> frozenset[str]:
        """What each module needs; nothing is ever deleted by the hub, so that is not asked for."""
        verbs = {(kind.name, "READ") for kind in _modules()}
        verbs |= {
            (kind.name, verb) for kind in _modules() if kind.writes for verb in ("CREATE", "UPDATE")
        }
        return _OF_ALL | {f"ZohoCRM.modules.{name.lower()}.{verb}" for name, verb in verbs}

    async def organisations(self, vendor: Vendor) -> list[Organisation]:
        return await organisation.organisations(vendor)

    async def login(self, vendor: Vendor) -> Login:
        return await organisation.login(vendor)

    async def others(self, vendor: Vendor, url: str | None) -> list[Finding]:
        return await organisation.others(vendor, url)

    async def permissions(self, vendor: Vendor) -> list[Finding]:
        refused = {
            kind.name: why for kind in KINDS.values() if (why := await _refused(vendor, kind))
        }
        return rights(list(KINDS), refused, _more_rights(vendor))

    async def marks(self, vendor: Vendor, *, make: bool) -> list[Finding]:
        return await setup.marks(vendor, make=make)

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        return await own_fields(vendor, kind)

    async def field(
        self, vendor: Vendor, kind: Kind, name: str, label: str, word: Plain, *, make: bool
    ) -> Finding:
        wanted = Wanted(name=name, label=label, word=word)
        return await see_to(vendor, kind, wanted, make=make)

    async def renew(self, vendor: Vendor, door: Door) -> None:
        """Nothing is done: the hub that runs subscribes a channel with the proof there is."""

    async def tells(
        self,
        vendor: Vendor,
        door: Door,
        *,
        make: bool,  # noqa: ARG002 - a channel is made by the hub that runs
        known: Listening | None,
    ) -> list[Finding]:
        return [await setup.channel(vendor, door, known)]

    async def unheard(self, vendor: Vendor, door: Door) -> list[Finding]:  # noqa: ARG002
        """The CRM keeps no history of its notifications that could be read."""
        return []

    def knock(self, door: Door) -> Hook:
        body = {"module": "none", "ids": [], "token": door.token.reveal()}
        headers = {"content-type": "application/json"}
        return Hook(query=(), headers=headers, body=msgspec.json.encode(body))

    def calls(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        """One for what changed, one for what was deleted; a table is read whole."""
        return 1 if kind.name in TABLES else 2

    def calls_of_scan(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        return 0


async def _refused(vendor: Vendor, kind: Kind) -> str | None:
    """Ask for a single row; say why there is none to be had."""
    params = {} if kind.name in TABLES else {"fields": "id", "per_page": "1"}
    try:
        await read(vendor, get(kind.path, **params))
    except NotRead as error:
        if isinstance(error.outcome, Refused):
            return f"{error}"
        raise
    return None


def _more_rights(vendor: Vendor) -> str:
    return (
        "Give the login's profile in the CRM the right to it (Setup, Security Control, Profiles), "
        f"or consent anew with all scopes: hub connect {vendor.connection}"
    )


def _modules() -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.name not in TABLES]
