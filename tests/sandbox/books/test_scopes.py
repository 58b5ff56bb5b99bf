"""What a token must be good for: without it the answer is 57."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Caller

ID = "460000000000099999"


@pytest.mark.parametrize("wrong", ["missing", "invalid"])
def test_a_call_without_a_good_token_is_not_authorized(
    call: Caller, wrong: Literal["missing", "invalid"]
) -> None:
    call.doorman.wrong = wrong

    for path in ("/contacts", "/organizations", "/users/me"):
        assert call("GET", path).refusal == (401, 57)


def test_a_token_of_another_scope_is_not_authorized(call: Caller) -> None:
    call.doorman.scopes = {"ZohoBooks.contacts.READ"}

    assert call("GET", "/contacts").status == 200
    assert call("POST", "/contacts", {"contact_name": "Larkspur"}).refusal == (401, 57)
    assert call("GET", "/invoices").refusal == (401, 57)
    assert call("GET", "/organizations").refusal == (401, 57)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/invoices", "ZohoBooks.invoices.READ"),
        ("POST", "/invoices", "ZohoBooks.invoices.CREATE"),
        ("PUT", f"/invoices/{ID}", "ZohoBooks.invoices.UPDATE"),
        ("DELETE", f"/invoices/{ID}", "ZohoBooks.invoices.DELETE"),
        ("POST", f"/invoices/{ID}/status/void", "ZohoBooks.invoices.CREATE"),
        ("POST", f"/invoices/{ID}/email", "ZohoBooks.invoices.CREATE"),
        ("POST", f"/creditnotes/{ID}/invoices", "ZohoBooks.creditnotes.CREATE"),
        ("POST", f"/creditnotes/{ID}/refunds", "ZohoBooks.creditnotes.CREATE"),
        ("PUT", "/creditnotes", "ZohoBooks.invoices.UPDATE"),
        ("PUT", "/creditnotes", "ZohoBooks.creditnotes.UPDATE"),
        ("POST", f"/contacts/{ID}/inactive", "ZohoBooks.contacts.CREATE"),
        ("GET", "/items", "ZohoBooks.settings.READ"),
        ("POST", "/settings/webhooks", "ZohoBooks.settings.CREATE"),
        ("GET", "/users", "ZohoBooks.settings.READ"),
        ("PUT", f"/customerpayments/{ID}", "ZohoBooks.customerpayments.UPDATE"),
        ("PUT", f"/estimates/{ID}", "ZohoBooks.estimates.UPDATE"),
    ],
)
def test_a_step_needs_create_and_a_setting_needs_settings(
    call: Caller, method: str, path: str, scope: str
) -> None:
    call.doorman.scopes = {scope}
    assert call(method, path, {}).code != 57

    call.doorman.scopes = {"ZohoBooks.bills.READ"}
    assert call(method, path, {}).refusal == (401, 57)
