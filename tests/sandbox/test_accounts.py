"""The played Zoho accounts. Each test names what of the vendor's behaviour it holds on to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from hub.sandbox.accounts import AccountsQuirks
from hub.sandbox.system import Request

if TYPE_CHECKING:
    from hub.sandbox.accounts import Accounts
    from hub.sandbox.world import World
    from tests.sandbox.conftest import Caller, Said

CLIENT = {"client_id": "sandbox", "client_secret": "sandbox"}
BACK = "http://127.0.0.1:9/callback"
CONSENT = {
    "client_id": "sandbox",
    "response_type": "code",
    "scope": "ZohoCRM.modules.ALL,ZohoCRM.org.READ",
    "redirect_uri": BACK,
    "access_type": "offline",
    "prompt": "consent",
    "state": "s 1&2",
}


@pytest.mark.parametrize("refresh_token", ["sandbox-crm", "sandbox-books", "sandbox-desk"])
async def test_a_documented_refresh_token_gives_an_access_token(
    call: Caller, refresh_token: str
) -> None:
    said = await call.refresh(refresh_token)

    assert said.status == 200
    assert said.body["token_type"] == "Bearer"
    assert said.body["expires_in"] == 3600
    assert said.body["api_domain"] == call.base
    assert "refresh_token" not in said.body


async def test_parameters_may_stand_in_the_query(call: Caller) -> None:
    query = urlencode({**CLIENT, "grant_type": "refresh_token", "refresh_token": "sandbox-crm"})

    said = await call("POST", f"/oauth/v2/token?{query}")

    assert "access_token" in said.body


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client_secret"),
        ({"refresh_token": "unknown"}, "invalid_code"),
        ({"grant_type": "authorization_code", "code": "1000.a.b"}, "invalid_code"),
        ({"grant_type": "password"}, "general_error"),
        ({"grant_type": "client_credentials", "scope": "a.b.READ"}, "missing_org_info"),
    ],
)
async def test_errors_come_with_http_200(call: Caller, given: dict[str, str], error: str) -> None:
    form = {**CLIENT, "grant_type": "refresh_token", "refresh_token": "sandbox-crm", **given}

    said = await call("POST", "/oauth/v2/token", data=form)

    assert (said.status, said.body) == (200, {"error": error})


async def test_an_access_token_dies_after_an_hour_of_the_clock(call: Caller) -> None:
    token = await call.token()

    await call("POST", "/_sandbox/clock", {"advance_seconds": 3599})
    before = await call("GET", "/shop/v1/things", token=token)
    await call("POST", "/_sandbox/clock", {"advance_seconds": 1})
    after = await call("GET", "/shop/v1/things", token=token)

    assert (before.status, after.body) == (200, {"wrong": "invalid"})


async def test_the_eleventh_token_within_ten_minutes_is_access_denied_with_400(
    call: Caller,
) -> None:
    given = [await call.refresh() for _ in range(10)]

    denied = await call.refresh()

    assert {one.status for one in given} == {200}
    assert denied.status == 400
    assert denied.body["error"] == "Access Denied"
    assert denied.body["status"] == "failure"
    assert "too many requests continuously" in denied.body["error_description"]


async def test_tokens_are_given_again_when_the_window_has_passed(call: Caller) -> None:
    for _ in range(10):
        await call.refresh()
    await call("POST", "/_sandbox/clock", {"advance_seconds": 599})
    still = await call.refresh()
    await call("POST", "/_sandbox/clock", {"advance_seconds": 1})

    assert still.status == 400
    assert (await call.refresh()).status == 200


async def test_the_window_of_one_refresh_token_is_not_that_of_another(call: Caller) -> None:
    for _ in range(10):
        await call.refresh("sandbox-crm")

    assert (await call.refresh("sandbox-books")).status == 200


async def test_the_sixteenth_live_token_kills_the_oldest(call: Caller) -> None:
    tokens = [await call.token() for _ in range(10)]
    await call("POST", "/_sandbox/clock", {"advance_seconds": 600})
    tokens += [await call.token() for _ in range(6)]

    said = [await call("GET", "/shop/v1/things", token=token) for token in tokens]

    assert [one.status for one in said] == [401] + [200] * 15


async def test_a_consent_redirects_with_code_location_accounts_server_and_state(
    call: Caller,
) -> None:
    given = await _approve(call)

    assert given.keys() == {"code", "location", "accounts-server", "state"}
    assert given["location"] == "us"
    assert given["accounts-server"] == call.base
    assert given["state"] == "s 1&2"


async def test_a_code_is_exchanged_once_for_both_tokens(call: Caller) -> None:
    code = (await _approve(call))["code"]

    first = await _exchange(call, code)
    again = await _exchange(call, code)

    assert first.body["scope"] == "ZohoCRM.modules.ALL ZohoCRM.org.READ"
    assert (await call("GET", "/shop/v1/x", token=first.body["access_token"])).status == 200
    assert "access_token" in (await call.refresh(first.body["refresh_token"])).body
    assert again.body == {"error": "invalid_code"}


async def test_without_offline_access_there_is_no_refresh_token(call: Caller) -> None:
    code = (await _approve(call, access_type="online"))["code"]

    assert "refresh_token" not in (await _exchange(call, code)).body


async def test_a_code_lives_three_minutes(call: Caller) -> None:
    code = (await _approve(call))["code"]
    await call("POST", "/_sandbox/clock", {"advance_seconds": 180})

    assert (await _exchange(call, code)).body == {"error": "invalid_code"}


async def test_a_code_belongs_to_its_redirect_address(call: Caller) -> None:
    code = (await _approve(call))["code"]

    said = await _exchange(call, code, redirect_uri="http://127.0.0.1:9/other")

    assert said.body == {"error": "invalid_redirect_uri"}


async def test_the_eleventh_code_within_ten_minutes_is_access_denied(call: Caller) -> None:
    for _ in range(10):
        await _approve(call)

    assert (await _approve(call))["error"] == "access_denied"


async def test_a_person_is_asked_and_may_reject(call: Caller) -> None:
    asked = await call("GET", f"/oauth/v2/auth?{urlencode(CONSENT)}")
    rejected = await call("GET", f"/oauth/v2/auth?{urlencode({**CONSENT, 'approve': '0'})}")

    assert asked.headers["content-type"].startswith("text/html")
    assert b"ZohoCRM.org.READ" in asked.body
    assert b"approve=1" in asked.body
    assert "error=access_denied" in rejected.headers["location"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"client_id": "<b>"}, b"client_id: expected sandbox, found &#x27;&lt;b&gt;"),
        ({"response_type": "token"}, b"response_type"),
        ({"scope": ""}, b"scope"),
        ({"redirect_uri": "javascript:alert(1)"}, b"redirect_uri"),
    ],
)
async def test_a_consent_that_cannot_be_asked_for_says_why(
    call: Caller, wrong: dict[str, str], named: bytes
) -> None:
    said = await call("GET", f"/oauth/v2/auth?{urlencode({**CONSENT, **wrong})}")

    assert said.status == 400
    assert named in said.body


async def test_a_self_clients_code_needs_no_redirect_address(call: Caller) -> None:
    code = (await call("POST", "/_sandbox/grant", {"scope": "ZohoCRM.modules.READ"})).body["code"]

    said = await _exchange(call, code, redirect_uri=None)

    assert said.body["scope"] == "ZohoCRM.modules.READ"
    assert "refresh_token" in said.body


async def test_client_credentials_give_a_token_without_a_refresh_token(call: Caller) -> None:
    form = {**CLIENT, "grant_type": "client_credentials", "scope": "ZohoCRM.modules.READ"}

    said = await call("POST", "/oauth/v2/token", data={**form, "soid": "ZohoCRM.700001"})

    assert "refresh_token" not in said.body
    assert (await call("GET", "/shop/v1/x", token=said.body["access_token"])).status == 200


async def test_a_revoked_refresh_token_is_dead_and_so_are_its_access_tokens(
    call: Caller,
) -> None:
    token = await call.token()

    said = await call("POST", "/oauth/v2/token/revoke?token=sandbox-crm")

    assert said.body == {"status": "success"}
    assert (await call.refresh()).body == {"error": "invalid_code"}
    assert (await call("GET", "/shop/v1/x", token=token)).body == {"wrong": "invalid"}


async def test_a_person_revokes_or_lets_a_token_expire(call: Caller) -> None:
    token = await call.token()
    of = {"system": "accounts"}

    await call(
        "POST", "/_sandbox/act", {**of, "act": "expire", "kind": "access_tokens", "id": token}
    )
    expired = await call("GET", "/shop/v1/x", token=token)
    await call(
        "POST",
        "/_sandbox/act",
        {**of, "act": "revoke", "kind": "refresh_tokens", "id": "sandbox-crm"},
    )

    assert expired.body == {"wrong": "invalid"}
    assert (await call.refresh()).body == {"error": "invalid_code"}


async def test_the_twenty_first_refresh_token_silently_kills_the_oldest(
    call: Caller, accounts: Accounts
) -> None:
    made = []
    for _ in range(21):
        said = await _exchange(call, accounts.grant("ZohoCRM.modules.READ"), redirect_uri=None)
        made.append(said.body["refresh_token"])

    assert (await call.refresh(made[0])).body == {"error": "invalid_code"}
    assert "access_token" in (await call.refresh(made[1])).body
    assert "access_token" in (await call.refresh("sandbox-crm")).body


async def test_limits_and_the_data_centre_can_be_switched(call: Caller, accounts: Accounts) -> None:
    accounts.quirks = AccountsQuirks(location="eu", tokens_per_window=1)

    assert (await _approve(call))["location"] == "eu"
    assert [(await call.refresh()).status for _ in range(2)] == [200, 400]


async def test_a_call_without_a_token_is_told_apart_from_a_dead_one(call: Caller) -> None:
    missing = await call("GET", "/shop/v1/x")
    dead = await call("GET", "/shop/v1/x", token="1000.a.b")

    assert (missing.body, dead.body) == ({"wrong": "missing"}, {"wrong": "invalid"})


@pytest.mark.parametrize(
    ("held", "wanted", "wrong"),
    [
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.READ", None),
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.deals.READ", None),
        ("ZohoCRM.modules.deals.READ", "ZohoCRM.modules.deals.READ", None),
        ("zohobooks.INVOICES.read", "ZohoBooks.invoices.READ", None),
        ("ZohoBooks.fullaccess.all", "ZohoBooks.invoices.DELETE", None),
        ("Desk.tickets.WRITE", "Desk.tickets.UPDATE", None),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.UPDATE", "scope"),
        ("ZohoCRM.modules.deals.ALL", "ZohoCRM.modules.READ", "scope"),
        ("ZohoBooks.invoices.ALL", "ZohoBooks.contacts.READ", "scope"),
        ("ZohoCRM.fullaccess.ALL", "ZohoBooks.contacts.READ", "scope"),
        ("Desk.tickets.WRITE", "Desk.tickets.READ", "scope"),
    ],
)
async def test_a_token_is_good_for_its_scopes(
    call: Caller, accounts: Accounts, held: str, wanted: str, wrong: str | None
) -> None:
    said = await _exchange(call, accounts.grant(held), redirect_uri=None)
    for word in ("Zoho-oauthtoken", "Bearer"):
        headers = {"authorization": f"{word} {said.body['access_token']}"}
        request = Request(method="GET", path="/", headers=headers)

        assert accounts.check(request, wanted) == wrong


async def test_a_systems_own_token_has_all_its_scopes_and_no_others(
    call: Caller, accounts: Accounts
) -> None:
    headers = {"authorization": f"Zoho-oauthtoken {await call.token('sandbox-books')}"}
    request = Request(method="GET", path="/", headers=headers)

    assert accounts.check(request, "ZohoBooks.whatever.DELETE") is None
    assert accounts.check(request, "ZohoCRM.modules.READ") == "scope"


async def test_the_tokens_are_the_same_for_the_same_seed(call: Caller, world: World) -> None:
    first = await call.token()
    await call("POST", "/_sandbox/reset")

    assert await call.token() == first


async def _approve(call: Caller, **more: str) -> dict[str, str]:
    said = await call("GET", f"/oauth/v2/auth?{urlencode({**CONSENT, **more, 'approve': '1'})}")
    assert said.status == 302
    assert said.headers["location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(said.headers["location"]).query))


async def _exchange(call: Caller, code: str, redirect_uri: str | None = BACK) -> Said:
    form = {**CLIENT, "grant_type": "authorization_code", "code": code}
    if redirect_uri:
        form["redirect_uri"] = redirect_uri
    return await call("POST", "/oauth/v2/token", data=form)
