"""The arithmetic of a document: from lines, discounts and taxes to totals. Nothing else is here.

With prices that include tax, a line's `item_total` is what is left without it, and without a
discount the total is the sum of the prices to the cent: the rounding falls on `sub_total`.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.books.amounts import ZERO, rounded, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

HUNDRED = Decimal(100)


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """One tax; a group stands on a line as the taxes it is made of."""

    tax_id: str
    tax_name: str
    percentage: Decimal
    compound: bool = False
    """It is taken on the price and the other taxes together."""


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    value: Decimal = ZERO
    percent: bool = False

    def of(self, base: Decimal, places: int) -> Decimal:
        """Give the money that it takes off a base."""
        return rounded(base * self.value / HUNDRED if self.percent else self.value, places)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    quantity: Decimal
    rate: Decimal
    discount: Discount = Discount()
    taxes: Sequence[Tax] = ()


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed for the document as a whole."""

    places: int = 2
    discount: Discount = Discount()
    discount_type: str = "entity_level"
    discount_before_tax: bool = True
    tax_included: bool = False
    tax_rounding: str = "entity_level"
    shipping_charge: Decimal = ZERO
    adjustment: Decimal = ZERO


class LineTotals(msgspec.Struct, frozen=True, kw_only=True):
    item_total: Decimal
    discount_amount: Decimal
    taxes: dict[str, Decimal]
    """What each tax comes to on this line, rounded for show."""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    lines: list[LineTotals]
    sub_total: Decimal
    discount_total: Decimal
    tax_total: Decimal
    taxes: dict[str, Decimal]
    total: Decimal


class _Worked(msgspec.Struct, frozen=True, kw_only=True):
    """A line on its way: nothing is rounded but what the document shows."""

    gross: Decimal
    net: Decimal
    discount_amount: Decimal
    taxes: dict[str, Decimal]


def totals(lines: Sequence[Line], terms: Terms) -> Totals:
    """Add a document up."""
    with localcontext(prec=60):
        worked = [_work(line, terms) for line in lines]
        sub_total = _sub_total(worked, terms)
        discount = _entity_discount(sub_total, terms)
        share = _left_to_tax(sub_total, discount, terms)
        taxes = _taxes(worked, share, terms)
        tax_total = sum(taxes.values(), ZERO)
        if terms.discount_type == "entity_level" and not terms.discount_before_tax:
            discount = terms.discount.of(sub_total + tax_total, terms.places)
        return Totals(
            lines=[_shown(line, share, terms.places) for line in worked],
            sub_total=tidy(sub_total),
            discount_total=tidy(discount + sum((line.discount_amount for line in worked), ZERO)),
            tax_total=tidy(tax_total),
            taxes=taxes,
            total=rounded(
                sub_total - discount + tax_total + terms.shipping_charge + terms.adjustment,
                terms.places,
            ),
        )


def _work(line: Line, terms: Terms) -> _Worked:
    price = line.quantity * line.rate
    off = ZERO
    if terms.discount_type == "item_level":
        off = line.discount.of(price, terms.places)
    gross = rounded(price - off, terms.places)
    net = gross / _factor(line.taxes) if terms.tax_included else gross
    return _Worked(gross=gross, net=net, discount_amount=off, taxes=_taxes_on(net, line.taxes))


def _factor(taxes: Sequence[Tax]) -> Decimal:
    """Give what a price of 1 comes to with all its taxes."""
    return 1 + sum(_taxes_on(Decimal(1), taxes).values(), ZERO)


def _taxes_on(net: Decimal, taxes: Sequence[Tax]) -> dict[str, Decimal]:
    simple = {tax.tax_id: net * tax.percentage / HUNDRED for tax in taxes if not tax.compound}
    base = net + sum(simple.values(), ZERO)
    compound = {tax.tax_id: base * tax.percentage / HUNDRED for tax in taxes if tax.compound}
    return simple | compound


def _sub_total(worked: Sequence[_Worked], terms: Terms) -> Decimal:
    gross = sum((line.gross for line in worked), ZERO)
    if not terms.tax_included:
        return gross
    return gross - sum(_taxes(worked, Decimal(1), terms).values(), ZERO)


def _entity_discount(sub_total: Decimal, terms: Terms) -> Decimal:
    if terms.discount_type != "entity_level":
        return ZERO
    return terms.discount.of(sub_total, terms.places)


def _left_to_tax(sub_total: Decimal, discount: Decimal, terms: Terms) -> Decimal:
    """Give the part of every line that is taxed, once the discount is spread over all."""
    if not sub_total or not terms.discount_before_tax:
        return Decimal(1)
    return (sub_total - discount) / sub_total


def _taxes(worked: Sequence[_Worked], share: Decimal, terms: Terms) -> dict[str, Decimal]:
    """Add up each tax; rounded once for the document, or on every line."""
    sums: dict[str, Decimal] = {}
    for line in worked:
        for tax_id, exact in line.taxes.items():
            amount = exact * share
            if terms.tax_rounding == "item_level":
                amount = rounded(amount, terms.places)
            sums[tax_id] = sums.get(tax_id, ZERO) + amount
    return {tax_id: rounded(amount, terms.places) for tax_id, amount in sums.items()}


def _shown(line: _Worked, share: Decimal, places: int) -> LineTotals:
    return LineTotals(
        item_total=rounded(line.net, places),
        discount_amount=tidy(line.discount_amount),
        taxes={tax_id: rounded(amount * share, places) for tax_id, amount in line.taxes.items()},
    )
