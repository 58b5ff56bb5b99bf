"""A webhook: signed, told apart by its id, and every status a word about what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.connectors.build import connector_of
from hub.connectors.notify.webhook import Webhook
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown
from hub.errors import ConfigFault
from hub.settings import Connection, Secret
from tests.connectors.notify.played_notifier import a_notifier


async def test_its_receiver_can_prove_who_sent_it() -> None:
    async with a_notifier("sink") as sink:
        written = await sink.send(to="finance")

    (came,) = sink.came
    assert came["delivery"] == written.record == came["said"]["id"]
    assert came["said"]["to"] == "finance"


async def test_another_secret_is_refused() -> None:
    async with a_notifier("sink", secret=Secret("another")) as sink:
        outcome = (await sink.send()).outcome

    assert isinstance(outcome, Refused)
    assert outcome.because == "authorisation"


@pytest.mark.parametrize(
    ("status", "outcome", "because"),
    [
        (204, Done, ""),
        (400, Refused, "data"),
        (410, Refused, "authorisation"),
        (302, Refused, "authorisation"),
        (408, Unknown, ""),
        (429, RetryAt, ""),
        (500, Unknown, ""),
        (503, Unknown, ""),
    ],
)
async def test_what_a_status_means(status: int, outcome: type, because: str) -> None:
    async with a_notifier("sink") as sink:
        sink.system.quirks = msgspec.structs.replace(sink.system.quirks, status=status)
        came = (await sink.send()).outcome

    assert isinstance(came, outcome)
    assert getattr(came, "because", "") == because


@pytest.mark.parametrize(
    ("status", "outcome"), [(408, Unknown), (500, Unknown), (504, Unknown), (503, RetryAt)]
)
def test_of_all_failures_only_a_503_that_says_when_was_not_taken(
    status: int, outcome: type
) -> None:
    headers = {"retry-after": "5"}
    answer = Answer(status=status, headers=headers, body=b"", at=datetime(2026, 3, 1, tzinfo=UTC))

    assert isinstance(Webhook(Secret("x"), per_minute=60).judge(answer).outcome, outcome)


def test_it_goes_over_https_alone() -> None:
    connection = Connection(system="webhook", secret=Secret("x"), address="http://example.com/in")

    with pytest.raises(ConfigFault, match="with https"):
        connector_of("webhook", connection)
