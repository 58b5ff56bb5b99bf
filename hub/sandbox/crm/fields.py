"""What a module and its fields are: what may be written, how long, of which type, unique or not."""

from __future__ import annotations

from typing import Literal

import msgspec

Type = Literal[
    "text", "textarea", "email", "phone", "website", "picklist", "multiselectpicklist",
    "integer", "bigint", "double", "currency", "percent", "boolean", "date", "datetime",
    "lookup", "ownerlookup", "userlookup", "subform", "autonumber", "jsonobject", "jsonarray",
]  # fmt: skip

EXPECTED: dict[str, str] = {
    "textarea": "text", "picklist": "text", "phone": "text", "website": "website",
    "multiselectpicklist": "jsonarray", "currency": "double", "percent": "double",
    "lookup": "jsonobject", "ownerlookup": "jsonobject", "userlookup": "jsonobject",
    "subform": "jsonarray", "autonumber": "text", "bigint": "bigint",
}  # fmt: skip
"""What `expected_data_type` says of a type that has another name there."""

NUMBERS = frozenset({"integer", "bigint", "double", "currency", "percent"})
TEXTS = frozenset({"text", "textarea", "email", "phone", "website", "picklist", "autonumber"})
NESTED = frozenset({"multiselectpicklist", "subform", "jsonobject", "jsonarray"})
SORTS = ("id", "Created_Time", "Modified_Time")
"""By what lists are sorted."""

LINKS = frozenset({"lookup", "ownerlookup", "userlookup"})


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a module."""

    api_name: str
    type: Type = "text"
    id: str = ""
    label: str = ""
    length: int = 255
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    external: Literal["", "org", "user"] = ""
    custom: bool = False
    choices: tuple[str, ...] = ()
    target: str = ""
    """The module that a lookup points into, or whose rows a subform has."""

    decimals: int = 2

    @property
    def is_ordered(self) -> bool:
        """Tell whether of two of its values one comes first."""
        return self.type not in NESTED

    @property
    def expected(self) -> str:
        return EXPECTED.get(self.type, self.type)


class Module(msgspec.Struct, kw_only=True):
    """A module: its fields by name, in the order in which they are shown."""

    name: str
    singular: str
    id: str
    fields: dict[str, Field]
    name_field: str
    """What a lookup to one of its records shows as `name`."""

    duplicate_fields: tuple[str, ...] = ()
    """By what an upsert finds a record, when it is not told."""

    watchable: bool = True
    related: dict[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    """Related lists: by name, the module and the lookup there that points back."""

    lines: str = ""
    """The subform of its line items."""
