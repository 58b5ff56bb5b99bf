"""Unique fields: no two records of a module may hold the same there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.refusal import Refusal

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Field
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record

Fields = dict[str, Any]


def check_unique(
    org: Organisation, module: str, field: Field, value: Any, *, own: str = "", path: str = ""
) -> None:
    """See that no record but the `own` one holds a value; `path` is where it stands in the body."""
    ids = org.tables[module].by_value(field.api_name, value)
    taken = org.find(next((one for one in ids if one != own), None))
    if taken is None:
        return
    details = {"api_name": field.api_name, "json_path": path or f"$.{field.api_name}"}
    raise Refusal("DUPLICATE_DATA", "duplicate data", **details, **_named(org, taken))


def check_all_unique(org: Organisation, record: Record) -> None:
    """See that a record which is not there could be there."""
    for field in org.modules[record.module].fields.values():
        if field.unique and (value := record.get(field.api_name)) is not None:
            check_unique(org, record.module, field, value)


def _named(org: Organisation, taken: Record) -> Fields:
    """Name the record that a value is taken by, in the older form, the newer, or both."""
    by_id = {"id": taken.id}
    by_record = {
        "duplicate_record": {
            "id": taken.id,
            "Owner": org.user(taken.get("Owner")),
            "module": {"api_name": taken.module, "id": org.modules[taken.module].id},
        }
    }
    forms: dict[str, Fields] = {"both": by_id | by_record, "id": by_id, "record": by_record}
    return forms.get(org.quirks.duplicate_told, {})
