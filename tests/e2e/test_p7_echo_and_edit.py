"""P7, P11: who writes together with the hub is heard, and who cuts what it says hears it once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from hub.sandbox.books import contacts
from tests.e2e.at_work import flows_at_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.sandbox.world import Call
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

CUT = 12


async def test_p7_what_a_person_writes_together_with_the_echo_is_carried_on(
    place: Settings,
) -> None:
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        account = enter(work, "Anker Works")
        await work.at_rest()
        (customer,) = work.contacts(company_name="Anker Works")

        # when a person changes another field, right when the hub's write is applied
        address = {**customer["billing_address"], "city": "Porto"}
        with at_the_write(work, lambda: edit(work, customer, billing_address=address)):
            work.crm.edit("Accounts", account, {"Website": "https://anker.example"})
            await work.at_rest()

        # then both are on both sides
        assert shown(work, account) == ("https://anker.example", "Porto")

        # when a person changes the very field that the hub writes
        with at_the_write(work, lambda: edit(work, customer, website="https://people.example")):
            work.crm.edit("Accounts", account, {"Website": "https://works.example"})
            await work.at_rest()

        # then theirs came later, and stands
        assert shown(work, account) == ("https://people.example", "Porto")
        await is_quiet(work)


@pytest.mark.slow
async def test_p11_a_vendor_that_cuts_a_name_is_told_it_once(place: Settings) -> None:
    name = "A company of a very long name"
    async with flows_at_work(place, "customers", customers=1) as work:
        await work.first_sync()
        before = len(work.writes())
        with cutting():
            account = enter(work, name)
            await work.at_rest()
            (customer,) = work.contacts(company_name=name[:CUT])
            assert len(work.writes()[before:]) == 1

            # and other fields go on as ever
            work.crm.edit("Accounts", account, {"Website": "https://long.example"})
            edit(work, customer, billing_address={"city": "Porto"})
            await work.at_rest()
            assert shown(work, account) == ("https://long.example", "Porto")
            assert account_of(work, account)["Account_Name"] == name
            assert len(work.writes()[before:]) == 1 + 2

            # a person who gives it another name is heard
            edit(work, customer, company_name="Short")
            await work.at_rest()
            assert account_of(work, account)["Account_Name"] == "Short"
            await is_quiet(work)
        await work.p5_rebuilds()


def enter(work: FlowsAtWork, name: str) -> str:
    company = {"Account_Name": name, "Billing_Code": "1010", "Currency": "EUR"}
    return str(work.crm.act("create", "Accounts", "", company)["id"])


def edit(work: FlowsAtWork, customer: dict[str, Any], **fields: object) -> None:
    work.books.edit("contacts", customer["contact_id"], fields)


def account_of(work: FlowsAtWork, account: str) -> dict[str, Any]:
    return next(one for one in work.crm.state()["Accounts"] if one["id"] == account)


def shown(work: FlowsAtWork, account: str) -> tuple[str, str]:
    """Give the website and the city, which both sides are to agree about."""
    here = account_of(work, account)
    city = here["Billing_City"]
    there = work.contacts(website=here["Website"])
    assert [one["billing_address"]["city"] for one in there] == [city], (here["Website"], city)
    return here["Website"], city


async def is_quiet(work: FlowsAtWork) -> None:
    since = len(work.ground.calls())
    await work.at_rest()
    assert work.writes(since) == []


@contextmanager
def at_the_write(work: FlowsAtWork, act: Callable[[], None]) -> Iterator[None]:
    """Do something once, right after Books has applied what the hub writes."""
    record = work.ground.world.record
    acts = [act]

    def recorded(**said: Any) -> Call:
        call = record(**said)
        if acts and call.method == "PUT" and "/contacts/" in call.path:
            acts.pop()()
        return call

    with patch.object(work.ground.world, "record", recorded):
        yield
    assert not acts, "the hub wrote nothing"


@contextmanager
def cutting() -> Iterator[None]:
    """Have Books keep only the beginning of a company's name, and say nothing of it."""
    write = contacts._write

    def cut(organization: Any, contact: Any, fields: dict[str, Any], **how: Any) -> None:
        if "company_name" in fields:
            fields = {**fields, "company_name": fields["company_name"][:CUT]}
        write(organization, contact, fields, **how)

    with patch.object(contacts, "_write", cut):
        yield
