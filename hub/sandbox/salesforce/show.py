"""Records as answers have them: with their attributes, and only what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Fields

PARTS = ("street", "city", "state", "postalCode", "country", "stateCode", "countryCode")


def show(org: Organisation, record: Record, base: str, names: Iterable[str] = ()) -> Fields:
    """Give a record, with these fields, or all that the org has."""
    entity = org.object(record.module)
    wanted = list(names) or [one.name for one in org.fields(entity)]
    fields = {name: value_shown(org, entity.fields[name], record) for name in wanted}
    return {"attributes": attributes(record, base), **fields}


def attributes(record: Record, base: str) -> Fields:
    return {"type": record.module, "url": f"{base}/sobjects/{record.module}/{record.id}"}


def value_shown(org: Organisation, field: Field, record: Record) -> Any:
    if field.type == "address":
        return _address(org, org.object(record.module), field, record)
    return shown(record.get(field.name))


def plain(org: Organisation, record: Record) -> Fields:
    """Give a record for whoever scripts the sandbox: all its fields, no attributes."""
    entity = org.object_there(record.module)
    return {one.name: value_shown(org, one, record) for one in entity.fields.values()
            if org.has(one.feature)}  # fmt: skip


def _address(org: Organisation, entity: Object, field: Field, record: Record) -> Fields | None:
    """Put the whole address together of its parts."""
    prefix = field.name.removesuffix("Address")
    parts = {part: f"{prefix}{part[0].upper()}{part[1:]}" for part in PARTS}
    found = {part: record.get(name) for part, name in parts.items() if org.field(entity, name)}
    if not any(found.values()):
        return None
    return {**found, "geocodeAccuracy": None, "latitude": None, "longitude": None}
