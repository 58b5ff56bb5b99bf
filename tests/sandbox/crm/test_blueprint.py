"""Deals whose stage moves by a blueprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def deal(desk: Desk) -> str:
    (made,) = desk.create("Deals", {"Deal_Name": "D", "Stage": "Qualification"})
    return made


def transition(desk: Desk, deal: str, stage: str) -> str:
    told = desk.get(f"/Deals/{deal}/actions/blueprint").body["blueprint"]["transitions"]
    return next(str(one["id"]) for one in told if one["next_field_value"] == stage)


def test_without_a_blueprint_a_stage_is_written_freely(desk: Desk, deal: str) -> None:
    written = desk.put(f"/Deals/{deal}", {"data": [{"Stage": "Closed Won"}]})
    asked = desk.get(f"/Deals/{deal}/actions/blueprint")

    assert written.status == 200
    assert asked.body["code"] == "RECORD_NOT_IN_PROCESS"


def test_in_a_blueprint_a_stage_is_not_written(desk: Desk, deal: str) -> None:
    desk.quirk(stage_in_blueprint=True)

    refused = desk.put(f"/Deals/{deal}", {"data": [{"Stage": "Closed Won"}]})
    same = desk.put(f"/Deals/{deal}", {"data": [{"Stage": "Qualification", "Amount": 1}]})

    (item,) = refused.body["data"]
    assert (refused.status, item["code"]) == (400, "RECORD_IN_BLUEPRINT")
    assert item["message"] == "The record is in blue print"
    assert same.status == 200


def test_a_transition_moves_the_stage_and_writes_what_comes_along(desk: Desk, deal: str) -> None:
    desk.quirk(stage_in_blueprint=True)
    wanted = transition(desk, deal, "Closed Won")
    body = {"blueprint": [{"transition_id": wanted, "data": {"Next_Step": "invoice"}}]}

    moved = desk.put(f"/Deals/{deal}/actions/blueprint", body)
    again = desk.put(f"/Deals/{deal}/actions/blueprint", body)

    shown = desk.one("Deals", deal)
    assert moved.body["code"] == "SUCCESS"
    assert (shown["Stage"], shown["Next_Step"]) == ("Closed Won", "invoice")
    assert again.body["message"] == "invalid transition"


def test_people_move_a_deal_as_they_like(desk: Desk, deal: str) -> None:
    desk.quirk(stage_in_blueprint=True)

    assert desk.crm.act("close", "Deals", deal, {})["Stage"] == "Closed Won"


def test_only_a_deal_that_is_there_is_in_a_blueprint(desk: Desk) -> None:
    desk.quirk(stage_in_blueprint=True)
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})

    unknown = desk.get("/Deals/5550002000000000999/actions/blueprint")
    other = desk.get(f"/Accounts/{account}/actions/blueprint")

    assert unknown.body["code"] == "INVALID_DATA"
    assert other.body["code"] == "RECORD_NOT_IN_PROCESS"
