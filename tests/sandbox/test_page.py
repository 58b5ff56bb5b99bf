from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hub.sandbox import page
from tests.sandbox.browser import PROGRAM, browsing
from tests.sandbox.conftest import Shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from hub.sandbox.accounts import Accounts
    from hub.sandbox.world import World
    from tests.sandbox.conftest import Caller

FILES = {file.name: file.read_text() for file in page.FILES}
SCRIPTS = [name for name in FILES if name.endswith(".js")]


async def test_the_page_and_all_it_is_made_of_come_from_the_sandbox(call: Caller) -> None:
    said = await call("GET", "/")
    links = re.findall(r'(?:href|src)="(/[^"]*)"', said.body.decode())
    parts = [await call("GET", link) for link in links]

    assert said.headers["content-type"] == "text/html; charset=utf-8"
    assert [part.headers["content-type"].split(";")[0] for part in parts] == [
        "text/css",
        "text/javascript",
    ]


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_script_imports_what_the_sandbox_serves(call: Caller, name: str) -> None:
    for imported in re.findall(r'from "\./([^"]*)"', FILES[name]):
        assert (await call("GET", f"/_sandbox/page/{imported}")).status == 200


@pytest.mark.parametrize("name", FILES)
def test_the_page_fetches_from_nowhere_else(name: str) -> None:
    assert re.findall(r"https?://|//cdn", FILES[name]) == []


async def test_only_the_pages_own_scripts_may_run(call: Caller) -> None:
    policy = (await call("GET", "/")).headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("name", SCRIPTS)
def test_records_are_drawn_as_text_never_as_markup(name: str) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", FILES[name])


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed here")
async def test_a_person_works_with_the_page(
    world: World,
    accounts: Accounts,
    serve: Callable[..., AbstractAsyncContextManager[Caller]],
    tmp_path: Path,
) -> None:
    crm, books = Shop(world, accounts, "crm"), Shop(world, accounts, "books")
    crm.kinds, books.kinds = {"Deals": {}, "Accounts": {}}, {"invoices": {}}
    deal = crm.put("Deals", {"Deal_Name": "<b>Faro</b>", "Stage": "Qualification", "Amount": 10})
    invoice = books.put("invoices", {"customer_name": "Faro", "balance": 40, "status": "sent"})

    async with serve(accounts, crm, books) as call, browsing(tmp_path) as sight:
        await sight.open(call.base)
        await sight.until("document.querySelector('#state').innerText === 'live'")
        await sight.run(_press("All records"))
        await sight.until("document.querySelectorAll('.system tbody tr').length === 2")
        assert "<b>Faro</b>" in await sight.run("document.body.innerText")

        # A record is edited.
        await sight.run("document.querySelector('#system-crm tbody tr').click()")
        await sight.run(_type("[name=Amount]", "12.5"))
        await sight.run(_press("Save"))
        await sight.until("!document.querySelector('dialog').open")
        await sight.until("document.querySelector('#system-crm').innerText.includes('12.50')")
        assert str(crm.kinds["Deals"][deal["id"]]["Amount"]) == "12.5"

        # A deal is closed, and a payment recorded.
        await sight.run("document.querySelector('#system-crm tbody tr').click()")
        await sight.run(_press("Close as won"))
        await sight.until("!document.querySelector('dialog').open")
        await sight.run("window.prompt = () => '40'")
        await sight.run("document.querySelector('#system-books tbody tr').click()")
        await sight.run(_press("Record payment"))
        await sight.until("!document.querySelector('dialog').open")
        assert crm.acts == [("close", "Deals", deal["id"], {})]
        assert books.acts == [("pay", "invoices", invoice["id"], {"amount": 40})]

        # A day goes by, and then something goes wrong.
        await sight.run(_press("+1 day"))
        await sight.until("document.querySelector('#now').innerText.startsWith('2026-03-03')")
        await sight.run("document.querySelector('[data-view=faults]').click()")
        await sight.until("document.querySelector('form.faults')")
        await sight.run(_press("Turn on"))
        await sight.until("document.querySelector('#count-faults').innerText === '1'")
        assert world.clock.now() >= datetime(2026, 3, 3, 9, tzinfo=UTC)
        assert [fault.system for fault in world.faults.on] == ["crm"]

        # A search narrows what is seen; a call that is made is seen.
        await sight.run(_type("#system-crm [type=search]", "nobody"))
        await sight.until("document.querySelector('#system-crm .none')")
        await sight.run("document.querySelector('[data-view=calls]').click()")
        await call.token()
        await sight.until("document.querySelector('#view').innerText.includes('/oauth/v2/token')")
        assert sight.said == []


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed here")
async def test_a_customer_is_changed_in_every_system_that_he_is_in(
    world: World,
    accounts: Accounts,
    serve: Callable[..., AbstractAsyncContextManager[Caller]],
    tmp_path: Path,
) -> None:
    # Given a customer in all four systems, with work that is open in three
    names = ("crm", "books", "desk", "salesforce")
    crm, books, desk, sales = shops = [Shop(world, accounts, name) for name in names]
    account = crm.put("Accounts", {"Account_Name": "Faro <b>Lda</b>", "Website": "old.example"})
    whose = {"id": account["id"], "name": "Faro"}
    deal = crm.put("Deals", {"Deal_Name": "Setup", "Stage": "Review", "Account_Name": whose})
    contact = {"contact_id": "46", "company_name": "FARO b LDA b", "contact_type": "customer"}
    books.put("contacts", {**contact, "contact_persons": [], "billing_address": {}})
    asked = desk.put("accounts", {"accountName": "faro b lda b", "cf": {}})["id"]
    cf = {"cf_billable": "Yes", "cf_billed_hours": "2"}
    ticket = desk.put("tickets", {"accountId": asked, "statusType": "Open", "cf": cf})
    sold = sales.put("Account", {"Name": "Faro b Lda b"})
    wanted = {"Id": "006A", "AccountId": sold["id"], "IsClosed": False, "Name": "Setup"}
    sales.kinds["Opportunity"] = {"006A": wanted}

    async with serve(accounts, *shops) as call, browsing(tmp_path) as sight:
        await sight.open(call.base)
        await sight.until("document.querySelectorAll('.card').length === 7")

        # When somebody changes it in one system and another, and does what is open
        website = "#crm .boxes label:nth-child(2) input"
        await sight.run(_change(website, "new.example"))
        await sight.until("document.querySelector('#crm label.fresh')")
        await sight.run(_change("#desk [data-card^=tickets] label:nth-child(2) input", "3.5"))
        await sight.until("document.querySelector('#desk label.fresh')")
        for label in ("Close as won", "Resolve", "Win"):
            await sight.run(_press(label))
        await sight.run("document.querySelector('#books [data-lose]').click()")
        await sight.until("document.querySelector('#books [aria-pressed=true]')")

        # Then that is what is there, and the next answer will be lost
        assert crm.kinds["Accounts"][account["id"]]["Website"] == "new.example"
        assert ticket["cf"] == {"cf_billable": "Yes", "cf_billed_hours": "3.5"}
        assert crm.acts == [("close", "Deals", deal["id"], {})]
        assert desk.acts == [("resolve", "tickets", ticket["id"], {})]
        assert sales.acts == [("close", "Opportunity", "006A", {})]
        assert {fault.method for fault in world.faults.on} == {"POST", "PUT"}
        assert sight.said == []


def _change(where: str, text: str) -> str:
    return (
        f"(() => {{ const one = document.querySelector({where!r}); one.value = {text!r};"
        " one.dispatchEvent(new Event('change')); })()"
    )


def _type(where: str, text: str) -> str:
    return (
        f"(() => {{ const one = document.querySelector({where!r}); one.value = {text!r};"
        " one.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def _press(label: str) -> str:
    return (
        f"[...document.querySelectorAll('button')].find((b) => b.innerText === {label!r}).click()"
    )
