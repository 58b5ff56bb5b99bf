"""What was applied to which invoice, by which payment or credit note: one ledger for both.

All of `payment_made`, `credits_applied`, `unused_amount` and a credit note's balance follow from
these rows, so they cannot disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.sandbox.books.amounts import ZERO, tidy

if TYPE_CHECKING:
    from decimal import Decimal

Source = Literal["customerpayments", "creditnotes"]


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """One row: so much of a payment or credit note went to an invoice on a day."""

    applied_id: str
    source: Source
    source_id: str
    invoice_id: str
    amount: Decimal
    date: str
    tax_amount_withheld: Decimal = ZERO


class Ledger:
    """All rows, found from either side."""

    def __init__(self) -> None:
        self._rows: dict[str, Applied] = {}
        self._of_invoice: dict[str, dict[str, None]] = {}
        self._of_source: dict[str, dict[str, None]] = {}

    def add(self, row: Applied) -> None:
        self._rows[row.applied_id] = row
        self._of_invoice.setdefault(row.invoice_id, {})[row.applied_id] = None
        self._of_source.setdefault(row.source_id, {})[row.applied_id] = None

    def take(self, applied_id: str) -> Applied:
        """Take a row away; what it covered is free again."""
        row = self._rows.pop(applied_id)
        del self._of_invoice[row.invoice_id][applied_id]
        del self._of_source[row.source_id][applied_id]
        return row

    def row(self, applied_id: str) -> Applied | None:
        return self._rows.get(applied_id)

    def of_invoice(self, invoice_id: str, source: Source | None = None) -> list[Applied]:
        rows = [self._rows[one] for one in self._of_invoice.get(invoice_id, ())]
        return [row for row in rows if source in (None, row.source)]

    def of_source(self, source_id: str) -> list[Applied]:
        return [self._rows[one] for one in self._of_source.get(source_id, ())]


def money_of(rows: list[Applied]) -> Decimal:
    """Add up the money that was applied."""
    return tidy(sum((row.amount for row in rows), ZERO))


def settled_by(rows: list[Applied]) -> Decimal:
    """Add up what is settled: a tax that was withheld is no money, but settles too."""
    return tidy(sum((row.amount + row.tax_amount_withheld for row in rows), ZERO))
