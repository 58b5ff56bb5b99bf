"""`hub flows install`, `start`, `pause` and `mode`, and `hub stop`: what flows may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.flows.load.document import template
from tests.cli.flowing import FLOW, account, contact, deal, put_in_force

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk

SETTINGS = """
[connections.crm]
system = "zoho_crm"
client_id = "1"
secret_env = "S"
[connections.books]
system = "zoho_books"
client_id = "1"
secret_env = "S"
organization = "7"
"""


@pytest.fixture
def company(desk: Desk, tmp_path: Path) -> Desk:
    (tmp_path / "hub.toml").write_text(SETTINGS)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "customers.toml").write_text(
        FLOW.replace('"Code"', '"Account_Number"').replace('"code",', '"contact_number",')
    )
    return desk


def mode_of(desk: Desk) -> str:
    return str(desk.execute("select mode from flows"))


def test_what_is_in_the_directory_is_put_in_force_once(company: Desk) -> None:
    company.keep()
    first = company.run("flows", "install", "--by", "eve")
    company.apply()
    again = company.run("flows", "install")

    assert first.out == "customers is in force as it is now. hub flows show customers\n", first.err
    assert again.out == "All flows are in force as they are.\n"
    assert mode_of(company) == "off"


def test_the_list_tells_what_each_flow_may_do_and_where_nothing_is_written(company: Desk) -> None:
    no_log = company.run("flows", "list", "--json").result
    put_in_force(company, "hold")
    put_in_force(company, "on", FLOW.replace('flow  = "customers"', 'flow  = "other"'))
    company.run("stop", "writes", "books", "--reason", "year end")
    company.apply()

    told, for_people = company.run("flows", "list", "--json"), company.run("flows", "list")

    assert [one["mode"] for one in no_log["flows"]] == ["not installed"]
    modes = {one["name"]: (one["mode"], one["about"]) for one in told.result["flows"]}
    assert modes["customers"][0] == "hold"
    assert modes["other"] == ("on", "no file here")
    assert [one["connection"] for one in told.result["stops"]] == ["books"]
    assert "customers  sync   hold  A company" in for_people.out
    assert "stopped: nothing is written to books. year end\n" in for_people.out
    shown = company.run("flows", "show", "customers").out
    assert shown.endswith("It is hold now: each of its writes waits for a person (hub approve).\n")


def test_a_flow_goes_step_by_step_and_not_before_all_was_read(company: Desk) -> None:
    company.keep()
    company.run("flows", "install")
    company.apply()
    started = company.run("flows", "start", "customers", "--yes")
    company.apply()
    too_soon = company.run("flows", "start", "customers", "--yes")

    assert "is shadow from here on: it decides, and writes nothing" in started.out
    assert mode_of(company) == "shadow"
    assert too_soon.code == 1
    assert "books.contacts, crm.Accounts was not read through once" in too_soon.err


def test_people_within_a_customer_are_read_with_it(company: Desk, tmp_path: Path) -> None:
    (tmp_path / "flows" / "customers.toml").write_text(template("customers"))
    company.keep()
    company.run("flows", "install")
    company.apply()
    company.run("flows", "start", "customers", "--yes")
    company.apply()

    too_soon = company.run("flows", "start", "customers", "--yes")

    assert "books.contacts, crm.Accounts, crm.Contacts was not read through" in too_soon.err


def test_what_was_said_during_a_pause_is_judged_after_it_and_held(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen"), account("a1", Code="7", Account_Name="Lumen")
    )
    desk.apply()
    said = desk.run("flows", "pause", "customers", "--reason", "prices")
    desk.keep(account("a1", Code="7", Account_Name="Lumen & Co", minutes=1))
    desk.keep(account("a2", Account_Name="Aurora"))
    desk.apply()
    paused = desk.execute("select count(*) from deliveries")

    started = desk.run("flows", "start", "customers", "--yes", "--json").result
    desk.apply()

    assert "hub flows start customers brings it to hold first" in said.out
    assert (paused, started["mode"], started["changed"]) == (0, "hold", 2)
    assert len(desk.run("deliveries", "--state", "held", "--json").result) == 2


def test_what_was_said_while_a_flow_was_off_is_told_and_judged_when_it_is_on_again(
    desk: Desk,
) -> None:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen"), account("a1", Code="7", Account_Name="Lumen")
    )
    desk.apply()
    for mode in ("paused", "off", "paused"):  # in whatever order: it rests since the first
        desk.run("flows", "mode", "customers", mode, "--yes")
        desk.apply()
        desk.keep(account("a1", Code="7", Account_Name=f"Lumen & {mode}", minutes=1))
        desk.apply()
    desk.run("flows", "mode", "customers", "off", "--yes")
    desk.apply()

    on = desk.run("flows", "mode", "customers", "on", "--yes")
    desk.apply()
    again = desk.run("flows", "mode", "customers", "on", "--yes", "--json").result
    desk.apply()

    assert "1 record of it changed meanwhile: they are judged now" in on.out
    assert again["changed"] == 0
    owed = desk.run("deliveries", "--json").result
    assert [(one["connection"], one["record"]) for one in owed] == [("books", "b1")]


def test_a_flow_that_is_let_begin_has_missed_nothing(desk: Desk) -> None:
    put_in_force(desk, "off")
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.apply()

    started = desk.run("flows", "mode", "customers", "shadow", "--yes", "--json").result

    assert started["changed"] == 0


def test_what_was_said_but_is_not_folded_yet_is_judged_too(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen"), account("a1", Code="7", Account_Name="Lumen")
    )
    desk.apply()
    assert desk.run("flows", "pause", "customers").code == 0
    desk.apply()
    desk.keep(account("a1", Code="7", Account_Name="Lumen & Co", minutes=1))

    on = desk.run("flows", "mode", "customers", "on", "--yes", "--json").result
    desk.apply()

    assert on["changed"] == 1
    assert len(desk.run("deliveries", "--json").result) == 1


def test_what_a_flow_would_have_made_while_it_was_off_is_left_to_a_person(desk: Desk) -> None:
    flow = "invoice_from_won_deal"
    put_in_force(desk, "on", template("customers"), template(flow))
    desk.keep(deal("d1", Stage="Proposal"))
    desk.apply()
    desk.run("flows", "mode", flow, "off", "--yes")
    desk.apply()
    desk.keep(deal("d1", Stage="Closed Won", Deal_Name="Won"))
    desk.apply()

    on = desk.run("flows", "mode", flow, "on", "--yes")
    desk.apply()

    assert "1 record of it changed meanwhile: nothing is made for them by itself" in on.out
    assert f"hub catch-up {flow} --since 20" in on.out
    assert desk.execute("select count(*) from cases") == 0
    offered = desk.run("catch-up", flow, "--since", "2020-01-01", "--json", "--yes").result
    assert [one["called"] for one in offered["offered"]] == ["Won"]


def test_documents_are_made_beside_zohos_own_sync_only_when_a_person_names_the_master(
    desk: Desk,
) -> None:
    flow = "invoice_from_won_deal"
    put_in_force(desk, "shadow", template("customers"), template(flow))
    desk.keep(contact("b1", company_name="Lumen", zcrm_account_id="a1"))
    desk.apply()

    refused = desk.run("flows", "start", flow, "--yes")
    started = desk.run("flows", "start", flow, "--master", "hub", "--yes")
    desk.apply()
    again = desk.run("flows", "start", flow, "--yes", "--json")

    assert refused.code == 1
    assert "it has tied books.contacts/b1" in refused.err
    assert "is hold from here on" in started.out
    assert again.result["mode"] == "on"


def test_a_flow_that_is_on_may_always_be_held(desk: Desk) -> None:
    # Given a flow that makes documents, and a sync of Zoho's own that was switched on since
    flow = "invoice_from_won_deal"
    put_in_force(desk, "on", template("customers"), template(flow))
    desk.keep(contact("b1", company_name="Lumen", zcrm_account_id="a1"))
    desk.apply()

    held = desk.run("flows", "mode", flow, "hold", "--yes")
    desk.apply()
    let_go = desk.run("flows", "mode", flow, "on", "--yes")

    assert "is hold from here on" in held.out
    assert let_go.code == 1


def test_writes_to_a_connection_are_stopped_and_let_go(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(account("a1", Account_Name="Lumen"))
    stopped = desk.run("stop", "writes", "books", "--reason", "year end")
    desk.apply()
    waits = desk.run("deliveries").out
    desk.run("stop", "writes", "books", "--off")
    desk.apply()

    assert "books is not written to any more" in stopped.out
    assert "hub stop writes books --off" in waits
    assert "were stopped" not in desk.run("deliveries").out


def test_a_pause_is_a_brake_that_asks_nothing(desk: Desk) -> None:
    put_in_force(desk)
    desk.apply()

    paused = desk.run("flows", "pause", "customers", "--json")

    assert (paused.code, paused.result["mode"]) == (0, "paused")


def test_a_flow_that_is_not_there_is_named_with_those_that_are(desk: Desk) -> None:
    put_in_force(desk)
    desk.apply()

    unknown = desk.run("flows", "pause", "customer")

    assert unknown.code == 1
    assert 'did you mean "customers"?' in unknown.err
