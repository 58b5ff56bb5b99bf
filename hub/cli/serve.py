"""`hub serve`: run the hub until it is stopped."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click

from hub.app import running
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run

if TYPE_CHECKING:
    from hub.settings import Settings


@click.command()
@click.option(
    "--no-migrate",
    is_flag=True,
    help="Change no table: where a migration is missing, say which and do not start.",
)
@pass_invocation
def serve(invocation: Invocation, *, no_migrate: bool) -> None:
    """Run the hub until Ctrl-C or SIGTERM.

    It takes changes in, keeps them in the log, and has the projectors follow. It brings the
    database up to date first. Several may run on one database: each takes changes in, and each
    projector runs in one of them; when that one dies, another takes over.

    \b
    Examples:
      hub serve
      HUB_SERVE_PORT=9000 hub serve
      hub migrate && hub serve --no-migrate

    \b
    While it runs, on its port:
      /healthz    it is alive
      /readyz     it is of use, or why not
      /metrics    its figures, for Prometheus
      /in/...     where systems of your own push their records
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    run(_serve(invocation.reading.settings, migrates=not no_migrate))


async def _serve(settings: Settings, *, migrates: bool) -> None:
    try:
        async with running(settings, os.environ, migrates=migrates):
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        return  # asked to stop, and it has
