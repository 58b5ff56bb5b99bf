"""Being let in: three ways, and each way of not being."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.salesforce.desk import BASE, Desk

CLIENT = {"client_id": "sandbox", "client_secret": "sandbox"}


def test_an_assertion_signed_by_the_documented_key_lets_in(desk: Desk) -> None:
    answer = desk.assert_with()
    desk.token = answer.body["access_token"]

    assert answer.body["instance_url"] == BASE
    assert set(answer.body) == {"access_token", "scope", "instance_url", "id", "token_type"}
    assert desk.get("/limits").status == 200


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"iss": "other"}, ("invalid_client_id", "client identifier invalid")),
        ({"aud": "https://evil.example"}, ("invalid_grant", "Audience validation failed")),
        ({"sub": "x@y.example"}, ("invalid_grant", "user hasn't approved this consumer")),
        ({"exp": "12"}, ("invalid_grant", "expired authorization code")),
        ({"exp": 99_999_999_999}, ("invalid_grant", "expired authorization code")),
    ],
)
def test_an_assertion_that_claims_something_else_is_refused(
    desk: Desk, claims: dict[str, Any], error: tuple[str, str]
) -> None:
    answer = desk.assert_with(**claims)

    assert answer.status == 400
    assert (answer.body["error"], answer.body["error_description"]) == error


def test_an_expiry_that_is_text_is_taken(desk: Desk) -> None:
    soon = str(int(desk.world.clock.now().timestamp()) + 60)

    assert desk.assert_with(exp=soon).status == 200


def test_an_assertion_of_another_key_is_refused(desk: Desk) -> None:
    other = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)

    assert desk.assert_with(other).body["error_description"] == "invalid assertion"


def test_the_client_alone_is_let_in_by_basic_authentication(desk: Desk) -> None:
    basic = {"authorization": "Basic c2FuZGJveDpzYW5kYm94"}

    assert desk.ask_token(grant_type="client_credentials", headers=basic).status == 200
    assert desk.ask_token(grant_type="client_credentials").body["error"] == "invalid_client_id"


def test_a_rotated_refresh_token_ends_the_one_before_and_its_session(desk: Desk) -> None:
    desk.quirk(rotates_refresh_tokens=True)
    form: dict[str, Any] = {
        "grant_type": "refresh_token",
        "refresh_token": "sandbox-salesforce",
        **CLIENT,
    }

    first = desk.ask_token(**form)
    second = desk.ask_token(**form)

    assert first.body["refresh_token"] != "sandbox-salesforce"
    assert second.body["error"] == "invalid_grant"
    assert desk.error(desk.get("/limits")) == (401, "INVALID_SESSION_ID")


def test_a_session_lives_as_long_as_it_is_used(desk: Desk) -> None:
    for _ in range(3):
        desk.world.clock.advance(7_000)
        assert desk.get("/limits").status == 200
    desk.world.clock.advance(7_201)

    assert desk.error(desk.get("/limits")) == (401, "INVALID_SESSION_ID")


def test_every_answer_says_what_is_left_of_the_day(desk: Desk) -> None:
    desk.quirk(calls_per_day=2)

    first, second, third = (desk.get("/limits") for _ in range(3))

    assert first.headers["Sforce-Limit-Info"] == "api-usage=1/2"
    assert second.body["DailyApiRequests"] == {"Max": 2, "Remaining": 0}
    assert desk.error(third) == (403, "REQUEST_LIMIT_EXCEEDED")
    desk.world.clock.advance(86_401)
    desk.log_in()
    assert desk.get("/limits").status == 200
