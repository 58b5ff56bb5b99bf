"""The lines of a document: what a caller sends of them, and what the item fills in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.books import arithmetic, intake, taxes
from hub.sandbox.books.amounts import ZERO, rounded, tidy
from hub.sandbox.books.refusals import bad_value

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Organization
    from hub.sandbox.system import Fields

TEXTS = (
    "header_name",
    "tax_exemption_id",
    "hsn_or_sac",
    "project_id",
    "invoice_id",
    "invoice_item_id",
)


def write(
    organization: Organization, key: str, document: Fields, fields: Fields, *, new: bool
) -> None:
    """Put the lines that are sent on a document.

    A line without a known `line_item_id` is a new one, and one that is not sent is gone.
    """
    if "line_items" not in fields and not new:
        return
    rows = intake.rows(fields, "line_items")
    if not rows:
        raise bad_value("line_items")
    known = {line["line_item_id"]: line for line in document["line_items"]}
    document["line_items"] = [
        _line(
            organization,
            key,
            document,
            row,
            before=known.get(str(row.get("line_item_id"))),
            order=order,
        )
        for order, row in enumerate(rows, start=1)
    ]


def counted(document: Fields) -> list[arithmetic.Line]:
    """Give the lines as the arithmetic takes them."""
    return [
        arithmetic.Line(
            quantity=line["quantity"],
            rate=line["rate"],
            discount=discount(line["discount"]),
            taxes=line["_taxes"],
        )
        for line in document["line_items"]
    ]


def with_totals(line: Fields, added: arithmetic.LineTotals, exchange_rate: Decimal) -> Fields:
    """Write on a line what it comes to; a tax's own `tax_amount` stands per tax alone."""
    return {
        **line,
        "item_total": added.item_total,
        "discount_amount": added.discount_amount,
        "bcy_rate": rounded(line["rate"] * exchange_rate),
        "line_item_taxes": [
            {
                "tax_id": tax.tax_id,
                "tax_name": f"{tax.tax_name} ({tax.percentage}%)",
                "tax_amount": added.taxes[tax.tax_id],
            }
            for tax in line["_taxes"]
        ],
    }


def shown(document: Fields) -> list[Fields]:
    """Give the lines as callers see them."""
    return [
        {name: value for name, value in line.items() if name != "_taxes"}
        for line in document["line_items"]
    ]


def read_discount(value: Any) -> Decimal | str:
    """Read a discount; a percentage stays the text it came as."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    amount = intake.decimal(str(value).strip().rstrip("%") if percent else value, "discount")
    if amount < 0 or (percent and amount > 100):  # noqa: PLR2004 - percent
        raise bad_value("discount")
    return f"{amount}%" if percent else amount


def discount(value: Decimal | str) -> arithmetic.Discount:
    if isinstance(value, str):
        return arithmetic.Discount(value=Decimal(value.rstrip("%")), percent=True)
    return arithmetic.Discount(value=value)


def _line(
    organization: Organization,
    key: str,
    document: Fields,
    row: Fields,
    *,
    before: Fields | None,
    order: int,
) -> Fields:
    item = _item(organization, row, before)
    line = before or _from_item(organization, document, item)
    if before and item and item["item_id"] != before["item_id"]:
        line = _from_item(organization, document, item) | {"line_item_id": before["line_item_id"]}
    if not item and not before:
        _check_complete(key, row)
    tax_id = intake.text(row, "tax_id", line["tax_id"])
    on_line = taxes.on_line(organization, tax_id)
    tax = organization.tables["taxes"].records.get(tax_id, {})
    return {
        **line,
        "line_item_id": line.get("line_item_id") or organization.new_id(),
        "name": intake.text(row, "name", line["name"]),
        "description": intake.text(row, "description", line["description"], length_max=2000),
        "rate": intake.number(row, "rate", line["rate"]),
        "quantity": _quantity(row, line),
        "unit": intake.text(row, "unit", line["unit"]),
        "discount": read_discount(row["discount"]) if row.get("discount") else line["discount"],
        "account_id": intake.text(row, "account_id", line["account_id"]),
        "item_order": intake.whole(row, "item_order", order),
        **{name: intake.text(row, name, line.get(name, "")) for name in TEXTS},
        "tax_id": tax_id,
        "tax_name": tax.get("tax_name", ""),
        "tax_type": tax.get("tax_type", ""),
        "tax_percentage": taxes.percentage(on_line),
        "_taxes": on_line,
    }


def _item(organization: Organization, row: Fields, before: Fields | None) -> Fields:
    item_id = intake.text(row, "item_id", before["item_id"] if before else "")
    if not item_id:
        return {}
    if item_id not in organization.tables["items"].records:
        raise bad_value("item_id")
    return organization.tables["items"].records[item_id]


def _from_item(organization: Organization, document: Fields, item: Fields) -> Fields:
    """Begin a line with what its item says; the rate goes over into the document's currency."""
    rate = item.get("rate", ZERO)
    if document["currency_id"] != organization.base_currency()["currency_id"]:
        rate = rounded(rate / document["exchange_rate"], document["price_precision"])
    return {
        "item_id": item.get("item_id", ""),
        "name": item.get("name", ""),
        "description": item.get("description", ""),
        "rate": tidy(rate),
        "unit": item.get("unit", ""),
        "quantity": Decimal(1),
        "discount": ZERO,
        "account_id": item.get("account_id", organization.accounts["Sales"]),
        "product_type": item.get("product_type", ""),
        "item_type": item.get("item_type", ""),
        "tax_id": item.get("tax_id", ""),
        "purchase_rate": "",
        "tags": [],
    }


def _check_complete(key: str, row: Fields) -> None:
    """Refuse a line that neither names an item nor says enough by itself."""
    if key == "creditnote" and not row.get("account_id"):
        raise bad_value("item_id")
    if key != "creditnote" and not row.get("name") and not row.get("description"):
        raise bad_value("item_id")
    if row.get("rate") in (None, ""):
        raise bad_value("rate")


def _quantity(row: Fields, line: Fields) -> Decimal:
    quantity = intake.number(row, "quantity", line["quantity"])
    if quantity < 0:
        raise bad_value("quantity")
    return quantity
