from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import Refused
from hub.sandbox import mess
from hub.sandbox.customers import customers
from hub.sandbox.seed import Seeding, seed
from hub.sandbox.side import id_of
from hub.sandbox.systems import all_systems
from hub.sandbox.traffic import Traffic
from hub.sandbox.world import World
from tests.sandbox.conftest import START
from tests.sandbox.sides import Sides

if TYPE_CHECKING:
    from hub.sandbox.system import Fields
    from tests.sandbox.conftest import Caller


@pytest.fixture(scope="module")
def sides() -> Sides:
    return Sides(customers=500)


def test_the_same_numbers_make_the_same_records() -> None:
    assert Sides(customers=40).state() == Sides(customers=40).state()
    assert Sides(customers=40).state() != Sides(customers=40, number=8).state()


def test_all_sides_have_customers_and_what_they_bought(sides: Sides) -> None:
    made = sides.seeded.made

    assert made["crm"].keys() >= {"Accounts", "Contacts", "Deals", "Quotes", "Products"}
    assert made["books"].keys() >= {"contacts", "items", "invoices", "estimates"}
    assert made["books"]["customerpayments"] > 20


def test_customers_overlap_and_each_side_has_some_of_its_own(sides: Sides) -> None:
    where = Counter(tuple(sorted(records)) for records in sides.seeded.same)

    assert sum(where.values()) == 500
    assert where["books", "crm"] > 300
    assert where[("crm",)] > 60
    assert where[("books",)] > 25


def test_who_is_who_is_told_by_ids_that_are_there(sides: Sides) -> None:
    crm = sides.crm.kinds["Accounts"] | sides.crm.kinds["Contacts"]
    for records in sides.seeded.same:
        assert set(records.get("crm", ())) <= crm.keys()
        assert set(records.get("books", ())) <= sides.books.kinds["contacts"].keys()


def test_a_customer_is_written_differently_on_the_two_sides(sides: Sides) -> None:
    pairs = [
        (account["Account_Name"], contact["contact_name"])
        for account, contact in _pairs(sides)
        if "Billing_City" in account
    ]

    same = sum(one == other for one, other in pairs)
    folded = sum(one.casefold() == other.casefold() for one, other in pairs)
    assert 0.5 < same / len(pairs) < 0.9
    assert folded > same
    assert any(mess.without_accents(one) == other != one for one, other in pairs)
    assert any(one.endswith("Inc.") and other.endswith("Incorporated") for one, other in pairs)


def test_some_customers_were_made_twice(sides: Sides) -> None:
    twice = [records["crm"] for records in sides.seeded.same if len(records.get("crm", ())) > 1]
    names = sides.crm.kinds["Accounts"]

    assert len(twice) > 5
    for first, second in twice:
        one, other = names[first]["Account_Name"], names[second]["Account_Name"]
        assert one != other
        assert sorted(one) == sorted(other)  # two letters turned round


def test_some_e_mails_are_missing_and_some_are_written_in_other_cases(sides: Sides) -> None:
    emails = [
        person["email"]
        for contact in sides.books.kinds["contacts"].values()
        for person in contact["contact_persons"]
    ]

    assert any(not contact["contact_persons"] for contact in sides.books.kinds["contacts"].values())
    assert 0.05 < emails.count("") / len(emails) < 0.25
    assert any(email.isupper() for email in emails)
    assert any(email.startswith(("accounts@", "billing@", "office@")) for email in emails)
    assert any(one["Email"] is None for one in sides.crm.kinds["Contacts"].values())


def test_some_customers_share_a_mail_domain() -> None:
    made = customers(Random(7), 500)
    companies = Counter(one.domain for one in made if one.form)

    assert max(companies.values()) > 1
    assert sum(not one.form for one in made) > 20


def test_names_are_unique_in_the_books_whatever_the_case(sides: Sides) -> None:
    names = [one["contact_name"].strip().casefold() for one in _values(sides, "contacts")]

    assert len(set(names)) == len(names)


def test_every_reference_leads_to_a_record(sides: Sides) -> None:
    for invoice in _values(sides, "invoices"):
        assert invoice["customer_id"] in sides.books.kinds["contacts"]
    for payment in _values(sides, "customerpayments"):
        for row in payment["invoices"]:
            assert row["invoice_id"] in sides.books.kinds["invoices"]
    for quote in sides.crm.kinds["Quotes"].values():
        assert quote["Deal_Name"]["id"] in sides.crm.kinds["Deals"]


def test_money_is_exact(sides: Sides) -> None:
    amounts: list[Any] = [one["Amount"] for one in sides.crm.kinds["Deals"].values()]
    amounts += [line["rate"] for one in _values(sides, "invoices") for line in one["line_items"]]

    assert {type(amount) for amount in amounts} == {Decimal}


def test_everybody_is_made_up() -> None:
    domains = {one.domain for one in customers(Random(1), 300)}

    assert all(re.fullmatch(r"[a-z0-9]+\.example", domain) for domain in domains)


async def test_seeding_is_asked_for_by_the_control_api(call: Caller) -> None:
    said = await call("POST", "/_sandbox/seed", {"customers": 5, "seed": 7})

    assert said.status == 200
    assert len(said.body["same"]) == 5


def test_more_customers_than_can_be_are_refused() -> None:
    with pytest.raises(Refused, match="customers: expected 0 to"):
        seed([], Seeding(customers=1_000_000), START)


@pytest.mark.parametrize(
    ("kind", "record", "expected"),
    [
        ("Deals", {"id": "1"}, "1"),
        ("contacts", {"contact_id": "2"}, "2"),
        ("customerpayments", {"payment_id": "3"}, "3"),
        ("creditnotes", {"creditnote_id": "4"}, "4"),
        ("currencies", {"currency_id": "5"}, "5"),
    ],
)
def test_a_record_is_known_by_its_id(kind: str, record: Fields, expected: str) -> None:
    assert id_of(kind, record) == expected


def test_the_played_vendors_take_the_seed_and_people_work_there() -> None:
    world = World(seed=1, start=START)
    systems = all_systems(world)

    made = seed(systems, Seeding(customers=30, seed=7), START).made
    traffic = Traffic(world, systems)
    done = [traffic.step() for _ in range(200)]

    hold_none = {"accounts", "pubsub", "slack", "mail", "sink"}
    assert made.keys() == {system.name for system in systems} - hold_none
    assert None not in done
    assert {one.system for one in done if one} == made.keys()
    assert world.outbox == []  # nobody subscribed to anything


@pytest.mark.parametrize("number", [7, 8])
def test_a_world_may_be_seeded_again_and_what_was_there_stays(number: int) -> None:
    systems = all_systems(World(seed=1, start=START))
    seed(systems, Seeding(customers=30, seed=7), START)
    before = {system.name: system.state() for system in systems}

    again = seed(systems, Seeding(customers=30, seed=number), START)

    after = {system.name: system.state() for system in systems}
    assert len(after["books"]["contacts"]) > len(before["books"]["contacts"])
    assert len(after["crm"]["Deals"]) > len(before["crm"]["Deals"])
    assert after["crm"]["Products"] == before["crm"]["Products"]
    assert "Products" not in again.made["crm"]


def _pairs(sides: Sides) -> list[tuple[Fields, Fields]]:
    """Give what stands for the same customer on both sides."""
    crm = sides.crm.kinds["Accounts"] | sides.crm.kinds["Contacts"]
    return [
        (crm[records["crm"][0]], sides.books.kinds["contacts"][records["books"][0]])
        for records in sides.seeded.same
        if len(records) == 2
    ]


def _values(sides: Sides, kind: str) -> list[Fields]:
    return list(sides.books.kinds[kind].values())
