"""A customer's documents as Books has them, and what each of them says in money.

A record may be known by a row of a list alone, which says less: then it is read as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.flows.money import ZERO, amount_of

if TYPE_CHECKING:
    from decimal import Decimal

Record: TypeAlias = Mapping[str, Any]

WITHHELD = "tax_amount_withheld"


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that figures are about."""

    invoices: Sequence[Record] = ()
    payments: Sequence[Record] = ()
    creditnotes: Sequence[Record] = ()

    def of_invoice(self, invoice: str) -> Documents:
        """Give one invoice alone, with what was applied to it: of a payment, that share."""
        return Documents(
            invoices=[one for one in self.invoices if one.get("invoice_id") == invoice],
            payments=[
                _share(one, invoice) for one in self.payments if _names(paid_by(one), invoice)
            ],
            creditnotes=[one for one in self.creditnotes if _names(credited_by(one), invoice)],
        )

    def in_currency(self, currency: str) -> Documents:
        """Give those of one currency alone."""
        kinds = (self.invoices, self.payments, self.creditnotes)
        one, two, three = ([row for row in kind if currency_of(row) == currency] for kind in kinds)
        return Documents(invoices=one, payments=two, creditnotes=three)

    @property
    def currencies(self) -> list[str]:
        kinds = (self.invoices, self.payments, self.creditnotes)
        return sorted({currency_of(one) for kind in kinds for one in kind} - {""})

    @property
    def paid(self) -> list[Record]:
        """The payments that came in; one that failed or is under way says so."""
        return [one for one in self.payments if one.get("payment_status") in (None, "", "paid")]


def settled(documents: Documents) -> dict[str, Decimal]:
    """Add up, per invoice, what payments and credit notes say that they settled of it."""
    sums: dict[str, Decimal] = {}
    for row in applied_rows(documents):
        invoice = str(row.get("invoice_id"))
        sums[invoice] = sums.get(invoice, ZERO) + applied(row) + amount(row, WITHHELD)
    return sums


def applied_rows(documents: Documents) -> list[Record]:
    """Give everything that was applied to invoices: by payments, then by credit notes."""
    rows = [row for one in documents.paid for row in paid_by(one)]
    return rows + [row for one in documents.creditnotes for row in credited_by(one)]


def payment_used(payment: Record) -> Decimal:
    """Give how much of a payment settled invoices."""
    if rows := paid_by(payment):
        return total(map(applied, rows))
    refunded = amount(payment, "amount_refunded")
    return amount(payment, "amount") - amount(payment, "unused_amount") - refunded


def payment_unused(payment: Record) -> Decimal:
    said = amount_of(payment.get("unused_amount"))
    if said is not None:
        return said
    refunded = amount(payment, "amount_refunded")
    return amount(payment, "amount") - payment_used(payment) - refunded


def credits_used(creditnote: Record) -> Decimal:
    """Give how much of a credit note settled invoices."""
    said = amount_of(creditnote.get("total_credits_used"))
    if said is not None or creditnote.get("status") in ("draft", "void"):
        return said or ZERO
    refunded = amount(creditnote, "total_refunded_amount")
    return amount(creditnote, "total") - amount(creditnote, "balance") - refunded


def paid_by(payment: Record) -> Sequence[Record]:
    """Give what a payment was applied to; a row of a list calls it otherwise."""
    return payment.get("invoices") or payment.get("applied_invoices") or ()


def credited_by(creditnote: Record) -> Sequence[Record]:
    return creditnote.get("invoices_credited") or ()


def applied(row: Record) -> Decimal:
    return amount(row, "amount_applied") + amount(row, "credited_amount")


def currency_of(record: Record) -> str:
    return str(record.get("currency_code") or "")


def amount(record: Record, name: str) -> Decimal:
    """Give the amount in a field; what is not said counts as nothing."""
    return amount_of(record.get(name)) or ZERO


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _share(payment: Record, invoice: str) -> Record:
    """Give a payment as far as it went to one invoice."""
    went = total(applied(row) for row in paid_by(payment) if row.get("invoice_id") == invoice)
    return {**payment, "amount": went, "unused_amount": payment_unused(payment)}


def _names(rows: Iterable[Record], invoice: str) -> bool:
    return any(row.get("invoice_id") == invoice for row in rows)
