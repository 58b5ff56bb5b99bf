"""The flows of a hub are read together, and held one against another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import ConfigFault
from hub.flows.load import World, load_all
from tests.flows.load.desk import CUSTOMERS, INVOICE, STATUS, WORLD, changed

if TYPE_CHECKING:
    from hub.flows.flow import Flow


THREE = World(connections={**WORLD.connections, "us": WORLD.connections["crm"]})


def together(*texts: str, answers: Any = None) -> dict[str, Flow]:
    files = {f"{number}.toml": text for number, text in enumerate(texts, 1)}
    return load_all(files, answers or {}, THREE)


def refused(*texts: str, answers: Any = None) -> list[str]:
    with pytest.raises(ConfigFault) as caught:
        together(*texts, answers=answers)
    return str(caught.value).splitlines()


def test_a_flow_is_read_after_those_that_it_leans_on_whatever_the_order_of_the_files() -> None:
    assert set(together(STATUS, INVOICE, CUSTOMERS)) == {"customers", "invoice", "status"}


def test_answers_reach_the_flow_that_asks() -> None:
    flow = together(CUSTOMERS, INVOICE, answers={"invoice": {"won": ["Open"]}})["invoice"]

    assert flow.becomes.of({"deal": {"Stage": "Open"}, "ask": flow.ask})  # type: ignore[union-attr]


def test_an_answer_for_a_flow_that_is_not_there_is_told() -> None:
    assert refused(CUSTOMERS, answers={"custmers": {"won": "Open"}}) == [
        'hub.toml: answers.custmers: expected a flow, found "custmers"; did you mean "customers"?'
    ]


def test_a_file_that_is_no_toml_is_the_only_fault_there_is() -> None:
    broken = CUSTOMERS.replace("[match]", "[match")

    (fault,) = refused(broken, INVOICE, answers={"customers": {}})

    assert fault.startswith("1.toml:")
    assert "not TOML" in fault


def test_a_side_that_is_missing_is_one_fault() -> None:
    lines = [line for line in CUSTOMERS.splitlines() if not line.startswith("books ")]

    assert refused("\n".join(lines)) == [
        '1.toml:4: sides: expected two sides, found 1: crm; [fields] speak of "books" too'
    ]


def test_two_flows_that_join_the_same_kinds_are_one_fault() -> None:
    again = changed(CUSTOMERS, 'flow  = "customers"', 'flow  = "clients"')

    (fault,) = refused(CUSTOMERS, again)

    assert fault == (
        "2.toml:4: sides: expected one flow that joins books.contacts with crm.Accounts, found "
        'another, "customers" in 1.toml: remove one of the two'
    )


def test_two_flows_may_not_write_one_field() -> None:
    other = changed(STATUS, "Balance = ", 'Phone = "invoice.invoice_number"\nBalance = ')

    assert refused(CUSTOMERS, other) == [
        (
            '2.toml:14: keep."crm.Accounts".Phone: expected one rule for Phone of crm.Accounts, '
            "found another, fields.phone of 1.toml"
        )
    ]


def test_what_is_written_only_when_a_record_is_made_may_be_shared() -> None:
    once = changed(CUSTOMERS, 'owner = "latest"', 'owner = "latest", write = "on create"')
    other = changed(STATUS, "Balance = ", 'Phone = "invoice.invoice_number"\nBalance = ')

    assert len(together(once, other)) == 2


def test_a_side_that_owns_a_field_and_has_others_put_back_writes_it_itself() -> None:
    owned = changed(CUSTOMERS, 'owner = "latest"', 'owner = "crm", lone = "put_back"')
    other = changed(STATUS, "Balance = ", 'Phone = "invoice.invoice_number"\nBalance = ')

    assert len(together(owned, other)) == 2


def test_two_flows_may_not_have_one_name_or_one_id() -> None:
    same = refused(CUSTOMERS, CUSTOMERS)
    renamed = changed(STATUS, 'flow  = "status"', 'flow  = "status"\nid = "customers"')

    assert same[0] == (
        '2.toml:1: flow: expected a flow of its own, found "customers", which 1.toml has'
    )
    assert refused(CUSTOMERS, renamed) == [
        '2.toml:2: id: expected an id of its own, found "customers", which 1.toml has'
    ]


def test_flows_that_need_one_another_are_told() -> None:
    first = changed(INVOICE, 'of = "customers"', 'of = "second"')
    second = changed(INVOICE, 'flow  = "invoice"', 'flow  = "second"')
    second = changed(second, 'of = "customers"', 'of = "invoice"')

    told = refused(first, second)

    assert (
        "1.toml:13: needs: expected flows that come to an end, "
        "found invoice needs second needs invoice"
    ) in told


def test_a_flow_whose_friend_has_faults_is_judged_all_the_same() -> None:
    told = refused(
        changed(CUSTOMERS, '"Phone"', '"Fone"'),
        changed(STATUS, "each morning in books", "every morning"),
    )

    assert [one.split(": expected")[0] for one in told] == [
        "1.toml:15: fields.phone.crm",
        "2.toml:7: while.clock",
    ]


def test_every_file_that_is_no_toml_is_told() -> None:
    told = refused("flow = ", CUSTOMERS, "sides = [")

    assert [one.split(":")[0] for one in told] == ["1.toml", "3.toml"]


SYNC = """
flow  = "{name}"
about = "One is the other."
[sides]
{one} = "{one}.{kinds[0]}"
{other} = "{other}.{kinds[1]}"
[match]
sure  = ["name"]
new   = {{ {one} = "ignore", {other} = "ignore" }}
gone  = {{ {one} = "unlink", {other} = "unlink" }}
[fields]
name  = {{ {one} = "{names[0]}", {other} = "{names[1]}", owner = "{owner}"{more} }}
"""
KINDS = {"crm": "Accounts", "us": "Accounts", "books": "contacts"}
NAMES = {"crm": "Account_Name", "us": "Account_Name", "books": "company_name"}


def sync(name: str, one: str, other: str, owner: str, more: str = "") -> str:
    kinds, names = (KINDS[one], KINDS[other]), (NAMES[one], NAMES[other])
    return SYNC.format(
        name=name, one=one, other=other, kinds=kinds, names=names, owner=owner, more=more
    )


def test_owners_that_form_a_circle_over_several_syncs_are_told_with_each_of_its_files() -> None:
    first = sync("a", "crm", "books", "books")
    second = sync("b", "books", "us", "us")
    third = sync("c", "crm", "us", "crm")

    told = refused(first, second, third)

    assert told == [
        (
            "3.toml:12: fields.name: expected owners without a circle, found company_name of "
            "books.contacts is believed over Account_Name of crm.Accounts (1.toml:12: "
            "fields.name), Account_Name of crm.Accounts is believed over Account_Name of "
            "us.Accounts (3.toml:12: fields.name), Account_Name of us.Accounts is believed over "
            "company_name of books.contacts (2.toml:12: fields.name): so nobody is believed in "
            'the end. Take the field out of one of them, or say write = "on create" there'
        )
    ]


def test_two_syncs_of_one_pair_of_kinds_do_not_each_believe_another_side() -> None:
    told = refused(sync("a", "crm", "books", "books"), sync("b", "crm", "books", "crm"))

    assert [one.split(", found")[0] for one in told] == [
        "2.toml:12: fields.name: expected owners without a circle"
    ]


def test_owners_in_a_line_are_no_circle_nor_is_what_is_said_on_create_alone() -> None:
    line = together(sync("a", "crm", "books", "crm"), sync("b", "books", "us", "books"))
    broken = together(
        sync("a", "crm", "books", "books"),
        sync("b", "books", "us", "us"),
        sync("c", "crm", "us", "crm", ', write = "on create"'),
    )

    assert (len(line), len(broken)) == (2, 3)
