"""A hub that starts on a log that was set back writes nothing before a person has looked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.events import Event, new_id, payload
from hub.log.read import page
from hub.operate.guard import Left, hold_after_restore, remember

if TYPE_CHECKING:
    from pathlib import Path

    from tests.log.desk import Desk


def an_observation() -> Event:
    return Event(
        type="observed", id=new_id(), connection="crm", kind="Accounts", record="1", road="push"
    )


def word_left(log: Desk) -> Path:
    return log.database.settings.home / f"{log.database.schema}.left.json"


async def started(log: Desk) -> str:
    async with log.database.connected() as db:
        return await hold_after_restore(log.database, db, ["crm", "books"])


@pytest.fixture
async def left(log: Desk) -> Left:
    """A log of three events, and the word that was left of it."""
    await log.append(*(an_observation() for _ in range(3)))
    task = asyncio.create_task(remember(log.database))
    async with asyncio.timeout(60):
        while not word_left(log).exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return msgspec.json.decode(word_left(log).read_bytes(), type=Left)


async def test_a_log_that_goes_on_stops_nothing(log: Desk, left: Left) -> None:
    await log.append(an_observation())

    assert left.position == 3
    assert await started(log) == ""


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (Left(position=9, digest="aa"), "it was restored from a backup"),
        (Left(position=2, digest="aa"), "it is another log"),
    ],
)
async def test_a_log_that_was_set_back_stops_every_connection_once(
    log: Desk, left: Left, known: Left, sentence: str
) -> None:
    word_left(log).write_bytes(msgspec.json.encode(known))

    why = await started(log)
    again = await started(log)

    async with log.database.connected() as db:
        stops = [event for event in await page(db, 0, 100) if event.type == "writes_stopped"]
    assert sentence in why
    assert again == ""
    assert [event.connection for event in stops] == ["crm", "books"]
    assert all(payload(event).stopped for event in stops)


async def test_a_hub_that_left_no_word_yet_starts(log: Desk) -> None:
    word_left(log).write_bytes(b"{")

    assert await started(log) == ""


async def test_a_hub_that_starts_at_home_again_stops_nothing(log: Desk) -> None:
    await log.append(an_observation())
    await started(log)
    await worked_on(log)

    assert await started(log) == ""


async def test_a_fresh_home_on_a_log_that_was_worked_on_is_held_once(log: Desk) -> None:
    await log.append(an_observation())
    await worked_on(log)

    assert "not from" in await started(log)
    assert await started(log) == ""


async def test_a_home_that_was_copied_or_comes_from_a_backup_is_held(log: Desk) -> None:
    await started(log)
    await worked_on(log)
    file = word_left(log).with_name(f"{log.database.schema}.home.json")
    copy = file.with_name("copy")
    copy.write_bytes(file.read_bytes())
    copy.replace(file)

    assert "is a copy" in await started(log)


async def test_a_hub_that_joins_others_on_their_log_is_not_held(log: Desk) -> None:
    await log.append(an_observation())
    await worked_on(log, holder="another")

    assert await started(log) == ""


async def worked_on(log: Desk, holder: str = "") -> None:
    """Have a hub have worked on the log, or work on it now."""
    async with log.database.connected("owner") as db:
        await db.execute(
            "insert into projectors (name, position, epoch, holder, lease_until) "
            "values ('sync', 1, 1, $1, now() + interval '1 hour')", holder,
        )  # fmt: skip
