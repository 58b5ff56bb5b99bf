"""Customer payments: one for many invoices; what is not applied stays with the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import applying, custom_fields, documents, intake
from hub.sandbox.books.amounts import ZERO, rounded
from hub.sandbox.books.applied import money_of
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.receivables import moved, refunded, unused_of
from hub.sandbox.books.refusals import bad_value, in_use, over_credit
from hub.sandbox.books.words import formatted

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

REFERENCE_LENGTH_MAX = 100
MODES = (
    "check", "cash", "creditcard", "banktransfer", "bankremittance", "autotransaction", "others",
)  # fmt: skip


def create(organization: Organization, fields: Fields, actor: Actor, _: Query) -> Fields:
    """Record a payment and apply it to the invoices it names."""
    contact = documents.customer(organization, intake.text(fields, "customer_id"))
    for name in ("amount", "date", "payment_mode"):
        if fields.get(name) in (None, ""):
            raise bad_value(name)
    payment = {
        "payment_id": organization.new_id(),
        "payment_number": "",
        "payment_mode": "",
        "payment_status": "paid",
        "date": "",
        "amount": ZERO,
        "bank_charges": ZERO,
        "reference_number": "",
        "description": "",
        "customer_id": contact["contact_id"],
        "account_id": organization.accounts["Undeposited Funds"],
        "online_transaction_id": "",
        "custom_field_hash": {},
    }
    payment |= documents.exchange_rate(
        organization, _currency(organization, contact, fields), fields
    )
    _write(organization, payment, fields, before=None)
    plan = applying.planned(
        organization, "customerpayments", payment, intake.rows(fields, "invoices")
    )
    if money_of(plan) > payment["amount"]:
        raise over_credit()
    payment["payment_number"] = str(organization.next_number("customerpayments"))
    # What is applied comes first: the rules that hear of the payment are shown its invoices.
    applying.apply(organization, plan, actor)
    organization.add("customerpayments", payment, actor)
    moved(organization, payment["customer_id"], actor)
    return payment


def change(organization: Organization, payment: Fields, fields: Fields, actor: Actor) -> None:
    """Change a payment; `invoices` that are sent replace what it was applied to."""
    before = organization.applied.of_source(payment["payment_id"])
    plan = before
    with organization.changing("customerpayments", payment, actor):
        payment |= documents.exchange_rate(organization, payment["currency_id"], fields, payment)
        _write(organization, payment, fields, before=payment)
        if "invoices" in fields:
            rows = intake.rows(fields, "invoices")
            plan = applying.planned(organization, "customerpayments", payment, rows, before)
        returned = refunded(organization, payment["payment_id"])
        if money_of(plan) + returned > payment["amount"]:
            raise over_credit()
        if "invoices" in fields:
            applying.release(organization, before, actor)
            applying.apply(organization, plan, actor)
    moved(organization, payment["customer_id"], actor)


def remove(organization: Organization, payment: Fields, actor: Actor) -> None:
    """Delete a payment: what it paid is open again."""
    if organization.refunds.get(payment["payment_id"]):
        raise in_use("The payment")
    applying.release(organization, organization.applied.of_source(payment["payment_id"]), actor)
    organization.remove("customerpayments", payment, actor)
    moved(organization, payment["customer_id"], actor)


def remove_many(call: Incoming) -> Answer:
    """DELETE /customerpayments?payment_id=a,b&bulk_delete=true."""
    wanted = [one for one in call.query.get("payment_id", "").split(",") if one]
    if not wanted or call.query.get("bulk_delete") != "true":
        raise bad_value("payment_id")
    payments = [call.organization.find("customerpayments", one, "Payment") for one in wanted]
    for payment in payments:
        remove(call.organization, payment, call.actor)
    return done("The selected customer payments have been deleted.")


def detail(organization: Organization, payment: Fields) -> Fields:
    """Show a payment in full: its stamp of change is called `updated_time` here."""
    contact = organization.tables["contacts"].records[payment["customer_id"]]
    shown = {
        name: value
        for name, value in payment.items()
        if name not in ("last_modified_time", "price_precision")
    } | {
        "customer_name": contact["contact_name"],
        "email": contact["email"],
        "account_name": organization.account_name(payment["account_id"]),
        "unused_amount": unused_of(organization, payment),
        "amount_refunded": refunded(organization, payment["payment_id"]),
        "bcy_amount": rounded(payment["amount"] * payment["exchange_rate"]),
        "invoices": _invoices(organization, payment),
        "payment_refunds": list(organization.refunds.get(payment["payment_id"], {}).values()),
        "updated_time": payment["last_modified_time"],
        **custom_fields.shown(organization, "customerpayments", payment),
    }
    return shown | formatted(shown, payment["currency_symbol"], payment["price_precision"])


def row(organization: Organization, payment: Fields) -> Fields:
    """Show a payment in a list: numbers of invoices as one text, no custom fields."""
    contact = organization.tables["contacts"].records[payment["customer_id"]]
    invoices = _invoices(organization, payment)
    return {name: payment[name] for name in _ROW} | {
        "customer_name": contact["contact_name"],
        "account_name": organization.account_name(payment["account_id"]),
        "invoice_numbers": ", ".join(one["invoice_number"] for one in invoices),
        "applied_invoices": [{name: one[name] for name in _APPLIED} for one in invoices],
        "unused_amount": unused_of(organization, payment),
        "bcy_amount": rounded(payment["amount"] * payment["exchange_rate"]),
    }


def _currency(organization: Organization, contact: Fields, fields: Fields) -> str:
    """Give the currency: that of the first invoice that is paid, or the customer's."""
    for row in intake.rows(fields, "invoices"):
        invoice_id = intake.text(row, "invoice_id")
        return str(organization.find("invoices", invoice_id, "Invoice")["currency_id"])
    return intake.text(fields, "currency_id") or str(contact["currency_id"])


def _write(
    organization: Organization, payment: Fields, fields: Fields, before: Fields | None
) -> None:
    payment["amount"] = intake.number(fields, "amount", payment["amount"])
    if payment["amount"] <= 0:
        raise bad_value("amount")
    payment["date"] = intake.day(fields, "date", payment["date"])
    payment["payment_mode"] = intake.text(fields, "payment_mode", payment["payment_mode"])
    if payment["payment_mode"].lower().replace(" ", "") not in MODES:
        raise bad_value("payment_mode")
    payment["bank_charges"] = intake.number(fields, "bank_charges", payment["bank_charges"])
    payment["reference_number"] = intake.text(
        fields, "reference_number", payment["reference_number"], length_max=REFERENCE_LENGTH_MAX
    )
    payment["description"] = intake.text(fields, "description", payment["description"])
    payment["account_id"] = intake.text(fields, "account_id", payment["account_id"])
    if payment["account_id"] not in organization.accounts.values():
        raise bad_value("account_id")
    payment["custom_field_hash"] = custom_fields.taken(
        organization, "customerpayments", fields, before
    )


def _invoices(organization: Organization, payment: Fields) -> list[Fields]:
    invoices = organization.tables["invoices"].records
    return [
        {
            "invoice_id": row.invoice_id,
            "invoice_number": invoices[row.invoice_id]["invoice_number"],
            "invoice_payment_id": row.applied_id,
            "amount_applied": row.amount,
            "tax_amount_withheld": row.tax_amount_withheld,
            "total": invoices[row.invoice_id]["total"],
            "balance": invoices[row.invoice_id]["balance"],
            "date": invoices[row.invoice_id]["date"],
            "due_date": invoices[row.invoice_id]["due_date"],
        }
        for row in organization.applied.of_source(payment["payment_id"])
    ]


def _passes(_: Organization, payment: Fields, wanted: str) -> bool | None:
    mode = wanted.removeprefix("PaymentMode.").lower()
    return str(payment["payment_mode"]).lower() == mode if mode in MODES else None


_APPLIED = ("invoice_id", "invoice_number", "invoice_payment_id", "amount_applied")
_ROW = (
    "payment_id", "payment_number", "payment_mode", "payment_status", "date", "amount",
    "customer_id", "account_id", "reference_number", "description", "currency_id",
    "currency_code", "currency_symbol", "exchange_rate", "created_time", "last_modified_time",
)  # fmt: skip

KIND = Kind(
    name="customerpayments",
    key="payment",
    id_field="payment_id",
    called="Payment",
    scope="customerpayments",
    report="Customer Payments",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(
        column="date",
        descending=True,
        allowed=("date", "amount", "created_time", "reference_number", "customer_name"),
    ),
    filters=Filters(
        texts=("customer_id", "customer_name", "reference_number", "notes", "payment_mode"),
        numbers=("amount",),
        dates=("date",),
        search=("reference_number", "customer_name", "description"),
        by=_passes,
        derived={
            "customer_name": documents.customer_name,
            "notes": lambda _, payment: payment["description"],
        },
    ),
    applied_filter="PaymentType.All",
    created_message="The payment from the customer has been recorded",
    changed_message="The details of the payment received from the customer have been updated",
    removed_message="The payment has been deleted.",
)  # fmt: skip
