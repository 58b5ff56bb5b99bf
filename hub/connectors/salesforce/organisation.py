"""Whose org it is: its name and edition, and the user that the hub is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.ground import UNKNOWN, Login, Organisation
from hub.connectors.record import read
from hub.connectors.salesforce.query import ask, quoted

if TYPE_CHECKING:
    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.call import Calls

SHARE: Share = "documents"
"""Somebody waits for the answer: it goes before whatever the roads read."""

USERINFO = "/services/oauth2/userinfo"

_EDITIONS = {
    "Developer Edition": "free",
    "Professional Edition": "professional",
    "Enterprise Edition": "enterprise",
    "Unlimited Edition": "ultimate",
    "Performance Edition": "ultimate",
}


class _Org(msgspec.Struct):
    id: str = msgspec.field(name="Id")
    name: str = msgspec.field(name="Name")
    country: str | None = msgspec.field(name="Country", default=None)
    zone: str | None = msgspec.field(name="TimeZoneSidKey", default=None)
    edition: str | None = msgspec.field(name="OrganizationType", default=None)
    is_sandbox: bool = msgspec.field(name="IsSandbox", default=False)


class _Currency(msgspec.Struct):
    code: str = msgspec.field(name="IsoCode")


class _Named(msgspec.Struct):
    name: str = msgspec.field(name="Name")


class _User(msgspec.Struct):
    profile: _Named | None = msgspec.field(name="Profile", default=None)


class _Info(msgspec.Struct):
    user_id: str
    name: str = ""
    email: str = ""


async def organisations(
    vendor: Vendor, calls: Calls, base: str, *, has_currencies: bool
) -> list[Organisation]:
    """Give the one org that the login is of."""
    soql = "SELECT Id, Name, Country, TimeZoneSidKey, OrganizationType, IsSandbox FROM Organization"
    page = await ask(vendor, calls, base, soql, share=SHARE)
    currency = UNKNOWN
    if has_currencies:
        soql = "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = TRUE"
        rows = (await ask(vendor, calls, base, soql, share=SHARE)).records
        currency = msgspec.json.decode(rows[0], type=_Currency).code if rows else UNKNOWN
    return [_organisation(msgspec.json.decode(row, type=_Org), currency) for row in page.records]


async def login(vendor: Vendor, calls: Calls, base: str) -> Login:
    info = await userinfo(vendor, calls)
    soql = f"SELECT Profile.Name FROM User WHERE Id = {quoted(info.user_id)}"  # noqa: S608
    rows = (await ask(vendor, calls, base, soql, share=SHARE)).records
    profile = msgspec.json.decode(rows[0], type=_User).profile if rows else None
    return Login(name=info.name, email=info.email, role=profile.name if profile else UNKNOWN)


async def userinfo(vendor: Vendor, calls: Calls) -> _Info:
    answer = await read(vendor, calls.get(USERINFO, share=SHARE))
    return msgspec.json.decode(answer.body, type=_Info)


def _organisation(one: _Org, currency: str) -> Organisation:
    edition = one.edition or UNKNOWN
    return Organisation(
        id=one.id,
        name=one.name,
        country=one.country or UNKNOWN,
        currency=currency,
        zone=one.zone or UNKNOWN,
        plan=edition,
        plan_setting=_EDITIONS.get(edition, ""),
        is_test=one.is_sandbox,
    )
