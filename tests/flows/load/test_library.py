"""The flows that come with the hub are in order, for the fields that every account has."""

from __future__ import annotations

from hub.cli.flows_test import LIBRARY as WORLD
from hub.flows.flow import Once, Sync, While
from hub.flows.load import load_all
from hub.flows.load.document import template, templates


def test_all_flows_of_the_library_can_be_used_together() -> None:
    flows = load_all({f"{name}.toml": template(name) for name in templates()}, {}, WORLD)

    assert set(flows) == set(templates())
    assert isinstance(flows["customers"], Sync)
    assert isinstance(flows["invoice_from_won_deal"], Once)
    assert isinstance(flows["payment_status_to_crm"], While)


def test_no_flow_of_the_library_goes_live_without_a_person() -> None:
    flows = load_all({f"{name}.toml": template(name) for name in templates()}, {}, WORLD)

    assert {flow.guard.go_live for flow in flows.values()} <= {"shadow", "hold"}
    assert all(flow.guard.at_most for flow in flows.values())
