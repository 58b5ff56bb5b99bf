"""What the played Books works out by itself: the codes of currencies, the sums of invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.flows.money import ZERO, amount_of, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.known import Key

TAXES = {"VAT 23": 23, "VAT 6": 6}
"""In percent; the id of each is its name."""


def reckoned(key: Key, record: dict[str, Any]) -> dict[str, Any]:
    """Fill in what Books works out by itself."""
    if key[1] in ("contacts", "invoices", "creditnotes") and record.get("currency_id"):
        record = {**record, "currency_code": record["currency_id"]}
    return _added_up(key, record) if key[1] == "invoices" else record


def _added_up(key: Key, invoice: dict[str, Any]) -> dict[str, Any]:
    """Add an invoice up; one that says its total itself is taken at its word."""
    base = {"invoice_number": f"INV-{key[2]}", "status": "draft", **invoice}
    if "line_items" in base:
        currency = str(base.get("currency_code", ""))
        nets = [_net(line, currency) for line in base["line_items"]]
        taxes = [
            rounded(net * TAXES.get(str(line.get("tax_id")), 0) / 100, currency)
            for net, line in zip(nets, base["line_items"], strict=True)
        ]
        total = sum([*nets, *taxes, amount_of(base.get("adjustment")) or ZERO], ZERO)
        base |= {"sub_total": sum(nets, ZERO), "tax_total": sum(taxes, ZERO), "total": total}
    return {**base, "balance": base.get("balance", base.get("total", ZERO))}


def _net(line: Mapping[str, Any], currency: str) -> Decimal:
    price = rounded(_amount(line, "quantity") * _amount(line, "rate"), currency)
    discount = line.get("discount") or ZERO
    if isinstance(discount, str) and discount.endswith("%"):
        return price - rounded(price * Decimal(discount[:-1]) / 100, currency)
    return price - (amount_of(discount) or ZERO)


def _amount(line: Mapping[str, Any], name: str) -> Decimal:
    return amount_of(line.get(name)) or ZERO
