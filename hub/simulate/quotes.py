"""What sales offers for a deal in CRM: a quote of several lines, with discounts and taxes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground

ACCEPTED, OFFERED = "Confirmed", "Delivered"
TAXES = ("VAT 23", "VAT 6", None)
"""Which taxes lines bear; in Books, they have the same names."""

_PRODUCTS = ("Survey", "Setup", "Training")


def lines_of(ground: Ground, random: Random) -> list[Fields]:
    """Give the lines of a quote."""
    return [_line(ground, random) for _ in range(random.randrange(1, 4))]


def net_of(lines: Sequence[Fields]) -> Decimal:
    """Give what they come to without taxes: that is what the deal is of."""
    return sum((one["Quantity"] * one["List_Price"] - one["Discount"] for one in lines), Decimal(0))


def offer(ground: Ground, random: Random, deal: Fields, lines: Sequence[Fields]) -> None:
    """Make a deal's quote, which most customers accept."""
    fields = {
        "Subject": f"{deal['Deal_Name']} quote",
        "Quote_Stage": random.choice((ACCEPTED, ACCEPTED, OFFERED)),
        "Deal_Name": {"id": deal["id"]},
        "Account_Name": deal["Account_Name"],
        "Quoted_Items": list(lines),
    }
    ground.crm.act("create", "Quotes", "", fields)


def _line(ground: Ground, random: Random) -> Fields:
    tax = random.choice(TAXES)
    price = Decimal(random.randrange(100, 20_000)) / 100
    return {
        "Product_Name": {"id": random.choice(_products(ground))["id"]},
        "Quantity": Decimal(random.randrange(1, 6)),
        "List_Price": price,
        "Discount": random.choice((Decimal(0), Decimal(0), Decimal(1), price / 10)).quantize(
            Decimal("0.01")
        ),
        "Line_Tax": [] if tax is None else [{"name": tax}],
    }


def _products(ground: Ground) -> list[Fields]:
    """Give what is sold; it is entered when it is first asked for."""
    if not ground.rows("crm", "Products"):
        for name in _PRODUCTS:
            ground.crm.put("Products", {"Product_Name": name, "Unit_Price": 100})
    return ground.rows("crm", "Products")
