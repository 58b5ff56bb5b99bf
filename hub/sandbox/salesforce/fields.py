"""What an object and its fields are: types, lengths, what may be written, and what points where."""

from __future__ import annotations

from typing import Literal

import msgspec

Type = Literal[
    "id", "string", "textarea", "email", "phone", "url", "picklist", "multipicklist", "boolean",
    "int", "double", "currency", "percent", "date", "datetime", "reference", "address",
]  # fmt: skip

Feature = Literal["", "multi_currency", "dated_rates", "quotes", "cpq", "state_picklists"]
"""What an org may not have: then it has none of the fields and objects that belong to it."""

NUMBERS = frozenset({"int", "double", "currency", "percent"})
TEXTS = frozenset({"string", "textarea", "email", "phone", "url", "picklist", "multipicklist"})
NOT_FILTERED = frozenset({"textarea", "address"})
"""By these no query filters."""

SORTS = ("Id", "SystemModstamp")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an object."""

    name: str
    type: Type = "string"
    label: str = ""
    length: int = 255
    scale: int = 2
    required: bool = False
    """A record cannot be made without it."""
    read_only: bool = False
    """The vendor itself writes it."""
    once: bool = False
    """It is written when a record is made, and never again."""
    unique: bool = False
    external: bool = False
    custom: bool = False
    choices: tuple[str, ...] = ()
    restricted: bool = False
    """No other words than the choices are taken."""
    to: tuple[str, ...] = ()
    """The objects that a reference leads to."""
    relation: str = ""
    """What a query calls the record that a reference leads to."""
    children: str = ""
    """What a query there calls the records that lead to it."""
    default: str | bool | int | None = None
    feature: Feature = ""


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """An object: its fields by name, in the order in which they are described."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: dict[str, Field]
    name_field: str = "Name"
    undeletes: bool = True
    parent: str = ""
    """The reference without which a record is nothing: it goes when the other does."""
    feature: Feature = ""
    custom: bool = False

    def field(self, said: str) -> Field | None:
        """Give a field by its name in any letter case."""
        found = self.fields.get(said)
        if found is not None:
            return found
        return next((one for one in self.fields.values() if one.name.lower() == said.lower()), None)

    def relation(self, said: str) -> Field | None:
        """Give the reference that a query names by this word."""
        wanted = said.lower()
        return next(
            (one for one in self.fields.values() if one.relation.lower() == wanted and wanted), None
        )
