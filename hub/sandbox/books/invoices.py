"""Invoices: draft, sent, overdue by the clock alone, paid in part or whole, void.

A void invoice keeps its total and its balance, so what is receivable follows from the status.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hub.sandbox.books import addresses, applying, documents, estimates, intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.comments import note
from hub.sandbox.books.contacts import terms_label
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.lists import with_custom_fields
from hub.sandbox.books.receivables import RECEIVABLE, moved, settle, status_of
from hub.sandbox.books.refusals import bad_value, in_use, wrong_status

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields

FORM = documents.Form("invoices", "invoice", "INV-", 6, "Invoice")


def create(organization: Organization, fields: Fields, actor: Actor, query: Query) -> Fields:
    """Make an invoice: a draft, or sent at once with `send=true`."""
    invoice = documents.empty(organization, FORM) | {
        "due_date": "",
        "payment_terms": None,
        "payment_terms_label": "",
        "payment_made": ZERO,
        "credits_applied": ZERO,
        "tax_amount_withheld": ZERO,
        "write_off_amount": ZERO,
        "last_payment_date": "",
        "payment_expected_date": "",
        "last_reminder_sent_date": "",
        "reminders_sent": 0,
        "estimate_id": "",
        "recurring_invoice_id": "",
        "invoice_source": "Api" if actor.road == "api" else "Client",
        "payment_reminder_enabled": True,
        "allow_partial_payments": False,
    }
    estimate = estimates.to_invoice(organization, fields)
    if estimate:
        invoice["estimate_id"] = estimate["estimate_id"]
    _write(organization, invoice, fields, new=True)
    documents.number(organization, FORM, invoice, fields, query)
    if query.get("send") == "true":
        _send(invoice)
    settle(organization, invoice)
    organization.add("invoices", invoice, actor)
    note(organization, invoice["invoice_id"], actor, "Invoice created", "Added")
    if estimate:
        estimates.invoiced(organization, estimate, invoice, actor)
    _watch_due_date(organization, invoice)
    moved(organization, invoice["customer_id"], actor)
    return invoice


def change(organization: Organization, invoice: Fields, fields: Fields, actor: Actor) -> None:
    """Change an invoice; one that is void cannot be changed."""
    if invoice["status"] == "void":
        raise wrong_status("A void invoice cannot be edited.")
    with organization.changing("invoices", invoice, actor):
        _write(organization, invoice, fields, new=False)
        documents.renumber(organization, FORM, invoice, fields)
        if invoice["total"] < invoice["payment_made"] + invoice["credits_applied"]:
            raise bad_value("line_items")
        settle(organization, invoice)
    note(organization, invoice["invoice_id"], actor, "Invoice updated")
    _watch_due_date(organization, invoice)
    moved(organization, invoice["customer_id"], actor)


def remove(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Delete an invoice to which nothing was applied; its number is not used again."""
    if organization.applied.of_invoice(invoice["invoice_id"]):
        raise in_use("The invoice")
    organization.remove("invoices", invoice, actor)
    moved(organization, invoice["customer_id"], actor)


def mark_sent(organization: Organization, invoice: Fields, actor: Actor) -> None:
    if invoice["status"] == "void":
        raise wrong_status("A void invoice cannot be marked as sent.")
    with organization.changing("invoices", invoice, actor):
        _send(invoice)
        settle(organization, invoice)
    note(organization, invoice["invoice_id"], actor, "Invoice marked as sent")
    moved(organization, invoice["customer_id"], actor)


def void(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Void an invoice: what was applied goes back to the customer, the balance stays shown."""
    if invoice["status"] in ("void", "draft"):
        raise wrong_status(f"An invoice that is {invoice['status']} cannot be voided.")
    applying.detach(organization, invoice["invoice_id"], actor)
    with organization.changing("invoices", invoice, actor):
        invoice["write_off_amount"] = ZERO
        invoice["status"] = "void"
        settle(organization, invoice)
    note(organization, invoice["invoice_id"], actor, "Invoice voided")
    moved(organization, invoice["customer_id"], actor)


def mark_draft(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Make a void invoice a draft again."""
    if invoice["status"] != "void":
        raise wrong_status("Only void invoices can be converted to draft.")
    with organization.changing("invoices", invoice, actor):
        invoice["status"] = "draft"


def write_off(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Give the rest of the balance up."""
    if status_of(organization, invoice) not in RECEIVABLE:
        raise wrong_status("Only an unpaid invoice can be written off.")
    with organization.changing("invoices", invoice, actor):
        invoice["write_off_amount"] = invoice["balance"]
        settle(organization, invoice)
    moved(organization, invoice["customer_id"], actor)


def cancel_write_off(organization: Organization, invoice: Fields, actor: Actor) -> None:
    if not invoice["write_off_amount"]:
        raise wrong_status("The invoice is not written off.")
    with organization.changing("invoices", invoice, actor):
        invoice["write_off_amount"] = ZERO
        settle(organization, invoice)
    moved(organization, invoice["customer_id"], actor)


def email(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Send an invoice by e-mail: a draft becomes sent by it."""
    if invoice["status"] == "void":
        raise wrong_status("A void invoice cannot be sent.")
    with organization.changing("invoices", invoice, actor):
        invoice["is_emailed"] = True
        _send(invoice)
        settle(organization, invoice)
    note(organization, invoice["invoice_id"], actor, "Invoice emailed")
    moved(organization, invoice["customer_id"], actor)


def view(organization: Organization, invoice: Fields, actor: Actor) -> None:
    """Let the client open an invoice."""
    with organization.changing("invoices", invoice, actor):
        invoice["is_viewed_by_client"] = True
        invoice["client_viewed_time"] = organization.stamp()


def detail(organization: Organization, invoice: Fields) -> Fields:
    """Show an invoice in full, as it stands today."""
    status = status_of(organization, invoice)
    return documents.detail(organization, FORM, invoice) | {
        "status": status,
        "current_sub_status": status,
        "payment_terms": invoice["payment_terms"],
        "contact_persons": invoice["contact_persons"],
    }


def row(organization: Organization, invoice: Fields) -> Fields:
    """Show an invoice in a list, where postcodes are `zipcode`."""
    status = status_of(organization, invoice)
    shown = documents.in_row(organization, invoice, _ROW) | {
        "status": status,
        "current_sub_status": status,
        "due_days": _due_days(organization, invoice, status),
        "billing_address": addresses.in_row(invoice["billing_address"]),
        "shipping_address": addresses.in_row(invoice["shipping_address"]),
    }
    return with_custom_fields(organization, "invoices", shown, invoice)


def _write(organization: Organization, invoice: Fields, fields: Fields, *, new: bool) -> None:
    documents.write(organization, FORM, invoice, fields, new=new)
    contact = organization.tables["contacts"].records[invoice["customer_id"]]
    terms = invoice["payment_terms"]
    invoice["payment_terms"] = intake.whole(
        fields, "payment_terms", contact["payment_terms"] if terms is None else terms
    )
    invoice["payment_terms_label"] = intake.text(fields, "payment_terms_label") or terms_label(
        invoice["payment_terms"]
    )
    by_terms = date.fromisoformat(invoice["date"]) + timedelta(days=invoice["payment_terms"])
    moves = new or "date" in fields or "payment_terms" in fields
    invoice["due_date"] = intake.day(
        fields, "due_date", by_terms.isoformat() if moves else invoice["due_date"]
    )
    if invoice["due_date"] < invoice["date"]:
        raise bad_value("due_date")


def _send(invoice: Fields) -> None:
    if invoice["status"] == "draft":
        invoice["status"] = "sent"


def _watch_due_date(organization: Organization, invoice: Fields) -> None:
    """Tell the rules when the day comes on which it is overdue, where they are to hear of it."""
    if not organization.quirks.overdue_fires_rules:
        return
    due = date.fromisoformat(invoice["due_date"]) + timedelta(days=1)
    moment = datetime.combine(due, datetime.min.time(), organization.zone)

    def tell() -> None:
        known = organization.tables["invoices"].records.get(invoice["invoice_id"])
        if known is invoice and status_of(organization, invoice) == "overdue":
            organization.tell_edit("invoices", invoice, frozenset({"status"}))

    if moment > organization.now():
        organization.world.clock.at(moment, tell)


def _due_days(organization: Organization, invoice: Fields, status: str) -> str:
    """Write the days that are left, as text: `Due in 30 days`."""
    if status not in RECEIVABLE:
        return ""
    days = (date.fromisoformat(invoice["due_date"]) - organization.today()).days
    if days == 0:
        return "Due Today"
    plural = "" if abs(days) == 1 else "s"
    return f"Due in {days} day{plural}" if days > 0 else f"Overdue by {-days} day{plural}"


def _passes(organization: Organization, invoice: Fields, wanted: str) -> bool | None:
    """Play `filter_by`; `unpaid` is a filter only, never a status."""
    name = wanted.removeprefix("Status.").lower()
    names = {"partiallypaid": "partially_paid", "unpaid": "unpaid", "all": ""}
    return _has_status(organization, invoice, names.get(name, name))


def _filtered_as(organization: Organization, invoice: Fields) -> list[str]:
    """Give the values of the `status` filter that find an invoice."""
    status = status_of(organization, invoice)
    return [status, "unpaid"] if status in RECEIVABLE else [status]


def _has_status(organization: Organization, invoice: Fields, wanted: str) -> bool | None:
    status = status_of(organization, invoice)
    if wanted == "unpaid":
        return status in RECEIVABLE
    known = ("draft", "sent", "viewed", "overdue", "partially_paid", "paid", "void")
    return status == wanted if wanted in known else None


_ROW = (
    "invoice_id", "invoice_number", "reference_number", "customer_id", "date", "due_date",
    "currency_id", "currency_code", "currency_symbol", "exchange_rate", "total", "balance",
    "bcy_total", "bcy_balance", "shipping_charge", "adjustment", "write_off_amount",
    "is_emailed", "is_viewed_by_client", "client_viewed_time", "has_attachment",
    "last_payment_date", "payment_expected_date", "last_reminder_sent_date", "reminders_sent",
    "salesperson_id", "salesperson_name", "zcrm_potential_id", "created_time",
    "last_modified_time",
)  # fmt: skip

KIND = Kind(
    name="invoices",
    key="invoice",
    id_field="invoice_id",
    called="Invoice",
    scope="invoices",
    report="Invoices",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(
        column="created_time",
        descending=True,
        allowed=(
            "customer_name", "invoice_number", "date", "due_date", "total", "balance",
            "created_time",
        ),
    ),
    filters=Filters(
        texts=(
            "invoice_number", "reference_number", "customer_id", "customer_name", "email",
            "zcrm_potential_id", "recurring_invoice_id", "status", "item_id", "item_name",
            "item_description",
        ),
        numbers=("total", "balance"),
        dates=("date", "due_date", "created_date"),
        search=("invoice_number", "reference_number", "customer_name", "notes"),
        by=_passes,
        derived={
            "customer_name": documents.customer_name,
            "email": documents.customer_email,
            "created_date": lambda _, invoice: invoice["created_time"][:10],
            "status": _filtered_as,
            "item_id": documents.of_lines("item_id"),
            "item_name": documents.of_lines("name"),
            "item_description": documents.of_lines("description"),
        },
    ),
    modified_filter=True,
    created_message="The invoice has been created.",
    changed_message="Invoice information has been updated.",
    removed_message="The invoice has been deleted.",
)  # fmt: skip
