"""Money: exact decimals, in the minor units of their currency. No float comes in, none is made."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from hub.errors import HubError

ZERO = Decimal(0)

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that no quantity times a rate loses a digit."""

_ODD = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""ISO 4217: the currencies whose amounts do not have two digits behind the point."""

_PLACES = {code: places for places, codes in _ODD.items() for code in codes.split()}


class NotMoney(HubError):
    """Something that stands where an amount should."""


def amount_of(value: object) -> Decimal | None:
    """Read a number as a vendor sends it; None where nothing is said: nothing, null or empty."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise NotMoney(f"expected an amount, found {value!r} ({type(value).__name__})")
    try:
        amount = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise NotMoney(f"expected an amount, found {value!r}")
    return amount


def places_of(currency: str) -> int:
    """Give the digits behind the point that an amount in this currency has."""
    return _PLACES.get(currency.upper(), 2)


def minor_unit(currency: str) -> Decimal:
    """Give the smallest amount there is in a currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    return Decimal(1).scaleb(-places_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up, as invoices are, to the minor unit."""
    return _WIDE.quantize(amount, minor_unit(currency))


def times(one: Decimal, other: Decimal) -> Decimal:
    """Multiply without losing a digit."""
    return _WIDE.multiply(one, other)


def shown(amount: Decimal, currency: str) -> str:
    """Write an amount for people: at least with its minor units, and with no digit left out."""
    least = places_of(currency)
    digits = max(least, -int(amount.normalize(_WIDE).as_tuple().exponent))
    return f"{amount:.{digits}f} {currency}".strip()
