"""P11: a deal that was in the bin hears what its invoice came to when it is taken back out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.at_work import flows_at_work
from tests.e2e.test_invoice import an_invoiced_deal, deal_of, invoices_of

if TYPE_CHECKING:
    from hub.settings import Settings


async def test_what_a_deal_could_not_be_told_while_it_was_gone_it_is_told_when_it_is_back(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=1) as work:
        deal = await an_invoiced_deal(work)
        await work.at_rest()

        # given a deal that is in the bin while its invoice is sent
        work.crm.act("delete", "Deals", deal, {})
        await work.at_rest()
        (invoice,) = invoices_of(work, "Velm Tools Ltd")
        work.books.act("send", "invoices", invoice["invoice_id"], {})
        await work.at_rest()
        item = "select * from inbox where settled is null and reason like 'refused%'"
        assert len(await work.hub.rows(item)) == 1

        # when it is taken back out, it says so, and nobody is asked any more
        work.crm.act("restore", "Deals", deal, {})
        await work.until(
            lambda: deal_of(work, deal)["Books_Payment_Status"] == "Sent", "it is not told"
        )
        await work.at_rest()
        assert not await work.hub.rows(item)
        await work.p5_rebuilds()
