"""An operator's act on the command line: under whose name it stands, and what came of it."""

from __future__ import annotations

import asyncio
import getpass
from typing import TYPE_CHECKING

import click
import msgspec

from hub.app import appending
from hub.console.standing import standings

if TYPE_CHECKING:
    from hub.cli.invocation import Invocation
    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event

APPLIED_SECONDS_MAX = 5.0
LOOK_SECONDS = 0.05
SYNC = "sync"

BY = click.option(
    "--by",
    envvar="HUB_OPERATOR",
    default=getpass.getuser,
    show_default="HUB_OPERATOR, else your user name",
    help="Who does it; it is kept in the log.",
)
YES = click.option("--yes", is_flag=True, help="Do it without asking.")


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """Where an act stands in the log, and whether it was applied while one waited for that."""

    position: int
    applied: bool


async def acted(database: Database, db: Db, *events: Event) -> Acted:
    """Keep what an operator did, and wait a little until a hub has applied it."""
    position = max(await kept(database, *events))
    return Acted(position=position, applied=await applied(db, SYNC, position))


async def kept(database: Database, *events: Event) -> list[int]:
    """Keep what an operator did; give where it stands."""
    async with appending(database) as append:
        return await append(*events)


async def applied(db: Db, projector: str, position: int) -> bool:
    """Wait a little until a projector has come so far, if anybody runs it."""
    try:
        async with asyncio.timeout(APPLIED_SECONDS_MAX):
            while True:
                (found,) = await standings(db, [projector])
                if found.position >= position or not found.holder:
                    return found.position >= position
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return False


def agreed(invocation: Invocation, question: str, *, yes: bool, beforehand: str = "--yes") -> bool:
    """Ask a person before something is done; a program must have said yes `beforehand`."""
    if yes:
        return True
    if invocation.json:
        raise click.UsageError(
            f"Expected {beforehand} together with --json: there is nobody to ask."
        )
    try:
        return click.confirm(question)
    except click.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise  # Ctrl-C
        click.echo()  # the question stands on the line yet
        raise click.UsageError(
            f"Expected {beforehand}: there is nobody to ask, for nothing can be read from stdin."
        ) from None


def came_of(acted: Acted) -> str:
    """Say how far an act has come."""
    if acted.applied:
        return "Done."
    return f"{SYNC} has not come so far yet; a running hub moves it on."
