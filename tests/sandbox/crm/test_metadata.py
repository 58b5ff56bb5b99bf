"""Modules, layouts, related lists and the pipeline of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


def test_all_modules_are_listed_those_of_line_items_hidden(desk: Desk) -> None:
    modules = {one["api_name"]: one for one in desk.get("/settings/modules").body["modules"]}

    assert modules["Quotes"]["status"] == "visible"
    assert modules["Quoted_Items"]["status"] == "system_hidden"
    assert len({one["id"] for one in modules.values()}) == len(modules) == 13


def test_one_module_is_told_with_its_related_lists(desk: Desk) -> None:
    (module,) = desk.get("/settings/modules/Deals").body["modules"]
    (by_id,) = desk.get(f"/settings/modules/{module['id']}").body["modules"]

    names = [one["api_name"] for one in module["related_lists"]]
    assert names == ["Products", "Quotes", "Sales_Orders", "Tasks", "Notes"]
    assert by_id == module
    assert desk.get("/settings/modules/Nope").body["code"] == "INVALID_DATA"


def test_a_layout_has_the_fields_of_its_module(desk: Desk) -> None:
    (layout,) = desk.get("/settings/layouts", module="Deals").body["layouts"]
    (by_id,) = desk.get(f"/settings/layouts/{layout['id']}", module="Deals").body["layouts"]

    names = [one["api_name"] for one in layout["sections"][0]["fields"]]
    assert names[:3] == ["Deal_Name", "Stage", "Pipeline"]
    assert by_id == layout
    assert desk.get("/settings/layouts/7", module="Deals").body["code"] == "INVALID_DATA"


def test_the_pipeline_says_what_each_stage_counts_as(desk: Desk) -> None:
    (layout,) = desk.get("/settings/layouts", module="Deals").body["layouts"]

    (pipeline,) = desk.get("/settings/pipeline", layout_id=layout["id"]).body["pipeline"]

    kinds = {one["actual_value"]: one["forecast_type"] for one in pipeline["maps"]}
    assert len(kinds) == 9
    assert kinds["Negotiation/Review"] == "Open"
    assert kinds["Closed Won"] == "Closed Won"
    assert kinds["Closed Lost to Competition"] == "Closed Lost"
    assert pipeline["default"] is True


def test_the_pipeline_is_that_of_a_layout(desk: Desk) -> None:
    missing = desk.get("/settings/pipeline")
    unknown = desk.get("/settings/pipeline", layout_id="7")

    assert missing.body["details"] == {"param_name": "layout_id"}
    assert unknown.body["code"] == "INVALID_DATA"


def test_related_lists_are_listed_where_there_are_any(desk: Desk) -> None:
    lists = desk.get("/settings/related_lists", module="Price_Books").body["related_lists"]

    assert [one["module"]["api_name"] for one in lists] == ["Products"]
    assert desk.get("/settings/related_lists", module="Tasks").status == 204


def test_the_module_that_is_meant_has_to_be_said(desk: Desk) -> None:
    missing = desk.get("/settings/layouts")
    unknown = desk.get("/settings/layouts", module="Nope")

    assert missing.body["code"] == "REQUIRED_PARAM_MISSING"
    assert unknown.body["code"] == "INVALID_MODULE"
