"""One live token for all tasks and processes, never asked for too often, and a death told once."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from hub.connectors.oauth import (
    ByRefreshToken,
    Client,
    ConnectionDead,
    Granted,
    NotGranted,
    Token,
    Tokens,
    judge_grant,
)
from hub.connectors.outcome import Refused, RetryAt
from hub.connectors.zoho import Accounts as Desk
from hub.errors import DatabaseRefused
from hub.settings import Secret
from hub.vault import FileKeys, Vault
from tests.connectors.by_hand import HandClock
from tests.connectors.vendor import Accounts, an_accounts_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from hub.database import Database

CLIENT = Client(client_id="hub", client_secret=Secret("client-secret-of-the-hub"))
GRANT = Secret("1000.grant-of-the-books")
REVOKED = {"error": "invalid_code"}
TOO_MANY = {
    "error": "Access Denied",
    "error_description": "You have made too many requests continuously.",
    "status": "failure",
}


@pytest.fixture
async def accounts() -> AsyncIterator[Accounts]:
    async with an_accounts_server() as accounts:
        yield accounts


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def process(
    database: Database, accounts: Accounts, clock: HandClock, tmp_path: Path
) -> Callable[[], Tokens]:
    """Make what one process has of the connection."""
    vault = Vault(database.schema, FileKeys(tmp_path / "master.key"))
    desk = Desk(base_url=accounts.url)

    def make() -> Tokens:
        return Tokens(database, vault, "books", login=ByRefreshToken(CLIENT, desk), clock=clock)

    return make


@pytest.fixture
async def tokens(process: Callable[[], Tokens]) -> Tokens:
    tokens = process()
    await tokens.connect(GRANT)
    return tokens


async def a_token(tokens: Tokens, dead: Secret | None = None) -> Token:
    token = await tokens.get(dead)
    assert isinstance(token, Token), token
    return token


async def test_a_token_is_asked_for_with_the_grant_and_names_where_to_call(
    tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    token = await a_token(tokens)

    assert token.text == Secret("1000.token-1")
    assert token.base_url == accounts.url
    assert token.expires_at == clock.now() + timedelta(hours=1)
    assert accounts.asked == [
        {
            "grant_type": "refresh_token",
            "refresh_token": GRANT.reveal(),
            "client_id": "hub",
            "client_secret": CLIENT.client_secret.reveal(),
        }
    ]


async def test_a_hundred_tasks_meet_an_expiry_and_one_refresh_is_made(
    tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    # given
    await a_token(tokens)
    clock.move(3600)

    # when
    taken = await asyncio.gather(*(a_token(tokens) for _ in range(100)))

    # then
    assert {token.text for token in taken} == {Secret("1000.token-2")}
    assert len(accounts.asked) == 2


async def test_a_hundred_tasks_of_two_processes_find_a_token_dead_and_one_refresh_is_made(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts
) -> None:
    # given two processes with one token between them
    other = process()
    dead = (await a_token(tokens)).text
    assert (await a_token(other)).text == dead

    # when
    taken = await asyncio.gather(
        *(a_token(each, dead) for each in (tokens, other) for _ in range(50))
    )

    # then
    assert {token.text for token in taken} == {Secret("1000.token-2")}
    assert len(accounts.asked) == 2


async def test_it_is_renewed_at_55_minutes_and_by_one_process_for_both(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    first = await a_token(tokens)
    clock.move(55 * 60 - 1)
    assert (await a_token(tokens)).text == first.text
    clock.move(1)

    assert (await a_token(tokens)).text == Secret("1000.token-2")
    assert (await a_token(process())).text == Secret("1000.token-2")
    assert len(accounts.asked) == 2


async def test_ten_refreshes_in_ten_minutes_are_never_passed_over_two_processes(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    # given a vendor whose tokens die at once
    other = process()
    asked_at: list[float] = []
    dead: Secret | None = None

    # when two processes ask for half an hour, every fifteen seconds
    for turn in range(120):
        before = len(accounts.asked)
        token = await (tokens, other)[turn % 2].get(dead)
        dead = token.text if isinstance(token, Token) else dead
        asked_at += [clock.monotonic()] * (len(accounts.asked) - before)
        clock.move(15)

    # then
    for start in asked_at:
        assert len([at for at in asked_at if start <= at < start + 600]) <= 10
    assert len(asked_at) >= 20


async def test_who_may_not_ask_is_told_when_it_goes_on(tokens: Tokens, clock: HandClock) -> None:
    # given that all ten were asked for, the first when the grant was given
    dead: Secret | None = None
    for _ in range(9):
        dead = (await a_token(tokens, dead)).text

    # when
    refused = await tokens.get(dead)

    # then
    assert isinstance(refused, RetryAt)
    assert timedelta(minutes=10) < refused.at - clock.now() <= timedelta(minutes=11)
    clock.move((refused.at - clock.now()).total_seconds())
    assert (await a_token(tokens, dead)).text == Secret("1000.token-10")


async def test_a_vendor_that_was_asked_too_often_is_waited_for(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    # given
    accounts.says = lambda: web.json_response(TOO_MANY, status=400)

    # when
    told = [await each.get() for each in (tokens, process(), tokens)]

    # then nobody asks a second time, and it goes on after ten minutes
    assert all(isinstance(each, RetryAt) for each in told)
    assert len(accounts.asked) == 1
    accounts.says = None
    clock.move(599)
    assert isinstance(await tokens.get(), RetryAt)
    clock.move(1)
    assert (await a_token(tokens)).text == Secret("1000.token-1")


async def test_a_revoked_grant_is_one_alarm(
    process: Callable[[], Tokens],
    tokens: Tokens,
    accounts: Accounts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # given two processes with fifty tasks each
    accounts.says = lambda: web.json_response(REVOKED)
    both = (tokens, process())

    # when
    with caplog.at_level(logging.ERROR):
        told = await asyncio.gather(
            *(each.get() for each in both for _ in range(50)), return_exceptions=True
        )

    # then one is told of it, all others wait, and the vendor is asked once
    [alarm] = [each for each in told if isinstance(each, ConnectionDead)]
    assert "hub connect books" in str(alarm)
    assert alarm.reason == "invalid_code"
    others = [each for each in told if isinstance(each, Refused)]
    assert len(others) == 99
    assert {each.because for each in others} == {"authorisation"}
    assert len(accounts.asked) == 1
    assert len(caplog.records) == 1


async def test_a_dead_connection_stays_dead_until_it_is_connected_anew(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    # given
    accounts.says = lambda: web.json_response({"error": "invalid_client"})
    with pytest.raises(ConnectionDead):
        await tokens.get()

    # then neither time nor a restart has anybody ask again
    clock.move(86_400)
    assert isinstance(await tokens.get(), Refused)
    assert isinstance(await process().get(), Refused)
    assert len(accounts.asked) == 1

    # when a person gives consent anew, in another process
    accounts.says = None
    await process().connect(Secret("1000.another-grant"))

    # then this one notices within half a minute
    clock.move(30)
    assert (await a_token(tokens)).text == Secret("1000.token-1")
    assert accounts.asked[-1]["refresh_token"] == "1000.another-grant"


async def test_a_connection_whose_secrets_were_spoilt_can_be_connected_anew(
    tokens: Tokens, database: Database, process: Callable[[], Tokens]
) -> None:
    async with database.connected("owner") as db:
        await db.execute("update data_keys set sealed = sealed || 'x'")
    with pytest.raises(DatabaseRefused, match="hub connect books"):
        await tokens.get()

    await process().connect(GRANT)

    assert isinstance(await tokens.get(), Token)


async def test_a_token_at_hand_is_used_while_no_new_one_can_be_had(
    tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    # given a token of 55 minutes, and an accounts server that shows a page
    first = await a_token(tokens)
    accounts.says = lambda: web.Response(status=502, text="<html>Bad gateway</html>")
    clock.move(55 * 60)

    # then it serves for the five minutes that it has
    assert (await a_token(tokens)).text == first.text
    clock.move(299)
    assert (await a_token(tokens)).text == first.text
    clock.move(1)
    assert isinstance(await tokens.get(), RetryAt)

    # and is not used where it was found dead
    assert isinstance(await tokens.get(first.text), RetryAt)


async def test_an_accounts_server_that_drops_the_call_is_asked_again_later(
    tokens: Tokens, accounts: Accounts, clock: HandClock
) -> None:
    async def drop() -> web.StreamResponse:
        raise aiohttp.ClientConnectionResetError

    accounts.says = drop
    told = await tokens.get()
    assert isinstance(told, RetryAt)
    accounts.says = None
    clock.move((told.at - clock.now()).total_seconds())
    assert isinstance(await tokens.get(), Token)


@pytest.mark.parametrize("domain", ["https://www.zohoapis.example", "http://127.0.0.1:1", "//x"])
async def test_a_token_is_not_used_at_an_address_that_is_not_believed(
    tokens: Tokens, accounts: Accounts, domain: str
) -> None:
    accounts.api_domain = domain

    with pytest.raises(ConnectionDead, match="API host"):
        await tokens.get()
    assert isinstance(await tokens.get(), Refused)


async def test_a_connection_without_a_grant_says_what_to_do(
    process: Callable[[], Tokens], accounts: Accounts
) -> None:
    refused = await process().get()

    assert isinstance(refused, Refused)
    assert "hub connect books" in refused.sentence
    assert accounts.asked == []


async def test_a_process_that_dies_while_it_renews_holds_nobody_up(
    process: Callable[[], Tokens], tokens: Tokens, accounts: Accounts
) -> None:
    # given a process that is killed while the vendor thinks
    asked, never = asyncio.Event(), asyncio.Event()

    async def think() -> web.StreamResponse:
        asked.set()
        await never.wait()
        return web.Response()

    accounts.says = think
    dying = asyncio.create_task(tokens.get())
    await asked.wait()
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying

    # then another one renews
    accounts.says = None
    assert isinstance(await process().get(), Token)


async def test_p13_neither_grant_nor_token_is_shown_or_kept_in_the_clear(
    tokens: Tokens, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "hub"):
        token = await a_token(tokens)
    async with database.connected("owner") as db:
        rows = [
            *await db.fetch("select * from access_tokens"),
            *await db.fetch("select * from sealed"),
        ]

    shown = repr((token, tokens, CLIENT, rows)) + caplog.text
    assert "token-1" not in shown
    assert "grant-of" not in shown
    assert "client-secret" not in shown


@pytest.mark.parametrize(
    ("status", "body", "sort"),
    [
        (200, b'{"error":"invalid_code"}', "dead"),
        (200, b'{"error":"invalid_client"}', "dead"),
        (200, b'{"error":"invalid_client_secret"}', "dead"),
        (400, b'{"error":"Access Denied","status":"failure"}', "throttled"),
        (200, b'{"error":"access_denied"}', "throttled"),
        (200, b'{"error":"general_error"}', "passing"),
        (200, b"{}", "passing"),
        (200, b'{"access_token":""}', "passing"),
        (200, b"<html>", "passing"),
        (200, b'{"access_token":"1000.abc', "passing"),
        (500, b"", "passing"),
        (200, b"\xff\xfe", "passing"),
    ],
)
def test_there_is_a_grant_only_where_there_is_a_token(status: int, body: bytes, sort: str) -> None:
    judged = judge_grant(status, body)

    assert isinstance(judged, NotGranted)
    assert judged.sort == sort
    assert "1000.abc" not in judged.reason


@pytest.mark.parametrize("said", ["null", '"soon"', "-1", "[]", '"3600"', "1e99"])
def test_a_token_is_taken_however_odd_the_rest_is(said: str) -> None:
    judged = judge_grant(
        200, f'{{"access_token":"a","expires_in":{said},"scope":null,"api_domain":7}}'.encode()
    )

    assert judged == Granted(access_token=Secret("a"), seconds=3600)


def test_a_grant_is_read_whatever_else_is_said() -> None:
    judged = judge_grant(
        200,
        b'{"access_token":"a","refresh_token":"r",'
        b'"scope":"ZohoBooks.contacts.ALL ZohoCRM.org.READ",'
        b'"api_domain":"https://www.zohoapis.eu","expires_in":"3600","new":[1]}',
    )

    assert judged == Granted(
        access_token=Secret("a"),
        refresh_token=Secret("r"),
        seconds=3600,
        api_domain="https://www.zohoapis.eu",
        scopes=frozenset({"ZohoBooks.contacts.ALL", "ZohoCRM.org.READ"}),
    )
