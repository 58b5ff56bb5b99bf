"""Contacts: customers and vendors, with what they owe and are owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import custom_fields, intake, persons
from hub.sandbox.books.addresses import address
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.comments import note
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.lists import with_custom_fields
from hub.sandbox.books.receivables import RECEIVABLE, owed, status_of, unused_by
from hub.sandbox.books.refusals import bad_value, duplicate_customer, in_use

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

NAME_LENGTH_MAX = 200
TRANSACTIONS = ("invoices", "estimates", "creditnotes", "customerpayments")
TEXTS = (
    "company_name", "website", "notes", "contact_number", "owner_id", "language_code",
    "payment_terms_label", "zcrm_account_id", "zcrm_contact_id", "zcrm_vendor_id", "tax_id",
    "tax_exemption_id", "tax_authority_id", "gst_treatment", "gst_no", "place_of_contact",
    "vat_treatment", "vat_reg_no", "tax_treatment", "tax_reg_no", "country_code", "facebook",
    "twitter",
)  # fmt: skip


def create(organization: Organization, fields: Fields, actor: Actor, _: Query) -> Fields:
    """Make a contact."""
    contact = _empty(organization)
    _write(organization, contact, fields, before=None)
    contact["source"] = "api" if actor.road == "api" else "user"
    organization.add("contacts", contact, actor)
    note(organization, contact["contact_id"], actor, "Contact created", "Added")
    return contact


def change(organization: Organization, contact: Fields, fields: Fields, actor: Actor) -> None:
    """Change what is sent; a `contact_persons` that is sent replaces them all."""
    with organization.changing("contacts", contact, actor):
        _write(organization, contact, fields, before=contact)
    note(organization, contact["contact_id"], actor, "Contact updated")


def remove(organization: Organization, contact: Fields, actor: Actor) -> None:
    """Delete a contact; one with transactions can only be made inactive."""
    if has_transaction(organization, contact["contact_id"]):
        raise in_use("The contact")
    organization.remove("contacts", contact, actor)


def set_status(organization: Organization, contact: Fields, status: str, actor: Actor) -> None:
    with organization.changing("contacts", contact, actor):
        contact["status"] = status


def detail(organization: Organization, contact: Fields) -> Fields:
    """Show a contact in full."""
    return {
        **contact,
        **_owing(organization, contact),
        **custom_fields.shown(organization, "contacts", contact),
        "customer_name": contact["contact_name"],
        "has_transaction": has_transaction(organization, contact["contact_id"]),
        "is_bcy_only_contact": contact["currency_id"]
        == organization.base_currency()["currency_id"],
        "is_linked_with_zohocrm": bool(contact["zcrm_account_id"] or contact["zcrm_contact_id"]),
        "integration_references": [],
        "customer_currency_summaries": [_summary(organization, contact)],
    }


def row(organization: Organization, contact: Fields) -> Fields:
    """Show a contact in a list: without addresses, persons and notes."""
    shown = {name: contact[name] for name in _ROW}
    shown |= _owing(organization, contact)
    shown |= {
        "customer_name": contact["contact_name"],
        "vendor_name": contact["contact_name"],
        "tags": [],
    }
    return with_custom_fields(organization, "contacts", shown, contact)


def has_transaction(organization: Organization, contact_id: str) -> bool:
    return any(organization.tables[kind].find("customer_id", contact_id) for kind in TRANSACTIONS)


def email(organization: Organization, contact: Fields, actor: Actor) -> None:
    """Send the contact a mail: only its history tells of it."""
    note(organization, contact["contact_id"], actor, "Email sent to the contact", "Added")


def enable_portal(organization: Organization, contact: Fields, actor: Actor) -> None:
    with organization.changing("contacts", contact, actor):
        contact["is_portal_enabled"] = True


def remind(*, on: bool) -> Callable[[Organization, Fields, Actor], None]:
    """Give the step that switches reminders on or off."""

    def take(organization: Organization, contact: Fields, actor: Actor) -> None:
        with organization.changing("contacts", contact, actor):
            contact["payment_reminder_enabled"] = on

    return take


def mark(status: str) -> Callable[[Incoming], Answer]:
    """Give the handler that makes a contact active or inactive."""

    def handler(call: Incoming) -> Answer:
        contact = call.organization.find("contacts", call.ids[0], "Contact")
        set_status(call.organization, contact, status, call.actor)
        return done(f"The contact has been marked as {status}.")

    return handler


def _empty(organization: Organization) -> Fields:
    base = organization.base_currency()
    return {
        "contact_id": organization.new_id(),
        "contact_name": "",
        "contact_type": "customer",
        "customer_sub_type": "business",
        "status": "active",
        "credit_limit": "",
        "is_portal_enabled": False,
        "is_taxable": True,
        "payment_terms": 0,
        "payment_reminder_enabled": True,
        "currency_id": base["currency_id"],
        "exchange_rate": "",
        "opening_balances": [],
        "billing_address": address(organization, {}),
        "shipping_address": address(organization, {}),
        "addresses": [],
        "contact_persons": [],
        "custom_field_hash": {},
        **dict.fromkeys(TEXTS, ""),
        "payment_terms_label": "Due on Receipt",
    }


def _write(
    organization: Organization, contact: Fields, fields: Fields, before: Fields | None
) -> None:
    _write_name(organization, contact, fields)
    contact["contact_type"] = intake.one_of(
        fields, "contact_type", ("customer", "vendor"), contact["contact_type"]
    )
    contact["customer_sub_type"] = intake.one_of(
        fields, "customer_sub_type", ("business", "individual"), contact["customer_sub_type"]
    )
    for name in TEXTS:
        contact[name] = intake.text(fields, name, contact[name])
    _write_terms(organization, contact, fields)
    for name in ("billing_address", "shipping_address"):
        if isinstance(fields.get(name), dict):
            contact[name] = address(organization, fields[name], contact[name])
    contact["custom_field_hash"] = custom_fields.taken(organization, "contacts", fields, before)
    if "contact_persons" in fields:
        contact["contact_persons"] = persons.replaced(organization, contact, fields)
    persons.mirror_primary(organization, contact)


def _write_name(organization: Organization, contact: Fields, fields: Fields) -> None:
    name = intake.text(
        fields, "contact_name", contact["contact_name"], length_max=NAME_LENGTH_MAX
    ).strip()
    if not name:
        raise bad_value("contact_name")
    same = organization.tables["contacts"].find("contact_name", name)
    if not organization.quirks.duplicate_names_allowed and any(
        one["contact_id"] != contact["contact_id"] for one in same
    ):
        raise duplicate_customer(name)
    contact["contact_name"] = name


def _write_terms(organization: Organization, contact: Fields, fields: Fields) -> None:
    contact["is_taxable"] = intake.flag(fields, "is_taxable", default=contact["is_taxable"])
    if fields.get("credit_limit") not in (None, ""):
        contact["credit_limit"] = intake.number(fields, "credit_limit", ZERO)
    contact["payment_terms"] = intake.whole(fields, "payment_terms", contact["payment_terms"])
    if "payment_terms" in fields and "payment_terms_label" not in fields:
        contact["payment_terms_label"] = terms_label(contact["payment_terms"])
    wanted = intake.text(fields, "currency_id") or contact["currency_id"]
    if wanted not in organization.tables["currencies"].records:
        raise bad_value("currency_id")
    if wanted != contact["currency_id"] and has_transaction(organization, contact["contact_id"]):
        raise bad_value("currency_id")
    currency = organization.currency(wanted)
    contact["currency_id"] = wanted
    contact["currency_code"] = currency["currency_code"]
    contact["currency_symbol"] = currency["currency_symbol"]


def terms_label(days: int) -> str:
    return f"Net {days}" if days else "Due on Receipt"


def _owing(organization: Organization, contact: Fields) -> Fields:
    """Add up what the contact owes, and what of his is not used yet."""
    contact_id = contact["contact_id"]
    receivable, unused = owed(organization, contact_id), unused_by(organization, contact_id)
    return {
        "outstanding_receivable_amount": receivable[0],
        "outstanding_receivable_amount_bcy": receivable[1],
        "unused_credits_receivable_amount": unused[0],
        "unused_credits_receivable_amount_bcy": unused[1],
        "outstanding_payable_amount": ZERO,
        "outstanding_payable_amount_bcy": ZERO,
        "unused_credits_payable_amount": ZERO,
        "unused_credits_payable_amount_bcy": ZERO,
    }


def _summary(organization: Organization, contact: Fields) -> Fields:
    return {
        "currency_id": contact["currency_id"],
        "currency_code": contact["currency_code"],
        "outstanding_receivable_amount": owed(organization, contact["contact_id"])[0],
    }


def _passes(organization: Organization, contact: Fields, wanted: str) -> bool | None:
    test = _FILTERS.get(wanted)
    return None if test is None else test(organization, contact)


def _has_invoice(organization: Organization, contact: Fields, statuses: tuple[str, ...]) -> bool:
    invoices = organization.tables["invoices"].find("customer_id", contact["contact_id"])
    return any(status_of(organization, one) in statuses for one in invoices)


def _is_duplicate(organization: Organization, contact: Fields) -> bool:
    return len(organization.tables["contacts"].find("contact_name", contact["contact_name"])) > 1


def _owes_too_much(organization: Organization, contact: Fields) -> bool:
    limit = contact["credit_limit"]
    return bool(limit != "" and owed(organization, contact["contact_id"])[0] > limit)


_FILTERS: dict[str, Callable[[Organization, Fields], bool]] = {
    "Status.All": lambda *_: True,
    "Status.Active": lambda _, contact: contact["status"] == "active",
    "Status.Inactive": lambda _, contact: contact["status"] == "inactive",
    "Status.Duplicate": _is_duplicate,
    "Status.PortalEnabled": lambda _, contact: contact["is_portal_enabled"],
    "Status.PortalDisabled": lambda _, contact: not contact["is_portal_enabled"],
    "Status.CreditLimitExceed": _owes_too_much,
    "Status.Crm": lambda _, one: bool(one["zcrm_account_id"] or one["zcrm_contact_id"]),
    "Invoice.OverDue": lambda books, contact: _has_invoice(books, contact, ("overdue",)),
    "Invoice.Unpaid": lambda books, contact: _has_invoice(books, contact, RECEIVABLE),
}
"""What `filter_by` may be; any other name leaves the list as it is."""

_ROW = (
    "contact_id", "contact_name", "company_name", "contact_type", "customer_sub_type", "status",
    "source", "payment_terms", "payment_terms_label", "currency_id", "currency_code",
    "first_name", "last_name", "email", "phone", "mobile", "created_time", "last_modified_time",
)  # fmt: skip

KIND = Kind(
    name="contacts",
    key="contact",
    id_field="contact_id",
    called="Contact",
    scope="contacts",
    report="Contacts",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(
        column="contact_name",
        allowed=(
            "contact_name", "first_name", "last_name", "email", "outstanding_receivable_amount",
            "created_time", "last_modified_time",
        ),
    ),
    filters=Filters(
        texts=(
            "contact_name", "company_name", "first_name", "last_name", "email", "phone",
            "address", "contact_type", "zcrm_contact_id", "zcrm_account_id", "zcrm_vendor_id",
        ),
        search=("contact_name", "company_name", "notes"),
        by=_passes,
        derived={
            "outstanding_receivable_amount": lambda organization, contact: owed(
                organization, contact["contact_id"]
            )[0],
            "address": lambda _, contact: " ".join(
                str(part) for part in contact["billing_address"].values()
            ),
        },
    ),
    created_message="The contact has been added.",
    changed_message="Contact information has been saved.",
    removed_message="The contact has been deleted.",
)  # fmt: skip
