"""A company that is deleted in CRM has its customer made inactive in Books, once and for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

INACTIVE = {"customers": 'match.gone.crm = "deactivate"'}


async def test_deleted_its_customer_is_made_inactive_and_brought_back_it_stays_so(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=1) as work:
        await work.install("customers", above=INACTIVE)
        await work.first_sync()
        company = {"Account_Name": "Anker Works", "Billing_Code": "1010", "Currency": "EUR"}
        account = str(work.crm.act("create", "Accounts", "", company)["id"])
        await work.at_rest()
        since = len(work.ground.calls())

        work.crm.act("delete", "Accounts", account, {})
        await work.at_rest()

        (customer,) = work.contacts(company_name="Anker Works")
        assert customer["status"] == "inactive"
        path = f"/books/v3/contacts/{customer['contact_id']}/inactive"
        assert [(one.method, one.path) for one in work.writes(since)] == [("POST", path)]

        # when it is brought back and edited
        work.crm.act("restore", "Accounts", account, {})
        work.crm.edit("Accounts", account, {"Website": "https://anker.example"})
        await work.until(
            lambda: work.contacts(company_name="Anker Works", website="https://anker.example"),
            "what was said of it since did not arrive",
        )
        await work.at_rest()

        # then its customer shows the edit, and is left inactive
        (customer,) = work.contacts(company_name="Anker Works")
        assert customer["status"] == "inactive"
        assert await asked(work) == []
        await work.p5_rebuilds()


async def asked(work: FlowsAtWork) -> list[str]:
    rows = await work.hub.rows(
        "select sentence from inbox where settled is null and subject like '%Accounts/%'"
    )
    return [row["sentence"] for row in rows]
