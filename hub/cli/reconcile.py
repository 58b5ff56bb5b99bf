"""`hub reconcile`: do both sides say what is agreed, and if not, have it mended."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.cli.acting import BY, YES, acted, agreed, came_of
from hub.cli.after_restore import adopt
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.progress import Progress
from hub.cli.read_whole import read_whole
from hub.cli.visible import visible
from hub.flows.known import key_of
from hub.operate.in_force import the_sync
from hub.operate.read_again import mended
from hub.operate.review import pages
from hub.replay.reconcile import Reconciled, reconciled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Sync
    from hub.replay.tally import Count, Drift, Held

NEEDS_A_PERSON = 1
SHOWN_MAX = 20
NAMED_MAX = 5


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `mended` is where it stands in the log that it is to be mended."""

    found: Reconciled
    mended: int | None = None


@click.command("reconcile")
@click.argument("flow", required=False)
@click.option(
    "--after-restore", is_flag=True, help="Find what was made since the backup, by its marks."
)
@click.option("--read-again", is_flag=True, help="Have a running hub read every record first.")
@click.option("--mend", is_flag=True, help="Have what drifted judged and read again.")
@YES
@BY
@pass_invocation
@click.pass_context
def reconcile_command(
    context: click.Context,
    invocation: Invocation,
    *,
    flow: str | None,
    after_restore: bool,
    read_again: bool,
    mend: bool,
    yes: bool,
    by: str,
) -> None:
    """Hold both sides of a FLOW against what is agreed: counts, digests, sums of money, drift.

    So it does with companies, and with the people of each. A field of people is called
    people.email.

    Digests and sums are of records that are linked with somebody on the other side; those that
    are not are named apart. Without --read-again it goes by what is known, and calls no vendor.
    Drift is a word that is neither what is agreed nor the vendor's own way of saying that, and that
    nothing is about to settle. The exit code is 1 while there is any.

    With --after-restore it takes no FLOW. A log that was set back, or is worked on from another
    place than before, comes up with every connection in hold, for it has forgotten what was made
    meanwhile. All records that the installed flows can have made are read through at the vendors,
    and those that bear the hub's marks are taken for done; then the hold is taken off.

    \b
    Examples:
      hub reconcile customers
      hub reconcile customers --read-again
      hub reconcile customers --mend
      hub reconcile --after-restore
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if after_restore:
        adopt(invocation, by, yes=yes)
        return
    if flow is None:
        raise click.UsageError("Expected the name of a FLOW, or --after-restore.")
    done = run(_reconcile(invocation, flow, by, read_again=read_again, mend=mend, yes=yes))
    invocation.result(done)
    if done.found.drift and done.mended is None:
        context.exit(NEEDS_A_PERSON)


async def _reconcile(
    invocation: Invocation, name: str, by: str, *, read_again: bool, mend: bool, yes: bool
) -> Done:
    async with opened(invocation.settings, "serve") as (database, db):
        flow, _ = await the_sync(db, name)
        total = await _read_again(invocation, database, db, flow, by, yes=yes) if read_again else 0
        async with database.connected("replay") as reader:
            with Progress(f"reconcile {name}", total or None) as progress:
                found = await reconciled(db, flow, _own(reader, flow), progress.to)
        for line in lines(found):
            invocation.say(visible(line))
        done = Done(found=found)
        question = f"Have these {len(found.drift):,} judged and read again?"
        if not (mend and found.drift and agreed(invocation, question, yes=yes)):
            return done
        what = await acted(database, db, *_mended(name, found.drift, by))
    invocation.say(f"#{what.position}  {came_of(what)}")
    return msgspec.structs.replace(done, mended=what.position)


async def _read_again(
    invocation: Invocation, database: Database, db: Db, flow: Sync, by: str, *, yes: bool
) -> int:
    """Have all of it read, and wait for that; give how many records that were."""
    found = [page async for page in _own(db, flow)]
    total = sum(len(records) for *_, records in found)
    if not agreed(invocation, f"Read {total:,} records at the vendors?", yes=yes):
        return total
    return await read_whole(database, db, found, by)


async def _own(db: Db, flow: Sync) -> Any:
    """Go through the records of a flow, each once."""
    seen: set[tuple[str, str, str]] = set()
    async for connection, kind, records in pages(db, flow):
        if (connection, kind, records[0]) not in seen:
            seen.add((connection, kind, records[0]))
            yield connection, kind, records


def _mended(flow: str, drift: Sequence[Drift], by: str) -> list[Event]:
    keys = sorted({key_of(one.read) for one in drift})
    events: list[Event] = []
    for (connection, kind), group in groupby(keys, lambda key: key[:2]):
        events += mended(flow, connection, kind, [key[2] for key in group], by)
    return events


def lines(found: Reconciled) -> list[str]:
    kinds = max((len(one.kind) for one in found.sides), default=0)
    names = max((len(one.field) for one in found.fields), default=0)
    told = [line for one in found.sides for line in _side(one, kinds)]
    told += [_field(one, names) for one in found.fields]
    if found.pending:
        many = f"{found.pending:,} words differ and are"
        words = "1 word differs and is" if found.pending == 1 else many
        told.append(f"{words} being settled (hub deliveries)")
    for one in found.drift[:SHOWN_MAX]:
        told.append(f"drift  {one.record} {one.field}: {one.shown!r}, agreed {one.agreed!r}")
    if len(found.drift) > SHOWN_MAX:
        told.append(f"and {len(found.drift) - SHOWN_MAX:,} more")
    return [*told, f"{len(found.drift):,} drifted" if found.drift else "Nothing has drifted."]


def _side(one: Count, width: int) -> Iterator[str]:
    yield f"{one.kind:{width}}  {one.taking_part:8,} take part, {one.linked:,} linked"
    if one.alone:
        names = ", ".join(one.alone[:NAMED_MAX])
        more = f" and {len(one.alone) - NAMED_MAX:,} more" if len(one.alone) > NAMED_MAX else ""
        said = f"{len(one.alone):,} linked with nobody there, and held against none"
        yield f"  {said}: {names}{more}"


def _field(one: Held, width: int) -> str:
    verdict = "the same" if one.is_same else "differs"
    digests = ", ".join(f"{side} {digest}" for side, digest in one.digests.items())
    sums = "; ".join(
        f"{side} {', '.join(f'{total} {unit}'.strip() for unit, total in totals.items())}"
        for side, totals in one.sums.items()
    )
    return f"  {one.field:{width}} {verdict:8}  {digests}" + (f"  {sums}" if sums else "")
