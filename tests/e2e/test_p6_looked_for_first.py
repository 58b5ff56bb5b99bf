"""P6: right before a record is made, the hub looks whether somebody has just made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.outbound.alike import alike
from tests.e2e.at_work import flows_at_work
from tests.e2e.test_invoice import ALL, AT_ONCE, a_deal, deal_of
from tests.e2e.test_p6_at_once import accounts, enter_account, enter_customer, linked

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from hub.outbound.group import Group
    from hub.outbound.outcome import Came
    from hub.outbound.way import Way
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

VELM = "Velm Works"


async def test_a_customer_whom_a_person_enters_a_second_before_the_hub_is_the_customer(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        meanwhile(monkeypatch, work, lambda: enter_customer(work, VELM, code="1010"))

        enter_account(work, VELM, code="1010")
        await work.at_rest()

        (account,), (customer,) = accounts(work, VELM), work.contacts(company_name=VELM)
        assert await linked(work, account, customer)
        assert customer["contact_name"] == f"{VELM} (Lisboa)"
        asked = "select count(*) from inbox where settled is null and subject = any($1)"
        subjects = [f"crm.Accounts/{account['id']}", f"books.contacts/{customer['contact_id']}"]
        assert not await work.hub.value(asked, subjects)
        await work.p5_rebuilds()


async def test_a_person_whom_a_colleague_enters_a_second_before_the_hub_is_that_person(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        account, customer = await velm_in_both(work)
        ada = {"first_name": "Ada", "last_name": "Rocha", "email": "ada@velm.example"}
        persons = {"contact_persons": [ada]}
        meanwhile(
            monkeypatch,
            work,
            lambda: work.books.edit("contacts", customer["contact_id"], persons),
        )

        named = {"Account_Name": {"id": account}}
        ada_there = {"First_Name": "Ada", "Last_Name": "Rocha", "Email": "Ada@velm.example"}
        work.crm.act("create", "Contacts", "", named | ada_there)
        await work.at_rest()

        (customer,) = work.contacts(company_name=VELM)
        assert [one["email"] for one in customer["contact_persons"]] == ["ada@velm.example"]
        (person,) = customer["contact_persons"]
        link = "select count(*) from links where link = (select link from links where record = $1)"
        assert await work.hub.value(link, person["contact_person_id"]) == 2
        await work.p5_rebuilds()


async def test_a_person_of_books_whom_sales_enters_a_second_before_the_hub_is_that_person(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        account, customer = await velm_in_both(work)

        # given somebody of whom Books alone knows, so that a person is asked
        ada = {"first_name": "Ada", "last_name": "Rocha", "email": "ada@velm.example"}
        work.books.edit("contacts", customer["contact_id"], {"contact_persons": [ada]})
        await work.at_rest()
        (item,) = await work.hub.rows("select * from inbox where settled is null")
        assert item["reason"] == "newcomer"

        # when she is to be made, and sales has just entered her
        there = {"First_Name": "Ada", "Last_Name": "Rocha", "Email": "Ada@velm.example"}
        named = {"Account_Name": {"id": account}}
        meanwhile(monkeypatch, work, lambda: work.crm.act("create", "Contacts", "", named | there))
        await work.resolve(item["item"], "create")
        await work.at_rest()

        found = [one for one in work.crm.state()["Contacts"] if one["Last_Name"] == "Rocha"]
        assert len(found) == 1
        assert len(work.contacts(company_name=VELM)[0]["contact_persons"]) == 1
        link = "select count(*) from links where link = (select link from links where record = $1)"
        assert await work.hub.value(link, found[0]["id"]) == 2
        await work.p5_rebuilds()


@pytest.mark.slow
async def test_one_who_may_be_the_same_is_asked_about_and_none_is_made_until_then(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        for name, answer in (("Ulme", "link"), ("Tanne", "create"), ("Weide", "skip")):
            entered: list[str] = []

            def enter(name: str = name, entered: list[str] = entered) -> None:
                entered.append(enter_customer(work, name, code="9"))

            meanwhile(monkeypatch, work, enter)

            account = enter_account(work, name, code="1010")
            await work.at_rest()

            # then none is made, and a person is asked
            (customer,) = work.contacts(company_name=name)
            query = "select * from inbox where reason = 'alike' and settled is null"
            (item,) = await work.hub.rows(query)
            there = f"books.contacts/{customer['contact_id']}"
            assert item["subject"] == f"crm.Accounts/{account}"
            assert there in item["sentence"]

            # when the answer is given, then it is so, and stays so
            await work.resolve(item["item"], f"link {there}" if answer == "link" else answer)
            await work.at_rest()
            assert len(work.contacts(company_name=name)) == (2 if answer == "create" else 1)
            are_linked = await linked(work, accounts(work, name)[0], customer)
            assert are_linked is (answer == "link")
        await work.p5_rebuilds()


@pytest.mark.slow
async def test_an_invoice_that_is_tied_to_the_deal_already_is_the_invoice(place: Settings) -> None:
    async with flows_at_work(place, customers=2) as work:
        await work.install(*ALL[:2], above=AT_ONCE)
        await work.first_sync()
        deal = a_deal(work, amount=120.50)
        await work.at_rest()
        enter_customer(work, "Velm Tools Ltd")
        (customer, *_) = work.contacts(company_name="Velm Tools Ltd")
        line = {"name": "Setup", "quantity": 1, "rate": 120.50}
        by_hand = {
            "customer_id": customer["contact_id"], "zcrm_potential_id": deal, "line_items": [line],
        }  # fmt: skip
        work.ground.fault("books", "webhook_lost")
        invoice = work.books.act("create", "invoices", "", by_hand)

        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
        await work.at_rest()

        assert deal_of(work, deal)["Books_Invoice_Id"] == invoice["invoice_id"]
        found = work.ground.there("books", "invoices", "invoice_id").values()
        assert [one["invoice_id"] for one in found if one.get("zcrm_potential_id") == deal] == [
            invoice["invoice_id"]
        ]
        await work.p5_rebuilds()


def meanwhile(monkeypatch: pytest.MonkeyPatch, work: FlowsAtWork, act: Callable[[], Any]) -> None:
    """Have a person act once, right before the hub looks for what it is to make; none tells it."""
    acts = [act]
    work.ground.fault("books", "webhook_lost")

    async def late(way: Way, group: Group) -> dict[UUID, Came]:
        if group.act == "make" and acts:
            acts.pop()()
        return await alike(way, group)

    monkeypatch.setattr("hub.outbound.carry.alike", late)


async def velm_in_both(work: FlowsAtWork) -> tuple[str, dict[str, Any]]:
    """Have an account and its customer; give the id of the one, and the other."""
    await work.first_sync()
    account = enter_account(work, VELM, code="1010")
    await work.at_rest()
    (customer,) = work.contacts(company_name=VELM)
    return account, customer
