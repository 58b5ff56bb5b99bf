"""Consent is given at Zoho and nowhere else, and what comes back is believed only from there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from hub.connectors.oauth import Client
from hub.connectors.zoho import (
    DATA_CENTRES,
    Accounts,
    exchange,
    exchange_code,
    missing_scopes,
)
from hub.errors import Refused
from hub.settings import Secret
from tests.connectors.vendor import Accounts as Played
from tests.connectors.vendor import an_accounts_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CLIENT = Client(client_id="hub", client_secret=Secret("client-secret"))
REDIRECT = "http://127.0.0.1:8080/connect"


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    async with an_accounts_server() as played:
        yield played


def grant(api_domain: str, refresh_token: str | None = "1000.refresh") -> web.Response:
    said = {"access_token": "1000.access", "api_domain": api_domain, "expires_in": 3600}
    return web.json_response(said | ({"refresh_token": refresh_token} if refresh_token else {}))


def test_canada_calls_its_two_hosts_by_different_stems() -> None:
    canada = Accounts(data_centre="ca")

    assert canada.token_url == "https://accounts.zohocloud.ca/oauth/v2/token"
    assert canada.believed("") == "https://www.zohoapis.ca"


@pytest.mark.parametrize("name", DATA_CENTRES)
def test_every_data_centre_is_found_by_the_host_a_redirect_names(name: str) -> None:
    centre = DATA_CENTRES[name]

    found = Accounts().named(f"https://{centre.accounts}")

    assert found.data_centre == name
    assert found.believed(f"https://www.{centre.api}") == f"https://www.{centre.api}"
    assert found.believed(f"https://sandbox.{centre.api}/") == f"https://sandbox.{centre.api}"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.zohoapis.com",
        "https://www.zohoapis.com.evil.example",
        "https://www.zohoapis.com@evil.example",
        "https://www.zohoapis.com:8443",
        "https://www.zohoapis.com/elsewhere",
        "https://evil.zohoapis.com",
        "https://accounts.zoho.com",
        "https://evilzohoapis.com",
        "http://127.0.0.1:8900",
        "www.zohoapis.com",
        "https://",
    ],
)
def test_an_address_that_is_not_zohos_is_not_believed(address: str) -> None:
    assert Accounts().believed(address) is None


@pytest.mark.parametrize(
    "server",
    ["https://accounts.zoho.example", "http://accounts.zoho.com", "https://www.zohoapis.com", "x"],
)
def test_an_accounts_host_that_is_not_zohos_is_refused(server: str) -> None:
    with pytest.raises(Refused, match="of Zoho's own"):
        Accounts().named(server)


def test_with_a_base_url_only_that_is_believed() -> None:
    sandbox = Accounts(base_url="http://127.0.0.1:8900/")

    assert sandbox.token_url == "http://127.0.0.1:8900/oauth/v2/token"
    assert sandbox.believed("http://127.0.0.1:8900") == "http://127.0.0.1:8900"
    assert sandbox.believed("") == "http://127.0.0.1:8900"
    assert sandbox.believed("https://www.zohoapis.com") is None
    assert sandbox.named("http://127.0.0.1:8900") is sandbox
    with pytest.raises(Refused):
        sandbox.named("https://accounts.zoho.com")


def test_the_page_of_consent_asks_for_a_grant_that_lasts() -> None:
    scopes = ["ZohoBooks.settings.ALL", "ZohoBooks.contacts.ALL"]

    url = urlsplit(Accounts(data_centre="eu").authorise_url("hub", scopes, REDIRECT, "s1&2"))

    assert (url.scheme, url.netloc, url.path) == ("https", "accounts.zoho.eu", "/oauth/v2/auth")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["hub"],
        "scope": ["ZohoBooks.contacts.ALL,ZohoBooks.settings.ALL"],
        "redirect_uri": [REDIRECT],
        "access_type": ["offline"],
        "prompt": ["consent"],
        "state": ["s1&2"],
    }


async def test_a_code_is_traded_for_a_grant_at_the_host_the_redirect_names(
    played: Played,
) -> None:
    # given
    played.says = lambda: grant(played.url)
    redirected = {"code": "1000.c", "state": "s", "location": "eu", "accounts-server": played.url}

    # when
    consent = await exchange(
        Accounts(base_url=played.url), CLIENT, redirected, state="s", redirect_url=REDIRECT
    )

    # then
    assert consent.granted.refresh_token == Secret("1000.refresh")
    assert consent.accounts.url == played.url
    assert played.asked == [
        {
            "grant_type": "authorization_code",
            "code": "1000.c",
            "client_id": "hub",
            "client_secret": "client-secret",
            "redirect_uri": REDIRECT,
        }
    ]


@pytest.mark.parametrize(
    ("redirected", "said"),
    [
        ({"code": "c", "state": "another"}, "state"),
        ({"code": "c"}, "state"),
        ({"state": "s", "error": "access_denied"}, "access_denied"),
        ({"code": "c", "state": "s", "accounts-server": "https://evil.example"}, "evil.example"),
    ],
)
async def test_an_answer_that_is_not_ours_is_sent_nowhere(
    played: Played, redirected: dict[str, str], said: str
) -> None:
    accounts = Accounts(base_url=played.url)

    with pytest.raises(Refused, match=said):
        await exchange(accounts, CLIENT, redirected, state="s", redirect_url=REDIRECT)
    assert played.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda _: web.json_response({"error": "invalid_code"}), "invalid_code"),
        (lambda url: grant(url, refresh_token=None), "cannot be renewed"),
        (lambda _: grant("https://evil.example"), "not Zoho's"),
    ],
)
async def test_a_grant_that_is_none_says_what_to_do(
    played: Played, answer: object, said: str
) -> None:
    assert callable(answer)
    played.says = lambda: answer(played.url)

    with pytest.raises(Refused, match=said):
        await exchange_code(Accounts(base_url=played.url), CLIENT, "1000.c")


def test_scopes_that_are_missing_are_named() -> None:
    granted = frozenset({"ZohoBooks.contacts.ALL", "ZohoCRM.modules.ALL", "ZohoCRM.org.READ"})
    wanted = [
        "ZohoBooks.contacts.READ",
        "ZohoBooks.contacts.ALL",
        "ZohoBooks.invoices.CREATE",
        "ZohoCRM.modules.deals.READ",
        "ZohoCRM.org.READ",
        "ZohoCRM.org.ALL",
    ]

    assert missing_scopes(wanted, granted) == ["ZohoBooks.invoices.CREATE", "ZohoCRM.org.ALL"]
