"""The Avro schema of an object's change events: it has another id as soon as a field is added.

The parts of an address, and the names of a person, are one compound field there. Ids, the deletion
mark and the system's own stamp are in no event.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import fastavro
import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sandbox.salesforce.fields import Field

NOT_TOLD = frozenset({"Id", "IsDeleted", "SystemModstamp", "MasterRecordId"})
CHANGE_TYPES = (
    "CREATE", "UPDATE", "DELETE", "UNDELETE", "GAP_CREATE", "GAP_UPDATE", "GAP_DELETE",
    "GAP_UNDELETE", "GAP_OVERFLOW", "SNAPSHOT",
)  # fmt: skip
ADDRESS = (
    ("Street", "string"), ("City", "string"), ("State", "string"), ("PostalCode", "string"),
    ("Country", "string"), ("StateCode", "string"), ("CountryCode", "string"),
    ("Latitude", "double"), ("Longitude", "double"), ("GeocodeAccuracy", "string"),
)  # fmt: skip
PERSON = ("Salutation", "FirstName", "LastName")

_AVRO = {
    "boolean": ("boolean", "Boolean"),
    "int": ("int", "Integer"),
    "double": ("double", "Double"),
    "currency": ("double", "Currency"),
    "percent": ("double", "Percent"),
    "date": ("long", "DateOnly"),
    "datetime": ("long", "DateTime"),
    "email": ("string", "Email"),
    "phone": ("string", "Phone"),
    "url": ("string", "Url"),
    "picklist": ("string", "DynamicEnum"),
    "multipicklist": ("string", "MultiEnum"),
    "reference": ("string", "EntityId"),
}
_TEXT = ("string", "Text")

_HEADER = {
    "type": "record",
    "name": "ChangeEventHeader",
    "fields": [
        {"name": "entityName", "type": "string"},
        {"name": "recordIds", "type": {"type": "array", "items": "string"}},
        {
            "name": "changeType",
            "type": {"type": "enum", "name": "ChangeType", "symbols": list(CHANGE_TYPES)},
        },
        *({"name": name, "type": "string"} for name in ("changeOrigin", "transactionKey")),
        {"name": "sequenceNumber", "type": "int"},
        *({"name": name, "type": "long"} for name in ("commitTimestamp", "commitNumber")),
        {"name": "commitUser", "type": "string"},
        *(
            {"name": name, "type": {"type": "array", "items": "string"}}
            for name in ("nulledFields", "diffFields", "changedFields")
        ),
    ],
}


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the schema: an object's own under `name`, or a compound one of several."""

    name: str
    parts: tuple[tuple[str, str], ...] = ()
    """Of a compound one: each part, and the object's field that it holds; empty for none."""


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    text: str
    slots: tuple[Slot, ...]
    parsed: Any


def schema_of(entity: str, fields: Iterable[Field]) -> Schema:
    """Give the schema of the events of an object that has these fields."""
    slots = _slots({one.name: one for one in fields if one.name not in NOT_TOLD})
    by_name = {one.name: one for one in fields}
    defined: set[str] = set()
    written = {
        "type": "record",
        "name": topic_record(entity),
        "namespace": "com.sforce.eventbus",
        "fields": [
            {"name": "ChangeEventHeader", "type": _HEADER, "doc": "Data:ChangeEventHeader"},
            *(_field(entity, slot, by_name, defined) for slot in slots),
        ],
    }
    text = json.dumps(written)
    digest = hashlib.sha256(text.encode()).digest()
    return Schema(
        id=digest[:16].hex(), text=text, slots=slots, parsed=fastavro.parse_schema(written)
    )


def topic_record(entity: str) -> str:
    """Name the event of an object: AccountChangeEvent, Invoice__ChangeEvent."""
    return f"{entity.removesuffix('c')}ChangeEvent" if is_custom(entity) else f"{entity}ChangeEvent"


def is_custom(entity: str) -> bool:
    return entity.endswith("__c")


def _slots(fields: dict[str, Field]) -> tuple[Slot, ...]:
    """Put the fields in their order, the parts of a compound one where the first of them stands."""
    inside: dict[str, Slot] = {}
    for field in fields.values():
        if field.type == "address":
            prefix = field.name.removesuffix("Address")
            parts = tuple(
                (part, prefix + part if prefix + part in fields else "") for part, _ in ADDRESS
            )
            slot = Slot(name=field.name, parts=parts)
            inside |= {name: slot for _, name in parts if name} | {field.name: slot}
    if "LastName" in fields:
        names = Slot(
            name="Name", parts=tuple((one, one if one in fields else "") for one in PERSON)
        )
        inside |= dict.fromkeys(("Name", *PERSON), names)
    return tuple(dict.fromkeys(inside.get(name) or Slot(name=name) for name in fields))


def _field(entity: str, slot: Slot, fields: dict[str, Field], defined: set[str]) -> dict[str, Any]:
    if not slot.parts:
        field = fields[slot.name]
        avro, means = _AVRO.get(field.type, _TEXT)
        role = "ForeignKey" if field.type == "reference" else "Data"
        types: list[Any] = ["null", avro]
        if entity == "Account" and slot.name == "Name":  # a company's, or else a person's
            types.append(_record("Switchable_PersonName", [(one, "string") for one in PERSON]))
        return {"name": slot.name, "type": types, "doc": f"{role}:{means}", "default": None}
    name, parts = (
        ("PersonName", [(one, "string") for one in PERSON])
        if slot.name == "Name"
        else ("Address", list(ADDRESS))
    )
    record: Any = f"com.sforce.eventbus.{name}" if name in defined else _record(name, parts)
    defined.add(name)
    return {"name": slot.name, "type": ["null", record], "doc": f"Data:{name}", "default": None}


def _record(name: str, parts: list[tuple[str, str]]) -> dict[str, Any]:
    fields = [
        {"name": part, "type": ["null", avro], "doc": "Data:Text", "default": None}
        for part, avro in parts
    ]
    return {"type": "record", "name": name, "fields": fields}
