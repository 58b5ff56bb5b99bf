"""P16: what documents come to: their lines, without taxes, and their tax and total."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hub.simulate.quotes import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground

CENT = Decimal("0.01")


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says itself, or is to say."""

    lines: list[Decimal]
    tax: Decimal = Decimal(0)
    total: Decimal

    def is_as(self, said: Sums) -> bool:
        """Tell whether these are what a source says; taxes are rounded per line, or at the end."""
        most = CENT * len(said.lines)
        return (
            self.lines == said.lines
            and abs(self.tax - said.tax) <= most
            and abs(self.total - said.total) <= most
        )

    def __str__(self) -> str:
        lines = " + ".join(map(str, self.lines))
        return f"{lines}, a tax of {self.tax}, {self.total} in all"


def of_invoice(invoice: Fields) -> Sums:
    return Sums(
        lines=_amounts(one["item_total"] for one in invoice["line_items"]),
        tax=_amount(invoice["tax_total"]),
        total=_amount(invoice["total"]),
    )


def of_deal(ground: Ground, deal: Fields) -> Sums:
    """Give what the quote says that was accepted; without one it is the deal's amount."""
    for quote in ground.rows("crm", "Quotes"):
        whose = (quote["Deal_Name"] or {}).get("id")
        if whose == deal["id"] and quote["Quote_Stage"] == ACCEPTED:
            return Sums(
                lines=_amounts(one["Total_After_Discount"] for one in quote["Quoted_Items"]),
                tax=_amount(quote["Tax"]),
                total=_amount(quote["Grand_Total"]),
            )
    return _alone(deal["Amount"])


def of_ticket(ticket: Fields) -> Sums:
    """Give what its hours come to."""
    said = ticket["cf"]
    return _alone(Decimal(said["cf_billed_hours"]) * Decimal(said["cf_hourly_rate"]))


def of_opportunity(ground: Ground, opportunity: Fields) -> Sums:
    """Give what its line items say; without any it is its amount."""
    lines = [
        one["TotalPrice"]
        for one in ground.rows("salesforce", "OpportunityLineItem")
        if one["OpportunityId"] == opportunity["Id"]
    ]
    if not lines:
        return _alone(opportunity["Amount"])
    amounts = _amounts(lines)
    return Sums(lines=amounts, total=sum(amounts, Decimal(0)))


def _alone(amount: object) -> Sums:
    return Sums(lines=[_amount(amount)], total=_amount(amount))


def _amounts(found: Iterable[object]) -> list[Decimal]:
    return sorted(map(_amount, found))


def _amount(found: object) -> Decimal:
    return Decimal(str(found)).quantize(CENT)
