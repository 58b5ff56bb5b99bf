"""What is found at a vendor that answers as a test has it do: grounds, and the way to this hub."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from hub.connectors.account import about_login, about_scopes, chosen
from hub.connectors.budget import Budget
from hub.connectors.connector import Door, Hook, Listening
from hub.connectors.consent import pasted
from hub.connectors.finding import looked
from hub.connectors.ground import Login, Organisation
from hub.connectors.http import Vendor
from hub.connectors.reach import reached
from hub.connectors.zoho_books import ZohoBooks
from hub.connectors.zoho_books.ground import BooksGround
from hub.connectors.zoho_crm import ZohoCrm
from hub.connectors.zoho_crm.ground import CrmGround
from hub.errors import Refused
from hub.settings import Secret
from tests.connectors.vendor import OneToken, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from hub.database import Database

    Says = Mapping[str, Any]
    At = Callable[..., AbstractAsyncContextManager[Vendor]]

TOKEN = Secret("channelTokenOfThisHub")
DOOR = Door(url="https://hub.example/hooks/books", token=TOKEN)
HERE = "810000001"


@pytest.fixture
def at(database: Database, monkeypatch: pytest.MonkeyPatch) -> At:
    """Open a vendor that says, by `METHOD /path`, what a test has it say; else that it is none."""
    monkeypatch.setattr("hub.connectors.zoho_books.books.CALLS_PER_MINUTE", 10_000)

    @asynccontextmanager
    async def open_(connector: ZohoBooks | ZohoCrm, says: Says) -> AsyncIterator[Vendor]:
        async def answer(request: web.Request) -> web.StreamResponse:
            said = says.get(f"{request.method} {request.path}")
            if said is None:
                body = {"code": "INVALID_URL_PATTERN" if "crm" in request.path else 5}
                return web.json_response({**body, "message": "no such place"}, status=404)
            return web.json_response(said)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        async with serving(app) as url:
            budget = Budget(database, "one", connector.windows, connector.at_once)
            async with Vendor(
                "one", tokens=OneToken(url), budget=budget, judge=connector.judge
            ) as vendor:
                yield vendor

    return open_


async def test_the_history_of_records_tells_of_zoho_s_own_sync(at: At) -> None:
    # given
    says: dict[str, Any] = {"GET /crm/v8/actions/watch": {"watch": []}}
    for module in ("Accounts", "Contacts", "Products"):
        says[f"GET /crm/v8/{module}"] = {"data": [{"id": "7"}]}
        entries = [{"source": "crm_ui"}, {"source": "zoho_finance"}, {"source": None}]
        says[f"GET /crm/v8/{module}/7/__timeline"] = {"__timeline": entries}

    # when
    async with at(ZohoCrm(), says) as vendor:
        (found,) = await CrmGround().others(vendor, None)

    # then
    assert found.state == "warned"
    assert "Zoho's own sync with Books" in found.sentence


async def test_a_channel_that_leads_elsewhere_is_told_by_its_host_alone(at: At) -> None:
    rows = [
        {"channel_id": "1", "notify_url": "https://other.example/x?key=of-theirs"},
        {"channel_id": "2", "notify_url": DOOR.url},
    ]

    async with at(ZohoCrm(), {"GET /crm/v8/actions/watch": {"watch": rows}}) as vendor:
        _, found = await CrmGround().others(vendor, DOOR.url)

    assert "other.example" in found.sentence
    assert "of-theirs" not in found.sentence


async def test_a_channel_that_tells_of_some_modules_only_is_noticed(at: At) -> None:
    expiry = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    row = {"notify_url": DOOR.url, "resource_name": "Deals", "channel_expiry": expiry}
    known = Listening(cursor="1", until=datetime.now(UTC) + timedelta(days=3))

    async with at(ZohoCrm(), {"GET /crm/v8/actions/watch": {"watch": [row]}}) as vendor:
        (found,) = await CrmGround().tells(vendor, DOOR, make=True, known=known)

    assert found.state == "needs"
    assert "Accounts, Contacts" in found.sentence
    assert "Deals" not in found.sentence


async def test_a_rule_whose_row_does_not_say_what_it_does_is_read_by_itself(at: At) -> None:
    # given
    entities = ("contact", "item", "invoice", "estimate", "creditnote", "customer_payment")
    webhooks = [
        {"webhook_id": str(n), "entity": entity, "url": DOOR.url}
        for n, entity in enumerate(entities)
    ]
    rules = [
        {"workflow_id": f"{n}{m}", "rule_type": rule, "status": "active"}
        for n in range(len(entities))
        for m, rule in enumerate(("created_or_edited", "deleted"))
    ]
    settings = "GET /books/v3/settings"
    says = {
        f"{settings}/webhooks": {"webhooks": webhooks},
        f"{settings}/workflows": {"workflows": rules},
        **{
            f"{settings}/workflows/{one['workflow_id']}": {
                "workflow": {**one, "actions": [{"webhook_id": one["workflow_id"][0]}]}
            }
            for one in rules
        },
    }

    # when
    async with at(ZohoBooks(HERE), says) as vendor:
        found = await BooksGround(HERE).tells(vendor, DOOR, make=False, known=None)

    # then
    assert {one.state for one in found} == {"well"}


async def test_a_field_that_cannot_be_told_from_any_other_is_not_taken_for_a_mark(at: At) -> None:
    async with at(ZohoBooks(HERE), {}) as vendor:
        found = await BooksGround(HERE).marks(vendor, make=True)

    assert {one.state for one in found} == {"needs"}


async def test_an_answer_of_another_shape_is_a_finding(at: At) -> None:
    async with at(ZohoCrm(), {"GET /crm/v8/org": {"org": "none"}}) as vendor:

        async def look() -> list[Any]:
            return list(await CrmGround().organisations(vendor))

        (found,) = await looked("organisation", look)

    assert found.state == "needs"
    assert "something else than was expected" in found.sentence


@pytest.mark.parametrize(
    ("status", "state", "word"),
    [
        (200, "well", "This hub answers"),
        (401, "needs", "another secret"),
        (404, "needs", "knows no such connection"),
        (302, "needs", "found 302"),
    ],
)
async def test_who_answers_at_the_public_address_is_told(
    status: int, state: str, word: str
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": "/"} if status == 302 else {})

    app = web.Application()
    app.router.add_post("/hooks/books", answer)
    async with serving(app) as url:
        door = Door(url=f"{url}/hooks/books", token=TOKEN)
        found = await reached(door, BooksGround(HERE).knock(door))

    assert (found.state, word in found.sentence) == (state, True)


async def test_nobody_at_the_public_address_counts_as_it_is_asked_to() -> None:
    door = Door(url="http://127.0.0.1:9/hooks/books", token=TOKEN)
    knock = BooksGround(HERE).knock(door)

    assert (await reached(door, knock)).state == "needs"
    assert (await reached(door, knock, unanswered="told")).state == "told"


def test_a_knock_is_believed_and_tells_of_nothing() -> None:
    books, crm = BooksGround(HERE).knock(DOOR), CrmGround().knock(DOOR)

    assert list(ZohoBooks(HERE).hear(books, {"webhook_secret": TOKEN})) == []
    assert (
        list(ZohoCrm().hear(Hook(query=(), headers={}, body=crm.body), {"channel_token": TOKEN}))
        == []
    )


def test_scopes_follow_the_kinds_and_deleting_is_not_asked_for() -> None:
    books, crm = BooksGround(HERE).scopes, CrmGround().scopes

    assert {"ZohoBooks.invoices.UPDATE", "ZohoBooks.settings.CREATE"} <= books
    assert {"ZohoCRM.modules.deals.CREATE", "ZohoCRM.coql.READ"} <= crm
    assert not any(scope.endswith("DELETE") for scope in books | crm)
    assert about_scopes("x", books, frozenset({"ZohoBooks.fullaccess.all"})).state == "well"
    assert about_scopes("x", crm, frozenset()).state == "told"


@pytest.mark.parametrize(
    ("name", "email", "is_a_person"),
    [
        ("Hub", "hub@company.example", False),
        ("Zoho Integration", "it@company.example", False),
        ("Ann Holt", "ann.holt@company.example", True),
        ("Bobot Sync-Smith", "b@company.example", False),
        ("", "crm-api@company.example", False),
    ],
)
def test_a_login_is_taken_for_a_person_by_its_name(
    name: str, email: str, *, is_a_person: bool
) -> None:
    found = about_login(Login(name=name, email=email))

    assert (found.state == "warned") is is_a_person


def test_one_organisation_among_several_is_never_chosen_by_itself() -> None:
    one, other = Organisation(id="1", name="One"), Organisation(id="2", name="Other")

    assert chosen([one], None) == one
    assert chosen([one, other], None) is None
    assert chosen([one, other], "2") == other
    assert chosen([one, other], "3") is None


def test_a_pasted_address_gives_what_stands_in_it() -> None:
    assert pasted(" http://localhost:8765/connected?code=1000.a.b&state=s&location=eu\n") == {
        "code": "1000.a.b",
        "state": "s",
        "location": "eu",
    }
    with pytest.raises(Refused, match="whole address"):
        pasted("1000.a.b")
