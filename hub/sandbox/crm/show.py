"""A record as the API shows it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.fields import LINKS
from hub.sandbox.crm.lines import line_taxes
from hub.sandbox.crm.refusal import over_limit, param_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.sandbox.crm.fields import Field, Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]

FIELDS_MAX = 50


def wanted_fields(request: Request, module: Module, *, needed: bool = False) -> list[str] | None:
    """Give the fields that are asked for, without those that do not exist; none means all."""
    said = request.param("fields")
    if not said:
        if needed:
            raise param_missing("fields")
        return None
    names = [name.strip() for name in said.split(",")]
    if len(names) > FIELDS_MAX:
        raise over_limit(FIELDS_MAX, "the number of fields is over the limit")
    return [name for name in names if name in module.fields]


def show_rows(
    org: Organisation, records: Iterable[Record], names: Sequence[str] | None
) -> list[Fields]:
    """Show records as rows of a list: line items are not among what a list tells."""
    return [show(org, record, names, full=False) for record in records]


def show(
    org: Organisation, record: Record, names: Sequence[str] | None = None, *, full: bool = True
) -> Fields:
    """Show a record; `full` with its line items and everything that goes by a `$`."""
    fields = org.modules[record.module].fields
    shown: Fields = {"id": record.id}
    for name in names if names is not None else fields:
        field = fields[name]
        if (field.type == "subform" and not full) or _hidden(org, name):
            continue
        shown[name] = show_value(org, field, record.get(name))
    return shown | _system_keys(org, record, full=full)


def show_value(org: Organisation, field: Field, value: Any) -> Any:
    """Show one value of a field."""
    if value is None:
        return None
    if field.type in LINKS:
        return _link(org, field, value)
    if field.type == "subform":
        return [_row(org, field.target, row) for row in value]
    if field.api_name == "Tag":
        return value
    if field.type == "multiselectpicklist" and field.api_name == "Tax":
        taxes = [org.taxes[one] for one in value]
        return [{"id": tax.id, "value": f"{tax.name} - {tax.percent:.1f} %"} for tax in taxes]
    return _plain(org, value)


def number(value: Decimal) -> Decimal:
    """Drop the zeros behind the point, as the vendor's numbers do."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _plain(org: Organisation, value: Any) -> Any:
    if isinstance(value, datetime):
        return org.told(value)
    return number(value) if isinstance(value, Decimal) else value


def _link(org: Organisation, field: Field, value: str) -> Fields | None:
    if field.target == "Users":
        user = org.users.get(value)
        return org.user(value) | {"email": user.email if user else None}
    other = org.find(value)
    if other is None:
        return None
    shown = {"name": org.name_of(other), "id": value}
    if field.api_name == "Parent_Id":
        module = org.modules[other.module]
        shown["module"] = {"api_name": module.name, "id": module.id}
    return shown


def _row(org: Organisation, subform: str, row: Fields) -> Fields:
    fields = org.modules[subform].fields
    shown: Fields = {"id": row["id"]}
    for name, field in fields.items():
        shown[name] = show_value(org, field, row.get(name))
    if product := org.find(row["Product_Name"]):
        shown["Product_Name"]["Product_Code"] = product.get("Product_Code")
        shown["Product_Name"]["Currency"] = product.get("Currency")
    shown["Line_Tax"] = [
        {
            "id": one,
            "name": org.taxes[one].name,
            "display_name": org.taxes[one].name,
            "percentage": number(org.taxes[one].percent),
            "value": number(share),
        }
        for one, share in line_taxes(org, row, row["Total_After_Discount"])
    ]
    return shown


def _hidden(org: Organisation, name: str) -> bool:
    return name in ("Currency", "Exchange_Rate") and not org.quirks.multi_currency


def _system_keys(org: Organisation, record: Record, *, full: bool) -> Fields:
    currency = org.currencies.get(record.get("Currency") or "EUR")
    keys: Fields = {"$currency_symbol": currency.symbol if currency else None, "$editable": True}
    if record.module == "Tasks":
        keys["$se_module"] = org.homes.get(record.get("What_Id") or "")
    if not full:
        return keys
    approval = dict.fromkeys(("delegate", "takeover", "approve", "reject", "resubmit"), False)
    keys |= {
        "$approval": approval,
        "$approval_state": "approved",
        "$approved": True,
        "$in_merge": False,
        "$locked_for_me": record.locked,
        "$orchestration": None,
        "$process_flow": record.module == "Deals" and org.quirks.stage_in_blueprint,
        "$review": None,
        "$review_process": dict.fromkeys(("approve", "reject", "resubmit"), False),
        "$state": "save",
        "$field_states": None,
        "Locked__s": record.locked,
        "Record_Status__s": "Available",
    }
    if org.modules[record.module].lines:
        taxes = [org.taxes[one] for one in record.get("$line_tax") or ()]
        keys["$line_tax"] = [
            {"id": tax.id, "name": tax.name, "percentage": number(tax.percent)} for tax in taxes
        ]
    return keys
