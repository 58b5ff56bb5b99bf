"""Credit notes: open from the start, closed when nothing of them is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import addresses, applying, documents, intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.comments import note
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.receivables import moved
from hub.sandbox.books.refusals import bad_value, in_use, over_credit, wrong_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

    Step = Callable[[Organization, Fields, Actor], None]

FORM = documents.Form("creditnotes", "creditnote", "CN-", 5, "Credit note")


def create(organization: Organization, fields: Fields, actor: Actor, query: Query) -> Fields:
    """Make a credit note, tied to an invoice where `invoice_id` stands in the query."""
    if fields.get("date") in (None, ""):
        raise bad_value("date")
    creditnote = documents.empty(organization, FORM) | {
        "status": "draft" if intake.flag(fields, "is_draft", default=False) else "open",
        "invoice_id": "",
        "balance": ZERO,
        "total_credits_used": ZERO,
        "total_refunded_amount": ZERO,
    }
    if query.get("invoice_id"):
        invoice = organization.find("invoices", query["invoice_id"], "Invoice")
        creditnote["invoice_id"] = invoice["invoice_id"]
    documents.write(organization, FORM, creditnote, fields, new=True)
    creditnote["salesperson_id"] = "-1"
    creditnote["salesperson_name"] = creditnote["salesperson_name"] or "Others"
    documents.number(organization, FORM, creditnote, fields, query)
    applying.balance_note(organization, creditnote)
    organization.add("creditnotes", creditnote, actor)
    note(organization, creditnote["creditnote_id"], actor, "Credit note created", "Added")
    moved(organization, creditnote["customer_id"], actor)
    return creditnote


def change(organization: Organization, creditnote: Fields, fields: Fields, actor: Actor) -> None:
    if creditnote["status"] == "void":
        raise wrong_status("A void credit note cannot be edited.")
    with organization.changing("creditnotes", creditnote, actor):
        documents.write(organization, FORM, creditnote, fields, new=False)
        documents.renumber(organization, FORM, creditnote, fields)
        applying.balance_note(organization, creditnote)
        if creditnote["balance"] < 0:
            raise over_credit()
    note(organization, creditnote["creditnote_id"], actor, "Credit note updated")
    moved(organization, creditnote["customer_id"], actor)


def remove(organization: Organization, creditnote: Fields, actor: Actor) -> None:
    """Delete a credit note of which nothing was used or paid back."""
    if creditnote["total_credits_used"] or creditnote["total_refunded_amount"]:
        raise in_use("The credit note")
    organization.remove("creditnotes", creditnote, actor)
    moved(organization, creditnote["customer_id"], actor)


def step(status: str, *, allowed_from: tuple[str, ...]) -> Step:
    """Give the step that takes a credit note to a status."""

    def take(organization: Organization, creditnote: Fields, actor: Actor) -> None:
        if creditnote["status"] not in allowed_from:
            raise wrong_status(
                f"A credit note that is {creditnote['status']} cannot be marked as {status}."
            )
        if status == "void" and (
            creditnote["total_credits_used"] or creditnote["total_refunded_amount"]
        ):
            raise in_use("The credit note")
        with organization.changing("creditnotes", creditnote, actor):
            creditnote["status"] = status
        moved(organization, creditnote["customer_id"], actor)

    return take


mark_open = step("open", allowed_from=("draft", "open"))
mark_draft = step("draft", allowed_from=("void",))
void = step("void", allowed_from=("draft", "open"))


def email(organization: Organization, creditnote: Fields, actor: Actor) -> None:
    with organization.changing("creditnotes", creditnote, actor):
        creditnote["is_emailed"] = True


def apply(call: Incoming) -> Answer:
    """POST /creditnotes/{id}/invoices."""
    organization = call.organization
    creditnote = organization.find("creditnotes", call.ids[0], "Credit note")
    plan = applying.planned(
        organization, "creditnotes", creditnote, intake.rows(call.fields(), "invoices")
    )
    if not plan:
        raise bad_value("invoices")
    applying.check_free(organization, plan)
    applying.apply(organization, plan, call.actor)
    applying.touch_source(organization, "creditnotes", call.ids[0], call.actor)
    moved(organization, creditnote["customer_id"], call.actor)
    return done(
        "Credits have been applied to the invoice(s).",
        apply_to_invoices={
            "invoices": [
                {"invoice_id": row.invoice_id, "amount_applied": row.amount} for row in plan
            ]
        },
    )


def invoices_of(call: Incoming) -> Answer:
    """GET /creditnotes/{id}/invoices."""
    creditnote = call.organization.find("creditnotes", call.ids[0], "Credit note")
    return done(invoices_credited=_credited(call.organization, creditnote))


def detail(organization: Organization, creditnote: Fields) -> Fields:
    """Show a credit note in full."""
    refunds = organization.refunds.get(creditnote["creditnote_id"], {})
    return documents.detail(organization, FORM, creditnote) | {
        "current_sub_status": creditnote["status"],
        "invoices_credited": _credited(organization, creditnote),
        "creditnote_refunds": list(refunds.values()),
    }


def row(organization: Organization, creditnote: Fields) -> Fields:
    """Show a credit note in a list: no lines, no custom fields."""
    return documents.in_row(organization, creditnote, _ROW) | {
        "current_sub_status": creditnote["status"],
        "billing_address": addresses.in_row(creditnote["billing_address"]),
    }


def _credited(organization: Organization, creditnote: Fields) -> list[Fields]:
    invoices = organization.tables["invoices"].records
    return [
        {
            "creditnote_id": creditnote["creditnote_id"],
            "invoice_id": row.invoice_id,
            "creditnote_invoice_id": row.applied_id,
            "date": row.date,
            "invoice_number": invoices[row.invoice_id]["invoice_number"],
            "creditnote_number": creditnote["creditnote_number"],
            "credited_amount": row.amount,
        }
        for row in organization.applied.of_source(creditnote["creditnote_id"])
    ]


def _passes(_: Organization, creditnote: Fields, wanted: str) -> bool | None:
    status = wanted.removeprefix("Status.").lower()
    known = ("open", "draft", "closed", "void")
    return bool(creditnote["status"] == status) if status in known else None


_ROW = (
    "creditnote_id", "creditnote_number", "status", "reference_number", "date", "total",
    "balance", "bcy_total", "customer_id", "currency_id", "currency_code", "currency_symbol",
    "exchange_rate", "is_emailed", "has_attachment", "salesperson_id", "salesperson_name",
    "created_time", "last_modified_time",
)  # fmt: skip

KIND = Kind(
    name="creditnotes",
    key="creditnote",
    id_field="creditnote_id",
    called="Credit note",
    scope="creditnotes",
    report="Credit Notes",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(
        column="created_time",
        descending=True,
        allowed=(
            "customer_name", "creditnote_number", "balance", "total", "date", "created_time",
        ),
    ),
    filters=Filters(
        texts=(
            "creditnote_number", "reference_number", "customer_id", "customer_name", "status",
            "item_id", "item_name", "item_description", "tax_id",
        ),
        numbers=("total",),
        dates=("date",),
        search=("creditnote_number", "reference_number", "customer_name"),
        by=_passes,
        derived={
            "customer_name": documents.customer_name,
            "item_id": documents.of_lines("item_id"),
            "item_name": documents.of_lines("name"),
            "item_description": documents.of_lines("description"),
            "tax_id": documents.of_lines("tax_id"),
        },
    ),
    created_message="The credit note has been created.",
    changed_message="The credit note has been updated.",
    removed_message="The credit note has been deleted.",
)  # fmt: skip
