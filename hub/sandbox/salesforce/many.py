"""Many records in one call: each is told of by itself, in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.change import delete
from hub.sandbox.salesforce.ids import read_id
from hub.sandbox.salesforce.intake import bearers
from hub.sandbox.salesforce.records import changed, external, made, one
from hub.sandbox.salesforce.refusal import Refusal, bad_json, malformed_id
from hub.sandbox.salesforce.show import show
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.store import Record
    from hub.sandbox.system import Fields

RECORDS_MAX = 200
ROLLED_BACK = (
    "Record rolled back because not all records were valid and the request was using AllOrNone "
    "header"
)


class _RolledBack(Exception):
    """One of them failed, and all were to be done or none."""


def create(call: Call) -> Answer:
    return _each(call, _records(call), lambda row: made(call, _entity(call, row), _fields(row)))


def change(call: Call) -> Answer:
    def act(row: Fields) -> Fields:
        entity, record = _entity(call, row), _named(call, row)
        fields = {name: value for name, value in _fields(row).items() if name.lower() != "id"}
        changed(call, entity, record, fields)
        return {"id": record.id, "success": True, "errors": []}

    return _each(call, _records(call), act)


def upsert(call: Call, name: str, key: str) -> Answer:
    """Change those that bear their external ids, and make the others."""
    entity = call.org.object(name)
    field = external(call, entity, key)

    def act(row: Fields) -> Fields:
        fields = {one: value for one, value in _fields(row).items() if one != field.name}
        value = str(row.get(field.name, ""))
        found = bearers(call.org, entity, field, value)
        if len(found) > 1:
            message = f"{field.name}: more than one record found for external id field"
            raise Refusal("DUPLICATE_EXTERNAL_ID", message, fields=())
        if not found:
            return {**made(call, entity, {**fields, field.name: value}), "created": True}
        changed(call, entity, found[0], fields)
        return {"id": found[0].id, "success": True, "errors": [], "created": False}

    return _each(call, _records(call), act)


def remove(call: Call) -> Answer:
    ids = [one for one in (call.request.param("ids") or "").split(",") if one]
    _check_count(ids)

    def act(row: Fields) -> Fields:
        record = _named(call, row)
        with call.org.transaction(call.caller):
            delete(call.org, call.caller, record)
        return {"id": record.id, "success": True, "errors": []}

    return _each(call, [{"id": one} for one in ids], act)


def read_many(call: Call, name: str) -> Answer:
    """Give records by their ids, null for each that is not there."""
    entity = call.org.object(name)
    if call.request.method == "POST":
        body = call.body()
        ids, names = body.get("ids") or [], body.get("fields") or []
    else:
        ids, names = call.param("ids").split(","), call.param("fields").split(",")
    found = [call.org.tables[entity.name].get(read_id(key) or "") for key in ids]
    rows = [None if row is None else show(call.org, row, call.base, names) for row in found]
    return Answer(body=rows)


def tree(call: Call, name: str) -> Answer:
    """Make records with those that hang on them: all of them, or none."""
    call.org.object(name)
    rows = call.body().get("records")
    if not isinstance(rows, list):
        raise bad_json("records: a list is required")
    done: list[Fields] = []
    failed: list[Fields] = []
    try:
        with call.org.transaction(call.caller):
            for row in rows:
                _plant(call, row, {}, done, failed)
            _stand_or_fall(not failed)
    except _RolledBack:
        return Answer(status=400, body={"hasErrors": True, "results": failed})
    return Answer(status=201, body={"hasErrors": False, "results": done})


def _plant(
    call: Call, row: Fields, above: Fields, done: list[Fields], failed: list[Fields]
) -> None:
    """Make one record of a tree, and then what hangs on it."""
    entity = _entity(call, row)
    reference = str(row["attributes"].get("referenceId", ""))
    hanging = {key: value for key, value in row.items()
               if isinstance(value, dict) and "records" in value}  # fmt: skip
    own = {key: value for key, value in _fields(row).items() if key not in hanging}
    if len(done) + len(failed) >= RECORDS_MAX:
        raise Refusal("LIMIT_EXCEEDED", f"A tree has {RECORDS_MAX} records at most")
    try:
        made_id = made(call, entity, {**own, **above})["id"]
    except Refusal as refusal:
        failed.append({"referenceId": reference, "errors": [refusal.item()]})
        return
    done.append({"referenceId": reference, "id": made_id})
    for relation, inner in hanging.items():
        for child in inner["records"]:
            other = _entity(call, child)
            link = next((one for one in other.fields.values()
                         if one.children == relation and entity.name in one.to), None)  # fmt: skip
            _plant(call, child, {link.name: made_id} if link else {}, done, failed)


def _each(call: Call, rows: list[Fields], act: Callable[[Fields], Fields]) -> Answer:
    """Do one after the other; with `allOrNone` a failure undoes all."""
    whole = _is_whole(call)
    done: list[Fields] = []
    try:
        with call.org.transaction(call.caller):
            done += [_tried(act, row) for row in rows]
            _stand_or_fall(not whole or all(one["success"] for one in done))
    except _RolledBack:
        done = [one if not one["success"] else _rolled_back() for one in done]
    return Answer(body=done)


def _stand_or_fall(well: bool) -> None:  # noqa: FBT001 - it is all that is said
    if not well:
        raise _RolledBack


def _tried(act: Callable[[Fields], Fields], row: Fields) -> Fields:
    try:
        return act(row)
    except Refusal as refusal:
        return {"success": False, "errors": [refusal.item()]}


def _rolled_back() -> Fields:
    refusal = Refusal("ALL_OR_NONE_OPERATION_ROLLED_BACK", ROLLED_BACK, fields=())
    return {"success": False, "errors": [refusal.item()]}


def _records(call: Call) -> list[Fields]:
    rows = call.body().get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_json("records: a list of objects is required")
    _check_count(rows)
    return rows


def _check_count(rows: list[Any]) -> None:
    if len(rows) > RECORDS_MAX:
        message = f"record limit reached. cannot submit more than {RECORDS_MAX} records in one call"
        raise Refusal("LIMIT_EXCEEDED", message)


def _is_whole(call: Call) -> bool:
    if call.request.method == "DELETE":
        return (call.request.param("allOrNone") or "").lower() == "true"
    return call.body().get("allOrNone") is True


def _entity(call: Call, row: Fields) -> Object:
    said = row.get("attributes")
    if not isinstance(said, dict) or "type" not in said:
        raise Refusal("INVALID_INPUT", "The Entity type must be set: attributes.type is required")
    return call.org.object(str(said["type"]))


def _fields(row: Fields) -> Fields:
    return {key: value for key, value in row.items() if key != "attributes"}


def _named(call: Call, row: Fields) -> Record:
    said = row.get("id") or row.get("Id")
    found = read_id(said)
    if found is None or not call.org.home(found):
        raise malformed_id(said, "Id", "Id")
    record = one(call, call.org.object(call.org.home(found)), found)
    assert record.id == found, "it was found by this id"
    return record
