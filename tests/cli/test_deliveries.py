"""`hub deliveries` tells what is owed and what it waits for; `hub approve` lets it go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.flowing import account, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.fixture
def held(desk: Desk) -> Desk:
    put_in_force(desk, "hold")
    desk.keep(*(account(f"a{n}", Account_Name=f"Shop {n}") for n in range(3)))
    desk.apply()
    return desk


def test_a_flow_in_hold_waits_for_a_person(held: Desk) -> None:
    told = held.run("deliveries", "--state", "held")
    others = held.run("deliveries", "--state", "parked")

    assert told.out.count("customers is in hold (hub approve ") == 3
    assert others.out == "Nothing is parked.\n"


def test_what_is_approved_waits_for_nobody_any_more(held: Desk) -> None:
    first, *rest = held.run("deliveries", "--json").result
    one = held.run("approve", first["id"][:8], "--by", "eve")
    held.apply()
    left = held.run("deliveries", "--state", "held", "--json").result

    everything = held.run("approve", "--flow", "customers", "--all", "--yes", "--json")
    held.apply()

    assert one.code == 0, one.err
    assert [each["id"] for each in left] == [each["id"] for each in rest]
    assert len(everything.result["deliveries"]) == 2
    assert held.run("deliveries", "--state", "held", "--json").result == []
    assert held.execute("select count(*) from deliveries where approved is not null") == 3


def test_what_does_not_wait_for_approval_cannot_be_approved(held: Desk) -> None:
    unknown = held.run("approve", "ffff")
    neither = held.run("approve")
    nobody_to_ask = held.run("approve", "--flow", "customers", "--all", "--json")

    assert (unknown.code, neither.code, nobody_to_ask.code) == (1, 2, 2)
    assert "ffff names no delivery that waits for approval. There wait: " in unknown.err
