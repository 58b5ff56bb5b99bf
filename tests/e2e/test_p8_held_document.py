"""P8: a document that waits for a person says what is so when it is sent, not when it was owed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hub.operate.answer import approve
from hub.operate.install import set_mode
from tests.e2e.at_work import BY, flows_at_work
from tests.e2e.test_invoice import AT_ONCE, a_deal, invoices_of

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

INVOICE = "invoice_from_won_deal"
HELD = f"select * from deliveries where flow = '{INVOICE}' and record = ''"


async def test_what_is_edited_while_its_invoice_is_held_is_invoiced_as_it_is_then(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=2) as work:
        deal = await held(work, amount=111.11)
        seen = await work.last()
        (row,) = await work.hub.rows(HELD)
        assert rate(row) == "111.11"

        # when it is edited, it is owed anew: what was seen before that is not what was let go
        work.crm.edit("Deals", deal, {"Amount": 222.22})
        await work.until_so(lambda: owes(work, "222.22"), "it is not worked out anew")
        await work.hub.hub.append(approve([row["id"]], BY, seen))
        await work.folded(await work.last())
        (row,) = await work.hub.rows(HELD)
        assert (row["state"], row["approved"]) == ("owed", None)

        # when that is let go, it is made
        await work.hub.hub.append(approve([row["id"]], BY, await work.last()))
        await work.until(lambda: invoices_of(work, "Velm Tools Ltd"), "there is no invoice")
        await set_mode(work.hub.hub.append, INVOICE, "on", BY)
        await work.at_rest()
        (invoice,) = invoices_of(work, "Velm Tools Ltd")
        assert str(invoice["total"]) == "222.22"
        await work.p5_rebuilds()


async def test_a_deal_that_is_won_no_longer_while_its_invoice_is_held_gets_none(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=2) as work:
        deal = await held(work, amount=111.11)

        work.crm.edit("Deals", deal, {"Stage": "Negotiation/Review"})
        await work.at_rest()

        (row,) = await work.hub.rows(HELD)
        assert row["state"] == "skipped"
        assert row["reason"] == "what it is made of has changed"
        (case,) = await work.hub.rows('select * from cases where "case" = $1', deal)
        assert case["state"] == "ended"

        # won again, there is one, and one only
        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
        await work.until_so(lambda: owes(work, "111.11"), "it is not owed again")
        (row,) = await work.hub.rows(HELD)
        await work.hub.hub.append(approve([row["id"]], BY, await work.last()))
        await work.until(lambda: invoices_of(work, "Velm Tools Ltd"), "there is no invoice")
        await set_mode(work.hub.hub.append, INVOICE, "on", BY)
        await work.at_rest()
        assert len(invoices_of(work, "Velm Tools Ltd")) == 1
        await work.p5_rebuilds()


async def held(work: FlowsAtWork, *, amount: float) -> str:
    """Have a deal won whose invoice waits for a person."""
    await work.install("customers", INVOICE, above=AT_ONCE)
    await set_mode(work.hub.hub.append, INVOICE, "hold", BY)
    await work.first_sync()
    deal = a_deal(work, amount=amount)
    await work.at_rest()
    work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
    await work.until_so(lambda: owes(work, str(amount)), "no invoice is owed")
    return deal


async def owes(work: FlowsAtWork, amount: str) -> bool:
    rows = await work.hub.rows(HELD)
    return [(row["state"], rate(row)) for row in rows] == [("owed", amount)]


def rate(row: Any) -> str:
    (line,) = json.loads(row["fields"])["line_items"]
    return str(line["rate"])
