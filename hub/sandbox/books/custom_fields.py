"""Custom fields: which there are, how callers name them, and that unique ones stay unique.

A record keeps their values by api name; the lists that callers see are made from the definitions.
A name nobody knows is dropped without a word, as the vendor drops fields it does not support.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.books import intake
from hub.sandbox.books.refusals import duplicate_custom_value, too_long

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Organization
    from hub.sandbox.system import Fields

TEXT_LENGTH_MAX = 255


class CustomField(msgspec.Struct, frozen=True, kw_only=True):
    customfield_id: str
    api_name: str
    label: str
    index: int
    data_type: str = "string"
    is_unique: bool = False


def define(
    organization: Organization,
    kind: str,
    label: str,
    *,
    data_type: str = "string",
    unique: bool = False,
) -> CustomField:
    """Make a custom field, as an administrator does on the settings screen."""
    known = organization.custom_fields.setdefault(kind, {})
    field = CustomField(
        customfield_id=organization.new_id(),
        api_name="cf_" + "_".join(label.lower().split()),
        label=label,
        index=len(known) + 1,
        data_type=data_type,
        is_unique=unique,
    )
    known[field.api_name] = field
    organization.tables[kind].index(field.api_name, _value_of(field.api_name))
    return field


def taken(
    organization: Organization, kind: str, fields: Fields, before: Fields | None = None
) -> Fields:
    """Give the values as they are after a write; those not sent stay what they were."""
    values = dict(before["custom_field_hash"]) if before else {}
    for row in intake.rows(fields, "custom_fields"):
        field = _meant(organization, kind, row)
        if field is not None:
            values[field.api_name] = _read(field, row)
            _check_unique(organization, kind, field, values[field.api_name], before)
    return values


def shown(organization: Organization, kind: str, record: Fields) -> Fields:
    """Give `custom_fields` and `custom_field_hash` for an answer."""
    values = record.get("custom_field_hash", {})
    defined = organization.custom_fields.get(kind, {})
    filled = [(defined[name], value) for name, value in values.items() if value != ""]
    return {
        "custom_fields": [
            {**msgspec.structs.asdict(field), "value": value} for field, value in filled
        ],
        "custom_field_hash": {field.api_name: value for field, value in filled}
        | {f"{field.api_name}_unformatted": value for field, value in filled},
    }


def find_unique(organization: Organization, kind: str, api_name: str, value: str) -> Fields | None:
    """Give the record that has a value in a unique field."""
    if api_name not in organization.custom_fields.get(kind, {}):
        return None
    for record in organization.tables[kind].find(api_name, value):
        if not organization.quirks.unique_match_exact_case or (
            str(record["custom_field_hash"].get(api_name)) == value
        ):
            return record
    return None


def _meant(organization: Organization, kind: str, row: Fields) -> CustomField | None:
    for field in organization.custom_fields.get(kind, {}).values():
        for key in ("customfield_id", "api_name", "label", "index"):
            if key in row and str(row[key]) == str(getattr(field, key)):
                return field
    return None


def _read(field: CustomField, row: Fields) -> Any:
    if field.data_type in ("number", "decimal", "amount"):
        value = row.get("value")
        return "" if value in (None, "") else intake.decimal(value, field.label)
    if field.data_type == "date":
        return intake.day({field.label: row.get("value")}, field.label)
    if field.data_type == "check_box":
        return intake.flag({field.label: row.get("value", False)}, field.label, default=False)
    value = intake.text({field.label: row.get("value")}, field.label)
    if len(value) > TEXT_LENGTH_MAX:
        raise too_long(field.label, TEXT_LENGTH_MAX)
    return value


def _check_unique(
    organization: Organization, kind: str, field: CustomField, value: Any, before: Fields | None
) -> None:
    if not field.is_unique or value == "":
        return
    holder = find_unique(organization, kind, field.api_name, str(value))
    if holder is not None and holder is not before:
        raise duplicate_custom_value(field.label, str(value))


def _value_of(api_name: str) -> Callable[[Fields], Any]:
    return lambda record: record.get("custom_field_hash", {}).get(api_name)
