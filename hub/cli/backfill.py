"""`hub backfill`: the first sync of a flow, shown before it is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click
import msgspec

from hub.app import appending
from hub.cli.acting import BY, LOOK_SECONDS, SYNC, YES, agreed
from hub.cli.flow_name import FLOW
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.progress import Progress
from hub.cli.read_whole import read_whole
from hub.cli.visible import visible
from hub.console.standing import standings
from hub.errors import Refused
from hub.operate.backfill import hand_in, still_made
from hub.operate.in_force import the_sync
from hub.operate.read_again import partly_known
from hub.operate.review import pages
from hub.replay.plan import Plan, planned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.database import Database
    from hub.database.db import Db
    from hub.settings import Settings

AHEAD_EVENTS = 2_000
"""So far what is handed in may be ahead of what is judged."""


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What was planned, and how much of it was handed in to be done."""

    plan: Plan
    handed_in: int = 0


@click.command("backfill")
@click.argument("flow", type=FLOW)
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
@YES
@BY
@pass_invocation
def backfill_command(
    invocation: Invocation, *, flow: str, dry_run: bool, yes: bool, by: str
) -> None:
    """Link what was there before a FLOW began, after showing you what that comes to.

    Nothing is made or written before you say yes, and then behind all live work. Proposals and
    conflicts go to the inbox. Ended on the way, it is called again: what is done is no longer in
    the plan.

    \b
    Examples:
      hub backfill customers --dry-run
      hub backfill customers
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    done = run(_backfill(invocation, flow, by, dry_run=dry_run, yes=yes))
    invocation.result(done)


async def _backfill(
    invocation: Invocation, name: str, by: str, *, dry_run: bool, yes: bool
) -> Filled:
    await _read_in_full(invocation, name, by, dry_run=dry_run, yes=yes)
    plan = await _plan(invocation.settings, name)
    for line in lines(plan):
        invocation.say(visible(line))
    filled = Filled(plan=plan)
    if not plan.work:
        invocation.say("There is nothing to do.")
        return filled
    if dry_run or not agreed(invocation, "Is this to be done?", yes=yes):
        invocation.say("Nothing was done.")
        return filled
    async with opened(invocation.settings, "serve") as (database, db):
        flow, installed = await the_sync(db, name)
        if unmade := await still_made(db, flow):
            raise Refused(
                f"Another first sync is under way: {unmade}. What it makes is to be matched by "
                f"{name}. When `hub deliveries` shows none of it any more, run this again."
            )
        if not installed.decides:
            raise Refused(
                f"{name} is {installed.mode}, and decides nothing. First: hub flows start {name}"
            )
        handed_in = await _hand_in(database, db, plan, by)
    invocation.say(f"{handed_in:,} records are judged now. hub deliveries; hub inbox list")
    return msgspec.structs.replace(filled, handed_in=handed_in)


async def _read_in_full(
    invocation: Invocation, name: str, by: str, *, dry_run: bool, yes: bool
) -> None:
    """Have read what was only seen in lists: what it is matched by may be in the rest."""
    async with opened(invocation.settings, "serve") as (database, db):
        flow, _ = await the_sync(db, name)
        found = await partly_known(db, flow)
        total = sum(len(records) for *_, records in found)
        if not total:
            return
        question = f"{total:,} records were only seen in lists. Read them in full first?"
        if dry_run:
            invocation.say(f"{question} Without --dry-run this is asked.")
        elif agreed(invocation, question, yes=yes):
            await read_whole(database, db, found, by)


async def _plan(settings: Settings, name: str) -> Plan:
    async with opened(settings) as (database, db):
        flow, _ = await the_sync(db, name)
        total = 0
        async for _, _, records in pages(db, flow):
            total += len(records)
        # Another connection reads the pages: one is busy with what they take.
        async with database.connected("replay") as reader:
            with Progress(f"plan {name}", total) as progress:
                return await planned(db, flow, pages(reader, flow), progress.to)


async def _hand_in(database: Database, db: Db, plan: Plan, by: str) -> int:
    total = sum(len(records) for *_, records in plan.work)
    done = 0
    with Progress(f"backfill {plan.flow}", total) as progress:
        async with appending(database) as append:
            async for records, position in hand_in(append, db, plan.flow, plan.work, by):
                done += records
                progress.to(done)
                await _not_too_far_ahead(db, position)
    return done


async def _not_too_far_ahead(db: Db, position: int) -> None:
    """Wait for the projector, if anybody runs it."""
    while True:
        (found,) = await standings(db, [SYNC])
        if not found.holder or found.position + AHEAD_EVENTS >= position:
            return
        await asyncio.sleep(LOOK_SECONDS)


def lines(plan: Plan) -> list[str]:
    """Write a plan for a person."""
    told = [f"{plan.flow}: {plan.records:,} records, looked through as they are known"]
    told += _line("linked by a sure key", plan.linked, plan.examples.get("linked"))
    for kind, count in plan.made.items():
        told += _line(f"made as {kind}", count, None)
    told += _line("may be the same, to the inbox", plan.proposed, plan.examples.get("proposal"))
    told += _line("on one side only, to the inbox", plan.newcomers, plan.examples.get("newcomer"))
    told += _by_field("said otherwise by both, to the inbox", plan.conflicts)
    told += [f"    {each}" for each in plan.examples.get("conflict", ())]
    told += _by_field("written, where sides differ", plan.written)
    return told + [f"    {each}" for each in plan.examples.get("written", ())]


def _line(what: str, count: int, examples: list[str] | None) -> list[str]:
    if not count:
        return []
    return [f"  {count:7,}  {what}", *(f"    {each}" for each in examples or ())]


def _by_field(what: str, counts: Mapping[str, int]) -> list[str]:
    return [f"  {count:7,}  {what}: {field}" for field, count in sorted(counts.items())]
