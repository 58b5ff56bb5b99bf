"""Zoho Desk from the first command to a change that is heard: connect, setup, serve, doctor."""

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
from hub.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.database.db import Db
    from tests.cli.conftest import Desk
    from tests.cli.played import Played

SOON = 20.0
CLOSED = """
    select exists (
        select from events
        where kind = 'tickets' and road = 'fetch' and type = 'observed'
          and convert_from(data, 'utf8')::json ->> 'status' = 'Resolved'
    )
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def connected(
    played: Played, desk: Desk, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A hub that is let into the portal, and a port for it."""
    monkeypatch.setenv("HUB_SERVE_PORT", str(port))
    (tmp_path / "secret").write_text("sandbox")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "hub.toml").write_text(
        f'[serve]\npublic_url = "http://127.0.0.1:{port}"\n'
        f'[connections.desk]\nsystem = "zoho_desk"\nclient_id = "sandbox"\n'
        f'secret_file = "secret"\naddress = "{played.address}"\nmode = "test"\n'
        f'plan = "enterprise"\norganization = "{played.desk.org.id}"\n'
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("sandbox-desk\n"))
    told = desk.run("connect", "desk", "--refresh-token-file", "-", "--json")
    assert told.code == 0, told.out
    return desk


def test_the_hub_subscribes_itself_and_hears_what_a_person_does(
    connected: Desk, played: Played
) -> None:
    ticket = played.desk.put("tickets", {"subject": "Help"})["id"]
    setup = connected.run("setup", "--json")

    with a_hub(lambda: played.desk.act("resolve", "tickets", ticket, {})):
        doctor = connected.run("doctor", "--json")

    assert setup.code == 0
    assert state(setup.result["desk"], "webhook") == "told"
    assert state(setup.result["desk"], "cf_hub_key of tickets") == "well"
    assert doctor.code == 0, doctor.out
    findings = doctor.result["desk"]["findings"]
    for about in ("grant", "rights", "webhook", "reached from outside", "roads"):
        assert state(findings, about) == "well", about


def test_a_field_for_the_mark_that_is_missing_is_told_with_the_clicks(
    connected: Desk, played: Played
) -> None:
    played.desk.act("delete", "fields", "tickets.cf_hub_key", {})

    told = connected.run("setup", "--json")

    assert told.code == 1
    [mark] = [one for one in told.result["desk"] if one["about"] == "cf_hub_key of tickets"]
    assert mark["state"] == "needs"
    assert any("must read cf_hub_key" in step for step in mark["steps"])


def test_ties_of_zoho_s_own_are_told(connected: Desk, played: Played) -> None:
    played.desk.put("accounts", {"accountName": "Faro", "zohoCRMAccount": {"id": "1"}})

    told = connected.run("doctor", "--json")

    findings = told.result["desk"]["findings"]
    assert state(findings, "Zoho's own sync") == "warned"


def test_a_department_that_is_not_there_is_told_with_the_nearest_by_every_command(
    connected: Desk, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("hub.toml")
    text = file.read_text()
    file.write_text(text + 'departments = ["Suport"]\n')
    monkeypatch.setattr("sys.stdin", io.StringIO("sandbox-desk\n"))

    ways = (("connect", "desk", "--refresh-token-file", "-"), ("setup",), ("doctor",))
    told = [connected.run(*way, "--json") for way in ways]
    file.write_text(text + 'departments = ["support"]\n')
    right = connected.run("setup", "--json")

    assert [one.code for one in told] == [1, 1, 1]
    for one in told:
        assert 'did you mean \\"Support\\"?' in one.out
    assert state(right.result["desk"], "departments") == "well"


def state(findings: list[dict[str, Any]], about: str) -> str:
    return str(next(one["state"] for one in findings if one["about"] == about))


@contextmanager
def a_hub(act: Any) -> Iterator[None]:
    """Run the hub of these settings until it has heard of what is done once it is subscribed."""
    settings, loop = load(Path("hub.toml"), os.environ), asyncio.new_event_loop()
    over, ready = asyncio.Event(), threading.Event()

    async def serve() -> None:
        async with running(settings, {}) as hub, hub.database.connected() as db:
            await true(db, "select exists (select from roads where road = 'channel')")
            act()
            await true(db, CLOSED)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(2 * SOON), "the hub did not hear of it"
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def true(db: Db, question: str) -> None:
    """Wait for something; the table is all there is to see of it."""
    async with asyncio.timeout(SOON):
        while not await db.fetchval(question):  # noqa: ASYNC110 - the work of others is no event
            await asyncio.sleep(0.05)
