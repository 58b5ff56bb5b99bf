"""Writing records: create, update, upsert and delete, up to 100 in a call, each on its own.

What is wrong with one record is said in its place in the answer, and the others are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import items_of, list_in, read_body
from hub.sandbox.crm.change import insert, remove, update
from hub.sandbox.crm.each import done, each
from hub.sandbox.crm.external import external_paths, own_external, record_in_path, with_own_ids
from hub.sandbox.crm.intake import checked_values
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.refusal import (
    Refusal,
    invalid_data,
    invalid_id,
    mandatory,
    over_limit,
    param_missing,
)
from hub.sandbox.crm.values import is_id, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sandbox.crm.fields import Field
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Answer, Request

Fields = dict[str, Any]

DELETES_MAX = 100
CHECK_FIELDS_MAX = 10
TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")


def create(org: Organisation, request: Request, name: str) -> Answer:
    """Create records."""
    org.module(name)
    body = _read(org, request)

    def one(sent: Fields, path: str) -> Fields:
        values = checked_values(org, name, with_own_ids(org, request, name, sent), None, path)
        record = insert(org, name, values, API_USER.id)
        return _written(org, record, "record added")

    return each(request, items_of(body), one, whole=201)


def update_many(org: Organisation, request: Request, name: str) -> Answer:
    """Update records, each of which says its id."""
    org.module(name)
    body = _read(org, request)

    def one(sent: Fields, path: str) -> Fields:
        own = with_own_ids(org, request, name, sent)
        if "id" not in own:
            raise mandatory("id", f"{path}.id")
        record = org.tables[name].get(str(own["id"]))
        return _updated(org, request, record, own, path)

    return each(request, items_of(body), one)


def update_one(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """Update the record that the path names."""
    org.module(name)
    body = _read(org, request)
    record = record_in_path(org, request, name, key)

    def one(sent: Fields, path: str) -> Fields:
        own = with_own_ids(org, request, name, {k: v for k, v in sent.items() if k != "id"})
        return _updated(org, request, record, own, path)

    return each(request, items_of(body, most=1), one)


def upsert(org: Organisation, request: Request, name: str) -> Answer:
    """Update what is there already, create what is not."""
    module = org.module(name)
    body = _read(org, request)
    fields = list_in(body, "duplicate_check_fields", "$")
    if len(fields) > CHECK_FIELDS_MAX:
        raise over_limit(CHECK_FIELDS_MAX, "the number of duplicate check fields is over the limit")
    unique = [one.api_name for one in module.fields.values() if one.unique]
    by = [str(one) for one in fields] or [*module.duplicate_fields, *unique]
    for n, field in enumerate(by):
        if field not in module.fields:
            raise invalid_data(api_name=field, json_path=f"$.duplicate_check_fields[{n}]")

    def one(sent: Fields, path: str) -> Fields:
        own = with_own_ids(org, request, name, sent)
        record, matched = _match(org, name, own, by)
        if record is not None:
            said = _updated(org, request, record, own, path)
        else:
            values = checked_values(org, name, own, None, path)
            said = _written(org, insert(org, name, values, API_USER.id), "record added")
        _echo_external(said, module.fields.get(matched or ""), own)
        action = "insert" if record is None else "update"
        return said | {"action": action, "duplicate_field": matched}

    return each(request, items_of(body), one)


def delete_many(org: Organisation, request: Request, name: str) -> Answer:
    """Delete the records that the parameter `ids` names."""
    org.module(name)
    ids = [one.strip() for one in (request.param("ids") or "").split(",") if one.strip()]
    if not ids:
        raise param_missing("ids")
    if len(ids) > DELETES_MAX:
        raise over_limit(DELETES_MAX)

    def one(sent: Fields, _: str) -> Fields:
        return _deleted(org, org.tables[name].get(sent["id"]), sent["id"])

    return each(request, [{"id": one_id} for one_id in ids], one)


def delete_one(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """Delete the record that the path names."""
    org.module(name)
    record = record_in_path(org, request, name, key)
    if record is None and not is_id(key) and not own_external(org, request, name):
        raise invalid_id(resource_path_index=1)

    def one(_sent: Fields, _path: str) -> Fields:
        return _deleted(org, record, key)

    return each(request, [{}], one)


def _match(
    org: Organisation, name: str, sent: Fields, by: Iterable[str]
) -> tuple[Record | None, str | None]:
    """Find the record that an upsert means: by its id, or by the first field that is taken."""
    if (own := org.tables[name].get(str(sent.get("id")))) is not None:
        return own, None
    for field in by:
        value = sent.get(field)
        found = [] if value is None else org.tables[name].by_value(field, value)
        if found:
            return org.tables[name].get(found[0]), field
    return None, None


def _updated(
    org: Organisation, request: Request, record: Record | None, sent: Fields, path: str
) -> Fields:
    if record is None:
        raise invalid_id(api_name="id", json_path=f"{path}.id")
    _check_unmodified(org, request, record)
    if record.locked:
        raise Refusal("RECORD_LOCKED", "the record is locked", id=record.id)
    values = checked_values(org, record.module, sent, record, path)
    moved = "Stage" in values and values["Stage"] != record.get("Stage")
    if record.module == "Deals" and moved and org.quirks.stage_in_blueprint:
        raise Refusal("RECORD_IN_BLUEPRINT", "The record is in blue print")
    said = _written(org, update(org, record, values, API_USER.id), "record updated")
    if external_paths(org, request, record.module):
        for field in org.modules[record.module].fields.values():
            _echo_external(said, field, record.fields)
    return said


def _deleted(org: Organisation, record: Record | None, key: str) -> Fields:
    if record is None:
        raise invalid_id(id=key)
    if record.locked:
        raise Refusal("RECORD_LOCKED", "the record is locked", id=record.id)
    remove(org, record, API_USER.id)
    return done("record deleted", {"id": record.id})


def _check_unmodified(org: Organisation, request: Request, record: Record) -> None:
    said = request.headers.get(org.quirks.condition_header.lower())
    seen = moment(said) if said else None
    if seen is not None and record.get("Modified_Time") > seen:
        message = "the record has been modified meanwhile"
        raise Refusal("ALREADY_MODIFIED", message, 412, **_stamps(org, record))


def _written(org: Organisation, record: Record, message: str) -> Fields:
    details = _stamps(org, record)
    if org.quirks.approval_state and record.module != "Notes":
        details["$approval_state"] = "approved"
    return done(message, details)


def _stamps(org: Organisation, record: Record) -> Fields:
    return {
        "Modified_Time": org.told(record.get("Modified_Time")),
        "Modified_By": org.user(record.get("Modified_By")),
        "Created_Time": org.told(record.get("Created_Time")),
        "id": record.id,
        "Created_By": org.user(record.get("Created_By")),
    }


def _echo_external(said: Fields, field: Field | None, sent: Fields) -> None:
    """Name the external id in what was done."""
    if field is not None and field.external and sent.get(field.api_name) is not None:
        said["details"][field.api_name] = sent[field.api_name]


def _read(org: Organisation, request: Request) -> Fields:
    """Read the body of a write; the automation it asks for is checked, though none is played."""
    body = read_body(request)
    triggers = list_in(body, "trigger", "$")
    for n, trigger in enumerate(triggers):
        if trigger not in TRIGGERS:
            raise invalid_data(api_name="trigger", json_path=f"$.trigger[{n}]")
    if body.get("trigger") == [] and org.quirks.trigger_silences_watch:
        org.silent = True
    return body
