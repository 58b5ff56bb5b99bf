"""Refunds: what of a credit note, or of a payment's unused rest, is paid back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.sandbox.books import intake, lists
from hub.sandbox.books.amounts import ZERO, rounded
from hub.sandbox.books.applying import touch_source
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.receivables import moved, unused_of
from hub.sandbox.books.refusals import bad_value, not_found, over_credit, wrong_status

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from hub.sandbox.books.applied import Source
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

    Handler = Callable[[Incoming], Answer]

TEXTS = ("refund_mode", "reference_number", "description", "from_account_id")


@dataclass(frozen=True, kw_only=True)
class Side:
    """Whose refunds they are, and how the vendor speaks of them."""

    source: Source
    id_field: str
    number_field: str
    refund_id: str
    one: str
    many: str
    called: str
    made: str
    changed: str
    removed: str


OF_CREDITNOTES = Side(
    source="creditnotes",
    id_field="creditnote_id",
    number_field="creditnote_number",
    refund_id="creditnote_refund_id",
    one="creditnote_refund",
    many="creditnote_refunds",
    called="Credit note",
    made="The credit note amount is refunded successfully.",
    changed="The credit note refund is updated successfully.",
    removed="The refund has been successfully deleted.",
)
OF_PAYMENTS = Side(
    source="customerpayments",
    id_field="payment_id",
    number_field="payment_number",
    refund_id="payment_refund_id",
    one="payment_refund",
    many="payment_refunds",
    called="Payment",
    made="The refund information for this payment has been saved.",
    changed="The refund information has been saved.",
    removed="The refund has been deleted.",
)


def add(side: Side) -> Handler:
    """Give the handler that pays something back."""

    def handler(call: Incoming) -> Answer:
        record = _record(call, side)
        made = refund(call.organization, side, record, call.fields(), call.actor)
        return done(side.made, **_shown(side, made))

    return handler


def refund(
    organization: Organization, side: Side, record: Fields, fields: Fields, actor: Actor
) -> Fields:
    """Pay back what a payment or credit note still has."""
    if record.get("status") in ("draft", "void"):
        raise wrong_status(f"A credit note that is {record['status']} cannot be refunded.")
    made = _read(organization, side, record, fields, None)
    if made["amount"] > _free(organization, side, record):
        raise over_credit()
    _keep(organization, side, record, made, actor)
    return made


def get(side: Side) -> Handler:
    def handler(call: Incoming) -> Answer:
        return done(**_shown(side, _find(call, side)))

    return handler


def change(side: Side) -> Handler:
    def handler(call: Incoming) -> Answer:
        record, known = _record(call, side), _find(call, side)
        made = _read(call.organization, side, record, call.fields(), known)
        if made["amount"] > _free(call.organization, side, record) + known["amount"]:
            raise over_credit()
        _keep(call.organization, side, record, made, call.actor)
        return done(side.changed, **_shown(side, made))

    return handler


def remove(side: Side) -> Handler:
    def handler(call: Incoming) -> Answer:
        record, known = _record(call, side), _find(call, side)
        del call.organization.refunds[call.ids[0]][known[side.refund_id]]
        touch_source(call.organization, side.source, call.ids[0], call.actor)
        moved(call.organization, record["customer_id"], call.actor)
        return done(side.removed)

    return handler


def listed(side: Side) -> Handler:
    """Give the handler that lists the refunds of one record."""

    def handler(call: Incoming) -> Answer:
        record = _record(call, side)
        rows = _rows(call.organization, side, record)
        return _page(call, side, rows)

    return handler


def listed_all(side: Side) -> Handler:
    """Give the handler that lists all refunds, or those of the contact in the path."""

    def handler(call: Incoming) -> Answer:
        records = call.organization.tables[side.source].records.values()
        rows = [
            row
            for record in records
            if not call.ids or record["customer_id"] == call.ids[0]
            for row in _rows(call.organization, side, record)
        ]
        return _page(call, side, rows)

    return handler


def _read(
    organization: Organization, side: Side, record: Fields, fields: Fields, before: Fields | None
) -> Fields:
    known = before or {
        side.refund_id: organization.new_id(),
        side.id_field: record[side.id_field],
        "date": "",
        "amount": ZERO,
        "exchange_rate": record["exchange_rate"],
        **dict.fromkeys(TEXTS, ""),
    }
    made = {
        **known,
        "date": intake.day(fields, "date", known["date"]),
        "amount": intake.number(fields, "amount", known["amount"]),
        "exchange_rate": intake.number(fields, "exchange_rate", known["exchange_rate"]),
        **{name: intake.text(fields, name, known[name]) for name in TEXTS},
    }
    for name in ("date", "from_account_id"):
        if not made[name]:
            raise bad_value(name)
    if made["amount"] <= 0:
        raise bad_value("amount")
    return made


def _free(organization: Organization, side: Side, record: Fields) -> Decimal:
    if side.source == "customerpayments":
        return unused_of(organization, record)
    free: Decimal = record["balance"]
    return free


def _keep(
    organization: Organization, side: Side, record: Fields, made: Fields, actor: Actor
) -> None:
    known = organization.refunds.setdefault(record[side.id_field], {})
    known[made[side.refund_id]] = made
    touch_source(organization, side.source, record[side.id_field], actor)
    moved(organization, record["customer_id"], actor)


def _record(call: Incoming, side: Side) -> Fields:
    return call.organization.find(side.source, call.ids[0], side.called)


def _find(call: Incoming, side: Side) -> Fields:
    _record(call, side)
    known = call.organization.refunds.get(call.ids[0], {}).get(call.ids[1])
    if known is None:
        raise not_found("Refund", call.organization.quirks.not_found_status)
    return known


def _shown(side: Side, made: Fields) -> Fields:
    """Show one refund; a payment's comes as a list of one."""
    return {side.many: [made]} if side.source == "customerpayments" else {side.one: made}


def _rows(organization: Organization, side: Side, record: Fields) -> list[Fields]:
    contact = organization.tables["contacts"].records[record["customer_id"]]
    return [
        {
            **made,
            side.number_field: record[side.number_field],
            "customer_name": contact["contact_name"],
            "amount_fcy": made["amount"],
            "amount_bcy": rounded(made["amount"] * made["exchange_rate"]),
        }
        for made in organization.refunds.get(record[side.id_field], {}).values()
    ]


def _page(call: Incoming, side: Side, rows: list[Fields]) -> Answer:
    page, context = lists.paged(rows, call.query, "Refunds")
    return done(**{side.many: page}, page_context=context)
