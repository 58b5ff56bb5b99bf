"""Money: Decimal throughout, rounded half up, and written without needless zeros."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

ZERO = Decimal(0)
MONEY_MAX = Decimal(10) ** 15
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
"""Wide enough that no rate times a quantity is refused by the rounding itself."""


def rounded(amount: Decimal, places: int = 2) -> Decimal:
    """Round half up, as the vendor's `rounding_mode` says."""
    return tidy(amount.quantize(Decimal(1).scaleb(-places), context=_WIDE))


def tidy(amount: Decimal) -> Decimal:
    """Give the same number without trailing zeros and without an exponent."""
    if amount == amount.to_integral_value():
        return _WIDE.add(amount.quantize(Decimal(1), context=_WIDE), ZERO)
    return amount.normalize(_WIDE)


def shown(amount: Decimal, symbol: str, places: int) -> str:
    """Write an amount as the vendor's screens do: `€1,071.00`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{symbol}{abs(amount):,.{places}f}"
