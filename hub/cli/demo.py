"""`hub demo`: play the vendors, run a hub beside them, and show what arrives.

What is shown is read from the log and from what the projectors made of it; nothing is acted. The
played world is gone when the demo ends, so the log of it, in a schema of its own, is begun anew by
the next one.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import shutil
import socket
import sys
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from hub.app import running
from hub.cli.first_sync import first_sync
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.stage import Stage
from hub.connectors.build import tokens_of
from hub.connectors.setup import tell
from hub.connectors.site import opened_site
from hub.database import migrate, statement
from hub.errors import HubError, Refused
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.server import PORT
from hub.sandbox.server import running as played
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Connection, DatabaseSettings, Secret
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.database import Database
    from hub.settings import Settings

SEED = 7
SCHEMA = "demo"
PLAYED: dict[str, Literal["zoho_crm", "zoho_books"]] = {"crm": "zoho_crm", "books": "zoho_books"}
"""The connections of a demo, each named as its refresh token at the sandbox is."""

_PLACES = ("HUB_HOME", "HUB_CONFIG")
_log = logging.getLogger(__name__)


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Port of the hub.")
@click.option("--sandbox-port", type=click.IntRange(0, 65_535), help="Port of the played vendors.")
@click.option(
    "--customers",
    type=click.IntRange(0, 20_000),
    default=100,
    show_default=True,
    help="How many customers there are at the start.",
)
@click.option(
    "--acts-per-minute",
    type=click.FloatRange(0.1, 6_000),
    default=20.0,
    show_default=True,
    help="How much the made-up people do.",
)
@click.option("--no-traffic", is_flag=True, help="Nobody works there but you.")
@click.option("--seconds", type=click.FloatRange(0), help="Stop by itself after so long.")
@pass_invocation
def demo(
    invocation: Invocation,
    *,
    port: int | None,
    sandbox_port: int | None,
    customers: int,
    acts_per_minute: float,
    no_traffic: bool,
    seconds: float | None,
) -> None:
    """Play Zoho CRM and Zoho Books, run a hub beside them, and watch what arrives.

    Made-up people work at both. Each change comes in by webhook, by notification or by polling, is
    kept in the log, and is shown with what it says. Open the sandbox's page and be one of them:
    edit an account, close a deal, record a payment.

    Nothing has to be set up. What is played is gone when you stop with Ctrl-C, and the next demo
    begins anew, in a schema of its own: your own log is not touched.

    \b
    Examples:
      hub demo
      hub demo --no-traffic              a world that stands still, for you and your scripts
      hub demo --acts-per-minute 600
      hub demo --seconds 20 --json       a short run, told as one JSON value
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    world = World(SEED)
    systems = all_systems(world)
    seed_past(world, systems, Seeding(customers=customers, seed=SEED))
    world.acts_per_minute = 0.0 if no_traffic else acts_per_minute
    serving = partial(played, world, systems, port=_port(sandbox_port, "127.0.0.1", PORT))
    books = next(system for system in systems if system.name == "books")
    organization = books.state()["organizations"][0]["organization_id"]

    async def show() -> None:
        with suppress(asyncio.CancelledError):  # asked to stop, which is how a demo ends
            async with serving() as address:
                settings = _with_played(invocation.reading.settings, port, address, organization)
                await _show(invocation, settings, address, seconds)

    run(show())


async def _show(
    invocation: Invocation, settings: Settings, address: str, seconds: float | None
) -> None:
    for quiet in ("hub.app", "hub.inbound", "hub.projectors"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        begin = partial(_begin_anew, settings)
        hub = await stack.enter_async_context(running(settings, os.environ, prepare=begin))
        stage = Stage(hub, invocation.say)
        invocation.say(_welcome(hub, address))
        with suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                group.create_task(stage.show())
                await _tell_the_hub(hub)
                t=__import__("time").time()
                last=[""]
                def tell(x):
                    if x!=last[0]: last[0]=x; print(f'{__import__("time").time()-t:.1f}', x, flush=True)
                await first_sync(hub, tell)
                tell("DONE")
        invocation.say(stage.farewell())
        invocation.result(stage.shown())


async def _tell_the_hub(hub: Hub) -> None:
    """Have the played Books send webhooks; CRM is subscribed to by the hub itself."""
    vault = Vault(hub.database.schema, master_keys(hub.settings.home, os.environ))
    async with opened_site("books", hub.settings, hub.database, vault) as site:
        try:
            await tell(site, make=True)
        except HubError as error:
            _log.warning("Books sends no webhooks here, and is polled: %s", error)


async def _begin_anew(settings: Settings, database: Database) -> None:
    """Empty the demo's own schema, and give it the grants of the played accounts."""
    async with database.connected("owner") as db:
        if await db.fetchval(statement("cli/is_strange.sql"), list(PLAYED)):
            raise Refused(
                f"The schema {database.schema} holds a log that no demo wrote, and a demo would "
                "empty it. Give the demo a database of its own: HUB_HOME=/tmp/hub-demo hub demo"
            )
        if await db.fetchval("select exists (select from events)"):
            await db.execute(f'drop schema "{database.schema}" cascade')
    await migrate(database)
    vault = Vault(database.schema, master_keys(settings.home, os.environ))
    for name, connection in settings.connections.items():
        tokens = tokens_of(name, connection, database, vault)
        await tokens.connect(Secret(f"sandbox-{name}"))


def _with_played(settings: Settings, port: int | None, address: str, organization: str) -> Settings:
    """Connect the played accounts, and choose a port that can be had."""
    serve = settings.serve
    port = _port(port, serve.host, serve.port)
    connections = {
        name: Connection(
            system=system,
            client_id="sandbox",
            secret=Secret("sandbox"),
            organization=organization if system == "zoho_books" else None,
            plan="ultimate",
            mode="test",
            address=address,
        )
        for name, system in PLAYED.items()
    }
    return msgspec.structs.replace(
        settings,
        database=_in_a_schema_of_its_own(settings.database),
        serve=msgspec.structs.replace(serve, port=port, public_url=f"http://127.0.0.1:{port}"),
        connections=connections,
    )


def _in_a_schema_of_its_own(database: DatabaseSettings) -> DatabaseSettings:
    usual = DatabaseSettings().schema
    return msgspec.structs.replace(
        database, schema=SCHEMA if database.schema == usual else database.schema
    )


def _port(wanted: int | None, host: str, usual: int) -> int:
    """Give the port that was asked for, else the usual one, else any that is free."""
    if wanted:
        return wanted
    with suppress(OSError), socket.create_server((host, usual if wanted is None else 0)) as one:
        return int(one.getsockname()[1])
    with socket.create_server((host, 0)) as one:
        return int(one.getsockname()[1])


def _welcome(hub: Hub, address: str) -> str:
    url = f"http://{hub.settings.serve.host}:{hub.port}"
    bold, dim = partial(click.style, bold=True), partial(click.style, dim=True)
    return f"""
{bold("The hub runs,")} beside a played Zoho CRM and a played Zoho Books. Ctrl-C stops it all.

  {dim("the vendors")}   {bold(address + "/")}   edit an account, close a deal, record a payment
  {dim("the hub")}       {url}/readyz   {url}/metrics
  {dim("the log")}       {_commands(hub.database.schema)}
"""


def _commands(schema: str) -> str:
    """Give commands to try from another terminal, with what makes them find this hub there.

    A database URL is not repeated, for it holds a password: whoever set it can set it again.
    """
    ask = "hub log tail --follow     hub status"
    where = {name: os.environ[name] for name in _PLACES if name in os.environ}
    where["HUB_DATABASE_SCHEMA"] = schema
    words = [f"{name}={shlex.quote(value)}" for name, value in where.items()]
    if not shutil.which("hub"):
        words += [shlex.quote(sys.executable), "-m"]
    alias = " ".join([*words, "hub"])
    return f"alias hub={shlex.quote(alias)}\n                {ask}"
