"""How an invoice stands on a day.

What is overdue follows the day that is handed in, never a vendor's status: nothing is said when a
date passes. An invoice is settled by at least what it says of itself, and by at least what payments
and credit notes say that they settled of it: whichever was read later knows more.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.flows.figures.documents import amount, currency_of, settled
from hub.flows.money import ZERO, amount_of

if TYPE_CHECKING:
    from hub.flows.figures.documents import Documents, Record

NOT_ISSUED = frozenset({"draft", "pending_approval", "approved", "rejected"})
"""Statuses of an invoice that its customer was never sent."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice on a day."""

    status: str
    """Draft, Sent, Partly paid, Paid, Overdue, Void or Written off."""
    total: Decimal
    balance: Decimal
    currency: str = ""
    days_overdue: int = 0
    """Whole days since it was due; 0 as long as it is not overdue."""


def standings(documents: Documents, today: date) -> list[Standing]:
    """Tell how each invoice stands."""
    by_others = settled(documents)
    return [
        _standing(one, by_others.get(str(one.get("invoice_id")), ZERO), today)
        for one in documents.invoices
    ]


def in_one_word(found: list[Standing]) -> str | None:
    """Say how several invoices stand together: what most needs looking at decides."""
    words = {one.status for one in found}
    if words & {"Sent", "Partly paid"} and "Overdue" not in words:
        return "Partly paid" if words & {"Partly paid", "Paid"} else "Sent"
    return next((word for word in _BY_NEED if word in words), None)


_BY_NEED = ("Overdue", "Draft", "Written off", "Paid", "Void")


def _standing(invoice: Record, by_others: Decimal, today: date) -> Standing:
    total = amount(invoice, "total")
    gone = by_others + amount(invoice, "write_off_amount")
    stated = amount_of(invoice.get("balance"))
    if stated is not None:
        gone = max(gone, total - stated)
    status = _status(invoice, gone, today)
    balance = ZERO if status == "Void" else max(total - gone, ZERO)
    return Standing(
        status=status,
        total=total,
        balance=balance,
        currency=currency_of(invoice),
        days_overdue=(today - date.fromisoformat(invoice["due_date"])).days
        if status == "Overdue"
        else 0,
    )


def _status(invoice: Record, gone: Decimal, today: date) -> str:
    """Say how an invoice stands; one of which something was paid is a draft no more."""
    status = str(invoice.get("status", "")).lower()
    if status == "void":
        return "Void"
    if status in NOT_ISSUED and not gone:
        return "Draft"
    if gone >= amount(invoice, "total"):
        return "Written off" if amount(invoice, "write_off_amount") else "Paid"
    if (due := invoice.get("due_date")) and date.fromisoformat(due) < today:
        return "Overdue"
    return "Partly paid" if gone else "Sent"
