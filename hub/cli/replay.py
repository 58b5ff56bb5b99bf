"""`hub replay`: make tables anew from the log, and look at the past."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.preview import preview_command
from hub.cli.progress import Progress
from hub.cli.record import RECORD
from hub.cli.visible import visible
from hub.console.moment import clock
from hub.errors import Refused
from hub.projectors import PROJECTORS
from hub.replay.as_of import AsOf, as_of
from hub.replay.rebuild import Rebuilt, rebuild

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hub.conclusions import Member
    from hub.projectors.projector import Projector

NEEDS_A_PERSON = 1
NAME_SHOWN_MAX, VALUE_SHOWN_MAX = 40, 60
"""Longer ones are cut for people; under --json they stand whole."""

_NAMES = [each.name for each in PROJECTORS]


@click.group()
def replay() -> None:
    """Make tables anew from the log, and see records as they were. Nothing here can write events.

    \b
    Examples:
      hub replay rebuild
      hub replay preview --flow customers
      hub replay as-of books.contacts/4600001 --at 2026-03-31T18:00
    """  # noqa: D301


@replay.command("rebuild")
@click.option("--projector", type=click.Choice(_NAMES), help="Only this one; else all of them.")
@pass_invocation
@click.pass_context
def rebuild_command(context: click.Context, invocation: Invocation, projector: str | None) -> None:
    """Rebuild tables from position 0.

    They are swapped in at the end. The hub goes on taking events in and serving the old tables;
    only at the end the projector rests for a moment. Ctrl-C leaves everything as it was. The exit
    code is 1 where a table came out other than it was: then something needs a person.

    \b
    Examples:
      hub replay rebuild
      hub replay rebuild --projector sync
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    wanted: list[Projector] = [each for each in PROJECTORS if projector in (None, each.name)]
    rebuilt = run(_rebuild(invocation, wanted))
    invocation.result(rebuilt)
    for each in rebuilt:
        _say(invocation, each)
    if differing := [table.name for each in rebuilt for table in each.tables if not table.is_same]:
        invocation.say(
            f"{', '.join(differing)}: what was there is not what the log says. Nothing is lost: "
            "the rebuilt tables serve now. Either somebody changed the old ones by hand, or a hub "
            "of another version made them, or there is a fault in the hub: rebuild once more, and "
            "if they differ again, report it; `hub log verify` tells whether the log is whole."
        )
        context.exit(NEEDS_A_PERSON)


async def _rebuild(invocation: Invocation, wanted: Sequence[Projector]) -> list[Rebuilt]:
    rebuilt = []
    async with opened(invocation.settings) as (database, _):
        for each in wanted:
            with Progress(f"rebuild {each.name}", 0) as progress:

                def told(done: int, total: int, progress: Progress = progress) -> None:
                    progress.total = total
                    progress.to(done)

                rebuilt.append(await rebuild(each, database, _archive(invocation), told=told))
    return rebuilt


def _say(invocation: Invocation, rebuilt: Rebuilt) -> None:
    rate = rebuilt.position / rebuilt.seconds if rebuilt.seconds else 0
    invocation.say(
        f"{rebuilt.projector}: {rebuilt.position:,} events in {rebuilt.seconds:.1f} s "
        f"({rate:,.0f}/s); the projector rested {rebuilt.paused_seconds:.2f} s"
    )
    for table in rebuilt.tables:
        verdict = "the same" if table.is_same else "DIFFERS"
        invocation.say(
            f"  {table.name:<14} {table.rows_before:>10,} -> {table.rows:>10,} rows   "
            f"{table.digest_before[:12]} -> {table.digest[:12]}   {verdict}"
        )


replay.add_command(preview_command)


@replay.command("as-of")
@click.argument("record", type=RECORD)
@click.option(
    "--at", "at", required=True, help="A time (ISO 8601; UTC unless it says) or #POSITION."
)
@pass_invocation
def as_of_command(invocation: Invocation, record: Member, at: str) -> None:
    """Show a record as it was known at a moment.

    What it was linked with is shown too.

    \b
    Examples:
      hub replay as-of crm.Accounts/42 --at 2026-03-31T18:00+02:00
      hub replay as-of crm.Accounts/42 --at '#120000'
    """  # noqa: D301
    moment = _moment(at)
    found = run(_as_of(invocation, record, moment))
    if not found.known:
        raise Refused(
            f"The log holds nothing of {_named(record)}. `hub log tail --connection "
            f"{visible(record.connection)}` shows what came from there."
        )
    if isinstance(moment, datetime) and moment > datetime.now(UTC):
        invocation.say(f"{clock(moment)} is yet to come; this is what is known now.")
    invocation.result(found)
    _show(invocation, found)


async def _as_of(invocation: Invocation, record: Member, at: datetime | int) -> AsOf:
    async with opened(invocation.settings) as (_, db):
        return await as_of(db, _archive(invocation), record, at)


def _archive(invocation: Invocation) -> Path:
    directory = invocation.settings.log.archive_directory
    assert directory is not None, "reading the settings fills it in"
    return directory


def _moment(text: str) -> datetime | int:
    position = text.removeprefix("#")
    if position.isascii() and position.isdigit():
        return int(position)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            f"--at: expected a time such as 2026-03-31T18:00+02:00 or a position such as #120000, "
            f"found {text!r}"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _show(invocation: Invocation, found: AsOf) -> None:
    record = found.record
    invocation.say(
        f"{_named(record)} after #{found.position}" + (", said to be deleted" if found.gone else "")
    )
    if not found.fields:
        invocation.say("  nothing was known of it")
    rows = [
        (_cut(name, NAME_SHOWN_MAX), _cut(bytes(field.value).decode(), VALUE_SHOWN_MAX), field)
        for name, field in found.fields.items()
    ]
    names = max((len(name) for name, *_ in rows), default=0)
    values = max((len(value) for _, value, _ in rows), default=0)
    for name, value, field in rows:
        said = f"#{field.position:<8} {clock(field.stamp)}"
        invocation.say(f"  {name:<{names}}  {value:<{values}}  {said}")
    for each in found.linked_with:
        if each.record != record.record or each.connection != record.connection:
            part = f" as {each.part}" if each.part else ""
            invocation.say(f"  linked with {_named(each)}{visible(part)}")
    if found.links_position < found.position:
        invocation.say(f"  its links are known up to #{found.links_position} only")
    for position in found.waiting:
        invocation.say(f"  #{position} waits for a person and is not applied")


def _named(record: Member) -> str:
    return visible(f"{record.connection}.{record.kind}/{record.record}")


def _cut(text: str, width: int) -> str:
    text = visible(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
