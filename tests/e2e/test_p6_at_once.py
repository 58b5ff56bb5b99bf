"""P6: what two people enter at once, each on a side of their own, becomes one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.at_work import flows_at_work
from tests.inbound.played_hub import until

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

SURE, UNSURE = ("Anker Works", "Birke Works"), "Cobalt Works"


async def test_p6_what_two_people_enter_at_once_is_one_pair_or_one_matter_for_a_person(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()

        # when each company is entered on both sides, before the hub hears of either
        for number, name in enumerate(SURE):
            enter_account(work, name, code=f"101{number}")
            enter_customer(work, name, code=f"101{number}")
        account, customer = enter_account(work, UNSURE), enter_customer(work, UNSURE)
        await work.at_rest()

        # then there is no second of any, and what says enough is linked
        for name in SURE:
            assert (len(accounts(work, name)), len(work.contacts(company_name=name))) == (1, 1)
            assert await linked(work, accounts(work, name)[0], work.contacts(company_name=name)[0])
        assert (len(accounts(work, UNSURE)), len(work.contacts(company_name=UNSURE))) == (1, 1)

        # and one answer settles what is left to a person
        choice = f"link books.contacts/{customer}"
        item = await work.hub.value(
            "select item from inbox where subject = $1", f"crm.Accounts/{account}"
        )
        await work.resolve(item, choice)
        await work.at_rest()
        assert len(work.contacts(company_name=UNSURE)) == 1
        asked = "select count(*) from inbox where settled is null and subject = any($1)"
        subjects = [f"crm.Accounts/{account}", f"books.contacts/{customer}"]
        assert not await work.hub.value(asked, subjects)

        # given one that Books does not take for now
        work.ground.fault("books", "http_503", "/contacts", method="PUT")
        since = len(work.ground.calls())
        enter_account(work, "Dorn Works", code="1020")
        await work.until(
            lambda: work.ground.calls("/contacts", since=since, method="PUT"), "nothing is sent"
        )

        # when a person enters it there meanwhile, then that one is the customer
        customer = enter_customer(work, "Dorn Works", code="1020")
        await comes_to_be_linked(work, customer)
        work.ground.world.faults.clear()
        await work.at_rest()
        (only,) = work.contacts(company_name="Dorn Works")
        assert only["contact_id"] == customer
        await work.p5_rebuilds()


def enter_account(work: FlowsAtWork, name: str, *, code: str | None = None) -> str:
    company = {"Account_Name": name, "Billing_Code": code, "Currency": "EUR"}
    return str(work.crm.act("create", "Accounts", "", company)["id"])


def enter_customer(work: FlowsAtWork, name: str, *, code: str = "") -> str:
    """Enter a customer; its display name is another, so that Books would take a second one."""
    euro = next(
        one["currency_id"]
        for one in work.books.state()["currencies"]
        if one["currency_code"] == "EUR"
    )
    customer = {
        "contact_name": f"{name} (Lisboa)", "company_name": name, "contact_type": "customer",
        "currency_id": euro, "billing_address": {"zip": code},
    }  # fmt: skip
    return str(work.books.act("create", "contacts", "", customer)["contact_id"])


def accounts(work: FlowsAtWork, name: str) -> list[dict[str, Any]]:
    return [one for one in work.crm.state()["Accounts"] if one["Account_Name"] == name]


async def linked(work: FlowsAtWork, account: dict[str, Any], customer: dict[str, Any]) -> bool:
    query = "select count(distinct link) = 1 and count(*) = 2 from links where record = any($1)"
    return bool(await work.hub.value(query, [account["id"], customer["contact_id"]]))


async def comes_to_be_linked(work: FlowsAtWork, customer: str) -> None:
    async def is_linked() -> bool:
        query = "select count(*) from links where record = $1"
        return bool(await work.hub.value(query, customer))

    await until(is_linked, lambda: f"{customer} is not linked")
