"""P6: a customer in Books in one currency, and a deal in that of CRM: there is one of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.events import Resolved
from hub.operate.act import act
from tests.e2e.at_work import flows_at_work
from tests.e2e.test_invoice import AT_ONCE
from tests.e2e.test_p6_at_once import enter_account

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

FREE, TAKEN = "Quadra Works", "Dorn Works"


async def test_p6_the_currency_of_crm_is_made_beside_the_one_that_books_has(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=1) as work:
        await work.install("customers", "invoice_from_won_deal", above=AT_ONCE)
        await work.first_sync()

        # given two companies, in euros in CRM, and in dollars in Books; one has a name there that
        # its second would have
        customers = [
            enter_in_dollars(work, FREE, FREE),
            enter_in_dollars(work, TAKEN, f"{TAKEN} (EUR)"),
        ]
        await work.at_rest()
        accounts = [enter_account(work, name, code="1010") for name in (FREE, TAKEN)]
        await work.at_rest()
        pairs = zip(accounts, customers, strict=True)
        assert all([await are_linked(work, *pair) for pair in pairs])

        # when a deal in euros is won with each
        for account in accounts:
            win(work, account)
        await work.at_rest()

        # then the second customer is told by its name
        (made,) = work.contacts(contact_name=f"{FREE} (EUR)")
        assert made["currency_code"] == "EUR"
        assert invoices_of(work, made["contact_id"]) == 1

        # and where that is taken by the first, none is offered to be linked
        (item,) = await work.hub.rows(
            "select item, subject, choices, sentence from inbox where settled is null"
            " and reason like 'refused%'"
        )
        assert item["subject"] == f"crm.Accounts/{accounts[1]}"
        assert b"link" not in item["choices"]
        assert item["sentence"].startswith(
            f"books.contacts was to be made for crm.Accounts/{accounts[1]}. "
        )
        assert item["sentence"].endswith(
            f"That is books.contacts/{customers[1]}, “{TAKEN} (EUR)”, which is in this very link: "
            "a further one for EUR needs a name of its own."
        )

        # and a name of its own settles it
        what = Resolved(item=item["item"], choice="edit", fields={"display": "Dorn Lisboa (EUR)"})
        await work.hub.hub.append(act(what, "ana"))
        await work.at_rest()
        (made,) = work.contacts(contact_name="Dorn Lisboa (EUR)")
        assert invoices_of(work, made["contact_id"]) == 1
        assert not await work.hub.value("select count(*) from deliveries where state = 'parked'")
        await work.p5_rebuilds()


def enter_in_dollars(work: FlowsAtWork, company: str, name: str) -> str:
    dollars = next(
        one["currency_id"]
        for one in work.books.state()["currencies"]
        if one["currency_code"] == "USD"
    )
    said: dict[str, Any] = {
        "contact_name": name, "company_name": company, "contact_type": "customer",
        "currency_id": dollars, "billing_address": {"zip": "1010"},
    }  # fmt: skip
    return str(work.books.act("create", "contacts", "", said)["contact_id"])


def win(work: FlowsAtWork, account: str) -> None:
    deal = {
        "Deal_Name": "Setup", "Stage": "Proposal/Price Quote", "Amount": 100, "Currency": "EUR",
        "Account_Name": {"id": account}, "Closing_Date": "2026-12-01",
    }  # fmt: skip
    id_ = work.crm.act("create", "Deals", "", deal)["id"]
    work.crm.edit("Deals", id_, {"Stage": "Closed Won"})


def invoices_of(work: FlowsAtWork, customer: str) -> int:
    found = work.ground.there("books", "invoices", "invoice_id").values()
    return sum(one["customer_id"] == customer for one in found)


async def are_linked(work: FlowsAtWork, account: str, customer: str) -> bool:
    query = "select count(distinct link) = 1 and count(*) = 2 from links where record = any($1)"
    return bool(await work.hub.value(query, [account, customer]))
