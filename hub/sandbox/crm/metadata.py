"""What modules there are, their layouts and related lists, and the pipeline of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.described import (
    describe_layout,
    describe_module,
    describe_related_lists,
    layout_id,
)
from hub.sandbox.crm.refusal import Refusal, invalid_data, invalid_id, param_missing
from hub.sandbox.crm.standard import ID_PREFIX, STAGES
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Request

Fields = dict[str, Any]


def list_modules(org: Organisation, _: Request) -> Answer:
    """List the modules."""
    modules = [describe_module(org, one) for one in org.modules.values()]
    return Answer(body={"modules": modules})


def one_module(org: Organisation, _: Request, key: str) -> Answer:
    """Tell of one module, with its related lists."""
    found = [one for one in org.modules.values() if key in (one.name, one.id)]
    if not found:
        raise invalid_data("the module name given seems to be invalid", resource_path_index=0)
    more = {"related_lists": describe_related_lists(org, found[0]), "per_page": 200}
    return Answer(body={"modules": [describe_module(org, found[0]) | more]})


def list_layouts(org: Organisation, request: Request) -> Answer:
    """List the layouts of a module: each has one."""
    return Answer(body={"layouts": [describe_layout(org, asked_module(org, request))]})


def one_layout(org: Organisation, request: Request, key: str) -> Answer:
    """Tell of one layout."""
    module = asked_module(org, request)
    if key != layout_id(module):
        raise invalid_id(resource_path_index=2)
    return Answer(body={"layouts": [describe_layout(org, module)]})


def pipeline(org: Organisation, request: Request) -> Answer:
    """Tell the stages of deals, and what each counts as."""
    layout = request.param("layout_id")
    if not layout:
        raise param_missing("layout_id")
    if layout != layout_id(org.modules["Deals"]):
        raise invalid_data(param_name="layout_id")
    name = "Standard (Standard)"
    one = {"display_value": name, "actual_value": name, "default": True, "maps": _stages()}
    return Answer(body={"pipeline": [one | {"id": f"{ID_PREFIX}{801:012d}"}]})


def related_lists(org: Organisation, request: Request) -> Answer:
    """List the related lists of a module."""
    found = describe_related_lists(org, asked_module(org, request))
    return Answer(body={"related_lists": found}) if found else Answer(status=204)


def asked_module(org: Organisation, request: Request) -> Module:
    """Give the module that the parameter names."""
    name = request.param("module")
    if not name:
        raise param_missing("module")
    if name not in org.modules:
        raise Refusal("INVALID_MODULE", "the module name given seems to be invalid")
    return org.modules[name]


def _stages() -> list[Fields]:
    return [
        {
            "display_value": name,
            "actual_value": name,
            "sequence_number": n,
            "id": f"{ID_PREFIX}{801 + n:012d}",
            "forecast_type": kind,
            "forecast_category": {
                "name": "Pipeline" if kind == "Open" else kind,
                "id": f"{ID_PREFIX}{851 + n:012d}",
            },
            "colour_code": None,
            "delete": False,
        }
        for n, (name, _, kind) in enumerate(STAGES, 1)
    ]
