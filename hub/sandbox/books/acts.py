"""What people do at the vendor's own screens: make, edit, and press buttons."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hub.errors import Refused
from hub.sandbox.books import (
    applying,
    contacts,
    creditnotes,
    custom_fields,
    estimates,
    intake,
    invoices,
    items,
    payments,
    refunds,
    settings,
)
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.hooks import webhooks
from hub.sandbox.books.organization import Actor, Organization
from hub.sandbox.books.receivables import unused_of
from hub.sandbox.books.refusals import Declined
from hub.sandbox.books.routes import KINDS
from hub.sandbox.system import Fields

if TYPE_CHECKING:
    from collections.abc import Iterator

Button = Callable[[Organization, Fields, Fields, Actor], None]
HOOKS = ("webhooks", "workflows")


def act(
    organization: Organization,
    act: str,
    kind: str,
    record_id: str,
    details: Fields,
    *,
    actor: Actor,
) -> Fields:
    """Press a button; gives the record as it is then, or was when it is gone."""
    if act == "create":
        return create(organization, kind, details, actor)
    with _in_words():
        if act == "subscribe":
            return webhooks.shown(webhooks.subscribe(organization, details, actor))
        if act == "add_custom_field":
            return _add_custom_field(organization, kind, details)
        return _press(organization, act, kind, record_id, details=details, actor=actor)


def create(organization: Organization, kind: str, fields: Fields, actor: Actor) -> Fields:
    """Make a record; `status` may say that a document was sent already."""
    _check_kind(kind, tuple(KINDS))
    fields = dict(fields)
    number = fields.get(f"{KINDS[kind].key}_number")
    query = {"ignore_auto_number_generation": "true"} if number else {}
    if kind in ("invoices", "estimates") and fields.pop("status", "") == "sent":
        query["send"] = "true"
    with _in_words():
        made = KINDS[kind].create(organization, fields, actor, query)
        return KINDS[kind].detail(organization, made)


def edit(
    organization: Organization, kind: str, record_id: str, fields: Fields, actor: Actor
) -> Fields:
    """Change a record's fields."""
    _check_kind(kind, (*KINDS, "organizations", "users"))
    with _in_words():
        if kind == "organizations":
            settings.change_organization(organization, fields)
            return settings.organization_detail(organization)
        record = organization.find(kind, record_id, kind)
        if kind == "users":
            settings.change_user(organization, record, fields, actor)
            return settings.user_detail(record)
        KINDS[kind].change(organization, record, fields, actor)
        return KINDS[kind].detail(organization, record)


def _press(
    organization: Organization,
    act: str,
    kind: str,
    record_id: str,
    *,
    details: Fields,
    actor: Actor,
) -> Fields:
    _check_kind(kind, (*KINDS, *HOOKS))
    record = organization.find(kind, record_id, kind)
    if act == "delete":
        return _delete(organization, kind, record, actor)
    buttons = BUTTONS.get(kind, {})
    if act not in buttons:
        known = ", ".join([*buttons, "delete"])
        raise Refused(f"act: expected one of {known} for {kind}, found {act!r}.")
    buttons[act](organization, record, details, actor)
    return KINDS[kind].detail(organization, record)


def _delete(organization: Organization, kind: str, record: Fields, actor: Actor) -> Fields:
    if kind in HOOKS:
        organization.remove(kind, record, actor)
        return webhooks.shown(record)
    was = KINDS[kind].detail(organization, record)
    KINDS[kind].remove(organization, record, actor)
    return was


def _check_kind(kind: str, known: tuple[str, ...]) -> None:
    if kind not in known:
        raise Refused(f"kind: expected one of {', '.join(known)}, found {kind!r}.")


def _pay(organization: Organization, invoice: Fields, details: Fields, actor: Actor) -> None:
    """Record a payment for an invoice: of the whole balance unless `amount` says less."""
    amount = intake.number(details, "amount", invoice["balance"])
    payments.create(
        organization,
        {
            "customer_id": invoice["customer_id"],
            "payment_mode": details.get("payment_mode", "banktransfer"),
            "amount": amount,
            "date": details.get("date", organization.today().isoformat()),
            "reference_number": details.get("reference_number", ""),
            "exchange_rate": invoice["exchange_rate"],
            "invoices": [
                {
                    "invoice_id": invoice["invoice_id"],
                    "amount_applied": min(amount, invoice["balance"]),
                }
            ],
        },
        actor,
        {},
    )


def _apply(organization: Organization, creditnote: Fields, details: Fields, actor: Actor) -> None:
    """Apply a credit note to the invoice that `invoice_id` names."""
    amount = intake.number(details, "amount", creditnote["balance"])
    row = {"invoice_id": details.get("invoice_id"), "amount_applied": amount}
    plan = applying.planned(organization, "creditnotes", creditnote, [row])
    applying.check_free(organization, plan)
    applying.apply(organization, plan, actor)
    applying.touch_source(organization, "creditnotes", creditnote["creditnote_id"], actor)


def _refund(side: refunds.Side) -> Button:
    def press(organization: Organization, record: Fields, details: Fields, actor: Actor) -> None:
        free = record.get("balance", ZERO)
        if side.source == "customerpayments":
            free = unused_of(organization, record)
        entered = {
            "date": organization.today().isoformat(),
            "amount": Decimal(free),
            "from_account_id": organization.accounts["Bank"],
            **details,
        }
        refunds.refund(organization, side, record, entered, actor)

    return press


def _plain(step: Callable[[Organization, Fields, Actor], None]) -> Button:
    return lambda organization, record, _, actor: step(organization, record, actor)


def _status(set_status: Callable[[Organization, Fields, str, Actor], None], status: str) -> Button:
    return lambda organization, record, _, actor: set_status(organization, record, status, actor)


def _add_custom_field(organization: Organization, kind: str, details: Fields) -> Fields:
    if kind not in KINDS or not details.get("label"):
        raise Refused("add_custom_field: expected a kind of record, and a label in the details.")
    made = custom_fields.define(
        organization,
        kind,
        str(details["label"]),
        data_type=str(details.get("data_type", "string")),
        unique=bool(details.get("unique", False)),
    )
    return msgspec.structs.asdict(made)


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in a sentence what an API call would have been answered with."""
    try:
        yield
    except Declined as declined:
        code = declined.answer.body["code"]
        raise Refused(f"Books refuses it with code {code}: {declined}") from declined


BUTTONS: dict[str, dict[str, Button]] = {
    "contacts": {
        "active": _status(contacts.set_status, "active"),
        "inactive": _status(contacts.set_status, "inactive"),
    },
    "items": {
        "active": _status(items.set_status, "active"),
        "inactive": _status(items.set_status, "inactive"),
    },
    "invoices": {
        "send": _plain(invoices.mark_sent),
        "email": _plain(invoices.email),
        "view": _plain(invoices.view),
        "pay": _pay,
        "void": _plain(invoices.void),
        "draft": _plain(invoices.mark_draft),
        "write_off": _plain(invoices.write_off),
        "cancel_write_off": _plain(invoices.cancel_write_off),
    },
    "estimates": {
        "send": _plain(estimates.mark_sent),
        "accept": _plain(estimates.accept),
        "decline": _plain(estimates.decline),
    },
    "creditnotes": {
        "open": _plain(creditnotes.mark_open),
        "void": _plain(creditnotes.void),
        "draft": _plain(creditnotes.mark_draft),
        "apply": _apply,
        "refund": _refund(refunds.OF_CREDITNOTES),
    },
    "customerpayments": {"refund": _refund(refunds.OF_PAYMENTS)},
}
