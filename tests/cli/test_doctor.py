"""`hub doctor`: a hub that is well, and everything that may be wrong with a connection."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hub.app import running
from hub.sandbox.notify.slack import TOKEN
from hub.settings import load
from tests.cli.played import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.database.db import Db
    from tests.cli.conftest import Desk, Ended
    from tests.cli.played import Played

OURS = f'organization = "{HERE}"'


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def prepared(
    played: Played, desk: Desk, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A desk with both accounts connected and set up, and a port for the hub."""
    monkeypatch.setenv("HUB_SERVE_PORT", str(port))
    url = f"http://127.0.0.1:{port}"
    played.settings(tmp_path / "hub.toml", public_url=url, books=OURS)
    for name in ("crm", "books"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"sandbox-{name}\n"))
        assert desk.run("connect", name, "--refresh-token-file", "-").code == 0
    assert desk.run("setup").code == 0
    return desk


@contextmanager
def a_hub() -> Iterator[None]:
    """Run the hub of these settings in a thread of its own, until its channel is subscribed."""
    settings, loop = load(Path("hub.toml"), os.environ), asyncio.new_event_loop()
    over, ready = asyncio.Event(), threading.Event()

    async def serve() -> None:
        async with running(settings, {}) as hub, hub.database.connected() as db:
            await subscribed(db)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(20), "the hub did not start"
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def subscribed(db: Db) -> None:
    """Wait for the channel; the table is all there is to see of it."""
    async with asyncio.timeout(20):
        while not await db.fetchval(  # noqa: ASYNC110 - another thread's work is no event here
            "select exists (select from roads where road = 'channel')"
        ):
            await asyncio.sleep(0.05)


def found(told: Ended, connection: str, about: str) -> dict[str, Any]:
    findings = told.result[connection]["findings"]
    return next(one for one in findings if one["about"] == about)


def wrong(told: Ended, connection: str) -> list[str]:
    findings = told.result[connection]["findings"]
    return [one["about"] for one in findings if one["state"] in ("owed", "needs")]


def test_a_hub_that_is_well_needs_nobody(prepared: Desk, played: Played) -> None:
    with a_hub():
        told = prepared.run("doctor", "--json")
        for_people = prepared.run("doctor", "crm")

    assert (wrong(told, "crm"), wrong(told, "books")) == ([], [])
    assert told.code == 0
    assert found(told, "crm", "channel")["state"] == "well"
    for connection in ("crm", "books"):
        assert found(told, connection, "grant")["state"] == "well"
        assert found(told, connection, "rights")["state"] == "well"
        assert found(told, connection, "reached from outside")["state"] == "well"
        assert found(told, connection, "roads")["state"] == "well"
        assert "calls" in found(told, connection, "cost in a day")["sentence"]
        assert len(told.result[connection]["unconfirmed"]) > 5
    assert "Whether a notification that did not arrive is sent again." in for_people.out
    assert "sandbox-crm" not in for_people.out
    assert "Accounts: first 20" in for_people.out
    roads = {(one["kind"], one["road"]): one for one in told.result["crm"]["heard"]}
    assert roads["all", "channel"]["last_at"] is not None


def test_p13_no_command_tells_a_secret(
    prepared: Desk, played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a grant that is not documented, and with it all that follows from it
    code = played.accounts.grant("ZohoBooks.fullaccess.ALL")
    said = [prepared.run("connect", "books", "--code", code)]
    said += [prepared.run("setup", *more) for more in ([], ["--json"], ["--dry-run"])]
    said += [prepared.run("doctor", *more) for more in ([], ["--json"])]

    # when
    keys = played.accounts.state()
    secrets = {key["id"] for name in ("refresh_tokens", "access_tokens") for key in keys[name]}
    secrets |= {one["secret"] for one in played.table("webhooks").values()} | {code}

    # then
    assert len(secrets) > 5
    assert all(secret not in one.out + one.err for one in said for secret in secrets)


def test_a_setting_that_is_missing_stops_no_other_connection(
    prepared: Desk, played: Played, tmp_path: Path, port: int
) -> None:
    played.settings(tmp_path / "hub.toml", public_url=f"http://127.0.0.1:{port}")

    told = prepared.run("doctor", "--json")

    assert wrong(told, "books") == ["settings"]
    assert "organization is missing" in found(told, "books", "settings")["sentence"]
    assert found(told, "crm", "grant")["state"] == "well"


def test_a_hub_that_does_not_run_is_not_reached(prepared: Desk) -> None:
    told = prepared.run("doctor", "books", "--json")

    assert told.code == 1
    assert wrong(told, "books") == ["reached from outside"]
    assert "hub serve" in found(told, "books", "reached from outside")["steps"][0]


def test_a_grant_that_was_revoked_is_said_once(prepared: Desk, played: Played) -> None:
    played.accounts.act("revoke", "refresh_tokens", "sandbox-books", {})
    prepared.execute("delete from sealed where name = 'access_token'")

    told = prepared.run("doctor", "books", "--json")
    again = prepared.run("doctor", "books", "--json")

    for each in (told, again):
        assert each.code == 1
        assert wrong(each, "books") == ["grant"]
        assert "hub connect books" in found(each, "books", "grant")["sentence"]


def test_a_connection_that_was_never_let_in_is_told_to_connect(
    desk: Desk, played: Played, tmp_path: Path
) -> None:
    played.settings(tmp_path / "hub.toml", books=OURS)

    told = desk.run("doctor", "crm", "--json")

    assert wrong(told, "crm") == ["grant"]
    assert "hub connect crm" in found(told, "crm", "grant")["sentence"]


def test_scopes_that_are_missing_are_named(prepared: Desk, played: Played) -> None:
    code = played.accounts.grant("ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ")
    prepared.run("connect", "crm", "--code", code)

    told = prepared.run("doctor", "crm", "--json")

    assert "ZohoCRM.notifications.ALL" in found(told, "crm", "scopes")["sentence"]
    assert found(told, "crm", "rights to users")["state"] == "needs"
    assert found(told, "crm", "user")["state"] == "needs"
    assert found(told, "crm", "organisation")["state"] == "well"


def test_a_webhook_that_somebody_deleted_is_to_be_made_again(
    prepared: Desk, played: Played
) -> None:
    webhooks = played.table("webhooks")
    del webhooks[next(iter(webhooks))]

    told = prepared.run("doctor", "books", "--json")

    assert "webhook of contacts" in wrong(told, "books")
    assert played.table("webhooks") == webhooks


def test_a_channel_that_vanished_is_noticed(prepared: Desk, played: Played) -> None:
    with a_hub():
        played.crm.org.channels.clear()
        told = prepared.run("doctor", "crm", "--json")

    assert wrong(told, "crm") == ["channel"]
    assert "was to last until" in found(told, "crm", "channel")["sentence"]


def test_roads_that_are_late_or_silent_are_told(prepared: Desk) -> None:
    with a_hub():
        pass
    prepared.execute(
        "update roads set overdue_at = now() - interval '1 hour' "
        "where connection = 'books' and road = 'poll' and kind = 'items'"
    )
    prepared.execute(
        "insert into roads (connection, kind, road, unheard, silent) "
        "values ('books', 'invoices', 'webhook', 3, 1)"
    )

    told = prepared.run("doctor", "books", "--json")

    sentences = [
        one["sentence"]
        for one in told.result["books"]["findings"]
        if one["about"] == "roads" and one["state"] == "needs"
    ]
    assert told.code == 1
    assert any(one.startswith("Silent: invoices by webhook") for one in sentences)
    assert any("3 changes were found by polling" in one for one in sentences)
    assert any(one.startswith("Late: items by poll") for one in sentences)


def test_webhooks_that_did_not_arrive_are_counted(prepared: Desk, played: Played) -> None:
    customer = played.books.put("contacts", {"contact_name": "Larkspur"})
    played.books.edit("contacts", customer["contact_id"], {"notes": "key account"})
    (history,) = played.table("histories").values()
    history["status"] = "failed"

    told = prepared.run("doctor", "books", "--json")

    assert found(told, "books", "webhooks sent")["state"] == "warned"
    assert "has 1 since" in found(told, "books", "webhooks sent")["sentence"]


def test_more_than_the_plan_allows_is_told_before_it_happens(
    prepared: Desk, played: Played, tmp_path: Path
) -> None:
    # given far more records than the plan has calls for, as the tables tell
    prepared.execute(
        "insert into records (connection, kind, record, position, fields) "
        "select 'books', 'invoices', n::text, 1, '{}' from generate_series(1, 30000) n"
    )
    text = (tmp_path / "hub.toml").read_text().replace('plan = "premium"', 'plan = "free"')
    (tmp_path / "hub.toml").write_text(text)

    told = prepared.run("doctor", "books", "--json")

    cost = found(told, "books", "cost in a day")
    assert "with 30,000 records" in cost["sentence"]
    assert "The plan free has 1,000, of which the hub takes at most 800" in cost["sentence"]
    assert found(told, "books", "plan")["state"] == "warned"


def test_an_organisation_that_the_login_lost_is_told(
    prepared: Desk, played: Played, tmp_path: Path
) -> None:
    text = (tmp_path / "hub.toml").read_text().replace(HERE, "810000009")
    (tmp_path / "hub.toml").write_text(text)

    told = prepared.run("doctor", "books", "--json")

    assert found(told, "books", "organisation")["state"] == "needs"
    assert HERE in found(told, "books", "organisation")["sentence"]


def test_a_connection_that_takes_messages_is_sent_one_only_when_asked(
    played: Played, desk: Desk, tmp_path: Path
) -> None:
    # given a Slack
    token = tmp_path / "slack"
    token.write_text(TOKEN)
    token.chmod(0o600)
    played.settings(tmp_path / "hub.toml")
    with (tmp_path / "hub.toml").open("a") as file:
        file.write(
            f'[connections.slack]\nsystem = "slack"\nsecret_file = "slack"\nto = ["#hub"]\n'
            f'address = "{played.address}"\n'
        )

    # when
    looked = desk.run("doctor", "slack", "--json")
    silent = list(played.slack.messages)
    sent = desk.run("doctor", "slack", "--message", "--json")

    # then
    assert (looked.code, sent.code) == (0, 0)
    assert silent == []
    assert [one["text"].split("\n")[0] for one in played.slack.messages] == ["*A test of the hub*"]
    assert [one["state"] for one in sent.result["slack"]["findings"]] == ["well", "well"]
    assert desk.run("connect", "slack").code != 0
