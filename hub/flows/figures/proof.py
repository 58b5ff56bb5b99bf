"""The proof of the ledger: what was invoiced, less all that was taken off it, is what is open."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.flows.figures.documents import (
    WITHHELD,
    amount,
    applied_rows,
    credits_used,
    payment_used,
    total,
)
from hub.flows.money import shown

if TYPE_CHECKING:
    from hub.flows.figures.documents import Documents


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Two sums over the documents of one currency, which must be the same."""

    currency: str
    owed: Decimal
    """Totals less what credits, payments, withheld tax and write-offs took off them."""
    balances: Decimal
    """What the invoices themselves say is open."""

    @property
    def holds(self) -> bool:
        return self.owed == self.balances

    @property
    def sentence(self) -> str:
        owed, balances = shown(self.owed, self.currency), shown(self.balances, self.currency)
        if self.holds:
            return f"The invoices' balances add up: {owed}."
        return (
            f"Invoices less credits, payments, withheld tax and write-offs come to {owed}, "
            f"but the invoices' balances to {balances}: read this customer's documents anew."
        )


def proof(documents: Documents, currency: str) -> Proof:
    """Hold the documents of one currency against the identity; drafts count, void ones do not."""
    documents = documents.in_currency(currency)
    invoices = [one for one in documents.invoices if one.get("status") != "void"]
    taken = (
        total(map(credits_used, documents.creditnotes))
        + total(map(payment_used, documents.paid))
        + total(amount(row, WITHHELD) for row in applied_rows(documents))
        + total(amount(one, "write_off_amount") for one in invoices)
    )
    return Proof(
        currency=currency,
        owed=total(amount(one, "total") for one in invoices) - taken,
        balances=total(amount(one, "balance") for one in invoices),
    )
