"""`hub deliveries`: what is owed to whom, how each stands, and what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.visible import visible
from hub.cli.wording import Wording, lines_of, wordings
from hub.console.deliveries import DELIVERIES_MAX, Delivery, deliveries

if TYPE_CHECKING:
    from hub.settings import Settings


class Shown(Delivery, frozen=True, kw_only=True):
    """A delivery; of one that is held, what it would write too."""

    writes: Wording


STATES = ("owed", "held", "sending", "parked", "skipped", "done")
_COLOURS = {"parked": "red", "held": "yellow", "sending": "cyan", "done": "green"}


@click.command("deliveries")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--flow", help="Only those of this flow.")
@click.option("--connection", help="Only those to this connection.")
@pass_invocation
def deliveries_command(
    invocation: Invocation, *, state: str | None, flow: str | None, connection: str | None
) -> None:
    """List the writes that are owed, under way or parked, and what each waits for.

    A delivery is held while its flow is in hold: it waits until a person approves it. With
    --state held each is shown with the record and what its fields would say.

    \b
    Examples:
      hub deliveries
      hub deliveries --state held --flow customers
      hub deliveries --json | jq length
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_look(invocation.settings, state, flow, connection))
    for one in found:
        invocation.say(_line(one))
        for line in lines_of(one.writes):
            invocation.say(f"          {visible(line)}")
    if len(found) == DELIVERIES_MAX:
        invocation.say(f"… these are the first {DELIVERIES_MAX:,}.")
    if state is None and any(one.is_held for one in found):
        invocation.say("hub deliveries --state held shows what each that is held would write.")
    if not found:
        invocation.say("Nothing is owed." if state is None else f"Nothing is {state}.")
    invocation.result(found)


async def _look(
    settings: Settings, state: str | None, flow: str | None, connection: str | None
) -> list[Shown]:
    async with opened(settings, "serve") as (_, db):
        found = await deliveries(db, state=state, flow=flow, connection=connection)
        held = [one for one in found if one.is_held] if state == "held" else []
        words = await wordings(settings, db, held)
    return [
        Shown(**msgspec.structs.asdict(one), writes=words.get(one.id, Wording())) for one in found
    ]


def _line(one: Shown) -> str:
    state = "held" if one.is_held else one.state
    shown = click.style(f"{state:8}", fg=_COLOURS.get(state))
    waits = f"  waits for {visible(one.waits_for)}" if one.waits_for else ""
    called = f"“{visible(one.writes.called)}”  " if one.writes.called else ""
    return f"{one.short}  {shown}  {visible(one.target):40}  {called}{one.flow}{waits}"
