"""Credits of 24 hours, and calls at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.sandbox.crm import Quirks
from hub.sandbox.crm.limits import cost_of, credits_per_day, is_heavy
from hub.sandbox.system import Request

if TYPE_CHECKING:
    from hub.sandbox.system import Answer
    from tests.sandbox.crm.desk import Desk

LEFT = "X-API-CREDITS-REMAINING"
SELECT = "select id from Deals where id is not null"


def call(method: str, path: str, body: str = "", **query: str) -> Request:
    return Request(method=method, path=path, query=tuple(query.items()), body=body.encode())


def records(count: int) -> str:
    return f'{{"data": [{", ".join(["{}"] * count)}]}}'


def query(limit: str) -> str:
    return f'{{"select_query": "{SELECT}{limit}"}}'


@pytest.mark.parametrize(
    ("edition", "users", "whole"),
    [
        ("free", 3, 5_000),
        ("standard", 4, 51_000),
        ("standard", 1000, 100_000),
        ("professional", 4, 52_000),
        ("enterprise", 5, 55_000),
        ("enterprise", 100_000, 5_000_000),
        ("ultimate", 100_000, 200_050_000),
    ],
)
def test_edition_and_users_make_the_credits(edition: str, users: int, whole: int) -> None:
    assert credits_per_day(Quirks(edition=edition, users_paid=users)) == whole  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "cost"),
    [
        (call("GET", "/crm/v8/Deals"), 1),
        (call("POST", "/crm/v8/Deals", records(10)), 1),
        (call("POST", "/crm/v8/Deals", records(11)), 2),
        (call("PUT", "/crm/v8/Deals", records(100)), 10),
        (call("POST", "/crm/v8/Deals/upsert", records(100)), 10),
        (call("POST", "/crm/v8/coql", query("")), 1),
        (call("POST", "/crm/v8/coql", query(" limit 201")), 2),
        (call("POST", "/crm/v8/coql", query(" limit 1000 offset 7")), 2),
        (call("POST", "/crm/v8/coql", query(" limit 7, 1001")), 3),
        (call("POST", "/crm/bulk/v8/read"), 50),
        (call("GET", "/crm/bulk/v8/read/7"), 1),
        (call("POST", "/crm/v8/__composite_requests", '{"__composite_requests": [{}, {}]}'), 2),
        (call("POST", "/crm/v8/actions/watch", '{"watch": [{}, {}]}'), 1),
    ],
)
def test_calls_cost_what_they_cost(request_: Request, cost: int) -> None:
    assert cost_of(request_) == cost


@pytest.mark.parametrize(
    ("request_", "heavy"),
    [
        (call("GET", "/crm/v8/Deals"), False),
        (call("GET", "/crm/v8/Deals", sort_by="Modified_Time"), True),
        (call("GET", "/crm/v8/Deals/search", word="faro"), True),
        (call("POST", "/crm/v8/coql", query("")), True),
        (call("POST", "/crm/v8/Deals", records(10)), False),
        (call("POST", "/crm/v8/Deals", records(11)), True),
    ],
)
def test_some_calls_are_heavy(request_: Request, heavy: bool) -> None:  # noqa: FBT001 - a table
    assert is_heavy(request_) is heavy


def ask(desk: Desk) -> Answer:
    return desk.get("/Deals", fields="Deal_Name")


def test_what_is_left_is_told_only_when_half_of_it_is_gone(desk: Desk) -> None:
    desk.quirk(credits_per_day=4)

    told = [ask(desk).headers.get(LEFT) for _ in range(4)]

    assert told == [None, None, "1", "0"]


def test_without_credits_every_call_is_429_and_nothing_tells_how_long(desk: Desk) -> None:
    desk.quirk(credits_per_day=2)
    ask(desk)
    ask(desk)

    refused = ask(desk)

    assert refused.status == 429
    assert refused.body == {
        "code": "TOO_MANY_REQUESTS", "details": {}, "message": "request limit reached",
        "status": "error",
    }  # fmt: skip
    assert "Retry-After" not in refused.headers


def test_credits_come_back_when_24_hours_have_rolled_by(desk: Desk) -> None:
    desk.quirk(credits_per_day=2)
    ask(desk)
    desk.world.clock.advance(3600)
    ask(desk)

    desk.world.clock.advance(23 * 3600)

    assert [ask(desk).status, ask(desk).status] == [204, 429]


def test_a_refused_call_costs_nothing(desk: Desk) -> None:
    desk.quirk(credits_per_day=2)
    desk.post("/Deals", {"data": [{}] * 30})

    assert [ask(desk).status for _ in range(3)] == [204, 204, 429]


def answered(desk: Desk, *under_way: Request) -> int:
    """Have calls under way, answer the last of them, and end them all."""
    for one in under_way:
        desk.crm.begin(one)
    status = desk.crm.answer(under_way[-1]).status
    for one in under_way:
        desk.crm.end(one)
    return status


def test_only_so_many_calls_are_taken_at_a_time(desk: Desk) -> None:
    desk.quirk(edition="free")
    light = [call("GET", "/crm/v8/org") for _ in range(6)]

    assert answered(desk, *light[:5]) == 200
    assert answered(desk, *light) == 429
    assert answered(desk, light[0]) == 200


def test_fewer_heavy_calls_are_taken_at_a_time_whatever_the_edition(desk: Desk) -> None:
    desk.quirk(edition="ultimate")
    heavy = [call("POST", "/crm/v8/coql", query("")) for _ in range(11)]
    light = call("GET", "/crm/v8/org")

    assert answered(desk, *heavy[:10]) == 204
    assert answered(desk, *heavy) == 429
    assert answered(desk, *heavy, light) == 200


def test_both_numbers_of_calls_at_a_time_can_be_set(desk: Desk) -> None:
    desk.quirk(calls_at_once=2, heavy_calls_at_once=1)
    light = [call("GET", "/crm/v8/org") for _ in range(3)]
    heavy = [call("POST", "/crm/v8/coql", query("")) for _ in range(2)]

    assert answered(desk, *light[:2]) == 200
    assert answered(desk, *light) == 429
    assert answered(desk, *heavy) == 429
