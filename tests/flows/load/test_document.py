"""A flow that extends one of the library says only what differs."""

from __future__ import annotations

import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.errors import ConfigFault
from hub.flows.flow import Sync
from hub.flows.load import World, load
from hub.flows.load.document import document, template, templates
from tests.flows.load.desk import BOOKS, CRM


def extended(more: str, world: World = WORLD) -> Sync:
    flow = load(f'extends = "library/customers"\n{more}', "mine.toml", {}, world)
    assert isinstance(flow, Sync)
    return flow


def test_what_is_not_said_is_as_in_the_library() -> None:
    assert extended("") == load(template("customers"), "customers.toml", {}, WORLD)


def test_what_is_said_replaces_only_that() -> None:
    flow = extended('fields.website.owner = "books"\nguard.go_live = "shadow"')

    owners = {field.name: field.owner for field in flow.fields}
    assert owners["website"] == "books"
    assert owners["name"] == "crm"
    assert flow.guard.go_live == "shadow"
    assert flow.guard.at_most


def test_a_field_is_added_and_another_left_out() -> None:
    more = 'tax_number = { crm = "Ticker_Symbol", books = "vat_reg_no", owner = "books" }'
    flow = extended(f"[fields]\nwebsite = false\n{more}")

    names = [field.name for field in flow.fields]
    assert "website" not in names
    assert "tax_number" in names


def test_a_list_is_replaced_whole() -> None:
    assert [key.text for key in extended('match.maybe = ["name"]').match.maybe] == ["name"]


def test_its_connections_may_be_called_otherwise() -> None:
    crm, books = WORLD.connections["crm"], WORLD.connections["books"]
    world = World(connections={"crm_eu": crm, "books": books})

    flow = extended('connections = { crm = "crm_eu" }', world)

    assert [side.connection for side in flow.sides] == ["crm_eu", "books"]
    assert flow.people is not None
    assert [side.connection for side in flow.people.sides] == ["crm_eu", "books"]


def test_without_that_the_fault_says_how() -> None:
    with pytest.raises(ConfigFault, match=r'say which: connections = \{ crm = "…" \}'):
        extended("", World(connections={"sales": CRM, "finance": BOOKS}))


def test_a_name_that_the_flow_does_not_know_cannot_be_given_anew() -> None:
    with pytest.raises(ConfigFault, match=r'mine.toml:2: .* found "cmr"; did you mean "crm"'):
        extended('connections = { cmr = "crm" }')


def test_a_flow_of_another_name_is_another_flow() -> None:
    flow = extended('flow = "clients"')

    assert (flow.name, flow.id) == ("clients", "clients")


def test_a_fault_is_told_where_it_stands() -> None:
    with pytest.raises(ConfigFault) as caught:
        extended('[fields]\nname.crm = "Acount_Name"\nwebsite.owner = "sales"')

    (first, second) = str(caught.value).splitlines()
    assert first.startswith("mine.toml:3: fields.name.crm: expected a field of crm.Accounts")
    assert second.startswith('mine.toml:4: fields.website.owner: expected "crm", "books",')
    assert [fault["line"] for fault in caught.value.faults] == [3, 4]


def test_a_fault_of_what_is_extended_names_that_file() -> None:
    world = World(connections={"crm": CRM, "books": WORLD.connections["books"]})

    with pytest.raises(
        ConfigFault, match=r"library/customers\.toml:\d+ \(extended by mine\.toml\): fields\.web"
    ):
        extended("", world)


def test_a_value_said_in_another_way_is_not_mixed_with_the_first() -> None:
    more = '[make."books.invoices"]\nreference_number = { is = "web" }'
    values, faults = document(f'extends = "library/invoice_from_won_deal"\n{more}', "mine.toml")

    assert not faults
    assert values["make"]["books.invoices"]["reference_number"] == {"is": "web"}


def test_what_is_no_flow_of_the_library_is_told() -> None:
    with pytest.raises(ConfigFault, match='did you mean "library/customers"'):
        load('extends = "library/customer"', "mine.toml", {}, WORLD)


def test_the_library_is_listed() -> None:
    assert {"customers", "invoice_from_won_deal", "payment_status_to_crm"} <= set(templates())
