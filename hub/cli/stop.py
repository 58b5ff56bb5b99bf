"""`hub stop`: nothing is written to a connection until a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.acting import BY, Acted, acted, came_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.errors import Refused
from hub.operate.mode import stop_writes
from hub.operate.restored import held
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from hub.settings import Settings


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    connection: str
    stopped: bool
    position: int


@click.group()
def stop() -> None:
    """Stop what the hub does at a vendor, at once and for all flows.

    \b
    Examples:
      hub stop writes books
      hub stop writes books --off
    """  # noqa: D301 - click reads \b as "keep these lines as they are"


@stop.command("writes")
@click.argument("connection")
@click.option("--off", is_flag=True, help="Take the stop off: what is owed is written again.")
@click.option("--reason", default="", help="Why; it is kept beside it.")
@BY
@pass_invocation
def writes_command(
    invocation: Invocation, *, connection: str, off: bool, reason: str, by: str
) -> None:
    """Write nothing to a CONNECTION any more. Reading goes on, and so does deciding.

    A write that is under way may still arrive; what came of it is told as ever.

    \b
    Examples:
      hub stop writes books --reason "year end"
      hub stop writes books --off
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    done = run(_stop(invocation.settings, connection, by, reason, stopped=not off))
    what = "may be written to again" if off else "is not written to any more"
    invocation.say(f"#{done.position}  {connection} {what}, says {by}.  {came_of(done)}")
    invocation.result(Stopped(connection=connection, stopped=not off, position=done.position))


async def _stop(
    settings: Settings, connection: str, by: str, reason: str, *, stopped: bool
) -> Acted:
    if settings.connections and connection not in settings.connections:
        known = ", ".join(settings.connections)
        raise Refused(
            f"There is no connection {quoted(connection)}"
            f"{nearest(connection, settings.connections)} (there are: {known})."
        )
    async with opened(settings) as (database, db):
        if connection in {one.connection for one in await held(db)}:
            raise Refused(
                f"{connection} is held: the log was set back or moved, and has forgotten what was "
                "made there meanwhile. `hub reconcile --after-restore` finds that, and takes the "
                "hold off."
            )
        event = stop_writes(connection, by, stopped=stopped, reason=reason)
        return await acted(database, db, event)
