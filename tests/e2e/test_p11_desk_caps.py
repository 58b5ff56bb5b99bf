"""P11: what Zoho Desk cannot hold is cut once, said to be, and never heard as somebody's edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.flows.load.document import template
from hub.flows.load.world import Account, World
from hub.operate.install import install, set_mode
from tests.e2e.at_work import BY, FlowsAtWork
from tests.inbound.ground import a_ground, connected
from tests.inbound.played_hub import a_hub_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings

WORLD = World(
    connections={
        "desk": Account(system="zoho_desk", mode="test"),
        "books": Account(system="zoho_books", mode="test"),
    }
)
FLOW = template("desk_customers").replace('books = "ignore" }', 'books = "create in desk" }', 1)
SLOW_SECONDS = 7.0
"""Longer than the hub waits for an answer before it reads what the webhook speaks of."""

LONG, CAP = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 30


@pytest.fixture
async def work(place: Settings) -> AsyncIterator[FlowsAtWork]:
    """Have customers of Desk and Books agree."""
    async with a_ground(customers=0) as ground:
        connections = {name: connected(ground, name) for name in ("desk", "books")}
        async with a_hub_on(ground, place, poll_seconds=0.5, connections=connections) as hub:
            found = FlowsAtWork(hub)
            files = {"desk_customers.toml": FLOW}
            async with hub.hub.database.connected() as db:
                await install(hub.hub.append, db, files, {}, world=WORLD, by=BY)
            await set_mode(hub.hub.append, "desk_customers", "on", BY)
            await hub.agreed()
            yield found


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["", "answer_lost", "slow"])
async def test_an_address_that_was_cut_is_no_edit_though_the_answer_was_lost(
    work: FlowsAtWork, fault: str
) -> None:
    # given an account and its customer
    desk = work.ground.systems["desk"]
    account = {"accountName": "Velm Tools", "code": "1010", "city": "Wien"}
    record = str(desk.act("create", "accounts", "", account)["id"])
    await work.at_rest()
    (customer,) = work.contacts(company_name="Velm Tools")

    # when the customer gets an address of which Desk cannot hold the city
    if fault:
        goes_wrong(work, fault, "PATCH /accounts/")
    address = {**customer["billing_address"], "city": LONG}
    work.books.edit("contacts", customer["contact_id"], {"billing_address": address})
    await work.at_rest()

    # then it is cut there, and whole here
    assert there(work, record)["city"] == LONG[:CAP]
    assert here(work, customer)["city"] == LONG
    assert work.ground.used_up()
    assert "city to 30 characters" in await said(work)

    # and what is changed of it at Desk is heard
    desk.edit("accounts", record, {"website": "velm.example"})
    await work.at_rest()
    assert here(work, customer)["city"] == LONG
    desk.edit("accounts", record, {"city": "Graz"})
    await work.at_rest()
    assert here(work, customer)["city"] == "Graz"
    await work.p5_rebuilds()


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["", "answer_lost", "slow"])
async def test_an_account_that_is_made_with_a_cut_address_leaves_the_customer_s_whole(
    work: FlowsAtWork, fault: str
) -> None:
    desk, books = (work.ground.systems[name] for name in ("desk", "books"))
    if fault:
        goes_wrong(work, fault, "POST /accounts")

    # when a customer of whose address Desk cannot hold the city is made an account
    address = {"city": LONG, "zip": "1010"}
    made = {"contact_name": "Velm Tools", "company_name": "Velm Tools", "billing_address": address}
    customer = books.act("create", "contacts", "", made)
    await work.at_rest()

    # then it is cut there, and whole here
    (account,) = (one for one in work.ground.there("desk", "accounts", "id").values())
    assert work.ground.used_up()
    assert account["city"] == LONG[:CAP]
    assert here(work, customer)["city"] == LONG

    # and what is changed of it at Desk is heard
    desk.edit("accounts", account["id"], {"city": "Graz"})
    await work.at_rest()
    assert here(work, customer)["city"] == "Graz"
    await work.p5_rebuilds()


def there(work: FlowsAtWork, record: str) -> dict[str, Any]:
    return work.ground.there("desk", "accounts", "id")[record]


def here(work: FlowsAtWork, customer: dict[str, Any]) -> dict[str, Any]:
    known = work.ground.there("books", "contacts", "contact_id")[customer["contact_id"]]
    return dict(known["billing_address"])


async def said(work: FlowsAtWork) -> str:
    rows = await work.hub.rows(
        "select convert_from(data, 'utf8')::json ->> 'sentence' as sentence from events "
        "where type = 'answered' order by position"
    )
    return "\n".join(row["sentence"] for row in rows)


def goes_wrong(work: FlowsAtWork, fault: str, call: str) -> None:
    """Have the next call of this kind to Desk go wrong in this way."""
    method, path = call.split()
    work.ground.fault("desk", fault, path, method=method, count=1, seconds=SLOW_SECONDS)
