"""P6: what people delete, bring back and merge stays one thing, and nothing returns by itself."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

AT_ONCE = {"invoice_from_won_deal": 'when.stays = "0s"'}


@asynccontextmanager
async def companies(place: Settings, *names: str) -> AsyncIterator[tuple[FlowsAtWork, list[str]]]:
    """Have companies on both sides, and flows at work; in the end a rebuild makes the same."""
    async with flows_at_work(place, customers=1) as work:
        await work.install("customers", "invoice_from_won_deal", above=AT_ONCE)
        await work.first_sync()
        accounts = [
            enter(work, f"{name} Works", code=f"101{number}") for number, name in enumerate(names)
        ]
        await work.at_rest()
        yield work, accounts
        await work.p5_rebuilds()


async def test_p6_a_deleted_account_is_asked_about_and_brought_back_it_is_what_it_was(
    place: Settings,
) -> None:
    async with companies(place, "Anker") as (work, [anker]):
        links = await links_of(work)

        # when an account is deleted, and finance goes on with its customer
        work.crm.act("delete", "Accounts", anker, {})
        customer = customer_of(work, "Anker Works")
        await work.at_rest()
        since = len(work.ground.calls())
        work.books.edit("contacts", customer["contact_id"], {"website": "https://anker.example"})
        await work.at_rest()

        # then a person is asked, once, and nothing is written or made for it
        assert await asked(work, anker) == ["gone"]
        assert work.writes(since) == []

        # and brought back it is what it was, shows what was said meanwhile, and nobody is asked
        work.crm.act("restore", "Accounts", anker, {})
        await work.until(
            lambda: account_of(work, anker)["Website"] == "https://anker.example",
            "what was said meanwhile did not arrive",
        )
        await work.at_rest()
        assert await asked(work, anker) == []
        assert await links_of(work) == links


async def test_p6_a_deleted_customer_is_made_anew_only_by_a_person(place: Settings) -> None:
    async with companies(place, "Birke") as (work, [birke]):
        # when a customer is deleted in Books, which tells nobody, and its account is edited
        customer = customer_of(work, "Birke Works")["contact_id"]
        work.books.act("delete", "contacts", customer, {})
        work.crm.edit("Accounts", birke, {"Website": "https://birke.example"})
        await work.at_rest()

        # then it is read, proved gone and unlinked, and not made again, though it is edited again
        work.crm.edit("Accounts", birke, {"Website": "https://birke2.example"})
        await work.at_rest()
        assert work.contacts(company_name="Birke Works") == []
        assert await asked(work, customer) == []

        # and where a deal needs it, a person is asked once, and may have it made anew
        win(work, birke, "Birke setup")
        await work.at_rest()
        assert await asked(work, birke) == ["newcomer"]
        await work.resolve(await item_about(work, birke), "create")
        await work.at_rest()
        anew = customer_of(work, "Birke Works")
        assert anew["website"] == "https://birke2.example"
        assert invoices(work) == {"Birke setup": anew["contact_id"]}


async def test_p6_merged_accounts_keep_their_invoices_and_neither_is_made_again(
    place: Settings,
) -> None:
    async with companies(place, "Cobalt", "Dorn") as (work, [cobalt, dorn]):
        # when a company that was invoiced is merged into another, which is invoiced then
        win(work, cobalt, "Cobalt setup")
        await work.at_rest()
        cobalt_customer = customer_of(work, "Cobalt Works")["contact_id"]
        work.crm.act("merge", "Accounts", cobalt, {"into": dorn})
        await work.at_rest()
        win(work, dorn, "Dorn setup")
        await work.at_rest()

        # then each invoice is with its customer, and the one that was merged is asked about
        dorn_customer = customer_of(work, "Dorn Works")["contact_id"]
        assert invoices(work) == {"Cobalt setup": cobalt_customer, "Dorn setup": dorn_customer}
        assert await asked(work, cobalt) == ["gone"]

        # and goes on in the other, as a person has it: the two customers agree, neither is made
        staying = f"link crm.Accounts/{dorn}, books.contacts/{dorn_customer} stays"
        await work.resolve(await item_about(work, cobalt), staying)
        work.crm.edit("Accounts", dorn, {"Website": "https://dorn.example"})
        await work.at_rest()
        both = [one for one in work.contacts() if one["website"] == "https://dorn.example"]
        assert {one["contact_id"] for one in both} == {cobalt_customer, dorn_customer}
        assert all(one["Account_Name"] != "Cobalt Works" for one in work.crm.state()["Accounts"])
        win(work, dorn, "Dorn upkeep")
        await work.at_rest()
        assert invoices(work)["Dorn upkeep"] == dorn_customer


def enter(work: FlowsAtWork, name: str, *, code: str) -> str:
    company = {"Account_Name": name, "Billing_Code": code, "Currency": "EUR"}
    return str(work.crm.act("create", "Accounts", "", company)["id"])


def win(work: FlowsAtWork, account: str, name: str) -> None:
    deal = {
        "Deal_Name": name, "Stage": "Proposal/Price Quote", "Amount": 100,
        "Account_Name": {"id": account}, "Currency": "EUR", "Closing_Date": "2026-12-01",
    }  # fmt: skip
    made = work.crm.act("create", "Deals", "", deal)["id"]
    work.crm.edit("Deals", made, {"Stage": "Closed Won"})


def customer_of(work: FlowsAtWork, name: str) -> dict[str, Any]:
    (customer,) = work.contacts(company_name=name)
    return customer


def account_of(work: FlowsAtWork, account: str) -> dict[str, Any]:
    return next(one for one in work.crm.state()["Accounts"] if one["id"] == account)


def invoices(work: FlowsAtWork) -> dict[str, str]:
    found = work.ground.there("books", "invoices", "invoice_id").values()
    return {one["reference_number"]: one["customer_id"] for one in found}


async def links_of(work: FlowsAtWork) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await work.hub.rows("select link, record, part from links")}


async def asked(work: FlowsAtWork, record: str) -> list[str]:
    rows = await work.hub.rows(
        "select reason from inbox where settled is null and subject like '%/' || $1", record
    )
    return [row["reason"] for row in rows]


async def item_about(work: FlowsAtWork, record: str) -> Any:
    query = "select item from inbox where settled is null and subject like '%/' || $1"
    return await work.hub.value(query, record)
