"""`hub backfill` shows what a first sync comes to, and does it when a person says yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.cli.flowing import BUYERS, FLOW, account, contact, person, put_in_force

if TYPE_CHECKING:
    from hub.events import Event
    from tests.cli.conftest import Desk


def old(event: Event) -> Event:
    """Have a record made long before any flow began."""
    fields = msgspec.json.decode(event.data)
    made = {name: "2020-01-01T00:00:00+00:00" for name in fields if name.lower() == "created_time"}
    return msgspec.structs.replace(event, data=msgspec.json.encode(fields | made))


@pytest.fixture
def shops(desk: Desk) -> Desk:
    """One that both sides know, one by name only, one on each side alone, and one that differs."""
    put_in_force(desk)
    accounts = [
        account("a1", Code="1", Account_Name="Lumen"),
        account("a2", Account_Name="Aurora"),
        account("a3", Code="3", Account_Name="Only in CRM"),
        account("a4", Code="4", Account_Name="Vega", Phone="+32 2 555 01 01"),
    ]
    contacts = [
        contact("b1", code="1", company_name="Lumen"),
        contact("b2", company_name="Aurora"),
        contact("b4", code="4", company_name="Vega Ltd"),
        contact("b5", code="5", company_name="Only in Books"),
    ]
    desk.keep(*map(old, [*accounts, *contacts]))
    desk.apply()
    return desk


def test_the_plan_shows_everything_and_does_nothing(shops: Desk) -> None:
    shown = shops.run("backfill", "customers", "--dry-run")
    plan = shops.run("backfill", "customers", "--dry-run", "--json").result["plan"]

    assert (plan["records"], plan["linked"], plan["made"]) == (8, 2, {"books.contacts": 1})
    assert (plan["proposed"], plan["newcomers"]) == (1, 1)
    assert plan["written"] == {"books.contacts name": 1}
    assert "crm.Accounts/a4" in shown.out
    assert "'Vega Ltd' becomes 'Vega'" in shown.out
    assert shown.out.endswith("Nothing was done.\n")
    assert shops.execute("select count(*) from links") == 0


def test_what_was_shown_is_done_and_is_not_in_the_next_plan(shops: Desk) -> None:
    plan = shops.run("backfill", "customers", "--dry-run", "--json").result["plan"]
    done = shops.run("backfill", "customers", "--yes", "--by", "eve")
    shops.apply()
    again = shops.run("backfill", "customers", "--dry-run", "--json").result["plan"]

    assert done.code == 0, done.err
    assert shops.execute("select count(distinct link) from links") == 3
    waiting = "select count(*) from inbox where settled is null and reason = $1"
    assert shops.execute(waiting, "proposal") == plan["proposed"]
    assert shops.execute("select count(*) from deliveries where share = 'backfill'") == 2
    assert (again["linked"], again["made"], again["written"]) == (0, {}, {})
    assert shops.execute("select origin from events where type = 'reviewed'") == "operator:eve"


def test_a_flow_that_decides_nothing_is_not_filled(shops: Desk) -> None:
    shops.run("flows", "pause", "customers")
    shops.apply()

    refused = shops.run("backfill", "customers", "--yes")

    assert refused.code == 1
    assert "hub flows start customers" in refused.err


def test_a_first_sync_waits_for_what_that_of_another_flow_has_yet_to_make(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW, BUYERS)
    company = account("a1", Code="1", Account_Name="Only in CRM")
    desk.keep(old(company), old(person("p1", "a1", Email="lu@men.example")))
    desk.apply()
    shown = desk.run("backfill", "customers", "--yes")
    desk.apply()

    refused = desk.run("backfill", "buyers", "--yes")
    again = desk.run("backfill", "customers", "--dry-run")

    assert shown.code == 0, shown.err
    assert refused.code == 1
    assert "customers has 1 books.contacts to make yet" in refused.err
    assert again.code == 0
