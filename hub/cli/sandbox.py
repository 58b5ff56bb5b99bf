"""`hub sandbox`: play the vendors on this machine, for trying out whatever talks to them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.sandbox.notify.slack import HOOK, TOKEN
from hub.sandbox.pubsub import PubSub, Streams
from hub.sandbox.seed import CUSTOMERS_MAX, Seeding, seed_past
from hub.sandbox.server import HOST, PORT, running
from hub.sandbox.system import Listening
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeAlias

    from hub.sandbox.system import System

    Made: TypeAlias = dict[str, dict[str, int]]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


HELP = """Play Zoho CRM, Zoho Books, Zoho Desk and Salesforce on one port of this machine,
and what messages go to: a Slack, a mail server, and an address that takes webhooks.

Salesforce tells of changes over gRPC, too, on the port above: topics such as
/data/AccountChangeEvent, for the token that its REST API takes.

They answer as the vendors do: same paths, bodies, errors, limits and webhooks. Their records
are made up, are kept in memory, and are gone when you stop with Ctrl-C. Made-up people work
there, so that something happens; /_sandbox makes more happen, faults too, and / shows it all.

\b
Credentials, the same for every system:
  client_id      sandbox
  client_secret  sandbox
  refresh_token  sandbox-crm, sandbox-books, sandbox-desk or sandbox-salesforce

\b
First calls:
  url=http://127.0.0.1:8900
  token=$(curl -s $url/oauth/v2/token -d grant_type=refresh_token \\
    -d client_id=sandbox -d client_secret=sandbox -d refresh_token=sandbox-crm |
    sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
  curl -H "Authorization: Zoho-oauthtoken $token" \\
    "$url/crm/v8/Deals?fields=Deal_Name,Stage,Amount"

\b
Salesforce lets in at /services/oauth2/token, also by assertions of hub@sandbox.example, signed
with keys/private.pem of hub/sandbox/salesforce:
  token=$(curl -s $url/services/oauth2/token -d grant_type=client_credentials \\
    -d client_id=sandbox -d client_secret=sandbox |
    sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
  curl -G -H "Authorization: Bearer $token" $url/services/data/v67.0/query \\
    --data-urlencode 'q=SELECT Name, Amount FROM Opportunity WHERE IsWon = TRUE LIMIT 3'

\b
Make things happen:
  curl $url/_sandbox                                              what there is
  curl $url/_sandbox/clock -d '{"advance_seconds": 86400}'        a day goes by
  curl $url/_sandbox/faults -d '{"system": "books", "fault": "http_500", "rate": 0.3}'
  curl $url/_sandbox/faults -d '{"system": "salesforce", "fault": "stream_gap"}'
  curl $url/_sandbox/faults -X DELETE                             all is well again

\b
Examples:
  hub sandbox
  hub sandbox --customers 5000 --acts-per-minute 600
  hub sandbox --customers 0 --no-traffic        empty, and nobody else is there
"""


@click.command(help=HELP)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 takes any.",
)
@click.option(
    "--host",
    default=HOST,
    show_default=True,
    help="Address to listen on. Whoever reaches it may do everything here.",
)
@click.option(
    "--stream-port",
    type=click.IntRange(0, 65_535),
    help="Port for Salesforce's change events, over gRPC.  [default: one above --port]",
)
@click.option(
    "--stream-certificate",
    "certificate",
    type=(FILE, FILE),
    metavar="CERTIFICATE KEY",
    help="Speak TLS there, with this certificate and its key (two PEM files).",
)
@click.option(
    "--seed",
    "number",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="The same number makes the same customers, chances and traffic.",
)
@click.option(
    "--customers",
    type=click.IntRange(0, CUSTOMERS_MAX),
    default=100,
    show_default=True,
    help="How many customers there are at the start.",
)
@click.option("--no-traffic", is_flag=True, help="Nobody works there but you.")
@click.option(
    "--acts-per-minute",
    type=click.FloatRange(0.1, 60_000),
    default=12.0,
    show_default=True,
    help="How much the made-up people do.",
)
@click.option("--seconds", type=click.FloatRange(0), help="Stop by itself after so long.")
@pass_invocation
def sandbox(
    invocation: Invocation,
    *,
    port: int,
    host: str,
    stream_port: int | None,
    certificate: tuple[Path, Path] | None,
    number: int,
    customers: int,
    no_traffic: bool,
    acts_per_minute: float,
    seconds: float | None,
) -> None:
    world = World(number)
    systems = all_systems(world)
    seeding = Seeding(customers=customers, seed=number)
    made = seed_past(world, systems, seeding).made if customers else {}
    world.acts_per_minute = 0.0 if no_traffic else acts_per_minute
    streams = Streams(
        port=_beside(port) if stream_port is None else stream_port, certificate=certificate
    )
    served = running(world, systems, host=host, port=port, streams=streams)
    run(_serve(invocation, served, partial(_welcome, systems, made), seconds))
    invocation.result({"calls": world.calls_count})


def _beside(port: int) -> int:
    """Give the port above; beside any port that is free, any other."""
    return port + 1 if port else 0


async def _serve(
    invocation: Invocation,
    served: AbstractAsyncContextManager[str],
    welcome: Callable[[str], str],
    seconds: float | None,
) -> None:
    with suppress(asyncio.CancelledError, TimeoutError):  # asked to stop, which is how it ends
        async with served as url, asyncio.timeout(seconds):
            invocation.say(welcome(url))
            await asyncio.Event().wait()


def _welcome(systems: list[System], made: Made, url: str) -> str:
    bold, dim = partial(click.style, bold=True), partial(click.style, dim=True)
    lines = "\n".join(_lines(system, made.get(system.name, {})) for system in systems)
    return f"""
{bold("The sandbox runs.")} Ctrl-C stops it, and everything in it is gone then.

  {dim("look")}           {url}/
  {dim("control")}        {url}/_sandbox
  {dim("credentials")}    client_id=sandbox client_secret=sandbox refresh_token=sandbox-<system>
  {dim("messages")}       slack: token {TOKEN}, or {url}{HOOK}
                 mail: login and password sandbox; sink: {url}/sink, secret sandbox

{lines}

`hub sandbox --help` shows the first calls to make.
"""


def _lines(system: System, made: dict[str, int]) -> str:
    """Tell of one system: where it is, and what was made up in it."""
    if isinstance(system, PubSub):
        where = system.address
    else:
        port = f"smtp, port {system.port}" if isinstance(system, Listening) else ""
        where = " ".join([*system.prefixes, port]).strip()
    line = f"  {click.style(f'{system.name:<10}', bold=True)} {where}"
    kinds = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in made.items())
    return f"{line}\n  {'':<10} {kinds}" if kinds else line
