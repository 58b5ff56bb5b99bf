"""The recycle bin: what can still be brought back, over all modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.change import restore
from hub.sandbox.crm.each import done
from hub.sandbox.crm.list import removed_type
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.pages import counted
from hub.sandbox.crm.refusal import invalid_id
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Removed
    from hub.sandbox.system import Request

Fields = dict[str, Any]


def list_removed(org: Organisation, request: Request) -> Answer:
    """List the recycle bin, newest first."""
    newest_first = sorted(_recyclable(org), key=lambda one: (one.at, one.record.id), reverse=True)
    return counted(request, newest_first, lambda one: _row(org, one), "recycle_bin")


def restore_one(org: Organisation, _: Request, key: str) -> Answer:
    """Bring one record back."""
    removed = next((one for one in _recyclable(org) if one.record.id == key), None)
    if removed is None:
        raise invalid_id(resource_path_index=2)
    restore(org, removed, API_USER.id)
    return Answer(body={"recycle_bin": [done("record restored successfully", {"id": key})]})


def _recyclable(org: Organisation) -> list[Removed]:
    every = (one for table in org.tables.values() for one in table.removed.values())
    return [one for one in every if removed_type(org, one) == "recycle"]


def _row(org: Organisation, removed: Removed) -> Fields:
    return {
        "display_name": removed.name,
        "deleted_time": org.told(removed.at),
        "owner": org.user(removed.record.get("Owner")),
        "module": removed.record.module,
        "deleted_by": org.user(removed.by),
        "id": removed.record.id,
    }
