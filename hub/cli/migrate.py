"""`hub migrate`: bring the database to this version of the hub."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.database import migrate as bring_up_to_date
from hub.database import open_database

if TYPE_CHECKING:
    from hub.settings import Settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only name what would be applied.")
@pass_invocation
def migrate(invocation: Invocation, *, dry_run: bool) -> None:
    """Make the hub's tables, or bring them to this version of the hub.

    Each migration is applied in a transaction of its own, forward only; what is there already is
    left alone. `hub serve` does the same when it starts. The database user must be the owner of
    the schema.

    \b
    Examples:
      hub migrate --dry-run
      hub migrate && hub serve --no-migrate
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    names = run(_migrate(invocation.settings, dry_run=dry_run))
    for name in names:
        invocation.say(f"{'to apply' if dry_run else 'applied'}  {name}")
    if not names:
        invocation.say("The database is up to date.")
    invocation.result({"pending" if dry_run else "applied": names})


async def _migrate(settings: Settings, *, dry_run: bool) -> list[str]:
    async with open_database(settings, os.environ) as database:
        return await bring_up_to_date(database, dry_run=dry_run)
