"""A write to a contact person whose answer was lost: the customer shows whether it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork


async def test_a_change_of_a_person_whose_answer_was_lost_asks_nobody(place: Settings) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        # given a person whom both sides know
        await work.first_sync()
        account = work.crm.act(
            "create",
            "Accounts",
            "",
            {"Account_Name": "Velm Tools Ltd", "Billing_Code": "1010", "Currency": "EUR"},
        )
        await work.until(
            lambda: work.contacts(company_name="Velm Tools Ltd"), "there is no customer"
        )
        await work.at_rest()
        ana = {"First_Name": "Ana", "Last_Name": "Reis", "Email": "ana@velm.example"}
        of = {"Account_Name": {"id": account["id"]}}
        person = work.crm.act("create", "Contacts", "", ana | of)
        await work.until(lambda: first_names(work) == ["Ana"], "she is not made")
        await work.at_rest()

        # when what is written to her in Books is done, and the answer to it is lost
        work.ground.fault("books", "answer_lost", "/contactpersons/", method="PUT", count=1)
        work.crm.edit("Contacts", person["id"], {"First_Name": "Anna"})
        await work.until(work.ground.used_up, "nothing is written to her")
        await work.at_rest()

        # then it is found in what her customer says, and nobody is asked
        assert first_names(work) == ["Anna"]
        assert not await work.hub.rows("select * from deliveries where state = 'parked'")


def first_names(work: FlowsAtWork) -> list[Any]:
    return [
        person["first_name"]
        for customer in work.contacts(company_name="Velm Tools Ltd")
        for person in customer["contact_persons"]
    ]
