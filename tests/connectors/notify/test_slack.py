"""Slack: its words, whichever way they come, and what they mean for a message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.connectors.build import connector_of
from hub.connectors.notify.made import fixed_of
from hub.connectors.notify.message import Message
from hub.connectors.notify.slack import Slack, said
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown
from hub.errors import ConfigFault
from hub.settings import Connection, Secret
from tests.connectors.notify.played_notifier import a_notifier

if TYPE_CHECKING:
    from collections.abc import Callable


async def test_a_token_posts_to_the_channel_that_the_message_names() -> None:
    async with a_notifier("slack") as slack:
        written = await slack.send(to="#finance")

    assert slack.came[0]["channel"] == "#finance"
    assert written.record.startswith("CFINANCE-")


@pytest.mark.parametrize(
    ("way", "act", "because"),
    [
        ("slack", ("revoke", "token"), "authorisation"),
        ("hook", ("revoke", "webhook"), "authorisation"),
        ("slack", ("archive", "channels"), "missing"),
        ("hook", ("archive", "channels"), "missing"),
    ],
)
async def test_who_can_mend_a_refusal_is_told(way: str, act: tuple[str, str], because: str) -> None:
    async with a_notifier(way) as slack:
        slack.system.act(*act, "#hub", {})
        outcome = (await slack.send()).outcome

    assert isinstance(outcome, Refused)
    assert outcome.because == because


async def test_a_webhook_never_posts_where_it_was_not_meant_to() -> None:
    async with a_notifier("hook") as slack:
        outcome = (await slack.send(to="#finance")).outcome

    assert isinstance(outcome, Refused)
    assert not slack.came


async def test_of_an_error_of_its_own_slack_says_that_a_part_may_be_done() -> None:
    async with a_notifier("slack") as slack:
        slack.fault("http_500")
        assert isinstance((await slack.send()).outcome, Unknown)


@pytest.mark.parametrize(
    ("by_token", "status", "body", "outcome"),
    [
        (False, 408, b"", Unknown),
        (False, 500, b"", Unknown),
        (False, 503, b"", Unknown),
        (False, 504, b"<html>", Unknown),
        (False, 429, b"", RetryAt),
        (False, 503, b"service_unavailable", RetryAt),
        (True, 504, b'{"ok": false, "error": "fatal_error"}', Unknown),
        (True, 200, b'{"ok": false, "error": "internal_error"}', Unknown),
        (True, 408, b'{"ok": false, "error": "request_timeout"}', Unknown),
        (True, 200, b'{"ok": false, "error": "request_timeout"}', RetryAt),
        (True, 429, b'{"ok": false, "error": "ratelimited"}', RetryAt),
    ],
)
def test_what_may_have_been_done_is_never_sent_again_for_a_header_that_says_when(
    *, by_token: bool, status: int, body: bytes, outcome: type
) -> None:
    answer = Answer(
        status=status, headers={"retry-after": "5"}, body=body, at=datetime(2026, 3, 1, tzinfo=UTC)
    )

    assert isinstance(Slack(by_token=by_token).judge(answer).outcome, outcome)


async def test_whether_a_token_is_good_is_found_without_a_message() -> None:
    async with a_notifier("slack") as slack:
        sender = slack.connector.sender  # type: ignore[attr-defined]
        assert isinstance(await sender.look(slack.vendor), Done)
        slack.system.act("revoke", "token", "", {})
        assert isinstance(await sender.look(slack.vendor), Refused)
        assert not slack.came


def test_words_of_a_record_call_nobody_and_make_no_link() -> None:
    text = said(
        Message(id="1", subject="<!channel>", text="a & <https://x|y>", link="https://z/|q")
    )

    assert text == "*&lt;!channel&gt;*\na &amp; &lt;https://x|y&gt;\n<https://z/%7Cq>"


def test_the_address_of_a_webhook_is_slacks_own() -> None:
    connection = Connection(system="slack", secret=Secret("https://elsewhere.example/services/T"))

    with pytest.raises(ConfigFault, match="found an address at elsewhere"):
        connector_of("slack", connection)


@pytest.mark.parametrize("address", ["http://slack.com", "https://slack.com.evil.example"])
def test_a_token_goes_to_slack_or_to_one_that_is_played_alone(address: str) -> None:
    connection = Connection(system="slack", secret=Secret("xoxb-1"), address=address)

    for make in (connector_of, fixed_of):
        with pytest.raises(ConfigFault, match=r"expected https://slack\.com"):
            make("slack", connection)
    played = msgspec.structs.replace(connection, mode="test")
    assert connector_of("slack", played) is not None


async def test_the_address_of_a_webhook_is_in_nothing_that_is_said() -> None:
    async with a_notifier("hook") as slack:
        slack.fault("answer_lost")
        written = await slack.send()

    assert b"BSANDBOX" not in msgspec.json.encode(written)


@pytest.mark.parametrize("shown", [repr, str, "{0}".format])
async def test_what_is_called_with_shows_no_secret_of_a_webhooks_address(
    shown: Callable[[object], str],
) -> None:
    secret = Secret("https://hooks.slack.com/services/T0/B0/hidden")

    token = await fixed_of("slack", Connection(system="slack", secret=secret)).get()

    assert "hooks.slack.com" in shown(token)
    assert "services" not in shown(token)
