"""The fields of each module of one organisation, as it lists them itself; read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Call
from hub.connectors.record import read
from hub.connectors.zoho_crm.kinds import FIELDS_MAX, NOTES_FIELDS, STAMP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Kind
    from hub.connectors.http import Vendor


class Choice(msgspec.Struct):
    actual_value: str = ""


class Field(msgspec.Struct):
    api_name: str
    data_type: str = "text"
    json_type: str = ""
    field_label: str = ""
    custom_field: bool = False
    read_only: bool = False
    pick_list_values: list[Choice] | None = None


class _Fields(msgspec.Struct):
    fields: list[Field]


class Modules:
    """What is known of the modules."""

    def __init__(self) -> None:
        self._fields: dict[str, Mapping[str, Field]] = {}

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        """Give the fields of a module that its rows can have, its line items left out."""
        found = await self._all(vendor, kind)
        return {name: field for name, field in found.items() if field.data_type != "subform"}

    async def have_lines(self, vendor: Vendor, kind: Kind) -> bool:
        """Tell whether records of a module have line items, which no list gives."""
        found = await self._all(vendor, kind)
        return any(field.data_type == "subform" for field in found.values())

    async def sets(self, vendor: Vendor, kind: Kind) -> list[tuple[str, ...]]:
        """Give the fields of a module in sets that one call may ask for, its stamp in each."""
        names = [name for name in await self.fields(vendor, kind) if name != STAMP]
        size = FIELDS_MAX - 1
        return [(STAMP, *names[at : at + size]) for at in range(0, len(names), size)]

    async def _all(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        if kind.name not in self._fields:
            self._fields[kind.name] = await read_fields(vendor, kind)
        return self._fields[kind.name]


async def read_fields(vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
    """Read what an organisation says of the fields of a module."""
    if kind.name == "Notes":  # it has no list of fields
        return {name: Field(api_name=name) for name in NOTES_FIELDS}
    call = Call(
        method="GET",
        path="/crm/v8/settings/fields",
        params=(("module", kind.name),),
        verb="read",
    )
    answer = await read(vendor, call)
    fields = msgspec.json.decode(answer.body, type=_Fields).fields
    return {field.api_name: field for field in fields}
