"""A write to a contact person whose answer was lost: the customer shows whether it was done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork


async def test_a_change_of_a_person_whose_answer_was_lost_asks_nobody(place: Settings) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        # given a person whom both sides know
        person = await known_on_both_sides(work)

        # when what is written to her in Books is done, and the answer to it is lost
        work.ground.fault("books", "answer_lost", "/contactpersons/", method="PUT", count=1)
        work.crm.edit("Contacts", person["id"], {"First_Name": "Anna"})
        await work.until(work.ground.used_up, "nothing is written to her")
        await work.at_rest()

        # then it is found in what her customer says, and nobody is asked
        assert first_names(work) == ["Anna"]
        assert not await work.hub.rows("select * from deliveries where state = 'parked'")


async def test_one_who_went_with_her_customer_is_asked_about_where_no_answer_came(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        # given a person whose customer is there no more, as an edit of the account has shown
        person = await known_on_both_sides(work)
        (customer,) = work.contacts(company_name="Velm Tools Ltd")
        work.ground.systems["books"].act("delete", "contacts", customer["contact_id"], {})
        account = person["Account_Name"]["id"]
        work.crm.edit("Accounts", account, {"Website": "https://velm.example"})
        gone = "select count(*) from records where kind = 'contacts' and gone is not null"
        await work.until_so(partial(work.hub.value, gone), "the customer is not gone")
        await work.at_rest()

        # when no answer comes to what is written to her
        work.ground.fault("books", "http_500", "/contactpersons/", method="PUT", count=1)
        work.crm.edit("Contacts", person["id"], {"First_Name": "Anna"})

        # then it is not tried for ever
        parked = "select count(*) from deliveries where state = 'parked' and because = 'missing'"
        await work.until_so(partial(work.hub.value, parked), "nobody is asked about her")


async def test_p7_a_person_is_read_before_what_others_say_is_written_to_her(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        person = await known_on_both_sides(work)

        # when she is edited in Books, of which no word comes, and in the CRM
        (customer,) = work.contacts(company_name="Velm Tools Ltd")
        work.ground.fault("books", "webhook_lost", count=1)
        people = [{**customer["contact_persons"][0], "first_name": "Anna"}]
        work.ground.systems["books"].edit(
            "contacts", customer["contact_id"], {"contact_persons": people}
        )
        work.crm.edit("Contacts", person["id"], {"Email": "reis@velm.example"})
        await work.at_rest()

        # then neither is written over
        (ana,) = work.contacts(company_name="Velm Tools Ltd")[0]["contact_persons"]
        assert (ana["first_name"], ana["email"]) == ("Anna", "reis@velm.example")
        known = work.crm.state()["Contacts"]
        in_crm = next(one for one in known if one["id"] == person["id"])
        assert (in_crm["First_Name"], in_crm["Email"]) == ("Anna", "reis@velm.example")


async def known_on_both_sides(work: FlowsAtWork) -> dict[str, Any]:
    """Have a person be entered in the CRM, and made in Books; give how the CRM has her."""
    await work.first_sync()
    velm = {"Account_Name": "Velm Tools Ltd", "Billing_Code": "1010", "Currency": "EUR"}
    account = work.crm.act("create", "Accounts", "", velm)
    await work.until(lambda: work.contacts(company_name="Velm Tools Ltd"), "there is no customer")
    await work.at_rest()
    ana = {"First_Name": "Ana", "Last_Name": "Reis", "Email": "ana@velm.example"}
    of = {"Account_Name": {"id": account["id"]}}
    person: dict[str, Any] = work.crm.act("create", "Contacts", "", ana | of)
    await work.until(lambda: first_names(work) == ["Ana"], "she is not made")
    await work.at_rest()
    return person


def first_names(work: FlowsAtWork) -> list[Any]:
    return [
        person["first_name"]
        for customer in work.contacts(company_name="Velm Tools Ltd")
        for person in customer["contact_persons"]
    ]
