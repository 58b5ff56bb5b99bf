"""Whose portal it is: its organisation, the agent of the login, and who else is at work there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.ground import UNKNOWN, Login, Organisation
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_desk.call import Caller, at
from hub.connectors.zoho_desk.kinds import CLOSED, HISTORY_ROWS_MAX, KINDS, PLANS, ROOT
from hub.connectors.zoho_desk.rows import rows_of
from hub.connectors.zoho_desk.subscription import webhooks

if TYPE_CHECKING:
    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor

SHARE: Share = "documents"
"""Somebody waits for the answer: it goes before whatever the roads read."""

_SHOWN_MAX = 5
_MADE_THERE = frozenset({"InvoiceCreated", "EstimateCreated", "SalesOrderCreated"})


class _Organization(msgspec.Struct):
    id: str
    name: str = msgspec.field(name="companyName", default="")
    portal: str = msgspec.field(name="portalName", default="")
    edition: str = ""
    country: str | None = None
    currency: str | None = msgspec.field(name="currencyCode", default=None)
    zone: str | None = msgspec.field(name="timeZone", default=None)
    is_sandbox: bool = msgspec.field(name="isSandboxPortal", default=False)


class _Agent(msgspec.Struct):
    first: str | None = msgspec.field(name="firstName", default=None)
    last: str | None = msgspec.field(name="lastName", default=None)
    email: str | None = msgspec.field(name="emailId", default=None)
    role: str | None = msgspec.field(name="rolePermissionType", default=None)
    zone: str | None = msgspec.field(name="timeZone", default=None)


class _Choice(msgspec.Struct):
    value: str
    type: str = msgspec.field(name="statusType", default="")


class Described(msgspec.Struct):
    """A field as the portal describes it."""

    name: str = msgspec.field(name="apiName", default="")
    label: str = msgspec.field(name="displayLabel", default="")
    type: str = "Text"
    custom: bool = msgspec.field(name="isCustomField", default=False)
    allowed: list[_Choice] | None = msgspec.field(name="allowedValues", default=None)


class _Row(msgspec.Struct):
    id: str
    crm_account: dict[str, object] | None = msgspec.field(name="zohoCRMAccount", default=None)
    crm_contact: dict[str, object] | None = msgspec.field(name="zohoCRMContact", default=None)


class _Happened(msgspec.Struct):
    event: str = msgspec.field(name="eventName", default="")
    source: str | None = None


async def organisations(vendor: Vendor) -> list[Organisation]:
    """List those the login sees; this call alone names none."""
    return [_organisation(one) for one in await _organizations(vendor)]


async def login(vendor: Vendor, caller: Caller) -> Login:
    agent = await _me(vendor, caller)
    name = f"{agent.first or ''} {agent.last or ''}".strip()
    return Login(name=name, email=agent.email or "", role=agent.role or UNKNOWN)


async def zone(vendor: Vendor, caller: Caller) -> str:
    """Give the zone of the portal; where it does not say, that of the agent of the login."""
    found = {one.id: one for one in await _organizations(vendor)}
    if caller.organization not in found:
        raise ValueError(f"the login sees no organisation {caller.organization}")
    return found[caller.organization].zone or (await _me(vendor, caller)).zone or "UTC"


async def described(vendor: Vendor, caller: Caller, kind: str) -> list[Described]:
    """Read the fields of a kind; the call has two names, one to a version of the pages."""
    params = (("module", kind),)
    try:
        answer = await read(vendor, caller.reads(f"{ROOT}/organizationFields", params, share=SHARE))
    except NotRead as error:
        if not (isinstance(error.outcome, Refused) and error.outcome.because == "missing"):
            raise
        answer = await read(vendor, caller.reads(f"{ROOT}/fields", params, share=SHARE))
    return [msgspec.json.decode(row, type=Described) for row in rows_of(answer)]


async def statuses(vendor: Vendor, caller: Caller) -> list[str]:
    """Give the words for a ticket that waits for somebody; each portal has its own."""
    fields = await described(vendor, caller, "tickets")
    choices = next((one.allowed or [] for one in fields if one.name == "status"), [])
    return [one.value for one in choices if one.type != CLOSED] or ["Open", "On Hold"]


async def others(vendor: Vendor, caller: Caller, url: str | None) -> list[Finding]:
    """Look for Zoho's own ties to CRM and Books, and for webhooks that lead elsewhere."""
    return [
        await _tied_to_crm(vendor, caller),
        *await _tied_to_books(vendor, caller),
        *await _listeners(vendor, caller, url),
    ]


async def _organizations(vendor: Vendor) -> list[_Organization]:
    call = Caller(organization="").reads(f"{ROOT}/organizations", share=SHARE)
    answer = await read(vendor, msgspec.structs.replace(call, headers={}))
    return [msgspec.json.decode(row, type=_Organization) for row in rows_of(answer)]


async def _me(vendor: Vendor, caller: Caller) -> _Agent:
    answer = await read(vendor, caller.reads(f"{ROOT}/myinfo", share=SHARE))
    return msgspec.json.decode(answer.body, type=_Agent)


def _organisation(one: _Organization) -> Organisation:
    plan = one.edition.casefold()
    return Organisation(
        id=one.id,
        name=one.name or one.portal,
        country=one.country or UNKNOWN,
        currency=one.currency or UNKNOWN,
        zone=one.zone or UNKNOWN,
        plan=one.edition or UNKNOWN,
        plan_setting=plan if plan in PLANS else "",
        is_test=one.is_sandbox,
    )


async def _tied_to_crm(vendor: Vendor, caller: Caller) -> Finding:
    about = "Zoho's own sync"
    for kind in ("accounts", "contacts"):
        call = caller.lists(KINDS[kind].path, (), first=0, limit=_SHOWN_MAX, share=SHARE)
        for row in rows_of(await read(vendor, call)):
            one = msgspec.json.decode(row, type=_Row)
            if one.crm_account or one.crm_contact:
                return Finding(
                    about=about,
                    state="warned",
                    sentence=f"Zoho's own sync of Desk with the CRM is on, or was: {kind}/{one.id} "
                    "is tied to a record there. What it writes is the CRM's, and two that write "
                    "the same records undo one another's work.",
                    steps=(
                        (
                            "Decide which of the two is master. If it is the hub: in Desk under "
                            "Setup, Marketplace, Zoho, Zoho CRM, switch the sync off"
                        ),
                    ),
                )
    sentence = "No account or contact of the first ones is tied to a record of Zoho CRM."
    return Finding(about=about, state="well", sentence=sentence)


async def _tied_to_books(vendor: Vendor, caller: Caller) -> list[Finding]:
    """Look into the history of a few tickets: Desk's own tie to Books makes invoices from them."""
    call = caller.lists(KINDS["tickets"].path, (), first=0, limit=_SHOWN_MAX, share=SHARE)
    for row in rows_of(await read(vendor, call)):
        ticket = msgspec.json.decode(row, type=_Row).id
        path = at(KINDS["tickets"].path, ticket, "/History")
        page = caller.lists(path, (), first=0, limit=HISTORY_ROWS_MAX, share=SHARE)
        happened = [
            msgspec.json.decode(one, type=_Happened) for one in rows_of(await read(vendor, page))
        ]
        if any(one.source == "ZohoBooks" or one.event in _MADE_THERE for one in happened):
            sentence = (
                f"Desk's own tie to Zoho Books is at work: the history of tickets/{ticket} says "
                "so. Where it makes invoices of tickets, a flow that does so too makes a second."
            )
            return [
                Finding(
                    about="Desk's own tie to Books",
                    state="warned",
                    sentence=sentence,
                    steps=("Leave invoices of tickets to one of the two",),
                )
            ]
    return []


async def _listeners(vendor: Vendor, caller: Caller, url: str | None) -> list[Finding]:
    found = await webhooks(vendor, caller)
    hosts = sorted({_host(one.url) for one in found if one.url and one.url != url})
    if not hosts:
        return []
    return [
        Finding(
            about="other listeners",
            state="warned",
            sentence="Webhooks of Desk lead elsewhere too, so another program is at work with "
            f"these records: {', '.join(hosts[:_SHOWN_MAX])}. Look whether it writes what the hub "
            "is to write. One of an earlier public_url of this hub may be deleted there.",
        )
    ]


def _host(url: str) -> str:
    """Give the host alone: the rest of a webhook's address may hold a secret."""
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that cannot be read"
