"""What every connection that takes messages does, whatever is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.connectors.notify.message import TEXT_CHARACTERS_MAX
from hub.connectors.outcome import Done, Refused, RetryAt, Unknown
from tests.connectors.notify.played_notifier import PlayedNotifier, a_notifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
PATHS = {"slack": "/api/chat", "hook": "/services", "sink": "/sink", "mail": "/DATA"}


@pytest.fixture(params=PATHS)
async def notifier(
    request: pytest.FixtureRequest,
) -> AsyncIterator[PlayedNotifier]:
    async with a_notifier(request.param) as one:
        yield one


async def test_a_message_arrives_once_with_its_words_and_link(notifier: PlayedNotifier) -> None:
    written = await notifier.send(link="https://books.example/8")

    assert isinstance(written.outcome, Done)
    assert written.record
    (came,) = notifier.came
    for word in ("Overdue", "INV-8: 50.00 EUR", "https://books.example/8"):
        assert word in str(came)


async def test_where_the_answer_is_lost_nothing_tells_whether_it_arrived(
    notifier: PlayedNotifier,
) -> None:
    notifier.fault("answer_lost", path=PATHS[notifier.vendor.connection])

    written = await notifier.send()

    assert isinstance(written.outcome, Unknown)
    assert len(notifier.came) == 1


async def test_where_nothing_could_be_sent_it_is_tried_again() -> None:
    async with a_notifier("mail", server="127.0.0.1:9") as notifier:
        written = await notifier.send()
    assert isinstance(written.outcome, RetryAt)

    async with a_notifier("sink", address="http://127.0.0.1:9/x") as notifier:
        written = await notifier.send()
    assert isinstance(written.outcome, RetryAt)


async def test_what_asks_to_come_later_is_obeyed(notifier: PlayedNotifier) -> None:
    notifier.fault("rate_limited")

    assert isinstance((await notifier.send()).outcome, RetryAt)
    assert not notifier.came


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "", "text": ""},
        {"text": "x" * (TEXT_CHARACTERS_MAX + 1)},
        {"body": "no such field"},
        {"text": 7},
    ],
    ids=["nothing said", "too long", "another field", "no text"],
)
async def test_what_is_no_message_is_refused_before_anything_leaves(
    notifier: PlayedNotifier, fields: dict[str, object]
) -> None:
    written = await notifier.send(**fields)

    assert isinstance(written.outcome, Refused)
    assert written.outcome.because == "data"
    assert notifier.world.calls_count == 0


async def test_nothing_is_read(notifier: PlayedNotifier) -> None:
    assert not any(kind.is_read for kind in notifier.connector.kinds.values())
    assert [kind.creates for kind in notifier.connector.kinds.values()] == ["blind"]
