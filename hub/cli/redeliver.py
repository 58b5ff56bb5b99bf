"""`hub redeliver`: for a vendor that lost data, what was written is written again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.acting import BY, YES, acted, agreed, came_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.read_whole import read_whole
from hub.cli.visible import visible
from hub.operate.in_force import the_flow
from hub.operate.redeliver import Done, done_since, redelivered

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN_MAX = 20


class Redone(msgspec.Struct, frozen=True, kw_only=True):
    """`position` is None where nobody said yes."""

    flow: str
    done: list[Done]
    position: int | None = None


@click.command("redeliver")
@click.option("--flow", required=True, help="Whose writes are to be done again.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    required=True,
    help="Only what was written since then, in UTC.",
)
@click.option(
    "--read-again", is_flag=True, help="Have a running hub read all of these first, to know."
)
@YES
@BY
@pass_invocation
def redeliver_command(
    invocation: Invocation, *, flow: str, since: datetime, read_again: bool, yes: bool, by: str
) -> None:
    """Write again what a FLOW has written since a moment, for a vendor that lost it.

    What it made and is gone is made again under the same mark, so that there is never a second
    one; what is there is told again what was agreed. Without --read-again it goes by what is
    known, and what a vendor lost in silence is taken to be there.

    \b
    Examples:
      hub redeliver --flow customers --since 2026-03-01
      hub redeliver --flow invoice_from_won_deal --since 2026-03-01 --read-again
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    moment = since.replace(tzinfo=UTC)
    invocation.result(run(_redeliver(invocation, flow, moment, by, read_again=read_again, yes=yes)))


async def _redeliver(
    invocation: Invocation, flow: str, since: datetime, by: str, *, read_again: bool, yes: bool
) -> Redone:
    async with opened(invocation.settings, "serve") as (database, db):
        await the_flow(db, flow)
        if read_again:
            await read_whole(database, db, _pages(await done_since(db, flow, since)), by)
        found = [
            one
            for one in await done_since(db, flow, since)
            if one.is_made_again or one.is_told_again
        ]
        _show(invocation, found)
        if found and not read_again:
            invocation.say("This goes by what is known: --read-again has it read first.")
        redone = Redone(flow=flow, done=found)
        if not found or not agreed(invocation, f"Write these {len(found):,} again?", yes=yes):
            return redone
        done = await acted(database, db, redelivered(found, by))
    invocation.say(f"#{done.position}  {came_of(done)}")
    return msgspec.structs.replace(redone, position=done.position)


def _pages(done: Sequence[Done]) -> list[tuple[str, str, list[str]]]:
    """Give the records that were written, by their kinds."""
    kinds = sorted({(one.connection, one.kind) for one in done})
    return [
        (*kind, sorted({one.record for one in done if (one.connection, one.kind) == kind}))
        for kind in kinds
    ]


def _show(invocation: Invocation, found: list[Done]) -> None:
    for one in found[:SHOWN_MAX]:
        what = "made again" if one.is_made_again else "told again"
        invocation.say(visible(f"{one.connection}.{one.kind}/{one.record}  {what}"))
    if len(found) > SHOWN_MAX:
        invocation.say(f"and {len(found) - SHOWN_MAX:,} more")
    if not found:
        invocation.say("Nothing was written since then.")
