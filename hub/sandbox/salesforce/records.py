"""One record: made, read, changed, deleted; by its id, or by an external id."""

from __future__ import annotations

from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from hub.sandbox.salesforce.change import delete, insert, update
from hub.sandbox.salesforce.ids import read_id
from hub.sandbox.salesforce.intake import bearers, taken
from hub.sandbox.salesforce.refusal import (
    Refusal,
    is_deleted,
    no_column,
    not_found,
    not_writable,
)
from hub.sandbox.salesforce.show import show
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.salesforce.fields import Field, Object
    from hub.sandbox.store import Record
    from hub.sandbox.system import Fields

TELLS_CREATED_FROM = 46.0
"""From this version on, the answer to an upsert says whether it made something."""


def create(call: Call, name: str) -> Answer:
    return Answer(status=201, body=made(call, call.org.object(name), call.body()))


def read(call: Call, name: str, key: str) -> Answer:
    """Give a record with the fields that were asked for, or all."""
    org, entity = call.org, call.org.object(name)
    record = one(call, entity, key)
    tag = _tag(record)
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(record.get("LastModifiedDate"), usegmt=True),
    }
    if _is_unchanged(call, record, tag):
        return Answer(status=304, headers=headers)
    return Answer(body=show(org, record, call.base, _asked(call, entity)), headers=headers)


def change(call: Call, name: str, key: str) -> Answer:
    entity = call.org.object(name)
    record = one(call, entity, key)
    _check_precondition(call, record)
    changed(call, entity, record, call.body())
    return Answer(status=204)


def remove(call: Call, name: str, key: str) -> Answer:
    record = one(call, call.org.object(name), key)
    with call.org.transaction(call.caller):
        delete(call.org, call.caller, record)
    return Answer(status=204)


def by_external_id(call: Call, name: str, key: str, value: str) -> Answer:
    """Read the one record that bears an external id."""
    entity = call.org.object(name)
    found = bearers(call.org, entity, external(call, entity, key), unquote(value))
    if len(found) > 1:
        return choices(call, entity, found)
    if not found:
        raise not_found()
    return Answer(body=show(call.org, found[0], call.base, _asked(call, entity)))


def upsert(call: Call, name: str, key: str, value: str) -> Answer:
    """Change the record that bears an external id, or make one; of several, none is touched."""
    entity = call.org.object(name)
    field, value = external(call, entity, key), unquote(value)
    body = call.body()
    if any(one.lower() == field.name.lower() for one in body):
        message = f"The {field.name} field should not be specified in the sobject data."
        raise Refusal("INVALID_FIELD", message)
    found = bearers(call.org, entity, field, value)
    if len(found) > 1:
        return choices(call, entity, found)
    if not found:
        if (call.request.param("updateOnly") or "").lower() == "true":
            raise not_found()
        done = made(call, entity, {**body, field.name: value})
        return Answer(status=201, body={**done, "created": True})
    changed(call, entity, found[0], body)
    if float(call.version[1:]) < TELLS_CREATED_FROM:
        return Answer(status=204)
    done = {"id": found[0].id, "success": True, "errors": [], "created": False}
    return Answer(status=200, body=done)


def made(call: Call, entity: Object, said: Mapping[str, Any]) -> Fields:
    """Make a record, and say so."""
    if any(one.lower() == "id" for one in said):
        raise not_writable("Id")
    with call.org.transaction(call.caller):
        values = taken(call.org, entity, said, None)
        record = insert(call.org, call.caller, entity, values)
    return {"id": record.id, "success": True, "errors": []}


def changed(call: Call, entity: Object, record: Record, said: Mapping[str, Any]) -> None:
    if any(one.lower() == "id" for one in said):
        raise not_writable("Id")
    with call.org.transaction(call.caller):
        values = taken(call.org, entity, said, record)
        update(call.org, call.caller, record, values)


def one(call: Call, entity: Object, key: str) -> Record:
    """Give the record of an id, or say how it is not there."""
    record_id = read_id(key)
    if record_id is None:
        message = f"Provided external ID field does not exist or is not accessible: {key}"
        raise not_found(message)
    if call.org.removed(record_id) is not None:
        raise is_deleted(404)
    record = call.org.tables[entity.name].get(record_id)
    if record is None:
        raise not_found()
    return record


def external(call: Call, entity: Object, key: str) -> Field:
    """Give the field of an external id."""
    field = call.org.field(entity, key)
    if field is None or not field.external:
        message = f"Provided external ID field does not exist or is not accessible: {key}"
        raise not_found(message)
    return field


def choices(call: Call, entity: Object, found: list[Record]) -> Answer:
    """Say that several records bear an external id: nothing was written."""
    body = [f"{call.base}/sobjects/{entity.name}/{one.id}" for one in found]
    return Answer(status=300, body=body)


def _asked(call: Call, entity: Object) -> list[str]:
    asked = [one.strip() for one in (call.request.param("fields") or "").split(",") if one.strip()]
    names = []
    for name in asked:
        field = call.org.field(entity, name)
        if field is None:
            raise no_column(name, entity.name)
        names.append(field.name)
    return names


def _tag(record: Record) -> str:
    digest = sha256(f"{record.id}{record.get('SystemModstamp')}".encode()).hexdigest()[:20]
    return f'"{digest}=-gzip"'


def _is_unchanged(call: Call, record: Record, tag: str) -> bool:
    headers = call.request.headers
    if record.module == "Account" and headers.get("if-none-match") == tag:
        return True
    since = headers.get("if-modified-since")
    return bool(since) and record.get("LastModifiedDate") <= _date(since or "")


def _check_precondition(call: Call, record: Record) -> None:
    headers = call.request.headers
    match, since = headers.get("if-match"), headers.get("if-unmodified-since")
    other = record.module == "Account" and match not in (None, "*", _tag(record))
    if other or (since and record.get("LastModifiedDate") > _date(since)):
        message = "The record has been modified since the last read."
        raise Refusal("PRECONDITION_FAILED", message, 412)


def _date(text: str) -> Any:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        raise Refusal("INVALID_HEADER", f"Invalid date: {text}") from None
