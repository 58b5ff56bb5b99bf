"""What pays an invoice, and is taken back from it: payments and credit notes alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake
from hub.sandbox.books.amounts import ZERO, tidy
from hub.sandbox.books.applied import Applied, Source, money_of, settled_by
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.receivables import moved, refunded, resettle, unused_of
from hub.sandbox.books.refusals import (
    bad_value,
    not_found,
    over_balance,
    over_credit,
    wrong_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields


def planned(
    organization: Organization,
    source: Source,
    record: Fields,
    rows: list[Fields],
    freed: list[Applied] | None = None,
) -> list[Applied]:
    """Read what is to be applied to which invoices, and refuse what cannot be.

    `freed` is what the same record covers so far, when the rows are to replace it.
    """
    if source == "creditnotes" and record["status"] != "open":
        raise wrong_status("Only an open credit note can be applied.")
    plan: list[Applied] = []
    for row in rows:
        invoice = _invoice(organization, record, intake.text(row, "invoice_id"))
        amount = intake.number(row, "amount_applied", ZERO)
        withheld = intake.number(row, "tax_amount_withheld", ZERO)
        if amount < 0 or withheld < 0 or amount + withheld == 0:
            raise bad_value("amount_applied")
        _check_balance(invoice, amount + withheld, plan, freed or [])
        plan.append(
            Applied(
                applied_id=organization.new_id(),
                source=source,
                source_id=record["payment_id" if source == "customerpayments" else "creditnote_id"],
                invoice_id=invoice["invoice_id"],
                amount=amount,
                tax_amount_withheld=withheld,
                date=record["date"],
            )
        )
    return plan


def check_free(organization: Organization, plan: list[Applied]) -> None:
    """Refuse rows that together take more than their payment or credit note has left."""
    for source, source_id in dict.fromkeys((row.source, row.source_id) for row in plan):
        record = organization.tables[source].records[source_id]
        free = record["balance"] if source == "creditnotes" else unused_of(organization, record)
        if money_of([row for row in plan if row.source_id == source_id]) > free:
            raise over_credit()


def apply(organization: Organization, plan: list[Applied], actor: Actor) -> None:
    """Carry a plan out; the invoices are settled by it."""
    for row in plan:
        organization.applied.add(row)
    resettle(organization, [row.invoice_id for row in plan], actor)


def release(organization: Organization, rows: list[Applied], actor: Actor) -> None:
    """Take back what was applied; the invoices are open again by as much."""
    for row in rows:
        organization.applied.take(row.applied_id)
    resettle(organization, [row.invoice_id for row in rows], actor)


def detach(organization: Organization, invoice_id: str, actor: Actor) -> None:
    """Give everything that was applied to an invoice back to where it came from."""
    rows = organization.applied.of_invoice(invoice_id)
    for row in rows:
        organization.applied.take(row.applied_id)
    for source, source_id in dict.fromkeys((row.source, row.source_id) for row in rows):
        touch_source(organization, source, source_id, actor)


def touch_source(organization: Organization, source: Source, source_id: str, actor: Actor) -> None:
    """Bring a payment or credit note up to what is applied of it now."""
    record = organization.tables[source].records[source_id]
    with organization.changing(source, record, actor):
        if source == "creditnotes":
            balance_note(organization, record)


def balance_note(organization: Organization, creditnote: Fields) -> None:
    """Work out what is left of a credit note, and whether that closes it."""
    used = money_of(organization.applied.of_source(creditnote["creditnote_id"]))
    returned = refunded(organization, creditnote["creditnote_id"])
    creditnote["total_credits_used"] = used
    creditnote["total_refunded_amount"] = returned
    creditnote["balance"] = tidy(creditnote["total"] - used - returned)
    if creditnote["status"] in ("open", "closed"):
        creditnote["status"] = "open" if creditnote["balance"] > 0 else "closed"


def apply_to_invoice(call: Incoming) -> Answer:
    """POST /invoices/{id}/credits: from credit notes, and from what payments left over."""
    organization, fields = call.organization, call.fields()
    invoice = organization.find("invoices", call.ids[0], "Invoice")
    plan = [
        *_from_invoice(
            call, "creditnotes", "creditnote_id", intake.rows(fields, "apply_creditnotes")
        ),
        *_from_invoice(
            call, "customerpayments", "payment_id", intake.rows(fields, "invoice_payments")
        ),
    ]
    if not plan:
        raise bad_value("apply_creditnotes")
    if settled_by(plan) > invoice["balance"]:
        raise over_balance()
    check_free(organization, plan)
    apply(organization, plan, call.actor)
    for row in plan:
        touch_source(organization, row.source, row.source_id, call.actor)
    moved(organization, invoice["customer_id"], call.actor)
    return done("Credits have been applied to the invoice(s).")


def payments_of_invoice(call: Incoming) -> Answer:
    """GET /invoices/{id}/payments."""
    organization = call.organization
    organization.find("invoices", call.ids[0], "Invoice")
    rows = organization.applied.of_invoice(call.ids[0], "customerpayments")
    return done(payments=[_payment_row(organization, row) for row in rows])


def notes_of_invoice(call: Incoming) -> Answer:
    """GET /invoices/{id}/creditsapplied."""
    organization = call.organization
    organization.find("invoices", call.ids[0], "Invoice")
    rows = organization.applied.of_invoice(call.ids[0], "creditnotes")
    notes = organization.tables["creditnotes"].records
    return done(
        credits=[
            {
                "creditnote_id": row.source_id,
                "creditnotes_invoice_id": row.applied_id,
                "creditnotes_number": notes[row.source_id]["creditnote_number"],
                "credited_date": row.date,
                "amount_applied": row.amount,
            }
            for row in rows
        ]
    )


def release_one(source: Source, side: str, message: str) -> Callable[[Incoming], Answer]:
    """Give the handler that takes one row back; `side` is whose id stands in the path."""

    def handler(call: Incoming) -> Answer:
        row = call.organization.applied.row(call.ids[1])
        owner = getattr(row, side, None)
        if row is None or row.source != source or owner != call.ids[0]:
            raise not_found("The applied amount", call.organization.quirks.not_found_status)
        release(call.organization, [row], call.actor)
        touch_source(call.organization, source, row.source_id, call.actor)
        invoice = call.organization.tables["invoices"].records[row.invoice_id]
        moved(call.organization, invoice["customer_id"], call.actor)
        return done(message)

    return handler


def _invoice(organization: Organization, record: Fields, invoice_id: str) -> Fields:
    """Give an invoice that may be paid by a record: of the same customer and currency, and open."""
    if not invoice_id:
        raise bad_value("invoice_id")
    invoice = organization.find("invoices", invoice_id, "Invoice")
    if invoice["customer_id"] != record["customer_id"]:
        raise bad_value("invoice_id")
    if invoice["currency_id"] != record["currency_id"]:
        raise bad_value("currency_id")
    if invoice["status"] == "void":
        raise wrong_status("Nothing can be applied to a void invoice.")
    drafts = organization.quirks.payments_on_drafts and "payment_id" in record
    if invoice["status"] == "draft" and not drafts:
        raise wrong_status("The invoice has to be sent before anything is applied to it.")
    return invoice


def _check_balance(
    invoice: Fields, amount: Decimal, plan: list[Applied], freed: list[Applied]
) -> None:
    invoice_id = invoice["invoice_id"]
    freed_here = settled_by([row for row in freed if row.invoice_id == invoice_id])
    planned_here = settled_by([row for row in plan if row.invoice_id == invoice_id])
    if amount > invoice["balance"] + freed_here - planned_here:
        raise over_balance()


def _from_invoice(
    call: Incoming, source: Source, id_field: str, rows: list[Fields]
) -> list[Applied]:
    plan: list[Applied] = []
    for row in rows:
        record = call.organization.find(source, intake.text(row, id_field), "Credit")
        wanted = {**row, "invoice_id": call.ids[0]}
        plan += planned(call.organization, source, record, [wanted])
    return plan


def _payment_row(organization: Organization, row: Applied) -> Fields:
    payment = organization.tables["customerpayments"].records[row.source_id]
    return {
        "payment_id": row.source_id,
        "payment_number": payment["payment_number"],
        "invoice_id": row.invoice_id,
        "invoice_payment_id": row.applied_id,
        "payment_mode": payment["payment_mode"],
        "description": payment["description"],
        "date": payment["date"],
        "reference_number": payment["reference_number"],
        "exchange_rate": payment["exchange_rate"],
        "amount": row.amount,
        "tax_amount_withheld": row.tax_amount_withheld,
        "online_transaction_id": "",
        "is_single_invoice_payment": len(organization.applied.of_source(row.source_id)) == 1,
    }
