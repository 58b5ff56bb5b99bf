"""What a fresh org has: itself, its users, currencies and rates, and the standard price book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.ids import made_id
from hub.sandbox.store import Record

if TYPE_CHECKING:
    from hub.sandbox.salesforce.organisation import Organisation

ORG_ID = made_id("00D", 1)
API_USER = made_id("005", 1)
"""The hub logs in as this user."""
PERSON = made_id("005", 2)
"""Who edits on the screen."""
COLLEAGUE = made_id("005", 3)
"""Whose new cases are, by the rule of the org."""
PROFILE = made_id("00e", 1)
PERMISSIONS = made_id("0PS", 1)
STANDARD_BOOK = made_id("01s", 1)
USERNAME = "hub@sandbox.example"

_RATES = (("EUR", "1", 2), ("USD", "1.08", 2), ("GBP", "0.85", 2), ("CHF", "0.95", 2),
          ("INR", "90.5", 2), ("JPY", "162", 0))  # fmt: skip


def fill(org: Organisation) -> None:
    """Put what is there before anybody has done anything; it is told to nobody."""
    zone = org.quirks.time_zone
    org_fields = {
        "Name": "Sandbox Trading", "Country": "PT", "TimeZoneSidKey": zone,
        "LanguageLocaleKey": "en_US", "OrganizationType": "Enterprise Edition",
        "InstanceName": "SBX1", "IsSandbox": True,
    }  # fmt: skip
    _put(org, "Organization", ORG_ID, **org_fields)
    _put(org, "Profile", PROFILE, Name="System Administrator", UserType="Standard")
    _put(org, "PermissionSet", PERMISSIONS, Name="X00ex0000", Label="00ex0000",
         IsOwnedByProfile=True, ProfileId=PROFILE)  # fmt: skip
    _user(org, API_USER, USERNAME, "Hub", "Integration")
    _user(org, PERSON, "ana@sandbox.example", "Ana", "Prado")
    _user(org, COLLEAGUE, "tom@sandbox.example", "Tom", "Berg")
    _put(org, "Pricebook2", STANDARD_BOOK, Name="Standard Price Book", IsActive=True,
         IsStandard=True)  # fmt: skip
    for number, (code, rate, places) in enumerate(_RATES, 1):
        rate_now = {"IsoCode": code, "ConversionRate": Decimal(rate)}
        more = {"IsActive": True, "DecimalPlaces": places, "IsCorporate": number == 1}
        _put(org, "CurrencyType", made_id("01L", number), **rate_now, **more)
        days = {"StartDate": date(2020, 1, 1), "NextStartDate": date(9999, 12, 31)}
        _put(org, "DatedConversionRate", made_id("04w", number), **rate_now, **days)


def _user(org: Organisation, record_id: str, username: str, first: str, last: str) -> None:
    _put(
        org,
        "User",
        record_id,
        Username=username,
        FirstName=first,
        LastName=last,
        Name=f"{first} {last}",
        Email=username,
        Alias=first.lower()[:8],
        ProfileId=PROFILE,
        TimeZoneSidKey=org.quirks.time_zone,
        LocaleSidKey="en_GB",
        LanguageLocaleKey="en_US",
    )


def _put(org: Organisation, name: str, record_id: str, **said: Any) -> None:
    now = org.now()
    empty = {
        one.name: one.default for one in org.object_there(name).fields.values()
    }  # whatever is switched off: it may be switched on
    stamps = {"CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now}
    by = {"CreatedById": API_USER, "LastModifiedById": API_USER}
    org.save(
        Record(id=record_id, module=name, fields=empty | said | stamps | by | {"Id": record_id})
    )
