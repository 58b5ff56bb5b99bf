"""Where a field of a query is found: in the record itself, or by the relations that lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.refusal import Refusal, no_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.soql.query import Path
    from hub.sandbox.store import Record

DEPTH_MAX = 5
_TYPE = Field(name="Type", type="string", read_only=True)
"""Of what a reference to several objects leads to, its object."""


def field_at(org: Organisation, entity: Object, path: Path) -> Field:
    """Give the field at the end of a path; refuse one that leads nowhere."""
    *relations, last = path
    if len(relations) > DEPTH_MAX:
        raise Refusal("MALFORMED_QUERY", "SOQL statements go by five relationships at most")
    for at, name in enumerate(relations):
        link = entity.relation(name)
        if link is None or not org.has(link.feature):
            message = (
                f"Didn't understand relationship '{name}' in field path. If you are attempting to "
                "use a custom relationship, be sure to append the '__r' after the custom "
                "relationship name."
            )
            raise Refusal("INVALID_FIELD", message)
        if len(link.to) > 1 and at == len(relations) - 1:
            return _of_several(org, link, last, entity)
        entity = org.object_there(link.to[0])
    field = org.field(entity, last)
    if field is None:
        raise no_column(last, entity.name)
    return field


def getter(org: Organisation, path: Path) -> Callable[[Record], Any]:
    """Give what reads a path that was checked."""
    *relations, last = path
    if not relations:
        return lambda record: own_value(org, record, last)

    def get(record: Record) -> Any:
        for name in relations[:-1]:
            found = followed(org, record, name)
            if found is None:
                return None
            record = found[1]
        last_step = followed(org, record, relations[-1])
        return None if last_step is None else value_of(org, *last_step, last)

    return get


def own_value(org: Organisation, record: Record, name: str) -> Any:
    field = org.object_there(record.module).field(name)
    return None if field is None else record.get(field.name)


def followed(org: Organisation, record: Record, name: str) -> tuple[Field, Record] | None:
    """Go from a record by one of its references: give that, and what it leads to."""
    link = org.object_there(record.module).relation(name)
    found = org.find(record.get(link.name)) if link else None
    return (link, found) if link and found else None


def value_of(org: Organisation, link: Field, record: Record, name: str) -> Any:
    """Give a field of what a reference leads to; of one to several objects, Type says which."""
    field = org.object_there(record.module).field(name)
    if field is None or (len(link.to) > 1 and name.lower() == "type"):
        return record.module if name.lower() == "type" else None
    return record.get(field.name)


def _of_several(org: Organisation, link: Field, last: str, entity: Object) -> Field:
    if last.lower() == "type":
        return _TYPE
    for name in link.to:
        found = org.field(org.object_there(name), last)
        if found is not None and last.lower() in ("id", "name"):
            return found
    raise no_column(last, entity.name)
