"""What the page shows of customers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hub.sandbox.page.customers import Customers, of_account, of_contact, pairs
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller


def test_a_customer_is_paired_by_an_id_before_his_name() -> None:
    crm = {"Accounts": [account("1", "Faro", Books_Contact_Id="9"), account("2", "Other")]}
    books = {"contacts": [contact("8", "Faro"), contact("9", "Faro Lda")]}

    found = {(one.crm, one.books) for one in pairs(crm, books)}

    assert found == {("1", "9"), ("2", ""), ("", "8")}


def test_a_name_is_the_same_without_case_accents_and_signs() -> None:
    crm = {"Accounts": [account("1", "Solène & Söhne")]}
    books = {"contacts": [contact("8", "SOLENE  SOHNE")]}

    (found,) = pairs(crm, books)

    assert (found.name, found.crm, found.books) == ("Solène & Söhne", "1", "8")


def test_two_of_one_name_are_paired_with_two() -> None:
    crm = {"Accounts": [account("1", "Faro"), account("2", "Faro")]}
    books = {"contacts": [contact("8", "Faro"), contact("9", "Faro")]}

    found = pairs(crm, books)

    assert sorted(one.books for one in found) == ["8", "9"]


def test_vendors_are_no_customers() -> None:
    assert pairs({}, {"contacts": [contact("8", "Faro", contact_type="vendor")]}) == []


def test_all_that_a_customer_has_is_told_and_nothing_of_others() -> None:
    mine, other = {"id": "1", "name": "Faro"}, {"id": "2", "name": "Other"}
    deals = [{"id": "3", "Account_Name": mine}, {"id": "4", "Account_Name": other}]
    invoices = [{"invoice_id": n, "customer_id": n[0]} for n in ("81", "82", "91")]

    crm = of_account({"Accounts": [account("1", "Faro")], "Deals": deals}, "1")
    books = of_contact({"contacts": [contact("8", "Faro")], "invoices": invoices}, "8")

    assert [one["id"] for one in crm["Deals"]] == ["3"]
    assert [one["invoice_id"] for one in books["invoices"]] == ["82", "81"]
    assert of_account({"Accounts": [account("1", "Faro")], "Deals": deals}, "")["Deals"] == []


async def test_one_customer_is_asked_for_not_all_that_there_is(call: Caller) -> None:
    said = await call("GET", "/_sandbox/page/customer?crm=1&books=2")

    assert said.status == 200
    assert said.body["crm"]["Accounts"] == []


def test_a_hundred_customers_are_paired_in_a_moment() -> None:
    world = World(7)
    systems = all_systems(world)
    seed_past(world, systems, Seeding(customers=100, seed=7))
    customers = Customers(systems)
    crm, books = customers._state("crm"), customers._state("books")

    begun = time.perf_counter()
    found = pairs(crm, books)

    assert time.perf_counter() - begun < 0.2
    assert sum(bool(one.crm and one.books) for one in found) > 40


def account(id_: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"id": id_, "Account_Name": name, **more}


def contact(id_: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"contact_id": id_, "company_name": name, "contact_type": "customer", **more}
