"""How many calls are let in: by the minute, by the day, and at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.sandbox.system import Request
from tests.sandbox.books.caller import ABROAD, HOME

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller


def test_the_101st_call_of_a_minute_is_refused_with_44(call: Caller, world: World) -> None:
    served = [call("GET", "/items").status for _ in range(100)]

    refused = call("GET", "/items")
    world.clock.advance(60)

    assert set(served) == {200}
    assert refused.refusal == (429, 44)
    assert "Retry-After" not in refused.headers
    assert call("GET", "/items").status == 200


def test_the_minute_rolls_on(call: Caller, world: World) -> None:
    call.quirk(calls_per_minute=2)
    call("GET", "/items")
    world.clock.advance(30)
    call("GET", "/items")
    world.clock.advance(30)

    assert call("GET", "/items").status == 200
    assert call("GET", "/items").refusal == (429, 44)


def test_each_organisation_has_a_minute_of_its_own(call: Caller) -> None:
    call.quirk(calls_per_minute=1)
    call("GET", "/items")
    call.organization = ABROAD

    assert call("GET", "/items").status == 200


def test_gross_excess_blocks_for_an_hour_with_43(call: Caller, world: World) -> None:
    call.quirk(calls_per_minute_before_block=120)

    refusals = [call("GET", "/items") for _ in range(121)]
    world.clock.advance(3599)
    still = call("GET", "/items")
    world.clock.advance(1)

    assert refusals[119].refusal == (429, 44)
    assert refusals[120].refusal == (429, 43)
    assert refusals[120].headers["Retry-After"] == "3600"
    assert still.refusal == (429, 43)
    assert still.headers["Retry-After"] == "1"
    assert call("GET", "/items").status == 200


def test_the_day_is_counted_down_to_midnight_where_the_organisation_is(call: Caller) -> None:
    first, second = call("GET", "/items"), call("GET", "/items")

    assert first.headers["X-Rate-Limit-Limit"] == "10000"
    assert first.headers["X-Rate-Limit-Remaining"] == "9999"
    assert second.headers["X-Rate-Limit-Remaining"] == "9998"
    until_midnight = timedelta(hours=13, minutes=44, seconds=56).total_seconds()
    assert first.headers["X-Rate-Limit-Reset"] == str(int(until_midnight))


def test_a_day_that_is_used_up_is_refused_with_45_until_midnight(
    call: Caller, world: World
) -> None:
    call.quirk(calls_per_day=2)
    call("GET", "/items")
    call("GET", "/items")

    refused = call("GET", "/items")
    world.clock.advance(int(refused.headers["X-Rate-Limit-Reset"]))

    assert refused.refusal == (429, 45)
    assert refused.message.endswith("exceeded the maximum call rate limit of 2.")
    assert refused.headers["X-Rate-Limit-Remaining"] == "0"
    assert call("GET", "/items").status == 200


@pytest.mark.parametrize(
    ("plan", "limit"),
    [
        ("Free", "1000"),
        ("Standard", "2000"),
        ("Professional", "5000"),
        ("Premium", "10000"),
        ("Elite", "10000"),
        ("Ultimate", "10000"),
    ],
)
def test_the_day_is_as_long_as_the_plan_allows(call: Caller, plan: str, limit: str) -> None:
    call.books.edit("organizations", HOME, {"plan_name": plan})

    assert call("GET", "/items").headers["X-Rate-Limit-Limit"] == limit


def test_a_refused_call_does_not_use_up_the_day(call: Caller) -> None:
    call.quirk(calls_per_minute=1)
    call("GET", "/items")

    assert call("GET", "/items").headers["X-Rate-Limit-Remaining"] == "9999"


@pytest.mark.parametrize(("plan", "others"), [("Premium", 10), ("Free", 5)])
def test_more_calls_at_a_time_than_the_plan_allows_are_refused_with_1070(
    call: Caller, plan: str, others: int
) -> None:
    call.books.edit("organizations", HOME, {"plan_name": plan})
    mine = Request(method="GET", path="/books/v3/items", query=[("organization_id", HOME)])
    for _ in range(others):
        call.books.begin(mine)
    in_bounds = call("GET", "/items")

    call.books.begin(mine)
    refused = call("GET", "/items")
    call.books.end(mine)

    assert in_bounds.status == 200
    assert refused.refusal == (429, 1070)
    assert call("GET", "/items").status == 200


def test_others_can_be_played_to_have_calls_in_process(call: Caller) -> None:
    call.quirk(calls_in_flight=10)

    assert call("GET", "/items").refusal == (429, 1070)


def test_calls_about_organisations_are_not_counted(call: Caller) -> None:
    call.quirk(calls_per_minute=1)
    for _ in range(3):
        call("GET", "/organizations")

    assert call("GET", "/items").status == 200
