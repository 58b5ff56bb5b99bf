"""`hub flows start`, `pause` and `mode`: what a flow may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

import click
import msgspec

from hub.cli.acting import BY, YES, acted, agreed, came_of
from hub.cli.flow_name import FLOW
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.database import statement
from hub.flows.flow import Mode, Once, Sync
from hub.log.read import head
from hub.operate.in_force import the_flow
from hub.operate.missed import judged, missed
from hub.operate.mode import (
    DECIDES,
    WRITES,
    is_said,
    must_be_read,
    must_have_one_master,
    next_mode,
    set_to,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.database.db import Db
    from hub.operate.in_force import Installed
    from hub.settings import Settings

MEANINGS = {
    "off": "it decides nothing",
    "shadow": "it decides, and writes nothing",
    "hold": "each of its writes waits for a person (hub approve)",
    "on": "it writes by itself",
    "paused": "it decides nothing, and what it owes waits",
}


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that may do something else from here on; `position` is None where nobody said yes."""

    flow: str
    before: str
    mode: str
    changed: int = 0
    """Of its records, those that changed while it decided nothing: a sync judges them now."""
    catch_up: str = ""
    """What lists what it would have made of these by itself; it is left to a person."""
    position: int | None = None


MASTER = click.option(
    "--master",
    type=click.Choice(["hub"]),
    help="Say that the hub makes these documents, where Zoho's own sync was seen: that is off.",
)


@click.command("start")
@click.argument("name", type=FLOW)
@MASTER
@YES
@BY
@pass_invocation
def start_command(
    invocation: Invocation, *, name: str, master: str | None, yes: bool, by: str
) -> None:
    """Let the flow NAME go one step further: shadow, then hold, then on.

    A flow on live connections begins in shadow, where it decides and writes nothing. After a pause
    it goes to hold, and its writes wait for a person. What changed while a flow was paused or off
    is counted for you: a flow that keeps two sides in step judges it now; for what another would
    have made of it, see hub catch-up.

    \b
    Examples:
      hub flows start customers
      hub flows start customers --yes
      hub flows start invoice_from_won_deal --master hub
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _told(invocation, run(_set(invocation, name, None, by, reason="", yes=yes, master=master)))


@click.command("pause")
@click.argument("name", type=FLOW)
@click.option("--reason", default="", help="Why; it is kept beside it.")
@BY
@pass_invocation
def pause_command(invocation: Invocation, *, name: str, reason: str, by: str) -> None:
    """Have the flow NAME decide and write nothing until it is started again.

    It is a brake: nothing is asked first. hub flows start then brings the flow to hold, where each
    of its writes waits for a person, and once more to on: what it owes by then is old, and is to be
    looked at.

    \b
    Examples:
      hub flows pause customers --reason "prices are being moved"
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _told(invocation, run(_set(invocation, name, "paused", by, reason=reason, yes=True)))


@click.command("mode")
@click.argument("name", type=FLOW)
@click.argument("mode", type=click.Choice(get_args(Mode)))
@click.option("--reason", default="", help="Why; it is kept beside it.")
@MASTER
@YES
@BY
@pass_invocation
def mode_command(
    invocation: Invocation,
    *,
    name: str,
    mode: Mode,
    reason: str,
    master: str | None,
    yes: bool,
    by: str,
) -> None:
    """Say what the flow NAME may do: off, shadow, hold, on or paused.

    \b
    Examples:
      hub flows mode customers shadow
      hub flows mode customers on --yes
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    _told(
        invocation,
        run(_set(invocation, name, mode, by, reason=reason, yes=yes, master=master)),
    )


async def _set(
    invocation: Invocation,
    name: str,
    mode: Mode | None,
    by: str,
    *,
    reason: str,
    yes: bool,
    master: str | None = None,
) -> Moved:
    settings = invocation.settings
    async with opened(settings, "serve") as (database, db):
        installed = await the_flow(db, name)
        wanted = mode or next_mode(installed, live=_is_live(settings, installed))
        moved = Moved(flow=name, before=installed.mode, mode=wanted)
        # One that is on has leave already: to be held takes some of that away.
        if wanted in WRITES and installed.mode != "on":
            pushes = [one for one, its in settings.connections.items() if its.system == "push"]
            strange = {side for side in _connections(installed) if side not in settings.connections}
            await must_be_read(db, installed.flow, {*pushes, *strange})
            if not master:
                await must_have_one_master(db, installed)
        looked = await head(db)
        changed = await missed(db, installed) if wanted in DECIDES else {}
        moved = await _with_missed(db, moved, installed, changed)
        question = (
            f"{name} is {installed.mode}. {_meanwhile(moved)}"
            f"From here on {MEANINGS[wanted]}: {wanted}?"
        )
        if wanted == installed.mode or not agreed(invocation, question, yes=yes):
            return moved
        said = await is_said(db, installed, master)
        events = [set_to(name, wanted, by, reason, said), *judged(installed, changed, by)]
        done = await acted(database, db, *events)
        if wanted in DECIDES:
            # A person was asked meanwhile: what changed until they said yes is judged, too.
            late = judged(installed, await missed(db, installed, looked), by)
            done = await acted(database, db, *late) if late else done
    invocation.say(came_of(done))
    return msgspec.structs.replace(moved, position=done.position)


async def _with_missed(
    db: Db, moved: Moved, installed: Installed, changed: Mapping[tuple[str, str], Sequence[str]]
) -> Moved:
    count, catch_up = sum(map(len, changed.values())), ""
    if count and isinstance(installed.flow, Once):
        at = await db.fetchval(statement("operate/rested_at.sql"), installed.rests)
        since = at or installed.started_at or datetime.min.replace(tzinfo=UTC)
        catch_up = f"hub catch-up {moved.flow} --since {since.astimezone(UTC).date()}"
    return msgspec.structs.replace(moved, changed=count, catch_up=catch_up)


def _meanwhile(moved: Moved) -> str:
    """Tell what changed while a flow decided nothing, and what becomes of it."""
    if not moved.changed:
        return ""
    follows = "they are judged now"
    if moved.catch_up:
        follows = f"nothing is made for them by itself; {moved.catch_up} lists what would be"
    records = "record" if moved.changed == 1 else "records"
    return f"{moved.changed:,} {records} of it changed meanwhile: {follows}. "


def _way_back(moved: Moved) -> str:
    """Tell what comes after a pause: not where the flow was before."""
    if moved.mode != "paused":
        return ""
    return f"hub flows start {moved.flow} brings it to hold first, and once more to on."


def _is_live(settings: Settings, installed: Installed) -> bool:
    modes = [
        settings.connections[name].mode
        for name in _connections(installed)
        if name in settings.connections
    ]
    return "live" in modes


def _connections(installed: Installed) -> set[str]:
    flow = installed.flow
    if isinstance(flow, Sync):
        return {side.connection for side in flow.sides}
    return {flow.source.connection}


def _told(invocation: Invocation, moved: Moved) -> None:
    if moved.position is None:
        invocation.say(f"{moved.flow} stays {moved.before}: {MEANINGS[moved.before]}.")
    else:
        invocation.say(
            f"#{moved.position}  {moved.flow} was {moved.before}, and is {moved.mode} from here "
            f"on: {MEANINGS[moved.mode]}. {_meanwhile(moved)}{_way_back(moved)}".rstrip()
        )
    invocation.result(moved)
