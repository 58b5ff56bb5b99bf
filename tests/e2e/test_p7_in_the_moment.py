"""P7: what a person says in the very moment of the hub's write is not written over unseen."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.sandbox.system import Answer, Request
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

NEVER = 1e6
CLERK, BUYER, LATER = "https://clerk.example", "https://buyer.example", "https://later.example"


async def test_p7_an_edit_right_before_the_write_arrives_stands(place: Settings) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        account, customer = await linked(work)

        # when both sides say something else of what CRM owns, and CRM as the write arrives
        with as_it_arrives(work, "crm", "/Accounts", lambda: in_crm(work, account, Website=CLERK)):
            in_books(work, customer, website=BUYER)
            await work.at_rest()

        # then CRM's word is on both sides
        assert websites(work, account) == {CLERK}

        # when it says another field
        asked = await work.hub.value("select count(*) from inbox")
        with as_it_arrives(work, "crm", "/Accounts", lambda: in_crm(work, account, Phone="1")):
            in_books(work, customer, website=LATER)
            await work.at_rest()

        # then both edits stand, and there is nothing to ask
        assert websites(work, account) == {LATER}
        assert of_account(work, account)["Phone"] == "1"
        assert await work.hub.value("select count(*) from inbox") == asked


async def test_p7_an_edit_in_the_second_of_the_hubs_own_write_stands(place: Settings) -> None:
    async with flows_at_work(place, "customers", customers=1, poll_seconds=NEVER) as work:
        await work.first_sync()
        account, customer = await linked(work)

        def both() -> None:
            in_crm(work, account, Website=CLERK)
            in_books(work, customer, website=LATER)

        # when people say something on both sides right after the hub has written, CRM unheard
        work.ground.fault("crm", "webhook_lost")
        with once_written(work, "crm", "/Accounts", both):
            in_books(work, customer, website=BUYER)
            await work.at_rest()

        # then its stamp hides nothing: CRM's word is on both sides
        assert websites(work, account) == {CLERK}


async def test_p7_a_part_of_an_address_that_books_says_unheard_is_read_before_it_is_written(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1, poll_seconds=NEVER) as work:
        await work.first_sync()
        account, customer = await linked(work)

        # when Books changes the city, of which no hook tells, and CRM the street
        work.ground.fault("books", "webhook_lost", count=1)
        in_books(work, customer, billing_address={**customer["billing_address"], "city": "Porto"})
        in_crm(work, account, Billing_Street="Mill Lane 7")
        await work.at_rest()

        # then both sides have both
        (there,) = work.contacts(contact_id=customer["contact_id"])
        here = of_account(work, account)
        assert there["billing_address"]["city"] == here["Billing_City"] == "Porto"
        assert there["billing_address"]["address"] == here["Billing_Street"] == "Mill Lane 7"


async def linked(work: FlowsAtWork) -> tuple[str, dict[str, Any]]:
    company = {"Account_Name": "Anker Works", "Billing_Code": "1010", "Billing_Street": "Quay 1"}
    account = work.crm.act("create", "Accounts", "", {**company, "Currency": "EUR"})
    await work.at_rest()
    (customer,) = work.contacts(company_name="Anker Works")
    return str(account["id"]), customer


def in_crm(work: FlowsAtWork, account: str, **fields: object) -> None:
    work.crm.edit("Accounts", account, fields)


def in_books(work: FlowsAtWork, customer: dict[str, Any], **fields: object) -> None:
    work.books.edit("contacts", customer["contact_id"], fields)


def of_account(work: FlowsAtWork, account: str) -> dict[str, Any]:
    return next(one for one in work.crm.state()["Accounts"] if one["id"] == account)


def websites(work: FlowsAtWork, account: str) -> set[str]:
    (customer,) = work.contacts(company_name="Anker Works")
    return {of_account(work, account)["Website"], customer["website"]}


@contextmanager
def as_it_arrives(
    work: FlowsAtWork, side: str, path: str, act: Callable[[], None]
) -> Iterator[None]:
    """Do something once, right before a vendor takes up what the hub writes."""
    with _around(work, side, path, before=act):
        yield


@contextmanager
def once_written(
    work: FlowsAtWork, side: str, path: str, act: Callable[[], None]
) -> Iterator[None]:
    """Do something once, right after a vendor has carried out what the hub writes."""
    with _around(work, side, path, after=act):
        yield


@contextmanager
def _around(
    work: FlowsAtWork,
    side: str,
    path: str,
    *,
    before: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> Iterator[None]:
    system = work.ground.systems[side]
    answer = system.answer
    waiting = [(before, after)]

    def answered(request: Request) -> Answer:
        if request.method != "PUT" or path not in request.path or not waiting:
            return answer(request)
        acts = waiting.pop()
        if acts[0] is not None:
            acts[0]()
        said = answer(request)
        if acts[1] is not None:
            acts[1]()
        return said

    with patch.object(system, "answer", answered):
        yield
    assert not waiting, "the hub wrote nothing"
