"""The customers flow, built by hand: its keys, and records of both sides to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.flow import Field, Guard, Key, KeyPart, Match, Path, Side, Step, Sync
from hub.flows.match import card, compare, verdict

if TYPE_CHECKING:
    from hub.flows.match import Hit, Verdict


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote down of a customer."""

    name: str
    code: str = ""
    country: str = ""
    tax: str = ""
    email: str = ""
    phone: str = ""
    cross: str = ""
    """The CRM id that a Books customer bears."""


def part(step: str, *, of: str = "", **places: Path) -> KeyPart:
    return KeyPart(places=dict(places), step=Step(name=step), part=of)


NAME = part("company", crm=("Account_Name",), books=("company_name",))
CODE = part("address", of="code", crm=("Billing_*",), books=("billing_address",))
TAX = part("tax number", crm=("VAT_Number",), books=("vat_reg_no",))
CROSS = part("text", crm=("id",), books=("zcrm_account_id",))
EMAIL = part("email", crm=("people", "Email"), books=("contact_persons", "email"))
PHONE = part("phone", crm=("Phone",), books=("phone",))

MATCH = Match(
    sure=(
        Key(text="crm.id = books.zcrm_account_id", parts=(CROSS,)),
        Key(text="tax number", parts=(TAX,)),
        Key(text="name + address.code", parts=(NAME, CODE)),
    ),
    maybe=(
        Key(text="name", parts=(NAME,)),
        Key(text="people.email", parts=(EMAIL,)),
        Key(text="phone", parts=(PHONE,)),
    ),
)


def sync(match: Match, *fields: Field) -> Sync:
    sides = (
        Side(name="crm", connection="crm", kind="Accounts"),
        Side(name="books", connection="books", kind="contacts"),
    )
    return Sync(
        name="customers",
        id="customers",
        about="",
        sides=sides,
        match=match,
        new={},
        gone={},
        fields=fields,
        guard=Guard(),
    )


CUSTOMERS = sync(MATCH, Field(name="name", places=NAME.places, owner="crm", step=NAME.step))


def in_crm(said: Said, record: str = "1") -> dict[str, Any]:
    return {
        "id": record,
        "Account_Name": said.name,
        "Billing_City": None,
        "Billing_Code": said.code or None,
        "Billing_Country": said.country or None,
        "VAT_Number": said.tax or None,
        "Phone": said.phone or None,
        "people": [{"Email": said.email or None}],
    }


def in_books(said: Said) -> dict[str, Any]:
    return {
        "company_name": said.name,
        "billing_address": {"city": "", "zip": said.code, "country": said.country},
        "vat_reg_no": said.tax,
        "zcrm_account_id": said.cross,
        "phone": said.phone,
        "contact_persons": [{"email": said.email}],
    }


def hit(one: Said, other: Said, record: str = "books.contacts/1") -> Hit | None:
    mine = card(CUSTOMERS, "crm", in_crm(one))
    return compare(MATCH, record, mine, card(CUSTOMERS, "books", in_books(other)))


def judged(one: Said, *others: Said) -> Verdict:
    """Judge an account of CRM against all customers of Books, which are numbered from 1."""
    hits = [hit(one, other, f"books.contacts/{at}") for at, other in enumerate(others, 1)]
    return verdict([found for found in hits if found])
