"""Estimates, which the vendor's screens call quotes: sent, accepted or declined, then invoiced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import documents, intake
from hub.sandbox.books.amounts import ZERO, tidy
from hub.sandbox.books.comments import note
from hub.sandbox.books.kinds import Filters, Kind, Order, Query
from hub.sandbox.books.refusals import bad_value, wrong_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields

    Step = Callable[[Organization, Fields, Actor], None]

FORM = documents.Form("estimates", "estimate", "QT-", 6, "Estimate")


def create(organization: Organization, fields: Fields, actor: Actor, query: Query) -> Fields:
    """Make an estimate: a draft, or sent at once with `send=true`."""
    estimate = documents.empty(organization, FORM) | {
        "expiry_date": "",
        "accepted_date": "",
        "declined_date": "",
        "invoiced_amount": ZERO,
        "uninvoiced_amount": ZERO,
        "invoice_ids": [],
    }
    _write(organization, estimate, fields, new=True)
    documents.number(organization, FORM, estimate, fields, query)
    if query.get("send") == "true":
        estimate["status"] = "sent"
    organization.add("estimates", estimate, actor)
    note(organization, estimate["estimate_id"], actor, "Quote created", "Added")
    return estimate


def change(organization: Organization, estimate: Fields, fields: Fields, actor: Actor) -> None:
    with organization.changing("estimates", estimate, actor):
        _write(organization, estimate, fields, new=False)
        documents.renumber(organization, FORM, estimate, fields)
    note(organization, estimate["estimate_id"], actor, "Quote updated")


def remove(organization: Organization, estimate: Fields, actor: Actor) -> None:
    organization.remove("estimates", estimate, actor)


def status_of(organization: Organization, estimate: Fields) -> str:
    """Give the status on this day: one that was only sent expires by the clock alone."""
    expiry = estimate["expiry_date"]
    if estimate["status"] == "sent" and expiry and expiry < organization.today().isoformat():
        return "expired"
    return str(estimate["status"])


def mark_sent(organization: Organization, estimate: Fields, actor: Actor) -> None:
    if estimate["status"] == "invoiced":
        raise wrong_status("An invoiced quote cannot be marked as sent.")
    with organization.changing("estimates", estimate, actor):
        estimate["status"] = "sent"


def email(organization: Organization, estimate: Fields, actor: Actor) -> None:
    """Send an estimate by e-mail: a draft becomes sent by it."""
    with organization.changing("estimates", estimate, actor):
        estimate["is_emailed"] = True
        if estimate["status"] == "draft":
            estimate["status"] = "sent"


def answered(status: str) -> Step:
    """Give the step that records the customer's answer; only what was sent can be answered."""

    def take(organization: Organization, estimate: Fields, actor: Actor) -> None:
        if estimate["status"] != "sent":
            raise wrong_status(f"Only a quote that was sent can be marked as {status}.")
        with organization.changing("estimates", estimate, actor):
            estimate["status"] = status
            estimate[f"{status}_date"] = organization.today().isoformat()

    return take


accept = answered("accepted")
decline = answered("declined")


def to_invoice(organization: Organization, fields: Fields) -> Fields | None:
    """Give the estimate that an invoice is made of, if any; its lines are taken when none came."""
    estimate_id = intake.text(fields, "invoiced_estimate_id")
    if not estimate_id:
        return None
    estimate = organization.tables["estimates"].records.get(estimate_id)
    if estimate is None:
        raise bad_value("invoiced_estimate_id")
    if "line_items" not in fields:
        fields["line_items"] = [_as_entered(line) for line in estimate["line_items"]]
    fields.setdefault("customer_id", estimate["customer_id"])
    return estimate


def invoiced(organization: Organization, estimate: Fields, invoice: Fields, actor: Actor) -> None:
    """Note that an invoice was made of an estimate."""
    with organization.changing("estimates", estimate, actor):
        estimate["status"] = "invoiced"
        estimate["invoice_ids"] = [*estimate["invoice_ids"], invoice["invoice_id"]]
        estimate["invoiced_amount"] = tidy(estimate["invoiced_amount"] + invoice["total"])
        rest = estimate["total"] - estimate["invoiced_amount"]
        estimate["uninvoiced_amount"] = max(tidy(rest), ZERO)


def detail(organization: Organization, estimate: Fields) -> Fields:
    """Show an estimate in full, as it stands today."""
    status = status_of(organization, estimate)
    return documents.detail(organization, FORM, estimate) | {
        "status": status,
        "current_sub_status": status,
    }


def row(organization: Organization, estimate: Fields) -> Fields:
    """Show an estimate in a list."""
    status = status_of(organization, estimate)
    return documents.in_row(organization, estimate, _ROW) | {
        "status": status,
        "current_sub_status": status,
    }


def _write(organization: Organization, estimate: Fields, fields: Fields, *, new: bool) -> None:
    documents.write(organization, FORM, estimate, fields, new=new)
    estimate["expiry_date"] = intake.day(fields, "expiry_date", estimate["expiry_date"])
    rest = tidy(estimate["total"] - estimate["invoiced_amount"])
    estimate["uninvoiced_amount"] = max(rest, ZERO)


def _as_entered(line: Fields) -> Fields:
    """Give what of a line is copied to another document."""
    names = ("item_id", "name", "description", "rate", "quantity", "unit", "tax_id", "discount")
    return {name: line[name] for name in names if line[name] != ""}


def _passes(organization: Organization, estimate: Fields, wanted: str) -> bool | None:
    status = wanted.removeprefix("Status.").lower()
    known = ("draft", "sent", "accepted", "declined", "expired", "invoiced")
    return status_of(organization, estimate) == status if status in known else None


_ROW = (
    "estimate_id", "estimate_number", "reference_number", "customer_id", "date", "expiry_date",
    "accepted_date", "declined_date", "currency_id", "currency_code", "exchange_rate", "total",
    "bcy_total", "is_emailed", "is_viewed_by_client", "client_viewed_time", "has_attachment",
    "salesperson_id", "salesperson_name", "zcrm_potential_id", "created_time",
    "last_modified_time",
)  # fmt: skip

KIND = Kind(
    name="estimates",
    key="estimate",
    id_field="estimate_id",
    called="Estimate",
    scope="estimates",
    report="Estimates",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=row,
    order=Order(
        column="created_time",
        descending=True,
        allowed=("customer_name", "estimate_number", "date", "total", "created_time"),
    ),
    filters=Filters(
        texts=(
            "estimate_number", "reference_number", "customer_id", "customer_name", "status",
            "zcrm_potential_id", "item_id", "item_name", "item_description",
        ),
        numbers=("total",),
        dates=("date", "expiry_date"),
        search=("estimate_number", "reference_number", "customer_name"),
        by=_passes,
        derived={
            "customer_name": documents.customer_name,
            "status": status_of,
            "item_id": documents.of_lines("item_id"),
            "item_name": documents.of_lines("name"),
            "item_description": documents.of_lines("description"),
        },
    ),
    created_message="The quote has been created.",
    changed_message="Quote information has been updated.",
    removed_message="The estimate has been deleted.",
)  # fmt: skip
