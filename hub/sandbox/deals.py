"""Made-up sales: what was sold to a customer, and how far it has come."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.customers import Product  # noqa: TC001 - the structs below need it
from hub.sandbox.mess import happens

if TYPE_CHECKING:
    from random import Random

OPEN_STAGES = (
    "Qualification", "Needs Analysis", "Value Proposition", "Identify Decision Makers",
    "Proposal/Price Quote", "Negotiation/Review",
)  # fmt: skip
WON, LOST = "Closed Won", "Closed Lost"
CLOSED = (WON, LOST, "Closed Lost to Competition")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a product in a deal, a quote or an invoice."""

    product: Product
    quantity: int

    @property
    def amount(self) -> Decimal:
        return self.product.price * self.quantity


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """A sale, as far as it has come."""

    lines: list[Line]
    outcome: str
    days_ago: int
    quoted: bool

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal())


def deals(random: Random, goods: list[Product]) -> list[Deal]:
    """Make up what one customer was offered or has bought."""
    return [_one(random, goods) for _ in range(random.choice((0, 1, 1, 2, 3)))]


def _one(random: Random, goods: list[Product]) -> Deal:
    outcome = random.choice((*OPEN_STAGES, WON, WON, WON, LOST))
    closed = outcome in (WON, LOST)
    return Deal(
        lines=[
            Line(product=product, quantity=random.randrange(1, 12))
            for product in random.sample(goods, random.choice((1, 1, 2, 4)))
        ],
        outcome=outcome,
        days_ago=random.randrange(1, 200) if closed else -random.randrange(1, 90),
        quoted=happens(random, 0.5),
    )
