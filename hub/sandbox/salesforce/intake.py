"""What is sent of a record: which of it may be written, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.places import settled
from hub.sandbox.salesforce.refusal import (
    Refusal,
    bad_json,
    duplicate_value,
    missing,
    no_column,
    not_writable,
)
from hub.sandbox.salesforce.values import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.store import Record

Values = dict[str, Any]

NOT_FIELDS = frozenset({"attributes"})


def taken(org: Organisation, entity: Object, said: Mapping[str, Any], old: Record | None) -> Values:
    """Give the values that were sent, each checked; `old` is the record that they change."""
    values: Values = {}
    for name, sent in said.items():
        if name in NOT_FIELDS:
            continue
        field, value = org.field(entity, name), sent
        if field is None and isinstance(sent, dict):
            field, value = _by_external_id(org, entity, name, sent)
        if field is None:
            raise no_column(name, entity.name)
        if field.read_only or (field.once and old is not None):
            raise not_writable(field.name)
        values[field.name] = checked(org, field, value)
    return settled(org, entity, values)


def check_whole(org: Organisation, entity: Object, record: Record) -> None:
    """See that a record has all that it must have, and nothing that must be another's alone."""
    fields = org.fields(entity)
    empty = [one.name for one in fields if one.required and record.get(one.name) is None]
    if empty:
        raise missing(empty)
    for field in fields:
        value = record.get(field.name)
        if field.unique and value is not None:
            others = [one for one in org.tables[entity.name].by_value(field.name, value)
                      if one != record.id]  # fmt: skip
            if others:
                raise duplicate_value(field.name, others[0])


def bearers(org: Organisation, entity: Object, field: Field, value: str) -> list[Record]:
    """Give the records that bear an external id."""
    table = org.tables[entity.name]
    return [table.records[one] for one in table.by_value(field.name, value)]


def _by_external_id(
    org: Organisation, entity: Object, relation: str, said: dict[str, Any]
) -> tuple[Field | None, str]:
    """Read a reference that is given by an external id of what it leads to."""
    field = entity.relation(relation)
    named = {name: value for name, value in said.items() if name not in NOT_FIELDS}
    if field is None or len(named) != 1:
        raise bad_json(f"Cannot deserialize instance of {relation} from START_OBJECT value")
    [(name, value)] = named.items()
    for target in field.to:
        other = org.object(target)
        key = org.field(other, name)
        if key is None or not key.external:
            continue
        found = bearers(org, other, key, str(value))
        if len(found) == 1:
            return field, found[0].id
    message = f"Foreign key external ID: {value} not found for field {name} in entity {relation}"
    raise Refusal("INVALID_FIELD", message, fields=())
