"""What invoices, estimates and credit notes have in common: head, lines, totals, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.sandbox.books import addresses, custom_fields, intake, lines
from hub.sandbox.books.amounts import ZERO, rounded
from hub.sandbox.books.arithmetic import Terms, Totals, totals
from hub.sandbox.books.refusals import (
    bad_value,
    duplicate_number,
    inactive_contact,
    not_found,
    wrong_status,
)
from hub.sandbox.books.words import formatted

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.kinds import Query
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields

REFERENCE_LENGTH_MAX = 100
TEXTS = (
    "notes", "terms", "salesperson_name", "template_id", "location_id", "adjustment_description",
    "zcrm_potential_id", "place_of_supply", "gst_treatment", "gst_no", "vat_treatment",
    "tax_treatment",
)  # fmt: skip
TWINS = ("total", "sub_total", "tax_total", "discount_total", "shipping_charge", "adjustment")


@dataclass(frozen=True)
class Form:
    """What differs between them."""

    kind: str
    key: str
    prefix: str
    digits: int
    called: str


def empty(organization: Organization, form: Form) -> Fields:
    """Make a document with nothing on it."""
    return {
        f"{form.key}_id": organization.new_id(),
        f"{form.key}_number": "",
        "status": "draft",
        "date": organization.today().isoformat(),
        "reference_number": "",
        "customer_id": "",
        "contact_persons": [],
        "currency_id": "",
        "exchange_rate": ZERO,
        "line_items": [],
        "discount": ZERO,
        "discount_type": "entity_level",
        "is_discount_before_tax": True,
        "is_inclusive_tax": False,
        "shipping_charge": ZERO,
        "adjustment": ZERO,
        **dict.fromkeys(TEXTS, ""),
        "adjustment_description": "Adjustment",
        "salesperson_id": "",
        "rounding_mode": "round_half_up",
        "tax_rounding": organization.profile.tax_rounding,
        "is_emailed": False,
        "has_attachment": False,
        "is_viewed_by_client": False,
        "client_viewed_time": "",
        "template_name": "Standard Template",
        "custom_field_hash": {},
    }


def write(
    organization: Organization, form: Form, document: Fields, fields: Fields, *, new: bool
) -> None:
    """Put what is sent onto a document, and add it up anew."""
    _write_customer(organization, form, document, fields)
    _write_currency(organization, form, document, fields, new=new)
    document["date"] = intake.day(fields, "date", document["date"])
    document["reference_number"] = intake.text(
        fields, "reference_number", document["reference_number"], length_max=REFERENCE_LENGTH_MAX
    )
    for name in TEXTS:
        document[name] = intake.text(fields, name, document[name])
    _write_persons(organization, document, fields)
    _write_terms(document, fields)
    lines.write(organization, form.key, document, fields, new=new)
    add_up(document)
    document["custom_field_hash"] = custom_fields.taken(
        organization, form.kind, fields, None if new else document
    )


def number(
    organization: Organization, form: Form, document: Fields, fields: Fields, query: Query
) -> None:
    """Give a new document its number: the next free one, or its own where that is asked for."""
    name, table = f"{form.key}_number", organization.tables[form.kind]
    if query.get("ignore_auto_number_generation") == "true":
        own = intake.text(fields, name)
        if not own:
            raise bad_value(name)
        if table.find(name, own):
            raise duplicate_number(form.called, own)
        document[name] = own
        return
    document[name] = _next_number(organization, form)
    while table.find(name, document[name]):
        document[name] = _next_number(organization, form)


def renumber(organization: Organization, form: Form, document: Fields, fields: Fields) -> None:
    """Change the number of a document that has one, to one that nobody else has."""
    name = f"{form.key}_number"
    own = intake.text(fields, name) or document[name]
    if any(one is not document for one in organization.tables[form.kind].find(name, own)):
        raise duplicate_number(form.called, own)
    document[name] = own


def add_up(document: Fields) -> None:
    """Work out every total from the lines and terms."""
    places = document["price_precision"]
    result = totals(lines.counted(document), _terms(document, places))
    if document["discount_type"] == "entity_level" and result.discount_total > max(
        result.sub_total + result.tax_total, ZERO
    ):
        raise bad_value("discount")
    _write_line_totals(document, result)
    names = {
        tax["tax_id"]: tax["tax_name"]
        for line in document["line_items"]
        for tax in line["line_item_taxes"]
    }
    document["taxes"] = [
        {"tax_id": tax_id, "tax_name": names[tax_id], "tax_amount": amount}
        for tax_id, amount in result.taxes.items()
    ]
    document["sub_total"] = result.sub_total
    document["discount_total"] = result.discount_total
    document["tax_total"] = result.tax_total
    document["total"] = result.total
    for name in TWINS:
        document[f"bcy_{name}"] = rounded(document[name] * document["exchange_rate"])


def detail(organization: Organization, form: Form, document: Fields) -> Fields:
    """Show a document in full."""
    contact = organization.tables["contacts"].records[document["customer_id"]]
    shown = {
        **document,
        "line_items": lines.shown(document),
        "customer_name": contact["contact_name"],
        "email": contact["email"],
        **custom_fields.shown(organization, form.kind, document),
        "contact_persons_associated": _persons(contact, document["contact_persons"]),
    }
    return shown | formatted(shown, document["currency_symbol"], document["price_precision"])


def in_row(organization: Organization, document: Fields, names: tuple[str, ...]) -> Fields:
    """Show what a list shows: no lines, no notes."""
    contact = organization.tables["contacts"].records[document["customer_id"]]
    return {
        **{name: document[name] for name in names},
        "customer_name": contact["contact_name"],
        "company_name": contact["company_name"],
        "email": contact["email"],
    }


def customer_name(organization: Organization, document: Fields) -> str:
    """Give the customer's name as it is now."""
    contact = organization.tables["contacts"].records[document["customer_id"]]
    return str(contact["contact_name"])


def customer_email(organization: Organization, document: Fields) -> str:
    contact = organization.tables["contacts"].records[document["customer_id"]]
    return str(contact["email"])


def of_lines(name: str) -> Callable[[Organization, Fields], list[str]]:
    """Give the way to what the lines of a document say under a name, for filters."""
    return lambda _, document: [str(line[name]) for line in document["line_items"]]


def customer(organization: Organization, contact_id: str) -> Fields:
    """Give the customer that something new is made for."""
    if not contact_id:
        raise bad_value("customer_id")
    contact = organization.tables["contacts"].records.get(contact_id)
    if contact is None or contact["contact_type"] != "customer":
        raise not_found("Customer", organization.quirks.not_found_status)
    if contact["status"] == "inactive":
        raise inactive_contact()
    return contact


def exchange_rate(
    organization: Organization, currency_id: str, fields: Fields, before: Fields | None = None
) -> Fields:
    """Give the parts that say in which currency, and at which rate, something is."""
    if currency_id not in organization.tables["currencies"].records:
        raise bad_value("currency_id")
    currency = organization.currency(currency_id)
    rate = organization.rate(currency_id)
    if before and before["currency_id"] == currency_id:
        rate = before["exchange_rate"]
    if not currency["is_base_currency"]:
        rate = intake.number(fields, "exchange_rate", rate)
    if rate <= 0:
        raise bad_value("exchange_rate")
    return {
        "currency_id": currency_id,
        "currency_code": currency["currency_code"],
        "currency_symbol": currency["currency_symbol"],
        "price_precision": currency["price_precision"],
        "exchange_rate": rate,
    }


def without_approvals(_: Organization, document: Fields, __: Actor) -> None:
    """Refuse to submit or approve: the organisations of the sandbox do without approvals."""
    raise wrong_status(f"Approvals are not enabled: nothing to do while {document['status']}.")


def _write_customer(
    organization: Organization, form: Form, document: Fields, fields: Fields
) -> None:
    wanted = intake.text(fields, "customer_id") or document["customer_id"]
    if wanted and wanted == document["customer_id"]:
        return
    if _is_applied(organization, form, document):
        raise bad_value("customer_id")
    contact = customer(organization, wanted)
    document["customer_id"] = wanted
    for name in ("billing_address", "shipping_address"):
        document[name] = addresses.on_document(contact[name])


def _write_currency(
    organization: Organization, form: Form, document: Fields, fields: Fields, *, new: bool
) -> None:
    contact = organization.tables["contacts"].records[document["customer_id"]]
    wanted = intake.text(fields, "currency_id") or document["currency_id"] or contact["currency_id"]
    if not new and wanted != document["currency_id"] and _is_applied(organization, form, document):
        raise bad_value("currency_id")
    document |= exchange_rate(organization, wanted, fields, None if new else document)


def _is_applied(organization: Organization, form: Form, document: Fields) -> bool:
    """Tell whether money moved by it: it stays with that customer, in that currency, then."""
    document_id = document[f"{form.key}_id"]
    ledger = organization.applied
    return bool(
        ledger.of_invoice(document_id)
        or ledger.of_source(document_id)
        or organization.refunds.get(document_id)
    )


def _write_persons(organization: Organization, document: Fields, fields: Fields) -> None:
    if "contact_persons" not in fields:
        return
    contact = organization.tables["contacts"].records[document["customer_id"]]
    known = {person["contact_person_id"] for person in contact["contact_persons"]}
    wanted = intake.names(fields, "contact_persons")
    if not known.issuperset(wanted):
        raise bad_value("contact_persons")
    document["contact_persons"] = wanted


def _write_terms(document: Fields, fields: Fields) -> None:
    if fields.get("discount") not in (None, ""):
        document["discount"] = lines.read_discount(fields["discount"])
    document["discount_type"] = intake.one_of(
        fields, "discount_type", ("entity_level", "item_level"), document["discount_type"]
    )
    for name in ("is_discount_before_tax", "is_inclusive_tax"):
        document[name] = intake.flag(fields, name, default=document[name])
    for name in ("shipping_charge", "adjustment"):
        document[name] = intake.number(fields, name, document[name])


def _terms(document: Fields, places: int) -> Terms:
    return Terms(
        places=places,
        discount=lines.discount(document["discount"]),
        discount_type=document["discount_type"],
        discount_before_tax=document["is_discount_before_tax"],
        tax_included=document["is_inclusive_tax"],
        tax_rounding=document["tax_rounding"],
        shipping_charge=document["shipping_charge"],
        adjustment=document["adjustment"],
    )


def _write_line_totals(document: Fields, result: Totals) -> None:
    document["line_items"] = [
        lines.with_totals(line, added, document["exchange_rate"])
        for line, added in zip(document["line_items"], result.lines, strict=True)
    ]


def _next_number(organization: Organization, form: Form) -> str:
    return f"{form.prefix}{organization.next_number(form.kind):0{form.digits}d}"


def _persons(contact: Fields, wanted: list[str]) -> list[Fields]:
    return [
        {
            "contact_person_id": person["contact_person_id"],
            "contact_person_name": f"{person['first_name']} {person['last_name']}".strip(),
            "first_name": person["first_name"],
            "last_name": person["last_name"],
            "contact_person_email": person["email"],
            "phone": person["phone"],
            "mobile": person["mobile"],
        }
        for person in contact["contact_persons"]
        if person["contact_person_id"] in wanted
    ]
