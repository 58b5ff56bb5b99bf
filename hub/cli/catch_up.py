"""`hub catch-up`: older work is offered to a flow, listed, and taken up when a person says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.acting import BY, YES, acted, agreed, came_of
from hub.cli.flow_name import FLOW
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.progress import Progress
from hub.cli.visible import visible
from hub.console.moment import clock
from hub.errors import Refused
from hub.events import Reviewed
from hub.flows.flow import Once
from hub.operate.act import act
from hub.operate.in_force import the_flow
from hub.operate.review import PAGE_RECORDS, of_kind
from hub.replay.offered import Offered, offered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.events import Event


class CaughtUp(msgspec.Struct, frozen=True, kw_only=True):
    """What was offered; `position` is where it stands in the log that it was taken up."""

    flow: str
    offered: list[Offered]
    position: int | None = None


@click.command("catch-up")
@click.argument("flow", type=FLOW)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    required=True,
    help="Only what was last changed since then, in UTC.",
)
@click.option("--only", multiple=True, metavar="ID", help="Only these records, by their ids.")
@YES
@BY
@pass_invocation
def catch_up_command(
    invocation: Invocation,
    *,
    flow: str,
    since: datetime,
    only: Sequence[str],
    yes: bool,
    by: str,
) -> None:
    """Offer a FLOW what was so before it began: a first sight is no change, so it was left alone.

    What you take up goes the way of everything else: it is to stay so, is read again, and waits
    for approval where the flow is in hold.

    \b
    Examples:
      hub catch-up invoice_from_won_deal --since 2026-03-01
      hub catch-up invoice_from_won_deal --since 2026-03-01 --only 5550002000000000357
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    moment = since.replace(tzinfo=UTC)
    invocation.result(run(_catch_up(invocation, flow, moment, set(only), by, yes=yes)))


async def _catch_up(
    invocation: Invocation, name: str, since: datetime, only: set[str], by: str, *, yes: bool
) -> CaughtUp:
    async with opened(invocation.settings, "serve") as (database, db):
        installed = await the_flow(db, name)
        flow = installed.flow
        if not isinstance(flow, Once):
            raise Refused(f"{name} does nothing once; hub backfill is for flows that keep in step.")
        source = flow.source
        async with database.connected("replay") as reader:
            with Progress(f"catch up {name}", None) as progress:
                pages = of_kind(reader, source.connection, source.kind)
                found = await offered(db, flow, since, pages, progress.to)
        found = [one for one in found if not only or one.record in only]
        for one in found:
            at = clock(one.at) if one.at else ""
            invocation.say(
                visible(f"{source.connection}.{source.kind}/{one.record}  {at}  {one.called}")
            )
        caught = CaughtUp(flow=name, offered=found)
        if not found:
            invocation.say("There is nothing that was left alone.")
            return caught
        if not agreed(invocation, f"Have {name} take these {len(found):,} up?", yes=yes):
            return caught
        if not installed.decides:
            raise Refused(
                f"{name} is {installed.mode}, and decides nothing. First: hub flows start {name}"
            )
        done = await acted(database, db, *_taken_up(flow, found, by))
    invocation.say(f"#{done.position}  {came_of(done)}")
    return msgspec.structs.replace(caught, position=done.position)


def _taken_up(flow: Once, found: Sequence[Offered], by: str) -> list[Event]:
    source = flow.source
    about = {"connection": source.connection, "kind": source.kind, "flow": flow.name}
    ids = [one.record for one in found]
    return [
        act(Reviewed(flow=flow.name, records=ids[first : first + PAGE_RECORDS]), by, **about)
        for first in range(0, len(ids), PAGE_RECORDS)
    ]
