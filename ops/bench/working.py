"""Run a hub in a process of its own, without limits, for linked companies: working.py FILE.

The file names the companies. Once both sides were read through it puts the flows in force, links
the companies, has each read whole and their links agree; then it prints its port, and serves until
it is told to stop.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec
import uvloop

from hub.app import running
from hub.cli.loop import collect_seldom
from hub.conclusions import Member
from hub.connectors.budget import Window
from hub.connectors.build import connector_of, tokens_of
from hub.events import Event, Linked, Reviewed, event_of, fixed_id
from hub.flows.load import Account, World
from hub.operate.install import install, set_mode
from hub.settings import Secret, load
from hub.vault import Vault, master_keys
from ops.bench.companies import FLOWS, HERE, without_brake
from ops.bench.telling import MUCH, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.app import Hub
    from hub.connectors.connector import Connector
    from hub.database import Database
    from hub.settings import Connection

STILL = """
select coalesce((select min(position) from projectors), 0)
           >= coalesce((select max(position) from events where type <> 'read_on'), 0)
   and not exists (select from notices)
   and not exists (select from deliveries where state in ('owed', 'sending'))
   and (select count(*) > 0 and bool_and(done is not null) from roads where road = 'first')
"""
LOOK_SECONDS = 0.2


async def _run(companies: list[tuple[str, str]]) -> None:
    with patch("hub.app.connector_of", _without_limits):
        settings = load(None, os.environ)
        async with running(settings, os.environ, prepare=_let_in) as hub:
            await _still(hub)
            await _put_in_force(hub)
            await hub.append(*_linked(companies))
            await _read_whole(hub, companies)
            await _still(hub)
            # A record that says nothing new is not kept again: so each is judged by a review.
            await hub.append(*_reviewed(companies))
            await _still(hub)
            stop = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
            print(hub.port, flush=True)
            await stop.wait()


def _without_limits(name: str, connection: Connection) -> Connector | None:
    connector: Any = connector_of(name, connection)
    connector.windows, connector.at_once = (Window(name="day", most=MUCH),), ()
    return connector  # type: ignore[no-any-return]


async def _let_in(database: Database) -> None:
    vault = Vault(database.schema, master_keys(database.settings.home, os.environ))
    for name, connection in database.settings.connections.items():
        await tokens_of(name, connection, database, vault).connect(Secret(f"sandbox-{name}"))
    async with database.connected() as db:
        await vault.keep(db, "books", "webhook_secret", Secret(SECRET))


async def _put_in_force(hub: Hub) -> None:
    files = {f"{name}.toml": without_brake(name) for name in FLOWS}
    accounts = {
        name: Account(system=connection.system, mode=connection.mode)
        for name, connection in hub.settings.connections.items()
    }
    async with hub.database.connected() as db:
        await install(hub.append, db, files, {}, world=World(connections=accounts), by="bench")
    for name in FLOWS:
        await set_mode(hub.append, name, "on", "bench")


def _linked(companies: list[tuple[str, str]]) -> Iterator[Event]:
    for account, contact in companies:
        members = [
            Member(connection="crm", kind="Accounts", record=account),
            Member(connection="books", kind="contacts", record=contact, part=HERE),
        ]
        yield event_of(Linked(link=fixed_id(None, "link", account), members=members))


def _reviewed(companies: list[tuple[str, str]]) -> Iterator[Event]:
    """Have every link agree on what both its members say."""
    accounts, contacts = zip(*companies, strict=True)
    for connection, kind, records in (
        ("crm", "Accounts", accounts),
        ("books", "contacts", contacts),
    ):
        what = Reviewed(flow="customers", records=list(records))
        yield event_of(what, connection=connection, kind=kind)


async def _read_whole(hub: Hub, companies: list[tuple[str, str]]) -> None:
    for account, contact in companies:
        for connection, kind, record in (
            ("crm", "Accounts", account),
            ("books", "contacts", contact),
        ):
            await hub.append(
                Event(
                    type="noticed", id=fixed_id(None, hub.wake.head, record),
                    connection=connection, kind=kind, record=record, road="need",
                )
            )  # fmt: skip


async def _still(hub: Hub) -> None:
    """Wait until all was read, folded and carried out, and stays so for a moment."""
    times = 0
    async with hub.database.connected() as db:
        while times < 3:  # noqa: PLR2004
            times = times + 1 if await db.fetchval(STILL) else 0
            await asyncio.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    read = msgspec.json.Decoder(list[tuple[str, str]]).decode
    collect_seldom()
    uvloop.run(_run(read(Path(sys.argv[1]).read_bytes())))
