"""P6: what people merge, delete and bring back stays one thing, and nothing comes back by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork


async def test_p6_try(place: Settings) -> None:
    async with flows_at_work(place, customers=1) as work:
        await work.install("customers", "invoice_from_won_deal", invoice_from_won_deal='when.stays = "0s"')
        await work.first_sync()
        ids = {}
        for name in ("Anker Works", "Birke Works", "Cobalt Works", "Dorn Works", "Elster Works"):
            ids[name] = enter(work, name, code=f"10{len(ids)}")
        await work.at_rest()
        assert all(len(work.contacts(company_name=name)) == 1 for name in ids)
        await show(work, "start")

        # deleted in CRM -> asked; customer stays
        work.crm.act("delete", "Accounts", ids["Anker Works"], {})
        await work.at_rest()
        await show(work, "anker deleted in crm")
        # a person of finance edits the customer meanwhile
        (c,) = work.contacts(company_name="Anker Works")
        work.books.edit("contacts", c["contact_id"], {"website": "https://a.example"})
        await work.at_rest()
        await show(work, "anker edited in books")
        # restored
        work.crm.act("restore", "Accounts", ids["Anker Works"], {})
        await work.at_rest()
        await show(work, "anker restored")
        work.crm.edit("Accounts", ids["Anker Works"], {"Website": "https://b.example"})
        await work.at_rest()
        await show(work, "anker edited after")

        # deleted in Books -> unlinked; not resurrected by edit
        (c,) = work.contacts(company_name="Birke Works")
        work.books.act("delete", "contacts", c["contact_id"], {})
        await work.at_rest()
        await show(work, "birke deleted in books")
        work.crm.edit("Accounts", ids["Birke Works"], {"Website": "https://b.example"})
        await work.at_rest()
        await show(work, "birke edited in crm")

        # merged in crm: Cobalt into Dorn, each with a deal
        deal = a_deal(work, ids["Cobalt Works"], "Cobalt setup")
        await work.at_rest()
        await show(work, "cobalt deal won")
        work.crm.act("merge", "Accounts", ids["Cobalt Works"], {"into": ids["Dorn Works"]})
        await work.at_rest()
        await show(work, "cobalt merged into dorn")
        deal2 = a_deal(work, ids["Dorn Works"], "Dorn setup")
        await work.at_rest()
        await show(work, "dorn deal won")
        await work.p5_rebuilds()


async def show(work, what):
    print("==", what)
    for c in work.contacts():
        print("   C", c["contact_id"][-3:], c["company_name"], c["website"])
    for a in work.crm.state()["Accounts"]:
        print("   A", a["id"][-3:], a["Account_Name"], a["Website"])
    for i in work.ground.there("books","invoices","invoice_id").values():
        print("   I", i["customer_id"][-3:], i["total"], i["reference_number"])
    for r in await work.hub.rows("select link, record from links order by link"):
        print("   L", str(r["link"])[:4], r["record"][-3:])
    for s in await work.stands():
        print("   S", s[:300])


def enter(work: FlowsAtWork, name: str, *, code: str) -> str:
    company = {"Account_Name": name, "Billing_Code": code, "Currency": "EUR"}
    return str(work.crm.act("create", "Accounts", "", company)["id"])


def a_deal(work: FlowsAtWork, account: str, name: str) -> str:
    deal = {
        "Deal_Name": name, "Stage": "Proposal/Price Quote", "Amount": 100,
        "Account_Name": {"id": account}, "Currency": "EUR", "Closing_Date": "2026-12-01",
    }  # fmt: skip
    made = str(work.crm.act("create", "Deals", "", deal)["id"])
    work.crm.edit("Deals", made, {"Stage": "Closed Won"})
    return made
