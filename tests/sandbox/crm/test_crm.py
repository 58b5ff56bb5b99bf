"""What holds for every call: who may make it, where to, and how a failure is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

from hub.sandbox.accounts import Accounts
from hub.sandbox.crm.routes import ROUTES, find_route
from hub.sandbox.system import Request

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ("missing", "AUTHENTICATION_FAILURE", "Authentication failed"),
        ("invalid", "INVALID_TOKEN", "invalid oauth token"),
        ("scope", "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"),
    ],
)
def test_a_call_with_the_wrong_token_is_401(
    desk: Desk, wrong: Literal["missing", "invalid", "scope"], code: str, message: str
) -> None:
    desk.entry.wrong = wrong

    answer = desk.get("/Deals", fields="Deal_Name")

    assert answer.status == 401
    assert answer.body == {"code": code, "details": {}, "message": message, "status": "error"}


def test_too_narrow_a_scope_may_be_403_as_well(desk: Desk) -> None:
    desk.quirk(narrow_scope_status=403)
    desk.entry.wrong = "scope"

    assert desk.get("/org").status == 403


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("GET", "/crm/v8/Sales_Orders", ["ZohoCRM.modules.salesorders.READ"]),
        ("POST", "/crm/v8/Deals", ["ZohoCRM.modules.deals.CREATE"]),
        ("PUT", "/crm/v8/Deals/1", ["ZohoCRM.modules.deals.UPDATE"]),
        ("DELETE", "/crm/v8/Deals/1", ["ZohoCRM.modules.deals.DELETE"]),
        (
            "GET",
            "/crm/v8/Deals/search",
            ["ZohoCRM.modules.deals.READ", "ZohoSearch.securesearch.READ"],
        ),
        ("POST", "/crm/v8/coql", ["ZohoCRM.coql.READ"]),
        ("POST", "/crm/v8/actions/watch", ["ZohoCRM.notifications.CREATE"]),
        ("POST", "/crm/bulk/v8/read", ["ZohoCRM.bulk.CREATE"]),
        ("GET", "/crm/v8/org/currencies", ["ZohoCRM.settings.currencies.READ"]),
        ("GET", "/crm/v8/org", ["ZohoCRM.org.READ"]),
        ("GET", "/crm/v8/users", ["ZohoCRM.users.READ"]),
        ("POST", "/crm/v8/settings/fields", ["ZohoCRM.settings.fields.CREATE"]),
    ],
)
def test_a_call_needs_its_scope(desk: Desk, method: str, path: str, scopes: list[str]) -> None:
    desk.call(method, path, headers={})

    assert desk.entry.scopes == scopes


def test_what_is_no_url_of_the_vendor_is_404(desk: Desk) -> None:
    answer = desk.get("/Deals/1/2/3/4")

    assert (answer.status, answer.body["code"]) == (404, "INVALID_URL_PATTERN")


def test_a_method_that_a_url_does_not_have_is_400(desk: Desk) -> None:
    answer = desk.put("/coql", {})

    assert (answer.status, answer.body["code"]) == (400, "INVALID_REQUEST_METHOD")


def test_an_unknown_module_is_told_by_its_place_in_the_path(desk: Desk) -> None:
    answer = desk.get("/Nope", fields="id")

    assert (answer.status, answer.body["code"]) == (400, "INVALID_MODULE")
    assert answer.body["details"] == {"resource_path_index": 0}


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("http_500", 500, "INTERNAL_ERROR"),
        ("http_503", 503, "SERVICE_UNAVAILABLE"),
        ("rate_limited", 429, "TOO_MANY_REQUESTS"),
        ("token_expired", 401, "INVALID_TOKEN"),
    ],
)
def test_faults_are_told_in_the_vendors_words(
    desk: Desk, fault: str, status: int, code: str
) -> None:
    answer = desk.crm.fault(fault)

    assert (answer.status, answer.body["code"], answer.body["status"]) == (status, code, "error")


def test_the_fixed_refresh_token_opens_every_path(desk: Desk) -> None:
    accounts = Accounts(desk.world)
    form = (
        "grant_type=refresh_token&client_id=sandbox&client_secret=sandbox&refresh_token=sandbox-crm"
    )
    given = accounts.answer(Request(method="POST", path="/oauth/v2/token", body=form.encode()))
    token = Request(
        method="GET",
        path="/",
        headers={"authorization": f"Zoho-oauthtoken {given.body['access_token']}"},
    )

    scopes = {
        scope
        for route in ROUTES
        for method in route.handlers
        for scope in find_route(method, path_of(route.path.pattern)).scopes
    }

    assert {scope: accounts.check(token, scope) for scope in scopes} == dict.fromkeys(scopes)


def path_of(pattern: str) -> str:
    """Give a path that a route is for."""
    return re.sub(r"\\(.)", r"\1", pattern.replace("([^/]+)", "Deals").replace("v[28]", "v8"))
