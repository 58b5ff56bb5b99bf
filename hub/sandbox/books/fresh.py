"""The two organisations that a fresh sandbox has, so that choosing one matters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hub.sandbox.books import currencies, custom_fields, taxes
from hub.sandbox.books.organization import Actor, Organization, Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.quirks import BooksQuirks
    from hub.sandbox.world import World

SEED = Actor(user_id="", name="system", road="seed")
API_USER = "Sandbox API"
PEOPLE = ("Mara Lindqvist", "Theo Okafor")
UNIQUE_FIELD = "Hub Id"
WITH_UNIQUE_FIELD = (
    "contacts", "items", "invoices", "creditnotes", "customerpayments", "estimates",
)  # fmt: skip
ACCOUNTS = ("Sales", "Undeposited Funds", "Petty Cash", "Bank")
CURRENCIES = {
    "AED": ("UAE Dirham", "AED", 2), "AUD": ("Australian Dollar", "$", 2),
    "CAD": ("Canadian Dollar", "$", 2), "CNY": ("Yuan Renminbi", "CNY", 2),
    "EUR": ("Euro", "€", 2), "GBP": ("Pound Sterling", "£", 2),
    "INR": ("Indian Rupee", "₹", 2), "JPY": ("Japanese Yen", "¥", 0),
    "KWD": ("Kuwaiti Dinar", "KWD", 3), "SAR": ("Saudi Riyal", "SAR", 2),
    "USD": ("United States Dollar", "$", 2), "ZAR": ("South African Rand", "R", 2),
}  # fmt: skip
RATES = {
    "USD": {"EUR": "1.08", "GBP": "1.27", "JPY": "0.0067", "CAD": "0.73"},
    "EUR": {"USD": "0.92", "GBP": "1.17"},
}
TAXES = {
    "USD": (("State Tax", "6"), ("City Tax", "2.5"), ("VAT 19", "19")),
    "EUR": (("VAT 19", "19"), ("VAT 7", "7")),
}


def organizations(world: World, quirks: Callable[[], BooksQuirks]) -> list[Organization]:
    """Make both, with users, currencies, taxes and the unique custom field, and no records."""
    made = []
    for profile in _profiles():
        organization = Organization(profile, world, quirks)
        organization.profile.account_created_date = organization.today().isoformat()
        _add_accounts(organization)
        _add_users(organization)
        _add_currencies(organization)
        _add_taxes(organization)
        for kind in WITH_UNIQUE_FIELD:
            custom_fields.define(organization, kind, UNIQUE_FIELD, unique=True)
        made.append(organization)
    return made


def _profiles() -> list[Profile]:
    return [
        Profile(
            organization_id="810000001",
            name="Sandbox Trading Inc.",
            country="U.S.A.",
            state="New York",
            currency_code="USD",
            time_zone="America/New_York",
            plan_name="Premium",
            is_default_org=True,
        ),
        Profile(
            organization_id="810000002",
            name="Sandbox Handel GmbH",
            country="Germany",
            state="Hamburg",
            currency_code="EUR",
            time_zone="Europe/Berlin",
            plan_name="Standard",
        ),
    ]


def _add_accounts(organization: Organization) -> None:
    for name in ACCOUNTS:
        organization.accounts[name] = organization.new_id()


def _add_users(organization: Organization) -> None:
    for name in (API_USER, *PEOPLE):
        user = {
            "user_id": organization.new_id(),
            "role_id": organization.new_id(),
            "name": name,
            "email": f"{name.split()[0].lower()}@sandbox.example",
            "user_role": "admin" if name == API_USER else "staff",
            "status": "active",
            "is_current_user": name == API_USER,
            "user_type": "zoho",
        }
        organization.add("users", user, SEED)


def _add_currencies(organization: Organization) -> None:
    own = organization.profile.currency_code
    for code, (name, symbol, places) in CURRENCIES.items():
        currency = currencies.create(
            organization,
            {
                "currency_code": code,
                "currency_name": name,
                "currency_symbol": symbol,
                "price_precision": places,
            },
            SEED,
            {},
        )
        if code == own:
            currency["exchange_rate"] = Decimal(1)
        elif code in RATES[own]:
            first = {"effective_date": "2020-01-01", "rate": Decimal(RATES[own][code])}
            currencies.set_rate(organization, currency, first, None)


def _add_taxes(organization: Organization) -> None:
    made = [
        taxes.create(organization, {"tax_name": name, "tax_percentage": rate}, SEED, {})
        for name, rate in TAXES[organization.profile.currency_code]
    ]
    if organization.profile.currency_code == "USD":
        group = taxes.create(organization, {"tax_name": "State and City"}, SEED, {})
        members = [made[0]["tax_id"], made[1]["tax_id"]]
        taxes.make_group(organization, group, members)
