"""A blueprint over the stages of deals: where it is on, a stage moves by a transition only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.body import items_of, read_body
from hub.sandbox.crm.change import update
from hub.sandbox.crm.each import done
from hub.sandbox.crm.intake import checked_values
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.refusal import Refusal, invalid_data, invalid_id
from hub.sandbox.crm.standard import ID_PREFIX, STAGES
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]

_IDS = {name: f"{ID_PREFIX}{901 + n:012d}" for n, (name, _, _) in enumerate(STAGES)}


def transitions(org: Organisation, _: Request, name: str, key: str) -> Answer:
    """Tell where a deal may go from its stage: to any other."""
    deal = _deal(org, name, key)
    stage = deal.get("Stage")
    possible = [
        {"id": _IDS[one], "name": f"To {one}", "next_field_value": one, "criteria_matched": True}
        | {"type": "manual", "fields": [], "data": {}, "partial_save": False}
        for one in _IDS
        if one != stage
    ]
    field = org.modules[name].fields["Stage"]
    process = {
        "field_id": field.id,
        "api_name": "Stage",
        "field_value": stage,
        "field_label": "Stage",
        "is_continuous": False,
        "name": "Sales process",
        "id": f"{ID_PREFIX}{900:012d}",
        "column_name": "STAGE",
    }
    return Answer(body={"blueprint": {"process_info": process, "transitions": possible}})


def move(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """Make a transition, with what is to be written along with it."""
    deal = _deal(org, name, key)
    (item,) = items_of(read_body(request), "blueprint", 1)
    wanted = str(item.get("transition_id"))
    stage = next((one for one, its_id in _IDS.items() if its_id == wanted), None)
    if stage is None or stage == deal.get("Stage"):
        path = "$.blueprint[0].transition_id"
        raise invalid_data("invalid transition", api_name="transition_id", json_path=path)
    data = item.get("data") or {}
    values = checked_values(org, name, data, deal, "$.blueprint[0].data")
    update(org, deal, values | {"Stage": stage}, API_USER.id)
    return Answer(body=done("transition updated successfully", {}))


def _deal(org: Organisation, name: str, key: str) -> Record:
    org.module(name)
    record = org.tables[name].get(key)
    if record is None:
        raise invalid_id(resource_path_index=1)
    if name != "Deals" or not org.quirks.stage_in_blueprint:
        raise Refusal("RECORD_NOT_IN_PROCESS", "record not in process")
    return record
