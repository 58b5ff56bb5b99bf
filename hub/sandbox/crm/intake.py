"""What was sent of a record, checked field by field, as the values that are kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import part_of
from hub.sandbox.crm.lines import rows_after
from hub.sandbox.crm.refusal import Refusal, invalid_id, mandatory
from hub.sandbox.crm.tags import tag_names
from hub.sandbox.crm.unique import check_unique
from hub.sandbox.crm.values import checked

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Field, Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record

Fields = dict[str, Any]


def checked_values(
    org: Organisation, name: str, sent: Fields, old: Record | None, path: str
) -> Fields:
    """Check what was sent of a record; what the module does not have is passed over in silence."""
    module = org.modules[name]
    values: Fields = {}
    for field in module.fields.values():
        at = f"{path}.{field.api_name}"
        if field.api_name not in sent:
            if field.mandatory and old is None:
                raise mandatory(field.api_name, at)
        elif not field.read_only:
            values[field.api_name] = _checked_one(org, module, field, sent, old, at=at)
    if module.lines and "$line_tax" in sent:
        tax = org.modules[module.lines].fields["Line_Tax"]
        values["$line_tax"] = checked(org, tax, sent["$line_tax"], f"{path}.$line_tax")
    return values


def _checked_one(
    org: Organisation, module: Module, field: Field, sent: Fields, old: Record | None, *, at: str
) -> Any:
    said = sent[field.api_name]
    if field.target == "se_module":
        _check_home(org, field, sent, at)
    value = checked(org, field, said, at)
    if field.api_name == "Tag":
        return tag_names(org, module.name, value or [])
    if field.type == "subform":
        return rows_after(org, field.api_name, value or [], old, at)
    if field.unique and value is not None:
        own = old.id if old else ""
        check_unique(org, module.name, field, value, own=own, path=at)
    if field.type == "multiselectpicklist" and "$append_values" in sent and old is not None:
        return _appended(field, value, sent["$append_values"], old)
    return value


def _check_home(org: Organisation, field: Field, sent: Fields, at: str) -> None:
    """See that a lookup into any module says into which."""
    said = sent[field.api_name]
    if said is None:
        return
    home = sent.get("$se_module") or sent.get("se_module")
    if field.api_name == "Parent_Id" and isinstance(said, dict):
        home = home or part_of(said, "module", at).get("api_name")
    missing = {"api_name": "$se_module", "json_path": at.replace(field.api_name, "$se_module")}
    if field.api_name == "Parent_Id":
        missing = {"api_name": "module", "json_path": f"{at}.module"}
    if home is None:
        message = "the expected field is missing"
        raise Refusal("EXPECTED_FIELD_MISSING", message, expected_fields=[missing])
    found = said.get("id") if isinstance(said, dict) else said
    if org.homes.get(str(found)) != home:
        raise invalid_id(api_name=field.api_name, json_path=f"{at}.id")


def _appended(field: Field, value: list[Any] | None, asked: object, old: Record) -> list[Any]:
    wanted = isinstance(asked, dict) and asked.get(field.api_name) is True
    before = list(old.get(field.api_name) or ()) if wanted else []
    return [*before, *(one for one in value or () if one not in before)]
