"""A deal that is won gives finance one draft invoice, and the deal is told what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.at_work import FlowsAtWork, flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings


ALL = ("customers", "invoice_from_won_deal", "payment_status_to_crm")
AT_ONCE = {"invoice_from_won_deal": 'when.stays = "0s"'}


async def test_p6_a_won_deal_gives_one_draft_invoice_and_the_deal_names_it(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=2) as work:
        await work.install(*ALL[:2], above=AT_ONCE)
        await work.first_sync()
        deal = a_deal(work, amount=120.50)

        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})

        await work.until(lambda: invoices_of(work, "Velm Tools Ltd"), "there is no invoice")
        (invoice,) = invoices_of(work, "Velm Tools Ltd")
        assert invoice["status"] == "draft"
        assert str(invoice["total"]) == "120.5"
        assert [row["name"] for row in invoice["line_items"]] == ["Velm setup"]
        await work.until(
            lambda: deal_of(work, deal)["Books_Invoice_Number"] == invoice["invoice_number"],
            "the deal does not name its invoice",
        )
        await work.at_rest()

        # won once more, it is the same deal
        work.crm.edit("Deals", deal, {"Stage": "Negotiation/Review"})
        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
        await work.at_rest()
        assert len(invoices_of(work, "Velm Tools Ltd")) == 1


def a_deal(work: FlowsAtWork, *, amount: float) -> str:
    velm = {"Account_Name": "Velm Tools Ltd", "Billing_Code": "1010", "Currency": "EUR"}
    account = work.crm.act("create", "Accounts", "", velm)["id"]
    deal = {
        "Deal_Name": "Velm setup", "Stage": "Proposal/Price Quote", "Amount": amount,
        "Account_Name": {"id": account}, "Currency": "EUR", "Closing_Date": "2026-12-01",
    }  # fmt: skip
    return str(work.crm.act("create", "Deals", "", deal)["id"])


async def an_invoiced_deal(work: FlowsAtWork) -> str:
    """Have a deal won, with all three flows in force, and wait until it names its invoice."""
    await work.install(*ALL, above=AT_ONCE)
    await work.first_sync()
    deal = a_deal(work, amount=200)
    work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
    await work.until(
        lambda: deal_of(work, deal)["Books_Invoice_Number"], "the deal names no invoice"
    )
    return deal


def deal_of(work: FlowsAtWork, deal: str) -> dict[str, Any]:
    return next(one for one in work.crm.state()["Deals"] if one["id"] == deal)


def invoices_of(work: FlowsAtWork, name: str) -> list[dict[str, Any]]:
    customers = {one["contact_id"] for one in work.contacts(company_name=name)}
    found = work.ground.there("books", "invoices", "invoice_id").values()
    return [one for one in found if one["customer_id"] in customers]


@pytest.mark.slow
async def test_what_finance_knows_of_an_invoice_stands_on_the_deal_and_the_account(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=2) as work:
        deal = await an_invoiced_deal(work)
        (invoice,) = invoices_of(work, "Velm Tools Ltd")

        # sent
        work.books.act("send", "invoices", invoice["invoice_id"], {})
        await work.until(
            lambda: deal_of(work, deal)["Books_Payment_Status"] == "Sent", "it is not told as sent"
        )
        account = deal_of(work, deal)["Account_Name"]["id"]
        await work.until(
            lambda: balance_of(work, account) == "200", "the account does not say what is owed"
        )

        # paid
        work.books.act("pay", "invoices", invoice["invoice_id"], {"amount": "200"})
        await work.until(
            lambda: deal_of(work, deal)["Books_Payment_Status"] == "Paid", "it is not told as paid"
        )
        await work.until(lambda: balance_of(work, account) == "0", "the account still owes")
        await work.at_rest()
        await work.p5_rebuilds()


def balance_of(work: FlowsAtWork, account: str) -> str:
    found = next(one for one in work.crm.state()["Accounts"] if one["id"] == account)
    return str(found["Books_Balance"])
