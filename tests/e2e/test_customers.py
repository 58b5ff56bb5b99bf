"""The customers flow, seen from outside: what people do on one side, what the other then says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings


async def test_a_new_account_becomes_a_customer_and_its_edits_follow_both_ways(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=2) as work:
        await work.first_sync()

        # when a company is entered in CRM
        velm = {"Account_Name": "Velm Tools Ltd", "Billing_Code": "1010", "Currency": "EUR"}
        account = work.crm.act("create", "Accounts", "", velm)["id"]
        await work.until(
            lambda: work.contacts(company_name="Velm Tools Ltd"), "there is no such customer"
        )
        (customer,) = work.contacts(company_name="Velm Tools Ltd")
        assert customer["billing_address"]["zip"] == "1010"

        # and each side is edited in turn
        work.crm.edit("Accounts", account, {"Website": "https://velm.example"})
        await work.until(
            lambda: work.contacts(website="https://velm.example"), "the website did not arrive"
        )
        address = {**customer["billing_address"], "city": "Zürich"}
        work.books.edit("contacts", customer["contact_id"], {"billing_address": address})
        accounts = work.crm.state()["Accounts"]
        await work.until(
            lambda: [
                one
                for one in work.crm.state()["Accounts"]
                if one["id"] == account and one["Billing_City"] == "Zürich"
            ],
            "the city did not arrive",
        )

        # then it comes to rest: no echo is written back, and there is one of each
        await work.at_rest()
        since = len(work.ground.calls())
        await work.hub.no_notices()
        assert work.writes(since) == []
        assert len(work.contacts(company_name="Velm Tools Ltd")) == 1
        assert len(work.crm.state()["Accounts"]) == len(accounts)


@pytest.mark.slow
async def test_p17_what_was_there_before_the_flow_is_made_only_by_a_first_sync(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=4) as work:
        before = len(work.contacts())
        await work.hub.agreed()
        await work.at_rest()
        assert work.writes() == []

        await work.first_sync()

        made = len(work.contacts()) - before
        asked = await work.hub.value("select count(*) from inbox where settled is null")
        linked = await work.hub.value("select count(distinct link) from links")
        assert made + asked + linked > 0
        assert made <= len(work.crm.state()["Accounts"])
