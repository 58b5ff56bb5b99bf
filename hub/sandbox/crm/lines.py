"""The line items of a document: which rows there are after a write, and what they come to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.refusal import invalid_data, invalid_id
from hub.sandbox.crm.values import checked, rounded

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record

Fields = dict[str, Any]

_WORKED_OUT = ("Total", "Total_After_Discount", "Tax", "Net_Total")


def rows_after(
    org: Organisation, subform: str, written: list[Any], old: Record | None, path: str
) -> list[Fields]:
    """Give the rows after a write: a row that is told its id stays, one that is not there goes."""
    before = {row["id"]: row for row in (old.get(subform) if old else None) or ()}
    rows: list[Fields] = []
    for n, sent in enumerate(written):
        at = f"{path}[{n}]"
        if not isinstance(sent, dict):
            raise invalid_data(api_name=subform, json_path=at, expected_data_type="jsonobject")
        if (row_id := sent.get("id")) is not None and row_id not in before:
            raise invalid_id(api_name="id", json_path=f"{at}.id")
        if "_delete" in sent:
            continue
        rows.append(_row(org, subform, sent, before.get(row_id or "", {}), at))
    for n, row in enumerate(rows, 1):
        row["Sequence_Number"] = n
    return rows


def totals(org: Organisation, fields: Fields, subform: str) -> Fields:
    """Work out a document: its rows, then its sums."""
    rows = [_worked_out(org, row) for row in fields.get(subform) or ()]
    sub_total = sum((row["Total_After_Discount"] for row in rows), Decimal())
    discount = _discount(fields.get("Discount"), sub_total)
    taxed = sum((row["Tax"] for row in rows), Decimal())
    whole = sum((org.taxes[one].percent for one in fields.get("$line_tax") or ()), Decimal())
    tax = taxed + rounded((sub_total - discount) * whole / 100)
    adjustment = fields.get("Adjustment") or Decimal()
    return {
        subform: rows,
        "Sub_Total": sub_total,
        "Tax": tax,
        "Grand_Total": sub_total - discount + tax + adjustment,
    }


def _row(org: Organisation, subform: str, sent: Fields, old: Fields, path: str) -> Fields:
    fields = org.modules[subform].fields
    row = dict.fromkeys(fields) | old
    row["id"] = old.get("id") or org.new_id()
    for name, field in fields.items():
        if field.read_only or (name not in sent and not (field.mandatory and not old)):
            continue
        row[name] = checked(org, field, sent.get(name), f"{path}.{name}")
    product = org.find(row["Product_Name"])
    if row["List_Price"] is None:
        row["List_Price"] = (product and product.get("Unit_Price")) or Decimal()
    row["Unit_Price"] = product.get("Unit_Price") if product else None
    if row["Quantity"] is None:
        row["Quantity"] = Decimal(1)
    return row


def _worked_out(org: Organisation, row: Fields) -> Fields:
    total = rounded(row["Quantity"] * row["List_Price"])
    after = total - _discount(row["Discount"], total)
    tax = sum((share for _, share in line_taxes(org, row, after)), Decimal())
    return row | dict(zip(_WORKED_OUT, (total, after, tax, after + tax), strict=True))


def line_taxes(org: Organisation, row: Fields, base: Decimal) -> list[tuple[str, Decimal]]:
    """Give each tax of a row with what it comes to."""
    taxes = row.get("Line_Tax") or ()
    return [(one, rounded(base * org.taxes[one].percent / 100)) for one in taxes]


def _discount(said: Decimal | str | None, base: Decimal) -> Decimal:
    """Work out a discount, which is an amount or a share such as `5%`."""
    if isinstance(said, str):
        return rounded(base * Decimal(said.rstrip("%")) / 100)
    return said or Decimal()
