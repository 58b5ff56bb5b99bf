"""P10: what a vendor does not take waits in the inbox or for the vendor, and says why."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from hub.conclusions import Member
from hub.events import Linked
from hub.operate.act import act
from hub.sandbox.system import Answer
from tests.e2e.at_work import BY, flows_at_work
from tests.inbound.ground import SOON
from tests.inbound.played_hub import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

REFUSALS = {
    "authorisation": (401, 6041, "You are not authorized to perform this operation"),
    "data": (400, 1001, "Website is not valid"),
    "missing": (404, 1002, "Contact does not exist."),
    "passing": (429, 1070, "The system is busy"),
    "quota": (429, 45, "You have exceeded the maximum number of requests"),
}
INVOICES = "invoice_from_won_deal"
ASKED = "select item from inbox where settled is null and flow = $1"
VELM = {"contact_name": "Velm Tools Lda", "contact_type": "customer"}
WAITS = ("authorisation", "passing", "quota")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOT_ALLOWED_SECONDS", "LOST_SECONDS"):
        monkeypatch.setattr(f"hub.outbound.doors.{name}", SOON)
    monkeypatch.setattr("hub.outbound.retry.BASE_SECONDS", SOON)
    monkeypatch.setattr("hub.connectors.zoho_books.judge.BLOCKED_SECONDS", SOON)


async def test_p10_each_refusal_waits_with_a_sentence_and_is_carried_out_once_it_can_be(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        for because, refusal in REFUSALS.items():
            await is_refused_and_then_taken(work, because, *refusal)
        await work.p5_rebuilds()


async def is_refused_and_then_taken(
    work: FlowsAtWork, because: str, status: int, code: int, message: str
) -> None:
    # given a vendor that does not take a customer
    name = f"{because.title()} Works"
    with refusing(work, status, code, message):
        company = {"Account_Name": name, "Billing_Code": f"{code}", "Currency": "EUR"}
        work.crm.act("create", "Accounts", "", company)
        row = await refused(work, message)
    assert work.contacts(company_name=name) == []

    # then it waits for the vendor, or a person is asked
    asked = await work.hub.rows("select * from inbox where item = $1", row["id"])
    if because in WAITS:
        assert (row["state"], asked) == ("owed", []), because
    else:
        (item,) = asked
        assert (row["state"], item["reason"]) == ("parked", f"refused: {because}")
        assert message.rstrip(".") in item["sentence"]
        await work.resolve(item["item"], "retry")

    # and once it can be, it is carried out
    await work.until(lambda: work.contacts(company_name=name), f"{because}: nothing came")
    await work.at_rest()
    assert len(work.contacts(company_name=name)) == 1


async def refused(work: FlowsAtWork, message: str) -> Any:
    """Wait until a delivery says why it was not carried out."""
    query = "select * from deliveries where strpos(reason, $1) > 0 and state <> 'sending'"
    found: list[Any] = []

    async def is_said() -> bool:
        found[:] = await work.hub.rows(query, message.rstrip("."))
        return bool(found)

    await until(is_said, lambda: f"no delivery says {message!r}")
    (row,) = found
    return row


@contextmanager
def refusing(work: FlowsAtWork, status: int, code: int, message: str) -> Iterator[None]:
    """Have Books refuse to write any customer."""
    answer = work.books.answer

    def refuse(request: Any) -> Answer:
        if request.method == "PUT" and "/contacts" in request.path:
            return Answer(status=status, body={"code": code, "message": message})
        return answer(request)  # type: ignore[no-any-return]

    with patch.object(work.books, "answer", refuse):
        yield


async def test_p10_an_invoice_of_a_deleted_customer_is_worked_out_anew_when_it_is_tried_again(
    place: Settings,
) -> None:
    async with flows_at_work(place, customers=1) as work:
        await work.install("customers", INVOICES, above={INVOICES: 'when.stays = "0s"'})
        await work.first_sync()
        velm = {"Account_Name": "Velm Tools", "Billing_Code": "1010", "Currency": "EUR"}
        account = work.crm.act("create", "Accounts", "", velm)["id"]
        await work.at_rest()
        (customer,) = work.contacts(company_name="Velm Tools")

        # given a customer that is deleted in the moment in which its invoice is written
        def goes() -> None:
            work.books.act("delete", "contacts", customer["contact_id"], {})

        with in_the_moment(work, goes):
            deal = {
                "Deal_Name": "Setup", "Stage": "Closed Won", "Amount": 100, "Currency": "EUR",
                "Account_Name": {"id": account}, "Closing_Date": "2026-12-01",
            }  # fmt: skip
            work.crm.act("create", "Deals", "", deal)
            await work.at_rest()
        (item,) = await work.hub.rows(ASKED, INVOICES)

        # when a person enters the customer anew, links it, and has the invoice tried again
        made = work.books.act("create", "contacts", "", VELM)
        await work.at_rest()
        link = await work.hub.value("select link from links where record = $1", account)
        other = Member(connection="books", kind="contacts", record=made["contact_id"], part="EUR")
        await work.hub.hub.append(act(Linked(link=link, members=[other]), BY))
        await work.resolve(item["item"], "retry")
        await work.at_rest()

        # then it is of that one
        invoices = work.ground.there("books", "invoices", "invoice_id").values()
        assert [one["customer_id"] for one in invoices] == [made["contact_id"]]
        await work.p5_rebuilds()


@contextmanager
def in_the_moment(work: FlowsAtWork, goes: Callable[[], None]) -> Iterator[None]:
    """Do something right before Books takes up its first invoice."""
    answer, waiting = work.books.answer, [goes]

    def answered(request: Any) -> Answer:
        if waiting and request.path.endswith("/invoices") and "x-upsert" in request.headers:
            waiting.pop()()
        return answer(request)  # type: ignore[no-any-return]

    with patch.object(work.books, "answer", answered):
        yield
    assert not waiting, "there was no invoice"
