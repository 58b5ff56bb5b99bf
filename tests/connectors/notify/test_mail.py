"""E-mail: all of its recipients or none, and only what was handed over may have arrived."""

from __future__ import annotations

import pytest

from hub.connectors.build import connector_of
from hub.connectors.outcome import Done, Refused, RetryAt
from hub.errors import ConfigFault
from hub.settings import Connection, Secret
from tests.connectors.notify.played_notifier import a_notifier


async def test_a_mail_bears_the_id_of_its_delivery() -> None:
    async with a_notifier("mail") as mail:
        written = await mail.send(to="a@example.com, b@example.com")

    (came,) = mail.came
    assert came["to"] == ["a@example.com", "b@example.com"]
    assert came["subject"] == "Overdue"
    assert came["message_id"] == f"<{written.record}@example.com>"


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        ("a@example.com, nobody@example.com", Refused),
        ("a@example.com, full@example.com", RetryAt),
    ],
)
async def test_where_one_recipient_is_refused_nobody_is_sent_it(to: str, outcome: type) -> None:
    async with a_notifier("mail") as mail:
        written = await mail.send(to=to)

    assert isinstance(written.outcome, outcome)
    assert to.split(", ")[1] in written.outcome.sentence
    assert not mail.came


async def test_a_message_that_the_server_will_not_have_is_refused() -> None:
    async with a_notifier("mail") as mail:
        mail.fault("http_500", path="/DATA")
        outcome = (await mail.send()).outcome

    assert isinstance(outcome, Refused)
    assert outcome.because == "data"


async def test_a_login_that_is_refused_is_no_messages_fault() -> None:
    async with a_notifier("mail", secret=Secret("old")) as mail:
        outcome = (await mail.send()).outcome
        looked = await mail.connector.sender.look(mail.vendor)  # type: ignore[attr-defined]

    assert isinstance(outcome, Refused)
    assert (outcome.because, outcome.reason) == ("authorisation", "535")
    assert looked == outcome


async def test_a_login_is_tried_without_a_message() -> None:
    async with a_notifier("mail") as mail:
        assert isinstance(await mail.connector.sender.look(mail.vendor), Done)  # type: ignore[attr-defined]
        assert not mail.came


async def test_a_line_break_makes_no_second_header() -> None:
    async with a_notifier("mail") as mail:
        await mail.send(subject="Overdue\r\nBcc: x@example.com")
        assert isinstance((await mail.send(to="a@example.com\nBcc: x@e.com")).outcome, Refused)

    (came,) = mail.came
    assert came["to"] == ["finance@example.com"]
    assert came["subject"] == "Overdue"


def test_nothing_goes_without_tls_but_on_this_machine() -> None:
    connection = Connection(
        system="email", secret=Secret("x"), server="smtp.example.com:25", tls="none",
        sender="hub@example.com",
    )  # fmt: skip

    with pytest.raises(ConfigFault, match="starttls or implicit"):
        connector_of("mail", connection)
