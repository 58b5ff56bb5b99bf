"""What is owed: the status of an invoice, what was paid of it, and what a customer owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books.amounts import ZERO, rounded, tidy
from hub.sandbox.books.applied import money_of, settled_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields

RECEIVABLE = ("sent", "viewed", "partially_paid", "overdue")


def status_of(organization: Organization, invoice: Fields) -> str:
    """Give the status on this day, where the organisation is: nothing is written for overdue."""
    status: str = invoice["status"]
    late = invoice["due_date"] < organization.today().isoformat()
    if status == "partially_paid" and not organization.quirks.overdue_hides_partially_paid:
        return status
    if status in ("sent", "partially_paid") and late:
        return "overdue"
    if status == "sent" and invoice["is_viewed_by_client"]:
        return "viewed"
    return status


def settle(organization: Organization, invoice: Fields) -> None:
    """Work out balance and status anew from what was applied."""
    ledger, invoice_id = organization.applied, invoice["invoice_id"]
    paid = settled_by(ledger.of_invoice(invoice_id, "customerpayments"))
    credited = settled_by(ledger.of_invoice(invoice_id, "creditnotes"))
    invoice["payment_made"], invoice["credits_applied"] = paid, credited
    invoice["tax_amount_withheld"] = sum(
        (row.tax_amount_withheld for row in ledger.of_invoice(invoice_id)), ZERO
    )
    invoice["balance"] = tidy(invoice["total"] - paid - credited - invoice["write_off_amount"])
    invoice["bcy_balance"] = rounded(invoice["balance"] * invoice["exchange_rate"])
    days = [row.date for row in ledger.of_invoice(invoice_id)]
    invoice["last_payment_date"] = max(days, default="")
    if invoice["status"] == "draft" and (paid or credited):
        invoice["status"] = "sent"
    if invoice["status"] not in ("draft", "void"):
        invoice["status"] = _open_status(invoice)


def resettle(organization: Organization, invoice_ids: Iterable[str], actor: Actor) -> None:
    """Settle invoices that a payment or credit note has just touched."""
    quietly = not organization.quirks.payments_fire_invoice_rules
    for invoice_id in dict.fromkeys(invoice_ids):
        invoice = organization.tables["invoices"].records[invoice_id]
        with organization.changing("invoices", invoice, actor, quietly=quietly):
            settle(organization, invoice)


def owed(organization: Organization, contact_id: str) -> tuple[Decimal, Decimal]:
    """Add up what a customer owes: in his currency, and in the base currency."""
    invoices = organization.tables["invoices"].find("customer_id", contact_id)
    return _sums(
        (invoice["balance"], invoice["exchange_rate"])
        for invoice in invoices
        if status_of(organization, invoice) in RECEIVABLE
    )


def unused_by(organization: Organization, contact_id: str) -> tuple[Decimal, Decimal]:
    """Add up what of a customer's payments and credit notes is not used yet."""
    notes = organization.tables["creditnotes"].find("customer_id", contact_id)
    payments = organization.tables["customerpayments"].find("customer_id", contact_id)
    return _sums(
        [(one["balance"], one["exchange_rate"]) for one in notes if one["status"] == "open"]
        + [(unused_of(organization, one), one["exchange_rate"]) for one in payments]
    )


def unused_of(organization: Organization, payment: Fields) -> Decimal:
    """Give what of a payment is neither applied nor paid back."""
    applied = money_of(organization.applied.of_source(payment["payment_id"]))
    return tidy(payment["amount"] - applied - refunded(organization, payment["payment_id"]))


def refunded(organization: Organization, source_id: str) -> Decimal:
    """Give what of a payment or credit note was paid back."""
    refunds = organization.refunds.get(source_id, {}).values()
    return tidy(sum((refund["amount"] for refund in refunds), ZERO))


def moved(organization: Organization, contact_id: str, actor: Actor) -> None:
    """Mark a contact as changed by what he owes, where that is switched on."""
    if organization.quirks.contact_moves_with_receivables:
        contact = organization.tables["contacts"].records[contact_id]
        organization.stamp_change("contacts", contact, actor)


def _open_status(invoice: Fields) -> str:
    if invoice["balance"] <= 0:
        return "paid"
    return "partially_paid" if invoice["balance"] < invoice["total"] else "sent"


def _sums(amounts: Iterable[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    total, total_bcy = ZERO, ZERO
    for amount, exchange_rate in amounts:
        total += amount
        total_bcy += amount * exchange_rate
    return tidy(total), rounded(total_bcy)
