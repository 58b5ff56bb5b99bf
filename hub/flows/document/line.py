"""One line of a document: what is said of it, and what that comes to.

Money is rounded half up where it is shown: the price, the discount. A discount stays the percentage
that it was said as, where that comes to the same at the other side too, whose price is not rounded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.document.tax import Tax, taxes_of
from hub.flows.document.value import NotMade
from hub.flows.money import ZERO, amount_of, minor_unit, rounded, times
from hub.flows.steps import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HUNDRED = Decimal(100)
NEEDED = ("name", "quantity", "rate")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line, worked out; `said` has its further words: a description."""

    said: dict[str, Any]
    quantity: Decimal
    rate: Decimal
    discount: Decimal | str
    taxes: tuple[Tax, ...]
    tax: Decimal | None
    """What its taxes come to, where the source says that."""
    price: Decimal
    net: Decimal

    def named(self) -> dict[str, Any]:
        """Give what a flow may read of it."""
        taxes = [{"name": one.name, "percentage": one.percent} for one in self.taxes]
        known = {name: getattr(self, name) for name in ("quantity", "rate", "discount", "net")}
        tax = {} if self.tax is None else {"tax": self.tax}
        return {**self.said, **known, **tax, "taxes": taxes}


def line_of(said: Mapping[str, Any], currency: str, more_taxes: Sequence[Tax]) -> Line:
    """Work a line out of what is said of it; raise NotMade if that is no line."""
    for name in NEEDED:
        if said.get(name, ABSENT) in (ABSENT, None, ""):
            raise NotMade(f"expected a {name}, found none")
    quantity, rate = amount_of(said["quantity"]) or ZERO, amount_of(said["rate"]) or ZERO
    exact = times(quantity, rate)
    price = rounded(exact, currency)
    off = discount_of(said.get("discount"), price, currency)
    net = price - off
    return Line(
        said={name: value for name, value in said.items() if value not in (ABSENT, None, "")},
        quantity=quantity,
        rate=rate,
        discount=_as_said(said.get("discount"), exact, net, currency) or off,
        taxes=(*taxes_of(_word(said, "taxes")), *more_taxes),
        tax=amount_of(_word(said, "tax")),
        price=price,
        net=net,
    )


def discount_of(said: object, price: Decimal, currency: str) -> Decimal:
    """Give the money that a discount takes off a price: an amount, or a percentage of it."""
    percent = _percent_of(said)
    off = amount_of(said) if percent is None else times(price, percent) / HUNDRED
    off = rounded(off or ZERO, currency)
    if not min(price, ZERO) <= off <= max(price, ZERO):
        raise NotMade(f"expected a discount of no more than the price {price}, found {said}")
    return off


def shared(lines: Sequence[Line], off: Decimal, currency: str) -> list[Line]:
    """Take a discount on the whole off the lines, each its share; to the last minor unit."""
    if not off:
        return list(lines)
    whole = sum((line.net for line in lines), ZERO)
    if any(line.net < 0 for line in lines):
        raise NotMade("expected no line below zero beside a discount on the whole, found one")
    left, rest, shares = whole, off, []
    for line in lines:
        # What is left is shared out over what is left: so no cent is lost, and none is made.
        share = rounded(times(rest, line.net) / left, currency) if left else ZERO
        shares.append(share)
        left, rest = left - line.net, rest - share
    return [_less(line, share) for line, share in zip(lines, shares, strict=True)]


def tax_expected(lines: Sequence[Line]) -> Decimal | None:
    """Give what the lines' taxes come to by their percents; None if one is not known."""
    percents = [one.percent for line in lines for one in line.taxes]
    if None in percents:
        return None
    return sum(
        (times(line.net, one.percent or ZERO) / HUNDRED for line in lines for one in line.taxes),
        ZERO,
    )


def slack(lines: Sequence[Line], currency: str) -> Decimal:
    """Give by how much taxes may differ: one side rounds each line, the other the document."""
    return minor_unit(currency) * max(len(lines), 1)


def _less(line: Line, share: Decimal) -> Line:
    if not share:
        return line
    net = line.net - share
    return msgspec.structs.replace(line, net=net, discount=line.price - net)


def _as_said(said: object, exact: Decimal, net: Decimal, currency: str) -> str | None:
    percent = _percent_of(said)
    if not percent:
        return None
    off = rounded(times(exact, percent) / HUNDRED, currency)
    return f"{percent.normalize():f}%" if rounded(exact - off, currency) == net else None


def _percent_of(said: object) -> Decimal | None:
    if isinstance(said, str) and said.strip().endswith("%"):
        return amount_of(said.strip().removesuffix("%")) or ZERO
    return None


def _word(said: Mapping[str, Any], name: str) -> Any:
    found = said.get(name)
    return None if found is ABSENT else found
