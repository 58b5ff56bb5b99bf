"""P1, P4, P15: what one road misses another brings; silence, a dead grant, a kill end no road."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections import Counter
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec

from hub.database import Database, migrate
from hub.settings import LogSettings, Secret
from tests.hubs import a_line
from tests.inbound.ground import a_ground, connected
from tests.inbound.played_hub import NEVER, a_hub_on, give_grants, signed, tokens_at, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from hub.settings import Settings
    from tests.inbound.conftest import NewDatabase
    from tests.inbound.ground import Ground
    from tests.inbound.played_hub import PlayedHub

ACCOUNTS = {"crm": ("Accounts",)}
CONTACTS = {"books": ("contacts",)}
BOTH = ACCOUNTS | CONTACTS
MANY = 1_000
FLOOD = 500


async def test_a_silent_channel_is_told_once_and_polling_has_covered_the_gap(
    place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    # given a channel that has told of a change, and is gone without a word
    async with a_ground() as ground:
        ground.world.clock.set_back(290)  # so that changes are old enough to be missed
        with watchful():
            async with a_hub_on(ground, place, kinds=ACCOUNTS, poll_seconds=1) as hub:
                await hub.listening()
                await hub.agreed()
                accounts = list(ground.there("crm", "Accounts", "id"))
                change(ground, accounts[0])
                await until_told(hub, "noticed", 1)
                ground.systems["crm"].act("channel_expired", "", "", {})
                ground.world.clock.advance(60)

                # when three more are changed
                for account in accounts[1:4]:
                    change(ground, account)

                # then they are known, and it is said that the channel was not heard of
                await until_told(hub, "fell_silent", 1)
                await hub.agreed()
                (silent,) = await hub.told("fell_silent")
                assert (silent["kind"], silent["road"]) == ("Accounts", "webhook")
                assert len(lines(caplog, "fell silent")) == 1


async def test_a_revoked_grant_is_one_alarm_and_after_consent_all_goes_on_by_itself(
    place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_ground() as ground:
        with watchful(), patch("hub.connectors.oauth.tokens.LOOK_EVERY_SECONDS", 0.1):
            async with a_hub_on(ground, place, kinds=ACCOUNTS, poll_seconds=0.5, told=False) as hub:
                await hub.agreed()

                # when the grant is revoked, and something changes
                ground.systems["accounts"].act("revoke", "refresh_tokens", "sandbox-crm", {})
                change(ground, ground.first("crm", "Accounts"))
                await until_told(hub, "fell_silent", 1)

                # then one line says so, and one that the connection is silent
                (dead,) = lines(caplog, "no longer let in")
                assert dead.levelno == logging.ERROR
                assert "hub connect crm" in dead.message
                assert len(lines(caplog, "fell silent")) == 1

                # and when consent is given anew, what changed meanwhile is read
                tokens = tokens_at(hub, "crm")
                await tokens.connect(await consent(hub, "ZohoCRM.fullaccess.all"))
                await hub.agreed()
                await until_told(hub, "spoke_again", 1)
                assert len(lines(caplog, "no longer let in")) == 1


async def test_a_hub_killed_in_a_first_read_goes_on_where_it_was(place: Settings) -> None:
    # given a vendor with five pages of accounts, and a hub that was killed after two of them
    async with a_ground(customers=0) as ground:
        for number in range(900):
            ground.systems["crm"].put("Accounts", {"Account_Name": f"Account {number}"})
        ground.fault("crm", "slow", "/crm/v8/Accounts", seconds=0.1)
        async with a_child(ground, place) as child:
            await until(lambda: is_so(len(pages_read(ground)) >= 3))
            os.kill(child.pid, signal.SIGKILL)
            await child.wait()
        ground.world.faults.clear()

        # when another begins
        async with a_hub_on(ground, place, kinds=ACCOUNTS, told=False) as hub:
            await hub.agreed()

            # then one page at most was read twice, and nothing was kept twice
            read = Counter(pages_read(ground))
            assert len(read) == 5
            assert sum(times - 1 for times in read.values()) <= 1
            await hub.nothing_is_kept_twice()


async def test_a_thousand_webhooks_at_once_are_kept_or_sent_again(
    new_database: NewDatabase,
) -> None:
    # given a log that is soon full
    database = await new_database(migrated=False, log=LogSettings(queue_events_max=100))
    async with (
        a_ground() as ground,
        a_hub_on(ground, database.settings, kinds={"books": ()}) as hub,
    ):
        # when all come at once, and whoever is told to come later does
        async def send(number: int) -> list[int]:
            item = {"item_id": f"{number}", "last_modified_time": "2026-01-01T00:00:00+0000"}
            said = []
            while True:
                status, _, headers = await hub.post("books", *signed({"item": item}))
                said.append(status)
                if status != 503:
                    return said
                assert int(headers["Retry-After"]) >= 1
                await asyncio.sleep(0.05)

        said = await asyncio.gather(*(send(number) for number in range(MANY)))

        # then each is kept, once
        assert {each[-1] for each in said} == {200}
        assert any(503 in each for each in said)
        kept = await hub.rows(
            "select record from events where road = 'webhook' and type = 'observed'"
        )
        assert sorted(int(row["record"]) for row in kept) == list(range(MANY))


async def test_a_flood_of_notices_of_one_record_is_a_few_reads(place: Settings) -> None:
    async with (
        a_ground() as ground,
        a_hub_on(ground, place, kinds=ACCOUNTS, poll_seconds=NEVER) as hub,
    ):
        await hub.listening()
        await hub.agreed()
        (channel,) = ground.systems["crm"].org.channels.values()  # type: ignore[attr-defined]
        ground.fault("crm", "slow", "/crm/v8/Accounts", seconds=0.2)
        before = ground.world.calls_count
        account = ground.first("crm", "Accounts")

        async def send(number: int) -> int:
            notice = {
                "module": "Accounts", "ids": [account], "operation": "update",
                "channel_id": channel.id, "token": channel.token,
                "server_time": 1_770_000_000_000 + number,
            }  # fmt: skip
            return (await hub.post("crm", json.dumps(notice).encode()))[0]

        assert set(await asyncio.gather(*map(send, range(FLOOD)))) == {200}
        await hub.no_notices()

        assert len(await hub.told("noticed")) == FLOOD
        assert len(ground.calls("/crm/v8/Accounts", since=before)) <= 10


async def test_a_vendor_that_is_away_for_an_hour_loses_nothing(place: Settings) -> None:
    async with a_ground() as ground, a_hub_on(ground, place, kinds=BOTH) as hub:
        await hub.listening()
        await hub.agreed()

        # when neither answers, people go on working there, and an hour goes by
        for system in ("crm", "books", "accounts"):
            ground.fault(system, "connection_refused")
        before = ground.world.calls_count
        hub.edit("while it was away")
        lone = ground.systems["books"].act("create", "contacts", "", {"contact_name": "New"})
        ground.world.clock.advance(3_700)
        hub.edit("an hour later")
        await until(lambda: is_so(ground.world.calls_count > before + 20))
        ground.world.faults.clear()

        # then all of it is known when they are back
        await hub.agreed()
        assert await hub.roads_of("books", "contacts", lone["contact_id"])
        await hub.nothing_is_kept_twice()


async def test_a_database_that_goes_away_ends_no_road(place: Settings) -> None:
    assert place.database.url is not None
    async with a_ground() as ground, a_line(place.database.url.reveal()) as line:
        through = msgspec.structs.replace(
            place, database=msgspec.structs.replace(place.database, url=Secret(line.url))
        )
        async with a_hub_on(ground, through, kinds=BOTH) as hub:
            await hub.agreed()
            before = ground.world.calls_count
            await line.cut()
            hub.edit()
            await asyncio.sleep(0.3)  # whatever is under way meets with it
            await line.join()
            await hub.agreed()
            await until(lambda: is_so(ground.world.calls_count > before + 5))
            await hub.nothing_is_kept_twice()


async def test_a_vendor_whose_clock_is_behind_the_hubs_loses_nothing(place: Settings) -> None:
    async with a_ground() as ground:
        ground.world.clock.set_back(240)
        async with a_hub_on(ground, place, kinds=BOTH, told=False) as hub:
            await hub.agreed()
            hub.edit()
            await hub.agreed()


async def test_what_was_deleted_is_gone_by_the_deleted_list_and_by_a_scan(place: Settings) -> None:
    async with a_ground() as ground:
        account = ground.systems["crm"].put("Accounts", {"Account_Name": "Lone"})["id"]
        contact = ground.systems["books"].put("contacts", {"contact_name": "Lone"})["contact_id"]
        async with a_hub_on(ground, place, kinds=BOTH, told=False, scan_seconds=0.3) as hub:
            await hub.agreed()
            ground.systems["crm"].act("delete", "Accounts", account, {})
            ground.systems["books"].act("delete", "contacts", contact, {})
            await hub.agreed()

            assert (await hub.roads_of("crm", "Accounts", account))[-1] == "poll"
            assert (await hub.roads_of("books", "contacts", contact))[-1] == "fetch"
            proof = ground.calls(f"/books/v3/contacts/{contact}", method="GET")
            assert proof[-1].status == 404


async def test_a_scan_in_which_many_are_missing_takes_nothing_and_raises_the_alarm(
    place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    # given forty contacts that are known
    async with a_ground() as ground:
        for number in range(40):
            ground.systems["books"].put("contacts", {"contact_name": f"Contact {number}"})
        pace: dict[str, Any] = {"told": False, "poll_seconds": NEVER, "scan_seconds": 0.5}
        async with a_hub_on(ground, place, kinds=CONTACTS, **pace) as hub:
            await hub.agreed()

            # when a scan looks at another organisation, where none of them is
            noticed = len(await hub.told("noticed"))
            other = list(ground.systems["books"].organizations)[1]  # type: ignore[attr-defined]
            hub.connector("books")._organization = other  # type: ignore[attr-defined]
            await until_told(hub, "fell_silent", 1)

            # then nothing is taken for deleted, and a person is told where to look
            assert not await hub.told("gone")
            assert len(await hub.told("noticed")) == noticed
            assert "look at the account's rights and its organisation" in caplog.text


async def test_fields_that_are_kept_out_are_nowhere_in_the_log(place: Settings) -> None:
    async with a_ground() as ground:
        account = ground.systems["crm"].put(
            "Accounts", {"Account_Name": "Quiet", "Description": "hushhush"}
        )
        ground.systems["books"].put("contacts", {"contact_name": "Quiet", "notes": "hushhush"})
        connections = {
            "crm": connected(ground, "crm", keep_out=["Description"]),
            "books": connected(ground, "books", keep_out=["notes"]),
        }
        async with a_hub_on(ground, place, kinds=BOTH, connections=connections) as hub:
            await hub.listening()
            await hub.agreed()
            hub.edit("hushhush by webhook")
            ground.systems["crm"].edit("Accounts", account["id"], {"Phone": "1"})
            await hub.hooks_out()
            await hub.agreed()
            await until_told(hub, "fetched", 2)

            held = "select count(*) from events where position(convert_to($1, 'utf8') in data) > 0"
            assert await hub.value(held, "hushhush") == 0
            held = (
                "select count(*) from records where position(convert_to($1, 'utf8') in fields) > 0"
            )
            assert await hub.value(held, "hushhush") == 0


async def test_each_day_begins_once_and_those_missed_are_told_when_a_hub_runs_again(
    place: Settings,
) -> None:
    kinds = {"crm": ("Accounts",), "books": ("contacts",)}
    async with a_ground(customers=0) as ground:
        days = []
        for later in (0, 0, 3, 4):
            with patch("hub.inbound.clock.datetime", moved(timedelta(days=later))):
                async with a_hub_on(ground, place, kinds=kinds, told=False) as hub:
                    wanted = 2 * (later + 1)
                    await until_told(hub, "day_began", wanted)
                    days = [json.loads(each["data"]) for each in await hub.told("day_began")]
        told = Counter((day["zone"], day["day"]) for day in days)
        assert set(told.values()) == {1}
        assert len(told) == 10


def moved(by: timedelta) -> SimpleNamespace:
    """Give the library's datetime, as it is some days later."""
    return SimpleNamespace(now=lambda zone: datetime.now(zone) + by, combine=datetime.combine)


@asynccontextmanager
async def a_child(ground: Ground, place: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a hub in a process of its own, which may be killed."""
    crm = connected(ground, "crm")
    assert place.database.url is not None
    (place.home / "hub.toml").write_text(
        f"""
[connections.crm]
system = "zoho_crm"
client_id = "sandbox"
secret_env = "CRM_SECRET"
plan = "ultimate"
address = "{crm.address}"
"""
    )
    environ = {
        "PATH": os.environ["PATH"],
        "CRM_SECRET": "sandbox",
        "HUB_HOME": str(place.home),
        "HUB_CONFIG": str(place.home / "hub.toml"),
        "HUB_DATABASE_URL": place.database.url.reveal(),
        "HUB_DATABASE_SCHEMA": place.database.schema,
        "HUB_SERVE_PORT": "0",
    }
    await prepared(place, crm)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "serve", env=environ,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def prepared(place: Settings, crm: Any) -> None:
    assert place.database.url is not None
    settings = msgspec.structs.replace(place, connections={"crm": crm})
    database = Database(settings, place.database.url.reveal())
    await migrate(database)
    await give_grants(database)


async def consent(hub: PlayedHub, scope: str) -> Secret:
    """Give consent anew, and have the refresh token that comes of it."""
    accounts: Any = hub.ground.systems["accounts"]
    form = {
        "grant_type": "authorization_code", "code": accounts.grant(scope),
        "client_id": "sandbox", "client_secret": "sandbox",
    }  # fmt: skip
    async with hub.session.post(f"{hub.ground.address}/oauth/v2/token", data=form) as answer:
        return Secret((await answer.json())["refresh_token"])


def watchful() -> Any:
    return patch.multiple("hub.inbound.watch", GRACE_SECONDS=0.2, LOOK_SECONDS=0.05)


async def until_told(hub: PlayedHub, type: str, count: int) -> None:  # noqa: A002
    async def is_told() -> bool:
        return len(await hub.told(type)) >= count

    await until(is_told, lambda: f"{type} was not told {count} times")


async def is_so(condition: bool) -> bool:  # noqa: FBT001
    return condition


def change(ground: Ground, account: str) -> None:
    ground.systems["crm"].edit("Accounts", account, {"Phone": account[-4:]})


def pages_read(ground: Ground) -> list[str]:
    return [
        call.query for call in ground.calls("/crm/v8/Accounts", method="GET")
        if "sort_by=id" in call.query and call.path == "/crm/v8/Accounts"
    ]  # fmt: skip


def lines(caplog: pytest.LogCaptureFixture, part: str) -> list[logging.LogRecord]:
    return [one for one in caplog.records if part in one.message]
