"""What the page shows of customers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hub.sandbox.page.customers import Customers, customers
from hub.sandbox.page.sides import SIDES
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller


CRM, BOOKS, DESK, _ = SIDES


def test_a_customer_is_found_by_an_id_before_his_name() -> None:
    crm = {"Accounts": [account("1", "Faro", Books_Contact_Id="9"), account("2", "Other")]}
    books = {"contacts": [contact("8", "Faro"), contact("9", "Faro Lda")]}

    found = members(crm=crm, books=books)

    assert found == [{"crm": "1", "books": "9"}, {"books": "8"}, {"crm": "2"}]


def test_a_name_is_the_same_without_case_accents_and_signs() -> None:
    crm = {"Accounts": [account("1", "Solène & Söhne")]}
    books = {"contacts": [contact("8", "SOLENE  SOHNE")]}

    assert members(crm=crm, books=books) == [{"crm": "1", "books": "8"}]


def test_a_customer_of_all_four_is_one() -> None:
    # Given a customer who is called otherwise in the books, and bears an id there
    crm = {"Accounts": [account("1", "Faro")]}
    books = {"contacts": [contact("8", "Faro Lda", zcrm_account_id="1")]}
    desk = {"accounts": [{"id": "5", "accountName": "Faro", "cf": {}}]}
    sales = {"Account": [{"Id": "001A", "Name": "FARO, Lda."}]}

    (found,) = members(crm=crm, books=books, desk=desk, salesforce=sales)

    assert found == {"crm": "1", "books": "8", "desk": "5", "salesforce": "001A"}


def test_two_of_one_name_are_put_to_two() -> None:
    crm = {"Accounts": [account("1", "Faro"), account("2", "Faro")]}
    books = {"contacts": [contact("8", "Faro"), contact("9", "Faro")]}

    found = members(crm=crm, books=books)

    assert sorted(one["books"] for one in found) == ["8", "9"]


def test_vendors_and_what_is_in_a_bin_are_no_customers() -> None:
    books = {"contacts": [contact("8", "Faro", contact_type="vendor")]}
    desk = {"accounts": [{"id": "5", "accountName": "Faro", "isTrashed": True}]}

    assert members(books=books, desk=desk) == []


def test_all_that_a_customer_has_is_told_and_nothing_of_others() -> None:
    mine, other = {"id": "1", "name": "Faro"}, {"id": "2", "name": "Other"}
    deals = [{"id": "3", "Account_Name": mine}, {"id": "4", "Account_Name": other}]
    invoices = [{"invoice_id": n, "customer_id": n[0]} for n in ("81", "82", "91")]
    accounts = {"Accounts": [account("1", "Faro")], "Deals": deals}

    crm = CRM.of(accounts, "1")
    books = BOOKS.of({"contacts": [contact("8", "Faro")], "invoices": invoices}, "8")

    assert [one["id"] for one in crm["Deals"]] == ["3"]
    assert [one["invoice_id"] for one in books["invoices"]] == ["82", "81"]
    assert CRM.of(accounts, "")["Deals"] == []


def test_a_ticket_that_nobody_pays_for_leads_to_no_invoice() -> None:
    def ticket(status: str, billable: str) -> dict[str, Any]:
        return {"accountId": "5", "statusType": status, "cf": {"cf_billable": billable}}

    tickets = [ticket("Open", "Yes"), ticket("Open", "No"), ticket("Closed", "Yes")]

    assert DESK.count_open({"tickets": tickets}, "5") == 1


async def test_one_customer_is_asked_for_not_all_that_there_is(call: Caller) -> None:
    said = await call("GET", "/_sandbox/page/customer?crm=1&desk=2")

    assert said.status == 200
    assert said.body["crm"]["Accounts"] == []
    assert said.body.keys() == {"crm", "desk"}


def test_a_hundred_customers_are_put_together_in_a_moment() -> None:
    world = World(7)
    systems = all_systems(world)
    seed_past(world, systems, Seeding(customers=100, seed=7))
    shown = Customers(systems)
    states = {side.name: shown._state(side.name) for side in SIDES}

    begun = time.perf_counter()
    found = customers(states)

    assert time.perf_counter() - begun < 0.5
    assert sum(len(one.members) == len(SIDES) for one in found) > 15


def members(**states: Any) -> list[dict[str, str]]:
    return [one.members for one in customers(states)]


def account(id_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "Account_Name": name, **more}


def contact(id_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"contact_id": id_, "company_name": name, "contact_type": "customer", **more}
