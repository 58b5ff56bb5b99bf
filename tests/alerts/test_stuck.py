"""While the sync projector stands still, what is wrong is told all the same, and told once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.alerts.outright import STUCK
from hub.alerts.patience import Patience
from hub.alerts.standing import Limits
from hub.alerts.told import Address, told_of
from hub.alerts.watch import Watched, look
from hub.connectors.outcome import Answer, Done, RetryAt
from hub.events import WritesStopped, payload
from hub.operate.act import act

if TYPE_CHECKING:
    from hub.connectors.connector import Write
    from hub.connectors.outcome import Outcome
    from tests.log.desk import Desk

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAKEN = Done(sentence="", answer=Answer(status=200, at=NOW))
AWAY = RetryAt(sentence="it is away", at=NOW)


class Post:
    """Takes messages, or is away."""

    def __init__(self) -> None:
        self.outcome: Outcome = TAKEN
        self.taken: list[Write] = []

    async def __call__(self, connection: str, message: Write) -> Outcome:
        assert connection == "slack"
        if self.outcome is TAKEN:
            self.taken.append(message)
        return self.outcome


class Looking:
    """One who looks, and begins anew whenever the process does."""

    def __init__(self, log: Desk, post: Post) -> None:
        limits = Limits(inbox_max=100, lag_seconds_max=0)
        self.log = log
        self.watched = Watched(
            to=Address(connection="slack"), limits=limits, budgets={}, database=log.database,
            append=log.append, send=post,
        )  # fmt: skip
        self.patience = Patience()

    async def look(self) -> None:
        session = self.log.database.session()
        try:
            await look(self.watched, session, self.patience)
        finally:
            await session.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.alerts.patience.STANDS_SECONDS", 0.0)


@pytest.fixture
async def stuck(log: Desk) -> Desk:
    """A log that the sync projector does not follow."""
    await log.execute("insert into projectors (name) values ('sync')")
    await log.append(act(WritesStopped(stopped=False), "eve", connection="crm"))
    return log


async def test_that_it_is_stuck_is_told_outright_once_over_restarts(stuck: Desk) -> None:
    post = Post()
    one, another = Looking(stuck, post), Looking(stuck, post)

    await one.look()
    await one.look()
    await another.look()

    (message,) = post.taken
    assert message.fields["subject"] == "The projector sync is behind"
    event = (await stuck.events())[-1]
    assert [one.case for one in payload(event).conclusions] == [STUCK], "no delivery is owed"


async def test_what_else_is_wrong_is_told_with_it(stuck: Desk) -> None:
    post = Post()
    await stuck.execute(
        "insert into parked (projector, position, reason, since) values ('roads', 1, 'x', 1)"
    )

    await Looking(stuck, post).look()

    (message,) = post.taken
    assert "Events are parked" in message.fields["text"]


async def test_what_could_not_be_sent_is_tried_at_the_next_look(stuck: Desk) -> None:
    post = Post()
    post.outcome = AWAY
    one = Looking(stuck, post)

    await one.look()
    async with stuck.database.connected() as db:
        told = await told_of(db)
    post.outcome = TAKEN
    await one.look()

    assert told == {}
    assert len(post.taken) == 1


async def test_nothing_is_sent_outright_where_writes_are_stopped(stuck: Desk) -> None:
    post = Post()
    await stuck.append(act(WritesStopped(stopped=True), "eve", connection="slack"))

    await Looking(stuck, post).look()

    assert post.taken == []


async def test_that_it_follows_again_is_told_by_a_delivery(
    stuck: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.alerts.patience.OVER_SECONDS", 0.0)
    post = Post()
    one = Looking(stuck, post)
    await one.look()

    await stuck.execute("update projectors set position = 2 where name = 'sync'")
    data = {"title": "It is behind", "at": NOW.isoformat()}
    await stuck.execute(
        'insert into cases (flow, "case", state, since, data, why) '
        "values ('the hub', $1, 'stands', 2, $2, '')",
        STUCK,
        msgspec.json.encode(data),
    )
    await one.look()

    assert len(post.taken) == 1
    event = (await stuck.events())[-1]
    assert [type(one).__name__ for one in payload(event).conclusions] == ["Cased", "Owes"]
