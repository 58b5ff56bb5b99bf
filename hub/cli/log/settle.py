"""`hub log parked` and `unpark`: what waits for a person, and the person's word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click
import msgspec

from hub.app import appending
from hub.cli.acting import BY, applied
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.position import POSITION
from hub.cli.visible import visible
from hub.console.parked import waiting
from hub.errors import Refused
from hub.events import Unparked, event_of
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.console.parked import Waiting
    from hub.database.db import Db
    from hub.settings import Settings


@click.command()
@pass_invocation
def parked(invocation: Invocation) -> None:
    """List what could not be applied.

    Those that wait behind such an event are listed too.

    \b
    Examples:
      hub log parked
      hub log parked --json
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_parked(invocation.settings))
    for each in found:
        reason = visible(each.reason or "waits behind an earlier event of its record")
        position = click.style(f"#{each.position:<8}", bold=each.reason is not None)
        invocation.say(f"{each.projector:10}  {position}  {visible(each.subject):32}  {reason}")
    if not found:
        invocation.say("Nothing is parked.")
    invocation.result(found)


async def _parked(settings: Settings) -> Sequence[Waiting]:
    async with opened(settings) as (_, db):
        return await waiting(db)


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What was said, where it stands in the log, and what came of it."""

    event: int
    act: str
    position: int
    applied: bool
    parked_again: str | None


@click.command()
@click.argument("position", type=POSITION)
@click.option(
    "--projector",
    type=click.Choice([one.name for one in PROJECTORS]),
    default="sync",
    show_default=True,
    help="Where it is parked.",
)
@click.option("--retry", "act", flag_value="retry", help="Apply it now.")
@click.option("--skip", "act", flag_value="skip", help="Leave it out for good.")
@BY
@pass_invocation
def unpark(
    invocation: Invocation, *, position: int, projector: str, act: str | None, by: str
) -> None:
    """Try a parked event again, or skip it.

    What waits behind it is applied after it, up to the next that fails. Your word is an event of
    the log itself, under your name.

    \b
    Examples:
      hub log unpark 12 --retry
      hub log unpark 12 --skip --by alice
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if act not in ("retry", "skip"):
        raise click.UsageError("Expected either --retry or --skip.")
    word: Literal["retry", "skip"] = "retry" if act == "retry" else "skip"
    what = Unparked(projector=projector, event=position, act=word)
    settled = run(_unpark(invocation.settings, what, by))
    invocation.say(f"#{settled.position}  #{position} is to be {_PAST[word]}, says {by}.")
    invocation.say(_came_of(settled, projector))
    invocation.result(settled)


_PAST = {"retry": "tried again", "skip": "skipped"}


async def _unpark(settings: Settings, what: Unparked, by: str) -> Settled:
    async with opened(settings) as (database, db):
        await _must_wait(db, what)
        async with appending(database) as append:
            event = event_of(what, cause=what.event, origin=f"operator:{by}")
            (position,) = await append(event)
        is_applied = await applied(db, what.projector, position)
        again = [
            one
            for one in await waiting(db)
            if (one.projector, one.position) == (what.projector, what.event)
        ]
    return Settled(
        event=what.event,
        act=what.act,
        position=position,
        applied=is_applied,
        parked_again=again[0].reason if is_applied and again else None,
    )


async def _must_wait(db: Db, what: Unparked) -> None:
    here = [one.position for one in await waiting(db) if one.projector == what.projector]
    if what.event not in here:
        parked_ones = ", ".join(f"#{each}" for each in here[:5]) or "nothing"
        raise Refused(
            f"#{what.event} is not parked at {what.projector}. Parked there: {parked_ones}."
        )


def _came_of(settled: Settled, projector: str) -> str:
    if not settled.applied:
        return f"{projector} has not come so far yet; a running hub moves it on."
    if settled.parked_again:
        return f"It was parked again: {visible(settled.parked_again)}"
    return "Done."
