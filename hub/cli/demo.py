"""`hub demo`: start everything, let made-up changes flow through it, and show what becomes of them.

What is shown is read from the log and from what the projectors made of it; nothing is acted.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import secrets
import shlex
import shutil
import socket
import sys
from contextlib import suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import click
import msgspec

from hub.app import running
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.stage import Stage
from hub.database import statement
from hub.errors import HubError, Refused
from hub.inbound.receive import Change
from hub.inbound.sample import ROAD, Sample
from hub.settings import Connection, Secret

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.events import Event
    from hub.settings import Settings

SEED = 7
YOURS = "yours"
_PLACES = ("HUB_HOME", "HUB_CONFIG", "HUB_DATABASE_SCHEMA")
AGAIN_SECONDS = 1.0


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on.")
@click.option(
    "--changes-per-second",
    type=click.FloatRange(0.01, 1_000),
    default=3.0,
    show_default=True,
    help="How fast the made-up changes come.",
)
@click.option("--no-traffic", is_flag=True, help="Make nothing up; show only what you push.")
@click.option("--seconds", type=click.FloatRange(0), help="Stop by itself after so long.")
@pass_invocation
def demo(
    invocation: Invocation,
    *,
    port: int | None,
    changes_per_second: float,
    no_traffic: bool,
    seconds: float | None,
) -> None:
    """Start the hub with everything it needs, and watch made-up changes go through it.

    Two made-up systems, crm and books, keep the same companies. People edit both; now and then
    something arrives twice, or late, or two records turn out to be one company. Each change is
    kept in the log, and shown with what the projectors made of it.

    Nothing has to be set up. The log stays when you stop with Ctrl-C, and the next demo goes on
    from there; a log that holds anything else is refused.

    \b
    Examples:
      hub demo
      hub demo --changes-per-second 200
      hub demo --no-traffic              only what you push yourself
      hub demo --seconds 10 --json       a short run, told as one JSON value
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    secret = secrets.token_hex(12)
    settings = _with_sample(invocation.reading.settings, port, secret)
    run(_show(invocation, settings, secret, 0.0 if no_traffic else changes_per_second, seconds))


async def _show(
    invocation: Invocation,
    settings: Settings,
    secret: str,
    changes_per_second: float,
    seconds: float | None,
) -> None:
    for quiet in ("hub.app", "hub.projectors"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    stage: Stage | None = None
    with suppress(asyncio.CancelledError):  # asked to stop, which is how a demo ends
        async with running(settings, os.environ) as hub:
            companies = await _companies_so_far(hub)
            stage = Stage(hub, invocation.say)
            invocation.say(_welcome(hub, secret))
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                    group.create_task(stage.show())
                    if changes_per_second:
                        sample = Sample(SEED, companies + 1)
                        group.create_task(_flow(hub, sample, changes_per_second))
    if stage is not None:
        where = settings.home if settings.database.url is None else "your database"
        invocation.say(stage.farewell(str(where)))
        invocation.result(stage.shown())


async def _flow(hub: Hub, sample: Sample, changes_per_second: float) -> None:
    """Hand the made-up changes in at a steady pace; one that is not taken is handed in again."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    steps = sample.steps()
    for number in count():
        await asyncio.sleep(begun + number / changes_per_second - clock())
        step = next(steps)
        await _hand_in(hub, step)


async def _hand_in(hub: Hub, step: Change | Event) -> None:
    while True:
        try:
            if isinstance(step, Change):
                await hub.receiver.receive(step)
            else:
                await hub.append(step)
        except (HubError, TimeoutError):
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


def _with_sample(settings: Settings, port: int | None, secret: str) -> Settings:
    """Add the connection that visitors push to, and choose a port that can be had."""
    serve = settings.serve
    if port is None:
        port = serve.port if _is_free(serve.host, serve.port) else 0
    return msgspec.structs.replace(
        settings,
        serve=msgspec.structs.replace(serve, port=port),
        connections={YOURS: Connection(system="push", secret=Secret(secret))},
    )


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError as error:
        return error.errno != errno.EADDRINUSE


async def _companies_so_far(hub: Hub) -> int:
    """Tell how many companies earlier demos made up; refuse a log that holds anything else."""
    async with hub.database.connected("replay") as db:
        row = await db.fetchrow(statement("inbound/sample.sql"), ROAD, YOURS)
    if row["strange"]:
        raise Refused(
            "This log holds events of your own, and the log is for good: a demo would add made-up "
            "ones. Give the demo a place of its own: HUB_HOME=/tmp/hub-demo hub demo, or another "
            "schema where HUB_DATABASE_URL is set: HUB_DATABASE_SCHEMA=demo hub demo"
        )
    return int(row["companies"])


def _welcome(hub: Hub, secret: str) -> str:
    url = f"http://{hub.settings.serve.host}:{hub.port}"
    bold, dim = partial(click.style, bold=True), partial(click.style, dim=True)
    return f"""
{bold("The hub runs.")} Changes of two made-up systems, crm and books, go through it; Ctrl-C stops.

  {dim("of use?")}   {url}/readyz
  {dim("figures")}   {url}/metrics
  {dim("the log")}   {_commands()}

{bold("Push a change of your own")} from another terminal, then change the body and push again:

  body='{{"name": "Ada", "city": "Gent"}}' path=/in/{YOURS}/people/1
  curl {url}$path -d "$body" -H "X-Hub-Signature: sha256=$(
    printf 'POST\\n%s\\n%s' "$path" "$body" |
    openssl dgst -sha256 -hmac {secret} -r | cut -c1-64)"
"""


def _commands() -> str:
    """Give commands to try from another terminal, with what makes them find this hub there.

    A database URL is not repeated, for it holds a password: whoever set it can set it again.
    """
    ask = "hub log tail --follow     hub log timeline crm.Accounts/3001     hub status"
    where = {name: os.environ[name] for name in _PLACES if name in os.environ}
    words = [f"{name}={shlex.quote(value)}" for name, value in where.items()]
    if not shutil.which("hub"):
        words += [shlex.quote(sys.executable), "-m"]
    if not words:
        return ask
    alias = " ".join([*words, "hub"])
    return f"alias hub={shlex.quote(alias)}\n            {ask}"
