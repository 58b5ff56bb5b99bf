"""The fields of modules: to look at, to make, to change, and to delete again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from hub.sandbox.crm.body import items_of, list_in, part_of, read_body
from hub.sandbox.crm.described import describe_field, describe_id
from hub.sandbox.crm.each import done
from hub.sandbox.crm.fields import Field, Type
from hub.sandbox.crm.metadata import asked_module
from hub.sandbox.crm.refusal import Refusal, invalid_data, invalid_id, mandatory
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Request

Fields = dict[str, Any]

FIELDS_MAX = 5
UNIQUE_MAX = 10
LABEL_LENGTH_MAX = 50
LENGTHS = {"text": 255, "textarea": 32_000, "email": 100, "phone": 30, "integer": 9}
CHOICE_LENGTH = 120
EXTERNALS = ("", "org", "user")

CUSTOM_TYPES = sorted(
    set(get_args(Type)) - {"subform", "ownerlookup", "jsonobject", "jsonarray", "autonumber"}
)
"""Of what type people can make fields."""


def list_fields(org: Organisation, request: Request) -> Answer:
    """List the fields of a module."""
    module = asked_module(org, request)
    fields = [describe_field(org, module, one) for one in module.fields.values()]
    return Answer(body={"fields": [describe_id(module), *fields]})


def one_field(org: Organisation, request: Request, key: str) -> Answer:
    """Tell of one field."""
    module = asked_module(org, request)
    return Answer(body={"fields": [describe_field(org, module, _by_id(module, key))]})


def make_fields(org: Organisation, request: Request) -> Answer:
    """Make fields; they are custom fields from then on."""
    module = asked_module(org, request)
    said = []
    for n, item in enumerate(items_of(read_body(request), "fields", FIELDS_MAX)):
        field = _read(org, module, item, f"$.fields[{n}]")
        module.fields[field.api_name] = field
        said.append(done("field created", {"id": field.id}))
    return Answer(status=201, body={"fields": said})


def change_fields(org: Organisation, request: Request) -> Answer:
    """Change several fields, each of which says its id."""
    module = asked_module(org, request)
    items = items_of(read_body(request), "fields", FIELDS_MAX)
    said = [_change(org, module, str(one.get("id")), one, n) for n, one in enumerate(items)]
    return Answer(body={"fields": said})


def change_field(org: Organisation, request: Request, key: str) -> Answer:
    """Change one field."""
    module = asked_module(org, request)
    (item,) = items_of(read_body(request), "fields", 1)
    return Answer(body={"fields": [_change(org, module, key, item, 0)]})


def delete_field(org: Organisation, request: Request, key: str) -> Answer:
    """Delete a custom field, with what stands in it."""
    module = asked_module(org, request)
    field = _by_id(module, key)
    if not field.custom:
        raise Refusal("NOT_ALLOWED", "a field of the system cannot be deleted")
    table = org.tables[module.name]
    for record in list(table):
        org.save(msgspec.structs.replace(record, fields=record.fields | {field.api_name: None}))
    del module.fields[field.api_name]
    return Answer(body={"fields": [done("field deleted", {"id": field.id})]})


def _by_id(module: Module, key: str) -> Field:
    found = [one for one in module.fields.values() if one.id == key]
    if not found:
        raise invalid_id(resource_path_index=2)
    return found[0]


def _read(org: Organisation, module: Module, item: Fields, path: str) -> Field:
    """Read a field that is to be made, or say what is wrong with it."""
    label, name = _named(module, item, path)
    kind: Any = item.get("data_type")
    if kind not in CUSTOM_TYPES:
        at = f"{path}.data_type"
        raise invalid_data(api_name="data_type", json_path=at, supported_values=CUSTOM_TYPES)
    unique = bool(item.get("unique"))
    _check_unique(module, path, unique=unique)
    return Field(
        api_name=name,
        type=kind,
        id=org.new_id(),
        label=label,
        length=_number(item, "length", path) or LENGTHS.get(kind, CHOICE_LENGTH),
        unique=unique,
        external=_external(item, path),
        custom=True,
        choices=_choices(item, path),
        decimals=_number(item, "decimal_place", path) or 2,
        target=_target(org, item, path) if kind == "lookup" else _user(kind),
    )


def _named(module: Module, item: Fields, path: str) -> tuple[str, str]:
    """Give the label of a field, and the name that it gets from it."""
    label, at = item.get("field_label"), f"{path}.field_label"
    if not label:
        raise mandatory("field_label", at)
    if not isinstance(label, str) or len(label) > LABEL_LENGTH_MAX:
        raise invalid_data(api_name="field_label", json_path=at, maximum_length=LABEL_LENGTH_MAX)
    name = re.sub(r"\W+", "_", label.strip()).strip("_")
    if not name:
        raise invalid_data(api_name="field_label", json_path=at, expected_data_type="text")
    if name in module.fields:
        raise Refusal("DUPLICATE_DATA", "duplicate data", api_name="field_label", json_path=at)
    return label, name


def _number(item: Fields, name: str, path: str) -> int | None:
    said = item.get(name)
    if said is None or (isinstance(said, int) and not isinstance(said, bool) and said >= 0):
        return said
    raise invalid_data(api_name=name, json_path=f"{path}.{name}", expected_data_type="integer")


def _external(item: Fields, path: str) -> Any:
    kind = part_of(item, "external", path).get("type", "")
    if kind not in EXTERNALS:
        at = f"{path}.external.type"
        raise invalid_data(api_name="type", json_path=at, supported_values=["org", "user"])
    return kind


def _choices(item: Fields, path: str) -> tuple[str, ...]:
    said = list_in(item, "pick_list_values", path)
    if not all(isinstance(one, dict) and one.get("display_value") for one in said):
        at = f"{path}.pick_list_values"
        raise invalid_data(api_name="pick_list_values", json_path=at)
    return tuple(str(one.get("actual_value", one["display_value"])) for one in said)


def _target(org: Organisation, item: Fields, path: str) -> str:
    whom = part_of(part_of(item, "lookup", path), "module", f"{path}.lookup")
    if "api_name" not in whom:
        raise mandatory("module", f"{path}.lookup.module")
    if str(whom["api_name"]) not in org.tables:
        raise invalid_data(api_name="module", json_path=f"{path}.lookup.module")
    return str(whom["api_name"])


def _user(kind: Type) -> str:
    return "Users" if kind == "userlookup" else ""


def _change(org: Organisation, module: Module, key: str, item: Fields, n: int) -> Fields:
    field = _by_id(module, key)
    path = f"$.fields[{n}]"
    changed: Fields = {}
    if "field_label" in item:
        changed["label"] = str(item["field_label"])
    if "length" in item:
        changed["length"] = _number(item, "length", path) or field.length
    if "external" in item:
        changed["external"] = _external(item, path)
    if "unique" in item:
        changed["unique"] = bool(item["unique"])
        if not field.unique:
            _check_unique(module, path, unique=changed["unique"])
            _check_values(org, module, field, path)
    module.fields[field.api_name] = msgspec.structs.replace(field, **changed)
    return done("field updated", {"id": field.id})


def _check_unique(module: Module, path: str, *, unique: bool) -> None:
    taken = sum(one.unique for one in module.fields.values())
    if unique and taken >= UNIQUE_MAX:
        due = [{"api_name": "unique", "json_path": f"{path}.unique"}]
        message = "the number of unique fields is over the limit"
        raise Refusal("LIMIT_EXCEEDED", message, limit=UNIQUE_MAX, limit_due_to=due)


def _check_values(org: Organisation, module: Module, field: Field, path: str) -> None:
    """See that a field that is to be unique holds nothing twice."""
    values = [record.get(field.api_name) for record in org.tables[module.name]]
    folded = [value.casefold() for value in values if isinstance(value, str)]
    if len(folded) != len(set(folded)):
        at = f"{path}.unique"
        raise Refusal("DUPLICATE_DATA", "duplicate data", api_name="unique", json_path=at)
