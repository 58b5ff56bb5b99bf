"""`hub flows install`: put the flows of the directory flows in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hub.app import appending
from hub.cli.acting import BY, SYNC, applied
from hub.cli.flows import files_of, read_flows, world_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.log.read import head
from hub.operate.install import install

if TYPE_CHECKING:
    from hub.settings import Settings


@click.command("install")
@BY
@pass_invocation
def install_command(invocation: Invocation, *, by: str) -> None:
    """Put the flows of the directory flows in force, as they and their answers are now.

    What decides is what is in the log, not the files: those are read by this command alone. A flow
    that is new is off until it is started. Answers to the questions of a flow stand in hub.toml,
    under [answers.FLOW].

    \b
    Examples:
      hub flows install
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    read_flows(invocation.settings)  # all faults are told before the database is opened
    changed = run(_install(invocation.settings, by))
    for name in changed:
        invocation.say(f"{name} is in force as it is now. hub flows show {name}")
    if not changed:
        invocation.say("All flows are in force as they are.")
    invocation.result(changed)


async def _install(settings: Settings, by: str) -> list[str]:
    async with opened(settings) as (database, db):
        async with appending(database) as append:
            changed = await install(
                append, db, files_of(settings), settings.answers, world=world_of(settings), by=by
            )
        await applied(db, SYNC, await head(db))
    return changed
