"""Lines of one place, worked out and held against what their record and the source say.

Lines that do not add up are not used: that is found here, before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.flows.document.line import Line, discount_of, line_of, shared, slack, tax_expected
from hub.flows.document.tax import taxes_of
from hub.flows.document.value import NotMade, value_of
from hub.flows.money import ZERO, NotMoney, amount_of, rounded, shown
from hub.flows.steps import ABSENT

if TYPE_CHECKING:
    from hub.flows.flow import Lines, LinesNeed, Value

Names: TypeAlias = Mapping[str, Any]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The lines, the place they come from, and what they come to."""

    called: str
    record: str
    """The id of the record that has them."""
    lines: list[dict[str, Any]]
    currency: str
    net: Decimal
    tax: Decimal | None
    """None: nobody says what it comes to."""
    adjustment: Decimal

    @property
    def total(self) -> Decimal | None:
        return None if self.tax is None else self.net + self.tax + self.adjustment

    def named(self) -> dict[str, Any]:
        """Give what a flow may read of them under `lines`."""
        names = ("called", "record", "currency", "net", "tax", "adjustment", "total")
        said = {name: getattr(self, name) for name in names}
        known = {name: one for name, one in said.items() if one is not None}
        return {**known, "count": len(self.lines)}


class NoLines(msgspec.Struct, frozen=True, kw_only=True):
    """Why there are none to be used; `unread` is a record whose own list was never read."""

    why: str
    unread: str = ""


def taken(
    place: Lines, need: LinesNeed, names: Names, record: Mapping[str, Any], rows: Sequence[Any]
) -> Taken:
    """Work the rows of a record out; raise NotMade where they do not add up."""
    at_hand = {**names, "it": record}
    currency = str(_word(need.currency, names) or "")
    whole = {name: _word(value, at_hand) for name, value in place.whole.items()}
    _check_currency(place, whole, currency)
    lines = _lines(place, at_hand, rows, whole, currency)
    result = Taken(
        called=place.called,
        record=str(record.get("id", "")),
        lines=[line.named() for line in lines],
        currency=currency,
        net=sum((line.net for line in lines), ZERO),
        tax=_tax(lines, whole, currency),
        adjustment=amount_of(whole.get("adjustment")) or ZERO,
    )
    _check_tax(result, lines)
    _check_total(result, amount_of(whole.get("total")))
    _check_net(result, amount_of(_word(need.net, names)))
    return result


def _lines(
    place: Lines, at_hand: Names, rows: Sequence[Any], whole: Names, currency: str
) -> list[Line]:
    taxes = taxes_of(whole.get("taxes"))
    lines = []
    for number, row in enumerate(rows, start=1):
        try:
            said = {
                name: value_of(one, {**at_hand, "row": row}) for name, one in place.fields.items()
            }
            lines.append(line_of(said, currency, taxes))
        except (NotMade, NotMoney) as error:
            raise NotMade(f"{place.called}, line {number}: {error}.") from error
    off = discount_of(whole.get("discount"), sum((one.net for one in lines), ZERO), currency)
    return shared(lines, off, currency)


def _tax(lines: Sequence[Line], whole: Names, currency: str) -> Decimal | None:
    """Give what the source says of tax; where it says nothing, what its percents come to."""
    said = amount_of(whole.get("tax"))
    if said is not None:
        return said
    each = [line.tax for line in lines]
    if None not in each:
        return sum((one for one in each if one is not None), ZERO)
    expected = tax_expected(lines)
    return None if expected is None else rounded(expected, currency)


def _check_currency(place: Lines, whole: Names, currency: str) -> None:
    said = whole.get("currency")
    if said and currency and said != currency:
        raise NotMade(f"{place.called}: expected it in {currency}, found it in {said}.")


def _check_tax(result: Taken, lines: Sequence[Line]) -> None:
    """Find a tax that is taken otherwise: before a discount, or with other prices than these."""
    expected = tax_expected(lines)
    if expected is None or result.tax is None:
        return
    if abs(expected - result.tax) > slack(lines, result.currency):
        raise NotMade(
            f"{result.called}: expected a tax of {_money(result, expected)} on its lines after "
            f"all discounts, found {_money(result, result.tax)}."
        )


def _check_total(result: Taken, said: Decimal | None) -> None:
    if None not in (said, result.total) and said != result.total:
        raise NotMade(
            f"{result.called}: expected its lines and taxes to come to its total "
            f"{_money(result, said)}, found {_money(result, result.total)}."
        )


def _check_net(result: Taken, said: Decimal | None) -> None:
    found = result.net + result.adjustment
    if said is None or said == found:
        return
    gross = ", which is their sum with tax" if said == result.total else ""
    raise NotMade(
        f"{result.called}: its lines come to {_money(result, found)} without tax, but the source "
        f"says {_money(result, said)}{gross}: correct one of them."
    )


def _money(result: Taken, amount: Decimal | None) -> str:
    return shown(rounded(amount or ZERO, result.currency), result.currency)


def _word(value: Value | None, names: Names) -> Any:
    found = value_of(value, names) if value else None
    return None if found is ABSENT else found
