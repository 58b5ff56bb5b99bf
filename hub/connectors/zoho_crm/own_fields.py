"""The fields of a module as one organisation has them, in the words that all vendors share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import Field, as_fields
from hub.connectors.zoho_crm.described import FIELDS
from hub.connectors.zoho_crm.fields import read_fields
from hub.connectors.zoho_crm.kinds import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Kind
    from hub.connectors.field import Word
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_crm.fields import Field as Described

_WORDS: Mapping[str, Word] = {
    "currency": "money",
    "date": "date",
    "datetime": "time",
    "boolean": "flag",
    "picklist": "choice",
    "multiselectpicklist": "list",
    "subform": "list",
    "lookup": "lookup",
    "ownerlookup": "lookup",
    "userlookup": "lookup",
}
_BY_JSON: Mapping[str, Word] = {
    "integer": "number",
    "double": "number",
    "boolean": "flag",
    "jsonobject": "record",
    "jsonarray": "list",
}
"""For all other types: what their JSON is; of those it is not said of, text."""


async def own_fields(vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
    """Read the fields of a module; what the CRM does not describe is what every account has."""
    if kind.name in TABLES or kind.name == "Notes":
        return as_fields(FIELDS[kind.name])
    found = await read_fields(vendor, kind)
    return {name: _field(one) for name, one in found.items() if name != kind.mark}


def _field(one: Described) -> Field:
    return Field(
        word=_word(one),
        label=one.field_label,
        choices=tuple(choice.actual_value for choice in one.pick_list_values or ()),
        is_custom=one.custom_field,
        is_written=not one.read_only,
    )


def _word(one: Described) -> Word:
    if one.api_name == "id":
        return "id"
    return _WORDS.get(one.data_type) or _BY_JSON.get(one.json_type) or "text"
