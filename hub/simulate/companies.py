"""The companies of a simulation, and what each side calls what is said of them.

A company bears a name that nobody else has, on every side and for good: `Adler K007`. So whoever
looks from outside knows which records are the same, whatever the hub believes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from hub.sandbox.system import Fields

SIDES: Mapping[str, tuple[str, str]] = {
    "crm": ("Accounts", "id"),
    "books": ("contacts", "contact_id"),
    "desk": ("accounts", "id"),
    "salesforce": ("Account", "Id"),
}
"""The kind that companies are on each side, and what its id is called."""

HUB_MAKES = frozenset(("crm", "books"))
"""Where whoever is known anywhere comes to be known; in the others only people enter a company."""

OWNERS: Mapping[str, str] = {"name": "crm", "website": "crm", "street": "books", "city": "books"}
"""What of a company people change, and whose word holds where several sides changed it.

Street and city are parts of one address, which the flow has as one field."""

_WORDS = ("Adler", "Birke", "Corvo", "Delta", "Espen", "Falke", "Garbo", "Hasel", "Ibis", "Jura")
_NAMES = ("Account_Name", "company_name", "contact_name", "accountName", "Name")
_NAMED = re.compile(r"\bK\d{3}\b")


def company_of(record: Fields) -> str:
    """Tell which company a record of either side is of; empty: of none."""
    name = next((record[one] for one in _NAMES if record.get(one)), "")
    found = _NAMED.search(str(name or ""))
    return found.group() if found else ""


def new_value(random: Random, company: str, field: str) -> str:
    """Make up what somebody could write into a field."""
    number = random.randrange(1, 10_000)
    if field == "name":
        return f"{random.choice(_WORDS)} {company} {number}"
    if field == "website":
        return f"https://{company.lower()}-{number}.example"
    return f"Mill Lane {number}" if field == "street" else f"Porto {number}"


def word(side: str, record: Fields, field: str) -> str:
    """Give what a record says of a field."""
    if side in _PLAIN:
        return str(record.get(_PLAIN[side][field]) or "").strip()
    return str(_READ[side][field](record) or "").strip()


def fields(side: str, field: str, value: str) -> Fields:
    """Give how a person writes it."""
    if side in _PLAIN:
        return {_PLAIN[side][field]: value}
    return _WRITE[side][field](value)


def newcomer(side: str, company: str) -> Fields:
    """Give the fields of a company that somebody enters: on every side the same."""
    name = f"{_WORDS[int(company[1:]) % len(_WORDS)]} {company}"
    if side in _PLAIN:
        said = {"name": name, "website": f"https://{company.lower()}.example"}
        said |= {"street": "High Street 1", "city": "Lisboa"}
        said |= {"code": _code(company), "country": "Portugal"}
        return {_PLAIN[side][field]: value for field, value in said.items()}
    if side == "crm":
        return {
            "Account_Name": name,
            "Website": f"https://{company.lower()}.example",
            "Billing_Street": "High Street 1",
            "Billing_City": "Lisboa",
            "Billing_Code": _code(company),
            "Billing_Country": "Portugal",
        }
    return {
        "contact_name": name,
        "company_name": name,
        "contact_type": "customer",
        "customer_sub_type": "business",
        "website": f"https://{company.lower()}.example",
        "billing_address": _address("High Street 1") | {"zip": _code(company)},
    }


def _code(company: str) -> str:
    return f"1000-{company[1:]}"


def _address(street: str) -> dict[str, str]:
    return {"address": street, "city": "Lisboa", "country": "Portugal"}


_PLAIN: Mapping[str, Mapping[str, str]] = {
    "desk": {
        "name": "accountName",
        "website": "website",
        "street": "street",
        "city": "city",
        "code": "code",
        "country": "country",
    },
    "salesforce": {
        "name": "Name",
        "website": "Website",
        "street": "BillingStreet",
        "city": "BillingCity",
        "code": "BillingPostalCode",
        "country": "BillingCountry",
    },
}
"""What is a field by itself, on the sides on which everything is."""

_READ: Mapping[str, Mapping[str, Callable[[Fields], Any]]] = {
    "crm": {
        "name": lambda one: one.get("Account_Name"),
        "website": lambda one: one.get("Website"),
        "street": lambda one: one.get("Billing_Street"),
        "city": lambda one: one.get("Billing_City"),
    },
    "books": {
        "name": lambda one: one.get("company_name"),
        "website": lambda one: one.get("website"),
        "street": lambda one: (one.get("billing_address") or {}).get("address"),
        "city": lambda one: (one.get("billing_address") or {}).get("city"),
    },
}
_WRITE: Mapping[str, Mapping[str, Callable[[str], Fields]]] = {
    "crm": {
        "name": lambda value: {"Account_Name": value},
        "website": lambda value: {"Website": value},
        "street": lambda value: {"Billing_Street": value},
        "city": lambda value: {"Billing_City": value},
    },
    "books": {
        "name": lambda value: {"company_name": value},
        "website": lambda value: {"website": value},
        "street": lambda value: {"billing_address": {"address": value}},
        "city": lambda value: {"billing_address": {"city": value}},
    },
}
