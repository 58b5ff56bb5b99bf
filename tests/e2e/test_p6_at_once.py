"""P6: two people who enter the same company at once, each on a side of their own, get one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork


async def test_p6_try(place: Settings) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        for code, name in (("1010", "Dorn Works"), ("", "Elster Works")):
            work.ground.fault("books", "http_503", "/contacts", method="PUT", count=2)
            company = {"Account_Name": name, "Billing_Code": code or None, "Currency": "EUR"}
            work.crm.act("create", "Accounts", "", company)
            await work.until(lambda: len(work.ground.world.faults.on) == 0, "no call")
            customer = {"contact_name": name+"(Lisboa)", "company_name": name, "contact_type": "customer"}
            work.books.act("create", "contacts", "", customer | {"billing_address": {"zip": code}})
            await work.at_rest()
            print(name, [(c["contact_id"], c["contact_name"], c["company_name"]) for c in work.contacts(company_name=name)])
            for s in await work.stands(): print("   S", s)
            for r in await work.hub.rows("select link, record, part from links order by link"):
                print("   L", str(r["link"])[:4], r["record"][-3:], r["part"])
        await work.p5_rebuilds()


async def test_p6_what_two_people_enter_at_once_is_one_pair_or_one_question(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()

        # when each company is entered on both sides, before the hub hears of either
        enter(work, "Anker Works", code="1010", shown_as="Anker Works")
        enter(work, "Birke Works", code="1020", shown_as="Birke (Lisboa)")
        enter(work, "Cobalt Works", code="", shown_as="Cobalt (Lisboa)")
        await work.at_rest()

        # then there is no second of any
        for name in ("Anker Works", "Birke Works", "Cobalt Works"):
            (account,) = accounts(work, name)
            (customer,) = work.contacts(company_name=name)
            subjects = [f"crm.Accounts/{account['id']}", f"books.contacts/{customer['contact_id']}"]
            linked = await links_of(work, account["id"], customer["contact_id"])
            asked = await questions(work, *subjects)
            assert (len(linked), len(asked)) in ((1, 0), (2, 1), (1, 1)), (name, linked, asked)
            print(name, linked, asked)
        await work.p5_rebuilds()


def enter(work: FlowsAtWork, name: str, *, code: str, shown_as: str) -> None:
    company = {"Account_Name": name, "Billing_Code": code or None, "Currency": "EUR"}
    work.crm.act("create", "Accounts", "", company)
    customer = {"contact_name": shown_as, "company_name": name, "contact_type": "customer"}
    work.books.act("create", "contacts", "", customer | {"billing_address": {"zip": code}})


def accounts(work: FlowsAtWork, name: str) -> list[dict[str, Any]]:
    return [one for one in work.crm.state()["Accounts"] if one["Account_Name"] == name]


async def links_of(work: FlowsAtWork, *records: str) -> set[Any]:
    rows = await work.hub.rows("select link from links where record = any($1)", list(records))
    return {row["link"] for row in rows}


async def questions(work: FlowsAtWork, *subjects: str) -> list[str]:
    rows = await work.hub.rows(
        "select sentence from inbox where settled is null and subject = any($1)", list(subjects)
    )
    return [row["sentence"] for row in rows]
