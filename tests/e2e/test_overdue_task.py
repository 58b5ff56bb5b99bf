"""While an invoice is overdue one task is open in CRM, whatever is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.at_work import FlowsAtWork, flows_at_work

if TYPE_CHECKING:
    from hub.settings import Settings

FLOW = "overdue_invoice_task"


@pytest.mark.slow
async def test_p6_an_overdue_invoice_has_one_task_though_the_answer_is_lost(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=2) as work:
        await work.install("customers", FLOW)
        await work.first_sync()
        account, customer = await a_customer(work)

        # late, and nobody hears that the task was made
        work.ground.fault("crm", "answer_lost", "/Tasks", method="POST", count=1)
        invoice = an_invoice(work, customer)
        await work.until(lambda: tasks(work, account), "there is no task")
        (task,) = tasks(work, account)
        assert task["Status"] == "Not Started"
        assert task["Subject"].endswith("200.00 EUR")
        assert not work.ground.world.faults.on

        # given more time
        today = work.ground.world.clock.now().date()
        work.books.edit("invoices", invoice, {"due_date": str(today + timedelta(days=10))})
        await work.until(lambda: tasks(work, account)[0]["Status"] == "Completed", "it is open")

        # that was a slip: late again
        work.books.edit("invoices", invoice, {"due_date": str(today - timedelta(days=10))})
        await work.until(lambda: len(tasks(work, account)) == 2, "there is no second task")
        assert sorted(one["Status"] for one in tasks(work, account)) == ["Completed", "Not Started"]

        # paid
        work.books.act("pay", "invoices", invoice, {"amount": "200"})
        await work.until(
            lambda: {one["Status"] for one in tasks(work, account)} == {"Completed"}, "one is open"
        )
        await work.at_rest()
        await work.p5_rebuilds()


async def a_customer(work: FlowsAtWork) -> tuple[str, str]:
    """Make an account; give it and its customer in Books."""
    velm = {"Account_Name": "Velm Tools Ltd", "Billing_Code": "1010", "Currency": "EUR"}
    account = str(work.crm.act("create", "Accounts", "", velm)["id"])
    await work.until(lambda: work.contacts(company_name="Velm Tools Ltd"), "no customer is made")
    (customer,) = work.contacts(company_name="Velm Tools Ltd")
    return account, str(customer["contact_id"])


def an_invoice(work: FlowsAtWork, customer: str) -> str:
    """Send an invoice that was due ten days ago."""
    today = work.ground.world.clock.now().date()
    fields = {
        "customer_id": customer,
        "date": str(today - timedelta(days=30)),
        "due_date": str(today - timedelta(days=10)),
        "line_items": [{"name": "Setup", "rate": 200, "quantity": 1}],
    }
    invoice = str(work.books.act("create", "invoices", "", fields)["invoice_id"])
    work.books.act("send", "invoices", invoice, {})
    return invoice


def tasks(work: FlowsAtWork, account: str) -> list[dict[str, Any]]:
    found = work.crm.state().get("Tasks", [])
    return [one for one in found if (one["What_Id"] or {}).get("id") == account]
