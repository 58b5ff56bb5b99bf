"""Answers against the vendor's own OpenAPI documents, but where live is known to differ."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller, Json, Reply

REPO = Path(__file__).parents[3]
CONTRACTS = Path(os.environ.get("HUB_CONTRACTS", REPO.parent / "shared/contracts")) / "zoho-books"

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
pytestmark = pytest.mark.skipif(
    not CONTRACTS.is_dir(), reason=f"the vendor's documents are not at {CONTRACTS}"
)

OVERRULED = {
    ("contacts", "*", "contact.credit_limit"): "§2: an unset number is an empty string",
    ("contacts", "list_contact_refunds", "creditnote_refunds.*.amount_bcy"): "§7.1: a number",
    ("contacts", "list_contact_refunds", "creditnote_refunds.*.amount_fcy"): "§7.1: a number",
    ("invoices", "*", "invoice.shipping_charge"): "§7.1: money is a number",
    ("invoices", "*", "invoice.total"): "§7.1: money is a number",
    ("invoices", "*", "invoice.balance"): "§7.1: money is a number",
    ("invoices", "list_invoices", "invoices.*.shipping_charge"): "§7.1: money is a number",
    ("invoices", "list_invoices", "invoices.*.total"): "§7.1: money is a number",
    ("invoices", "list_invoices", "invoices.*.balance"): "§7.1: money is a number",
    ("invoices", "list_invoices", "page_context"): "§7.1: an object",
    ("invoices", "list_invoice_payments", "payments.*.payment_number"): "§4.3: plain text",
    ("credit-notes", "list_credit_notes", "creditnotes"): "§7.1: a list",
    ("estimates", "*", "estimate.shipping_charge"): "§7.1: money is a number",
    ("estimates", "list_estimates", "page_context"): "§2: an object",
    ("currency", "create_exchange_rate", "exchange_rate"): "§4.8: effective_date and rate",
}
"""(document, operation, place): the section of the facts that says what is live instead."""

SCENES: list[tuple[str, str, str]] = [
    ("contacts", "create_contact", "create contact"),
    ("contacts", "get_contact", "get contact"),
    ("contacts", "update_contact", "update contact"),
    ("contacts", "list_contacts", "list contacts"),
    ("contacts", "list_contact_comments", "contact comments"),
    ("contacts", "get_contact_address", "addresses"),
    ("contacts", "add_contact_address", "add address"),
    ("contacts", "list_contact_refunds", "contact refunds"),
    ("contacts", "mark_contact_inactive", "inactive"),
    ("contacts", "mark_contact_active", "active"),
    ("contact-persons", "create_contact_person", "create person"),
    ("contact-persons", "update_contact_person", "update person"),
    ("contact-persons", "list_contact_persons", "list persons"),
    ("contact-persons", "get_contact_person", "get person"),
    ("items", "create_item", "create item"),
    ("items", "get_item", "get item"),
    ("items", "list_items", "list items"),
    ("items", "list_item_details", "item details"),
    ("invoices", "create_invoice", "create invoice"),
    ("invoices", "get_invoice", "get invoice"),
    ("invoices", "update_invoice", "update invoice"),
    ("invoices", "list_invoices", "list invoices"),
    ("invoices", "mark_invoice_sent", "sent"),
    ("invoices", "list_invoice_payments", "invoice payments"),
    ("invoices", "list_invoice_credits_applied", "credits applied"),
    ("invoices", "list_invoice_comments", "invoice comments"),
    ("customer-payments", "create_customer_payment", "create payment"),
    ("customer-payments", "get_customer_payment", "get payment"),
    ("customer-payments", "list_customer_payments", "list payments"),
    ("customer-payments", "create_customer_payment_refund", "refund payment"),
    ("customer-payments", "list_customer_payment_refunds", "payment refunds"),
    ("credit-notes", "create_credit_note", "create creditnote"),
    ("credit-notes", "get_credit_note", "get creditnote"),
    ("credit-notes", "list_credit_notes", "list creditnotes"),
    ("credit-notes", "list_invoices_of_credit_note", "credited invoices"),
    ("credit-notes", "create_credit_note_refund", "refund creditnote"),
    ("credit-notes", "list_credit_note_refunds", "creditnote refunds"),
    ("estimates", "create_estimate", "create estimate"),
    ("estimates", "get_estimate", "get estimate"),
    ("estimates", "list_estimates", "list estimates"),
    ("taxes", "create_tax", "create tax"),
    ("taxes", "get_tax", "get tax"),
    ("taxes", "list_taxes", "list taxes"),
    ("taxes", "create_tax_group", "create tax group"),
    ("taxes", "create_tax_authority", "create authority"),
    ("taxes", "list_tax_exemptions", "list exemptions"),
    ("currency", "create_currency", "create currency"),
    ("currency", "list_currencies", "list currencies"),
    ("currency", "list_exchange_rates", "list rates"),
    ("currency", "create_exchange_rate", "create rate"),
    ("organizations", "list_organizations", "list organizations"),
    ("organizations", "get_organization", "get organization"),
    ("users", "list_users", "list users"),
    ("users", "get_current_user", "me"),
]
"""(document, operation, what was called in `played`)."""


@pytest.mark.parametrize(("document", "operation", "scene"), SCENES)
def test_an_answer_is_as_the_document_says(
    call: Caller, document: str, operation: str, scene: str
) -> None:
    reply = played(call)[scene]

    assert reply.status in statuses(document, operation)
    assert [
        f"{place}: {message}"
        for place, message in faults(document, operation, reply)
        if not overruled(document, operation, place)
    ] == []


def test_every_overruling_is_needed(call: Caller) -> None:
    replies = played(call)
    met = {
        key
        for document, operation, scene in SCENES
        for place, _ in faults(document, operation, replies[scene])
        for key in OVERRULED
        if matches(key, document, operation, place)
    }

    assert set(OVERRULED) - met == set()


def played(call: Caller) -> dict[str, Reply]:
    """Go once through everything, and keep what was answered."""
    said: dict[str, Reply] = {}

    def say(scene: str, method: str, path: str, body: Json = None, **query: str) -> Json:
        reply = call(method, path, body, **query)
        assert reply.status < 300, (scene, reply.body)
        said[scene] = reply
        return reply.body

    play_contacts(say)
    contact = said["create contact"]["contact"]["contact_id"]
    item = play_items(say)
    play_documents(say, contact, item, call.books.organizations[call.organization].accounts["Bank"])
    play_settings(say, call)
    return said


def play_contacts(say: Json) -> None:
    person = {"first_name": "Ines", "last_name": "Falk", "email": "ines@larkspur.example"}
    made = say(
        "create contact",
        "POST",
        "/contacts",
        {
            "contact_name": "Larkspur",
            "contact_persons": [person],
            "custom_fields": [{"api_name": "cf_hub_id", "value": "hub-1"}],
        },
    )
    path = f"/contacts/{made['contact']['contact_id']}"
    say("update contact", "PUT", path, {"notes": "Key account"})
    say("get contact", "GET", path)
    say("list contacts", "GET", "/contacts")
    say("contact comments", "GET", f"{path}/comments")
    say("add address", "POST", f"{path}/address", {"city": "Hamburg"})
    say("addresses", "GET", f"{path}/address")
    say("inactive", "POST", f"{path}/inactive")
    say("active", "POST", f"{path}/active")
    second = {"contact_id": made["contact"]["contact_id"], "first_name": "Jo"}
    added = say("create person", "POST", "/contacts/contactpersons", second)
    person_id = added["contact_person"][0]["contact_person_id"]
    say("update person", "PUT", f"/contacts/contactpersons/{person_id}", {"last_name": "Berg"})
    say("list persons", "GET", f"{path}/contactpersons")
    say("get person", "GET", f"{path}/contactpersons/{person_id}")


def play_items(say: Json) -> str:
    fields = {"name": "Survey", "rate": 450, "sku": "SRV-01"}
    item = str(say("create item", "POST", "/items", fields)["item"]["item_id"])
    say("get item", "GET", f"/items/{item}")
    say("list items", "GET", "/items")
    say("item details", "GET", "/itemdetails", item_ids=item)
    return item


def play_documents(say: Json, contact: str, item: str, bank: str) -> None:
    entered = {"customer_id": contact, "date": "2026-03-03", "line_items": [{"item_id": item}]}
    made = say("create invoice", "POST", "/invoices", entered)
    path = f"/invoices/{made['invoice']['invoice_id']}"
    say("update invoice", "PUT", path, {"notes": "Thank you"})
    say("sent", "POST", f"{path}/status/sent")
    applied = [{"invoice_id": made["invoice"]["invoice_id"], "amount_applied": 100}]
    refund = {"date": "2026-03-26", "amount": 10, "from_account_id": bank}

    paid = {"customer_id": contact, "payment_mode": "cash", "amount": 150, "date": "2026-03-20"}
    payment = say("create payment", "POST", "/customerpayments", {**paid, "invoices": applied})
    payment_path = f"/customerpayments/{payment['payment']['payment_id']}"
    say("refund payment", "POST", f"{payment_path}/refunds", refund)
    say("get payment", "GET", payment_path)
    say("list payments", "GET", "/customerpayments")
    say("payment refunds", "GET", f"{payment_path}/refunds")

    note = say("create creditnote", "POST", "/creditnotes", entered)
    note_path = f"/creditnotes/{note['creditnote']['creditnote_id']}"
    say("apply", "POST", f"{note_path}/invoices", {"invoices": applied})
    say("refund creditnote", "POST", f"{note_path}/refunds", refund)
    say("get creditnote", "GET", note_path)
    say("list creditnotes", "GET", "/creditnotes")
    say("credited invoices", "GET", f"{note_path}/invoices")
    say("creditnote refunds", "GET", f"{note_path}/refunds")
    say("contact refunds", "GET", f"/contacts/{contact}/refunds")

    say("get invoice", "GET", path)
    say("list invoices", "GET", "/invoices")
    say("invoice payments", "GET", f"{path}/payments")
    say("credits applied", "GET", f"{path}/creditsapplied")
    say("invoice comments", "GET", f"{path}/comments")

    estimate = say("create estimate", "POST", "/estimates", entered)
    say("get estimate", "GET", f"/estimates/{estimate['estimate']['estimate_id']}")
    say("list estimates", "GET", "/estimates")


def play_settings(say: Json, call: Caller) -> None:
    tax = say("create tax", "POST", "/settings/taxes", {"tax_name": "GST", "tax_percentage": 5})
    tax_id = tax["tax"][0]["tax_id"]
    say("get tax", "GET", f"/settings/taxes/{tax_id}")
    say("list taxes", "GET", "/settings/taxes")
    members = {"tax_group_name": "Both", "taxes": f"{tax_id},{call.tax('VAT 19')}"}
    say("create tax group", "POST", "/settings/taxgroups", members)
    authority = {"tax_authority_name": "Revenue"}
    say("create authority", "POST", "/settings/taxauthorities", authority)
    exemption = {"tax_exemption_code": "RESALE", "type": "customer"}
    say("create exemption", "POST", "/settings/taxexemptions", exemption)
    say("list exemptions", "GET", "/settings/taxexemptions")
    krona = {"currency_code": "SEK", "currency_symbol": "kr"}
    made = say("create currency", "POST", "/settings/currencies", krona)
    rates = f"/settings/currencies/{made['currency']['currency_id']}/exchangerates"
    say("create rate", "POST", rates, {"effective_date": "2026-03-01", "rate": 0.09})
    say("list rates", "GET", rates)
    say("list currencies", "GET", "/settings/currencies")
    say("list organizations", "GET", "/organizations")
    say("get organization", "GET", f"/organizations/{call.organization}")
    say("list users", "GET", "/users")
    say("me", "GET", "/users/me")


def faults(document: str, operation: str, reply: Reply) -> list[tuple[str, str]]:
    """Give the places where an answer is not what the document says."""
    found = described(document, operation)
    status = str(reply.status)
    if status not in found["responses"]:
        return []
    schema = found["responses"][status]["content"]["application/json"]["schema"]
    whole = {"components": contract(document)["components"], "allOf": [schema]}
    errors = jsonschema.Draft202012Validator(whole).iter_errors(reply.body)
    return [(place_of(error), error.message[:120]) for error in errors]


def statuses(document: str, operation: str) -> set[int]:
    return {int(status) for status in described(document, operation)["responses"]}


def described(document: str, operation: str) -> Json:
    for methods in contract(document)["paths"].values():
        for found in methods.values():
            if isinstance(found, dict) and found.get("operationId") == operation:
                return found
    raise AssertionError(operation)


@cache
def contract(document: str) -> Json:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((CONTRACTS / f"{document}.yml").read_bytes(), Loader=loader)


def place_of(error: Json) -> str:
    return ".".join("*" if isinstance(part, int) else str(part) for part in error.absolute_path)


def overruled(document: str, operation: str, place: str) -> bool:
    return any(matches(key, document, operation, place) for key in OVERRULED)


def matches(key: tuple[str, str, str], document: str, operation: str, place: str) -> bool:
    return key[0] in ("*", document) and key[1] in ("*", operation) and key[2] == place
