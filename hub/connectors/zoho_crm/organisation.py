"""Whose CRM it is: the organisation of a login, its user, and who else is at work there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.ground import UNKNOWN, Login, Organisation
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_crm.kinds import PLANS

if TYPE_CHECKING:
    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor

NATIVE = {
    "zoho_finance": "Zoho's own sync with Books",
    "zoho_desk": "Zoho's own sync with Desk",
    "qb": "a sync with QuickBooks",
}
"""What the history of a record calls those that wrote it, of those that a hub meets."""

LOOKED_AT = ("Accounts", "Contacts", "Products")
SHARE: Share = "documents"
"""Somebody waits for the answer: it goes before whatever the roads read."""

_SHOWN_MAX = 5
_PLANS_ALIKE = {"zohoone": "enterprise", "zoho_one": "enterprise", "crmplus": "ultimate"}


class _License(msgspec.Struct):
    paid_type: str | None = None


class _Organization(msgspec.Struct):
    id: str
    company_name: str = ""
    zgid: str | None = None
    type: str | None = None
    country: str | None = None
    iso_code: str | None = None
    time_zone: str | None = None
    license_details: _License | None = None


class _Organizations(msgspec.Struct):
    org: list[_Organization]


class _Named(msgspec.Struct):
    name: str = UNKNOWN


class _User(msgspec.Struct):
    full_name: str | None = None
    email: str | None = None
    profile: _Named = msgspec.field(default_factory=_Named)


class _Users(msgspec.Struct):
    users: list[_User]


class Channel(msgspec.Struct):
    """What Zoho lists of a channel: one entry for each module."""

    channel_id: str = ""
    notify_url: str = ""
    resource_name: str = ""
    channel_expiry: str = ""


class _Channels(msgspec.Struct):
    watch: list[Channel] = []


class _Row(msgspec.Struct):
    id: str


class _Rows(msgspec.Struct):
    data: list[_Row] = []


class _Entry(msgspec.Struct):
    source: str | None = None


class _Timeline(msgspec.Struct):
    timeline: list[_Entry] = msgspec.field(name="__timeline", default_factory=list)


async def organisations(vendor: Vendor) -> list[Organisation]:
    """Give the one organisation that the consent was for."""
    answer = await read(vendor, get("/crm/v8/org"))
    found = msgspec.json.decode(answer.body, type=_Organizations).org
    return [_organisation(one) for one in found]


async def login(vendor: Vendor) -> Login:
    answer = await read(vendor, get("/crm/v8/users", type="CurrentUser"))
    user = msgspec.json.decode(answer.body, type=_Users).users[0]
    return Login(name=user.full_name or "", email=user.email or "", role=user.profile.name)


async def others(vendor: Vendor, url: str | None) -> list[Finding]:
    """Look for Zoho's own syncs in the history of records, and for channels that lead elsewhere."""
    return [await _native_sync(vendor), *_listeners(await channels(vendor), url)]


async def channels(vendor: Vendor) -> list[Channel]:
    """List what is subscribed, by whomever of this login."""
    answer = await read(vendor, get("/crm/v8/actions/watch", per_page="200"))
    return msgspec.json.decode(answer.body, type=_Channels).watch if answer.body else []


def get(path: str, **params: str) -> Call:
    return Call(method="GET", path=path, params=tuple(params.items()), verb="read", share=SHARE)


def _organisation(one: _Organization) -> Organisation:
    plan = (one.license_details.paid_type if one.license_details else None) or ""
    setting = _PLANS_ALIKE.get(plan.casefold(), plan.casefold())
    return Organisation(
        id=one.zgid or one.id,
        name=one.company_name,
        country=one.country or UNKNOWN,
        currency=one.iso_code or UNKNOWN,
        zone=one.time_zone or UNKNOWN,
        plan=plan or UNKNOWN,
        plan_setting=setting if setting in PLANS else "",
        is_test=one.type in ("sandbox", "developer"),
    )


async def _native_sync(vendor: Vendor) -> Finding:
    about = "Zoho's own sync"
    found = await _writers(vendor)
    if found is None:
        sentence = "The history of records is not to be read, so nobody knows whether one is on."
        return Finding(about=about, state="told", sentence=sentence, steps=(_LOOK,))
    if not found:
        sentence = "In the history of the records changed last, no other program has written."
        return Finding(about=about, state="well", sentence=sentence)
    return Finding(
        about=about,
        state="warned",
        sentence=f"Others write these records: {', '.join(sorted(found))}. Two that write the same "
        "records undo one another's work.",
        steps=(_LOOK, "Decide which is master, and switch the other off"),
    )


async def _writers(vendor: Vendor) -> set[str] | None:
    """Name those that wrote what was changed last; None where the history cannot be read."""
    found: set[str] = set()
    for module in LOOKED_AT:
        try:
            sources = await _sources(vendor, module)
        except NotRead as error:
            if isinstance(error.outcome, Refused):
                return found or None
            raise
        found |= {NATIVE[source] for source in sources if source in NATIVE}
    return found


async def _sources(vendor: Vendor, module: str) -> set[str]:
    params = {"fields": "id", "per_page": "1", "sort_by": "Modified_Time", "sort_order": "desc"}
    answer = await read(vendor, get(f"/crm/v8/{module}", **params))
    rows = msgspec.json.decode(answer.body, type=_Rows).data if answer.body else []
    found: set[str] = set()
    for row in rows[:1]:
        answer = await read(vendor, get(f"/crm/v8/{module}/{row.id}/__timeline", per_page="200"))
        if answer.body:
            entries = msgspec.json.decode(answer.body, type=_Timeline).timeline
            found |= {entry.source for entry in entries if entry.source}
    return found


def _listeners(found: list[Channel], url: str | None) -> list[Finding]:
    hosts = sorted({_host(one.notify_url) for one in found if one.notify_url != url})
    if not hosts:
        return []
    return [
        Finding(
            about="other listeners",
            state="warned",
            sentence="Channels of this login lead elsewhere too, so another program uses these "
            f"records: {', '.join(hosts[:_SHOWN_MAX])}. Look whether it writes what the hub "
            "is to write. One of an earlier public_url of this hub ends by itself within a week.",
        )
    ]


def _host(url: str) -> str:
    """Give the host alone: the rest of an address may hold a secret."""
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that cannot be read"


_LOOK = (
    "In the CRM: Setup, Marketplace, Zoho, look whether Zoho Books or Finance Suite is connected"
)
