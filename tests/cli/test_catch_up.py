"""`hub catch-up` offers older work to a flow, and takes up what a person wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.load.document import template
from tests.cli.flowing import deal, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

FLOW = "invoice_from_won_deal"


def test_what_was_won_before_is_offered_and_taken_up_on_yes(desk: Desk) -> None:
    desk.keep(
        deal("d1", Stage="Closed Won", Deal_Name="Old"), deal("d2", Stage="Proposal"),
        deal("d3", Stage="Closed Won", Deal_Name="Other"),
    )  # fmt: skip
    put_in_force(desk, "hold", template("customers"), template(FLOW))
    desk.apply()
    cases = desk.execute("select count(*) from cases")

    listed = desk.run("catch-up", FLOW, "--since", "2020-01-01", "--only", "d1", "--yes", "--json")
    desk.apply()
    again = desk.run("catch-up", FLOW, "--since", "2020-01-01")

    assert listed.code == 0, listed.err
    assert cases == 0
    assert [one["called"] for one in listed.result["offered"]] == ["Old"]
    assert desk.execute("select string_agg(\"case\", ',') from cases") == "d1"
    assert "d3" in again.out
    assert "d1" not in again.out
    assert desk.run("catch-up", "customers", "--since", "2020-01-01").code == 1
