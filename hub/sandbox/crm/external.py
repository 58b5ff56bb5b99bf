"""The header X-EXTERNAL: records, and those that lookups point at, called by ids of others.

`X-EXTERNAL: Deals.Hub_Id` makes the last part of the path, and every `id` in the body, a value of
that field. A longer path goes to a lookup, `Deals.Account_Name.Hub_Id`, or to one in the rows of a
subform, `Quotes.Quoted_Items.Product_Name.Hub_Id`. Several stand behind commas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.refusal import Refusal, invalid_data

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]

INVALID = "The value of the external field is invalid."
DUPLICATE = "The external field contains duplicate data."


def external_paths(org: Organisation, request: Request, module: str) -> list[list[str]]:
    """Give the steps of each path of the header that is for this module, without its name."""
    said = request.headers.get("x-external", "")
    paths = [path.strip().split(".") for path in said.split(",") if path.strip()]
    found = [steps[1:] for steps in paths if steps[0] == module and len(steps) > 1]
    for steps in found:
        _check(org, module, steps)
    return found


def own_external(org: Organisation, request: Request, module: str) -> str | None:
    """Give the field that the module's own records are called by, if the header says one."""
    return next((path[0] for path in external_paths(org, request, module) if len(path) == 1), None)


def record_in_path(org: Organisation, request: Request, module: str, key: str) -> Record | None:
    """Find the record that the path names, by its id or by its external id."""
    field = own_external(org, request, module)
    if field is None:
        return org.tables[module].get(key)
    return _one(org, module, field, key)


def with_own_ids(org: Organisation, request: Request, module: str, sent: Fields) -> Fields:
    """Put the vendor's ids where the body has external ones."""
    for steps in external_paths(org, request, module):
        sent = _replaced(org, module, sent, steps)
    return sent


def _replaced(org: Organisation, module: str, sent: Fields, steps: list[str]) -> Fields:
    *way, field = steps
    if not way:
        return sent | {"id": _id(org, module, field, str(sent["id"]))} if "id" in sent else sent
    name, *rest = way
    inner = sent.get(name)
    step = org.modules[module].fields[name]
    if isinstance(inner, list):
        more = [*rest, field]
        rows = [
            _replaced(org, step.target, row, more) if isinstance(row, dict) else row
            for row in inner
        ]
        return sent | {name: rows}
    if isinstance(inner, dict) and isinstance(inner.get("id"), str):
        return sent | {name: {"id": _id(org, step.target, field, inner["id"])}}
    return sent


def _id(org: Organisation, module: str, field: str, value: str) -> str:
    record = _one(org, module, field, value)
    if record is None:
        raise invalid_data(INVALID, api_name=field)
    return record.id


def _one(org: Organisation, module: str, field: str, value: str) -> Record | None:
    ids = org.tables[module].by_value(field, value)
    if len(ids) > 1:
        raise Refusal("DUPLICATE_DATA", DUPLICATE, api_name=field)
    return org.tables[module].get(ids[0]) if ids else None


def _check(org: Organisation, module: str, steps: list[str]) -> None:
    """See that a path leads through lookups and subforms to a field that is external."""
    *way, last = steps
    for name in way:
        step = org.modules[module].fields.get(name)
        if step is None or step.target not in org.modules:
            raise invalid_data(INVALID, api_name=name, header="X-EXTERNAL")
        module = step.target
    field = org.modules[module].fields.get(last)
    if field is None or not field.external:
        raise invalid_data(INVALID, api_name=last, header="X-EXTERNAL")
