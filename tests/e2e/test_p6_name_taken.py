"""P6: a customer whom Books refuses, because the name is taken, may be linked with who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.at_work import flows_at_work
from tests.e2e.test_p6_at_once import accounts, enter_account, linked

if TYPE_CHECKING:
    from hub.settings import Settings

NAME = "Quadra Works"


async def test_p6_who_has_the_name_already_is_offered_and_none_is_made_beside(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()

        # given a customer of that name, of another company and currency
        dollars = next(
            one["currency_id"]
            for one in work.books.state()["currencies"]
            if one["currency_code"] == "USD"
        )
        said = {"contact_name": NAME, "company_name": "Quadra Holding", "currency_id": dollars}
        said |= {"contact_type": "customer"}
        customer = work.books.act("create", "contacts", "", said)["contact_id"]
        enter_account(work, NAME, code="1010")
        await work.at_rest()

        # then one thing is asked, and the way out is offered
        items = await work.hub.rows(
            "select item, subject, choices, sentence from inbox where settled is null"
            " and reason like 'refused%'"
        )
        (item,) = items
        assert f"link books.contacts/{customer}" in item["choices"].decode()
        assert f"That is books.contacts/{customer}." in item["sentence"]

        # and with that nothing is left to be made, or asked
        await work.resolve(item["item"], f"link books.contacts/{customer}")
        await work.at_rest()
        (account,) = accounts(work, NAME)
        assert await linked(work, account, {"contact_id": customer})
        assert not await work.hub.value(
            "select count(*) from inbox where settled is null and subject = $1", item["subject"]
        )
        assert not await work.hub.value("select count(*) from deliveries where state = 'parked'")
        await work.p5_rebuilds()
