"""`hub approve`: let go what a flow in hold owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.acting import BY, SYNC, YES, acted, agreed, came_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.visible import visible
from hub.cli.wording import Wording, lines_of, wordings
from hub.console.deliveries import deliveries
from hub.console.standing import standings
from hub.errors import Refused
from hub.operate.answer import approve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.console.deliveries import Delivery

SHOWN_MAX = 20


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """What was let go, and where that stands in the log; nothing of it where nobody said yes."""

    deliveries: list[str]
    position: int | None = None
    applied: bool = False


@click.command("approve")
@click.argument("wanted", nargs=-1, metavar="[DELIVERY]...")
@click.option("--flow", help="Those that this flow owes.")
@click.option("--all", "everything", is_flag=True, help="All that the flow owes now.")
@YES
@BY
@pass_invocation
def approve_command(
    invocation: Invocation,
    *,
    wanted: Sequence[str],
    flow: str | None,
    everything: bool,
    yes: bool,
    by: str,
) -> None:
    """Let deliveries go that wait for a person because their flow is in hold.

    `hub deliveries --state held` names them; of an id, as much is enough as no other begins with.
    Each is shown with the record and what its fields would say; what a record says now stands
    before it. Then it is asked whether it is to go, of each by itself; with --flow and --all, of
    all together. --yes says yes beforehand. What has changed since it was shown is not let go.

    \b
    Examples:
      hub approve 5d9c02aa 77d0e1b2
      hub approve 5d9c02aa --yes
      hub approve --flow customers
      hub approve --flow customers --all --yes
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if bool(wanted) == (flow is not None) or (everything and flow is None):
        raise click.UsageError(
            "Expected deliveries by their ids, or --flow FLOW, with or without --all."
        )
    if yes and flow is not None and not everything:
        raise click.UsageError(
            "Expected --all together with --flow and --yes: without --all they are asked for one "
            "by one."
        )
    done = run(_approve(invocation, wanted, flow, by, everything=everything, yes=yes))
    if done.position is None:
        invocation.say("Nothing was approved.")
    else:
        invocation.say(f"#{done.position}  {len(done.deliveries)} approved, says {by}.")
    invocation.result(done)


async def _approve(
    invocation: Invocation,
    wanted: Sequence[str],
    flow: str | None,
    by: str,
    *,
    everything: bool,
    yes: bool,
) -> Approved:
    async with opened(invocation.settings, "serve") as (database, db):
        (shown_at,) = await standings(db, [SYNC])
        held = await deliveries(db, state="held", flow=flow)
        if wanted:
            named = _chosen(held, wanted)
            words = await wordings(invocation.settings, db, named)
            chosen = [one for one in named if _is_agreed(invocation, one, words, yes=yes)]
        else:
            shown = held[:SHOWN_MAX] if everything else held
            words = await wordings(invocation.settings, db, shown)
            chosen = _asked(invocation, held, words, everything=everything, yes=yes)
        if not chosen:
            return Approved(deliveries=[])
        ids = [one.id for one in chosen]
        done = await acted(database, db, approve(ids, by, shown_at.position))
        wait = await deliveries(db, state="held", ids=ids) if done.applied else []
    invocation.say(came_of(done))
    for one in wait:
        invocation.say(f"{one.short}  waits on: it has changed since it was shown. See it again.")
    let_go = [str(one) for one in ids if one not in {each.id for each in wait}]
    return Approved(deliveries=let_go, position=done.position, applied=done.applied)


def _chosen(held: Sequence[Delivery], wanted: Sequence[str]) -> list[Delivery]:
    found = []
    for begins in wanted:
        alike = [one for one in held if str(one.id).startswith(begins.lower())]
        if len(alike) != 1:
            known = ", ".join(one.short for one in held[:5]) or "nothing"
            many = "several deliveries that wait" if alike else "no delivery that waits"
            raise Refused(f"{begins} names {many} for approval. There wait: {known}.")
        found += alike
    return found


def _asked(
    invocation: Invocation,
    held: Sequence[Delivery],
    words: Mapping[UUID, Wording],
    *,
    everything: bool,
    yes: bool,
) -> list[Delivery]:
    if not everything:
        return [one for one in held if _is_agreed(invocation, one, words, beforehand="--all --yes")]
    for line in _lines(held[:SHOWN_MAX], words):
        invocation.say(line)
    if len(held) > SHOWN_MAX:
        invocation.say(f"and {len(held) - SHOWN_MAX:,} more")
    is_wanted = bool(held) and agreed(invocation, f"Let all {len(held):,} go?", yes=yes)
    return list(held) if is_wanted else []


def _is_agreed(
    invocation: Invocation,
    one: Delivery,
    words: Mapping[UUID, Wording],
    *,
    yes: bool = False,
    beforehand: str = "--yes",
) -> bool:
    for line in _lines([one], words):
        invocation.say(line)
    return agreed(invocation, "Let it go?", yes=yes, beforehand=beforehand)


def _lines(some: Sequence[Delivery], words: Mapping[UUID, Wording]) -> Iterator[str]:
    for one in some:
        wording = words.get(one.id, Wording())
        called = f"  “{visible(wording.called)}”" if wording.called else ""
        yield f"{one.short}  {visible(one.target)}{called}  {one.flow}"
        yield from (f"          {visible(line)}" for line in lines_of(wording))
