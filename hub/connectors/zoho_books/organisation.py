"""Whose books they are: the organisations of a login, its user, and who else is at work there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from hub.connectors.finding import Finding
from hub.connectors.ground import UNKNOWN, Login, Organisation
from hub.connectors.http import Call
from hub.connectors.record import read
from hub.connectors.zoho_books.kinds import PLANS

if TYPE_CHECKING:
    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer

_PLANS_ALIKE = {"elite": "ultimate"}
SHARE: Share = "documents"
"""Somebody waits for the answer: it goes before whatever the roads read."""

_SHOWN_MAX = 5


class _Address(msgspec.Struct):
    country: str = ""


class _Organization(msgspec.Struct):
    organization_id: str
    name: str
    country: str = ""
    currency_code: str = UNKNOWN
    time_zone: str = UNKNOWN
    plan_name: str = ""
    address: _Address = msgspec.field(default_factory=_Address)


class _Organizations(msgspec.Struct):
    organizations: list[_Organization]


class _OneOrganization(msgspec.Struct):
    organization: _Organization


class _User(msgspec.Struct):
    name: str = ""
    email: str = ""
    user_role: str = UNKNOWN


class _Me(msgspec.Struct):
    user: _User


class _Contact(msgspec.Struct):
    contact_id: str
    is_linked_with_zohocrm: bool = False
    zcrm_account_id: str = ""
    zcrm_contact_id: str = ""


class _Contacts(msgspec.Struct):
    contacts: list[_Contact] = []


class _OneContact(msgspec.Struct):
    contact: _Contact


class _Webhook(msgspec.Struct):
    url: str = ""


class _Webhooks(msgspec.Struct):
    webhooks: list[_Webhook] = []


async def organisations(vendor: Vendor) -> list[Organisation]:
    """List those the login sees, with where and on what plan each is."""
    answer = await read(vendor, get("/books/v3/organizations"))
    found = msgspec.json.decode(answer.body, type=_Organizations).organizations
    return [_organisation(one, one.country or await _country(vendor, one)) for one in found]


async def login(vendor: Vendor, organization: str) -> Login:
    answer = await read(vendor, get("/books/v3/users/me", organization))
    user = msgspec.json.decode(answer.body, type=_Me).user
    return Login(name=user.name, email=user.email, role=user.user_role)


async def others(vendor: Vendor, organization: str, url: str | None) -> list[Finding]:
    """Look for Zoho's own sync with the CRM, and for webhooks that lead elsewhere."""
    return [
        await _native_sync(vendor, organization),
        *await _listeners(vendor, organization, url),
    ]


def get(path: str, organization: str = "", **params: str) -> Call:
    whose = (("organization_id", organization),) if organization else ()
    return Call(method="GET", path=path, params=(*whose, *params.items()), verb="read", share=SHARE)


def _organisation(one: _Organization, country: str) -> Organisation:
    plan = one.plan_name.casefold()
    setting = _PLANS_ALIKE.get(plan, plan)
    return Organisation(
        id=one.organization_id,
        name=one.name,
        country=country or UNKNOWN,
        currency=one.currency_code,
        zone=one.time_zone,
        plan=one.plan_name or UNKNOWN,
        plan_setting=setting if setting in PLANS else "",
    )


async def _country(vendor: Vendor, one: _Organization) -> str:
    """Ask for the country where a row of the list does not say it."""
    answer = await read(vendor, get(f"/books/v3/organizations/{one.organization_id}"))
    found = msgspec.json.decode(answer.body, type=_OneOrganization).organization
    return found.country or found.address.country


async def _native_sync(vendor: Vendor, organization: str) -> Finding:
    about = "Zoho's own sync"
    linked = await _linked_contact(vendor, organization)
    if linked is None:
        sentence = "No customer is tied to a record of Zoho CRM by Zoho's own sync."
        return Finding(about=about, state="well", sentence=sentence)
    return Finding(
        about=about,
        state="warned",
        sentence=f"Zoho's own sync of Books with the CRM is on, or was: the customer {linked} is "
        "tied to a record there. Two that write the same records undo one another's work.",
        steps=(
            (
                "Decide which of the two is master. If it is the hub: in Books under Settings, "
                "Integrations, Zoho Apps, Zoho CRM, switch the sync off; what it linked is kept"
            ),
        ),
    )


async def _linked_contact(vendor: Vendor, organization: str) -> str | None:
    """Give a customer that the sync has tied, looked up in full: a filter may be ignored."""
    params = {"filter_by": "Status.Crm", "per_page": "1"}
    answer = await read(vendor, get("/books/v3/contacts", organization, **params))
    for row in msgspec.json.decode(answer.body, type=_Contacts).contacts[:1]:
        path = f"/books/v3/contacts/{row.contact_id}"
        answer = await read(vendor, get(path, organization))
        one = msgspec.json.decode(answer.body, type=_OneContact).contact
        if one.is_linked_with_zohocrm or one.zcrm_account_id or one.zcrm_contact_id:
            return one.contact_id
    return None


async def _listeners(vendor: Vendor, organization: str, url: str | None) -> list[Finding]:
    answer = await read(vendor, get("/books/v3/settings/webhooks", organization))
    found = _webhooks(answer)
    hosts = sorted({_host(one.url) for one in found if one.url and one.url != url})
    if not hosts:
        return []
    return [
        Finding(
            about="other listeners",
            state="warned",
            sentence="Webhooks of Books lead elsewhere too, so another program is at work with "
            f"these records: {', '.join(hosts[:_SHOWN_MAX])}. Look whether it writes what the hub "
            "is to write. One of an earlier public_url of this hub may be deleted there.",
        )
    ]


def _webhooks(answer: Answer) -> list[_Webhook]:
    return msgspec.json.decode(answer.body, type=_Webhooks).webhooks


def _host(url: str) -> str:
    """Give the host alone: the rest of a webhook's address may hold a secret."""
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that cannot be read"
