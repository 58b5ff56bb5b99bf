"""Tokens at the played accounts: one refresh for all, never too many, and a death told once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hub.connectors.http import Call
from hub.connectors.oauth import ConnectionDead, Token
from hub.connectors.outcome import Done, Refused
from tests.connectors.on_played_time import a_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Outcome
    from hub.database import Database
    from tests.connectors.on_played_time import Site

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MUCH = {"credits_per_day": 10_000_000, "calls_at_once": 1_000}
ASK = Call(method="GET", path="/crm/v8/org", verb="read")
TASKS = 100
TOKEN = "/oauth/v2/token"


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[Site]:
    async with a_site("crm", database, tmp_path, START, **MUCH) as site:
        yield site


async def test_a_hundred_tasks_meet_an_expiry_and_one_refresh_is_made(site: Site) -> None:
    # given a token that was good for half an hour
    vendor = await site.process(site.connector(), wait_seconds_max=60)
    assert isinstance(await vendor.call(ASK), Done)
    site.clock.move(3_700)

    # when many want to call
    came = Counter(
        type(each) for each in await asyncio.gather(*(_ask(vendor) for _ in range(TASKS)))
    )

    # then one asked for another
    assert came == {Done: TASKS}
    assert len(site.asked(TOKEN)) == 2


async def test_a_hundred_tasks_of_two_processes_find_it_dead_and_one_refresh_is_made(
    site: Site,
) -> None:
    connector = site.connector()
    vendors = [await site.process(connector, wait_seconds_max=60) for _ in range(2)]
    for vendor in vendors:
        assert isinstance(await vendor.call(ASK), Done)
    (token,) = site.systems["accounts"].state()["access_tokens"]
    site.systems["accounts"].act("expire", "access_tokens", token["id"], {})

    came = await asyncio.gather(*(_ask(vendors[n % 2]) for n in range(TASKS)))

    assert Counter(map(type, came)) == {Done: TASKS}
    assert len(site.asked(TOKEN)) == 2


async def test_ten_refreshes_in_ten_minutes_are_never_passed_over_two_processes(site: Site) -> None:
    # given a vendor at which no token lives for long
    accounts = site.systems["accounts"]
    processes = [site.tokens(), site.tokens()]

    # when two processes want a live one all the time, for half an hour
    for step in range(60):
        tokens = processes[step % 2]
        known = await tokens.get()
        if isinstance(known, Token):
            for each in accounts.state()["access_tokens"]:
                accounts.act("expire", "access_tokens", each["id"], {})
            await tokens.get(dead=known.text)
        site.clock.move(30)

    # then the vendor never said that it was too often, and never counted more than it allows
    calls = site.asked(TOKEN)
    assert {call.status for call in calls} == {200}
    asked = [datetime.fromisoformat(call.at) for call in calls]
    window = timedelta(minutes=10)
    assert max(sum(at <= one < at + window for one in asked) for at in asked) <= 10
    assert len(asked) > 20


async def test_a_revoked_grant_is_one_alarm_over_two_processes(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    connector = site.connector()
    vendors = [await site.process(connector, wait_seconds_max=60) for _ in range(2)]
    for vendor in vendors:
        assert isinstance(await vendor.call(ASK), Done)
    before = len(site.asked(TOKEN))
    site.systems["accounts"].act("revoke", "refresh_tokens", "sandbox-crm", {})

    came = await asyncio.gather(
        *(_ask(vendors[n % 2]) for n in range(TASKS)), return_exceptions=True
    )

    assert Counter(map(type, came)) == {ConnectionDead: 1, Refused: TASKS - 1}
    assert len(site.asked(TOKEN)) == before + 1
    (alarm,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "hub connect crm" in alarm.message


async def _ask(vendor: Vendor) -> Outcome:
    return await vendor.call(ASK)
