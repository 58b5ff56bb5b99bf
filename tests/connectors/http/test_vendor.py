"""One attempt per call, with a live token and inside the limits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from hub.connectors.budget import AtOnce, Budget, Window
from hub.connectors.http import Call, Vendor, retry_after_seconds
from hub.connectors.oauth import ByRefreshToken, Client, ConnectionDead, Tokens
from hub.connectors.outcome import Answer, Done, Refused, RetryAt
from hub.connectors.zoho import Accounts as Desk
from hub.database import Database
from hub.settings import Secret
from hub.vault import FileKeys, Vault
from tests import hubs
from tests.connectors.vendor import LIVE, OneToken, always, an_accounts_server, judge, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def test_an_answer_is_judged_by_the_connector(answered: Callable[..., Any]) -> None:
    # given
    seen: list[web.Request] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return web.Response(text='{"message":"ok","total":1234567890123456.78}')

    # when
    async with answered(handle) as vendor:
        done = await vendor.read("/books/v3/contacts%2F1", params=(("name", "A&B é+1"),))

    # then
    assert isinstance(done, Done)
    assert done.answer.said()["total"] == Decimal("1234567890123456.78")
    [request] = seen
    assert request.headers["Authorization"] == f"Zoho-oauthtoken {LIVE}-0"
    assert request.query == {"name": "A&B é+1"}
    assert request.raw_path.startswith("/books/v3/contacts%2F1?")


async def test_an_empty_answer_is_the_connectors_to_judge(answered: Callable[..., Any]) -> None:
    async with answered(always(lambda: web.Response(status=204))) as vendor:
        assert isinstance(await vendor.read(), Done)


async def test_a_dead_token_is_renewed_once_and_the_call_repeated_once(
    answered: Callable[..., Any],
) -> None:
    # given
    tokens: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers["Authorization"])
        if request.headers["Authorization"].endswith("-0"):
            return web.json_response({"code": "INVALID_TOKEN"}, status=401)
        return web.json_response({"message": "ok"})

    async with answered(handle) as vendor:
        assert isinstance(await vendor.write(), Done)

    assert [token[-2:] for token in tokens] == ["-0", "-1"]


async def test_a_token_that_stays_dead_is_not_tried_for_ever(
    answered: Callable[..., Any],
) -> None:
    dead = always(lambda: web.json_response({"code": "INVALID_TOKEN"}, status=401))
    async with answered(dead) as vendor:
        told = await vendor.read()

        assert isinstance(told, Refused)
        assert told.because == "authorisation"
        assert vendor.tokens.renewed == 1


async def test_a_missing_scope_is_not_mended_by_a_fresh_token(
    answered: Callable[..., Any],
) -> None:
    refused = always(lambda: web.json_response({"code": "OAUTH_SCOPE_MISMATCH"}, status=401))
    async with answered(refused) as vendor:
        assert isinstance(await vendor.read(), Refused)
        assert vendor.tokens.renewed == 0


async def test_what_a_vendor_asks_for_is_obeyed_by_the_next_call(
    answered: Callable[..., Any],
) -> None:
    # given
    count = 0

    async def handle(_: web.Request) -> web.StreamResponse:
        nonlocal count
        count += 1
        return web.json_response({"code": 43}, status=429, headers={"Retry-After": "3600"})

    async with answered(handle) as vendor:
        told = [await vendor.read() for _ in range(3)]

    # then one call was made, and all are told the same moment
    assert count == 1
    now = datetime.now(UTC)
    assert all(timedelta(minutes=59) < each.at - now < timedelta(minutes=61) for each in told)


async def test_what_was_drawn_is_accounted_for_when_the_way_out_is_closed(
    answered: Callable[..., Any], database: Database
) -> None:
    handler = always(lambda: web.json_response({"message": "ok"}))
    async with answered(handler) as vendor:
        assert isinstance(await vendor.read(), Done)
        await vendor.vendor.__aexit__(None, None, None)

        async with database.connected() as db:
            assert await db.fetchval("select sum(cost) from budget_blocks") == 1


async def test_what_a_vendor_says_is_left_is_kept(answered: Callable[..., Any]) -> None:
    headers = {"X-Rate-Limit-Remaining": "0"}
    handler = always(lambda: web.json_response({"message": "ok"}, headers=headers))
    async with answered(handler) as vendor:
        assert isinstance(await vendor.read(), Done)
        told = await vendor.read()
        assert isinstance(told, RetryAt)
        assert "vendor counts" in told.sentence


async def test_no_more_calls_are_under_way_than_may_be(answered: Callable[..., Any]) -> None:
    # given
    most = under_way = 0
    all_in, go = asyncio.Event(), asyncio.Event()

    async def handle(_: web.Request) -> web.StreamResponse:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        if under_way == 3:
            all_in.set()
        await go.wait()
        under_way -= 1
        return web.json_response({"message": "ok"})

    # when twelve want three places
    async with answered(handle, at_once=[AtOnce(name="at once", most=3, pace=1)]) as vendor:
        calls = [asyncio.create_task(vendor.read()) for _ in range(12)]
        await all_in.wait()
        refused, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        go.set()
        told = await asyncio.gather(*calls)

    # then
    assert most == 3
    assert all(isinstance(each.result(), RetryAt) for each in refused)
    assert sum(isinstance(each, Done) for each in told) >= 3


async def test_a_database_that_goes_away_does_not_take_the_outcome_along(
    database: Database,
) -> None:
    # given a vendor that answers, and at that moment the database is gone
    async def handle(_: web.Request) -> web.StreamResponse:
        await postgres.cut()
        return web.json_response({"message": "ok"}, headers={"X-Rate-Limit-Remaining": "1"})

    app = web.Application()
    app.router.add_post("/invoices", handle)
    url = database.settings.database.url
    assert url is not None
    async with hubs.a_line(url.reveal()) as postgres, serving(app) as base:
        budget = Budget(
            Database(database.settings, postgres.url),
            "books",
            [Window(name="minute", most=100, seconds=60)],
            [AtOnce(name="at once", most=10)],
        )

        # when
        async with Vendor("books", tokens=OneToken(base), budget=budget, judge=judge) as vendor:
            told = await vendor.call(Call(method="POST", path="/invoices", verb="marked"))
        await budget.close()

    # then
    assert isinstance(told, Done)


async def test_a_call_is_not_made_without_a_budget(answered: Callable[..., Any]) -> None:
    seen: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.json_response({"message": "ok"})

    async with answered(handle, windows=[Window(name="day", most=10)], reserved={}) as vendor:
        told = [await vendor.read() for _ in range(12)]

    assert len(seen) == 8
    assert sum(isinstance(each, RetryAt) for each in told) == 4


@pytest.mark.parametrize("path", ["contacts", "//evil.example/x", "/books/../oauth", "/a/.."])
async def test_a_path_that_leads_elsewhere_is_not_called(at: Callable[..., Any], path: str) -> None:
    async with at("http://127.0.0.1:1") as vendor:
        with pytest.raises(ValueError, match="expected a path"):
            await vendor.read(path)


async def test_a_call_that_is_cancelled_gives_its_place_back(
    answered: Callable[..., Any],
) -> None:
    arrived = asyncio.Event()

    async def handle(_: web.Request) -> web.StreamResponse:
        if arrived.is_set():
            return web.json_response({"message": "ok"})
        arrived.set()
        await asyncio.Event().wait()
        return web.Response()

    async with answered(handle, at_once=[AtOnce(name="at once", most=1)]) as vendor:
        call = asyncio.create_task(vendor.read())
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert isinstance(await vendor.read(), Done)


async def test_a_revoked_grant_is_one_alarm_for_a_hundred_calls(
    database: Database, budget_of: Callable[..., Budget], tmp_path: Path
) -> None:
    async with an_accounts_server() as accounts:
        # given
        accounts.says = lambda: web.json_response({"error": "invalid_code"})
        vault = Vault(database.schema, FileKeys(tmp_path / "master.key"))
        client = Client(client_id="hub", client_secret=Secret("s"))
        desk = Desk(base_url=accounts.url)
        tokens = Tokens(database, vault, "books", login=ByRefreshToken(client, desk))
        await tokens.connect(Secret("1000.grant"))
        budget = budget_of()

        # when
        async with Vendor("books", tokens=tokens, budget=budget, judge=judge) as vendor:
            call = Call(method="GET", path="/contacts", verb="read")
            told = await asyncio.gather(
                *(vendor.call(call) for _ in range(100)), return_exceptions=True
            )
        await budget.close()

    # then
    assert sum(isinstance(each, ConnectionDead) for each in told) == 1
    assert sum(isinstance(each, Refused) for each in told) == 99
    assert len(accounts.asked) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("9" * 400, 86_400),
        ("Mon, 02 Mar 2026 00:01:00 GMT", 60),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_a_retry_after_is_read_as_seconds_or_as_a_date(text: str, seconds: float | None) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)

    said = retry_after_seconds(Answer(status=429, headers={"retry-after": text}, at=now))

    assert said == seconds
