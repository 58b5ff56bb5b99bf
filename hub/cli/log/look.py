"""`hub log tail`, `show`, `timeline` and `export`: the log for reading."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.log.keep import archive_directory
from hub.cli.log.lines import envelope, json_line, line, pretty
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.position import EVENT, POSITION
from hub.cli.progress import Progress
from hub.cli.record import RECORD
from hub.cli.visible import visible
from hub.console.moment import clock
from hub.console.parked import waiting
from hub.database import statement
from hub.errors import Refused
from hub.log.find import POSITION_MAX, Wanted, at_position, latest, with_id
from hub.log.follow import Wake, follow, hear
from hub.log.history import history, of_record
from hub.log.read import by_cause, by_record, head
from hub.projectors.report.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from uuid import UUID

    from hub.conclusions import Member
    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.settings import Settings

PAGE_EVENTS = 500


@click.command()
@click.option(
    "-n",
    "events_max",
    type=click.IntRange(0, 100_000),
    default=20,
    show_default=True,
    metavar="N",
    help="How many events to begin with.",
)
@click.option("--follow", "follows", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--connection", help="Only events of this connection.")
@click.option("--kind", help="Only records of this kind.")
@click.option("--type", "type_", help="Only events of this type, like observed or parked.")
@click.option("--record", type=RECORD, help="Only this record, as connection.kind/id.")
@pass_invocation
def tail(
    invocation: Invocation,
    *,
    events_max: int,
    follows: bool,
    connection: str | None,
    kind: str | None,
    type_: str | None,
    record: Member | None,
) -> None:
    """Print the last events, or follow them.

    With --follow it goes on with those that come. With --json it is a list; with --follow one JSON
    object per line.

    \b
    Examples:
      hub log tail -n 5
      hub log tail --follow --connection books --kind contacts
      hub log tail --record books.contacts/4600
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if record is not None and (connection is not None or kind is not None):
        raise click.UsageError("--record names the connection and the kind already.")
    wanted = (
        Wanted(connection=connection, kind=kind, type=type_)
        if record is None
        else msgspec.structs.replace(_about(record), type=type_)
    )
    run(_tail(invocation, wanted, events_max, follows=follows))


async def _tail(invocation: Invocation, wanted: Wanted, events_max: int, *, follows: bool) -> None:
    async with opened(invocation.settings) as (database, db):
        after = await head(db)
        events = await latest(db, wanted, events_max, after + 1) if events_max else []
        if not follows:
            for event in events:
                invocation.say(line(event))
            invocation.result([envelope(event) for event in events])
            return
        for event in events:
            _print(invocation, event)
        with suppress(asyncio.CancelledError):  # Ctrl-C is how following ends
            await _follow(invocation, database, wanted, after)


async def _follow(invocation: Invocation, database: Database, wanted: Wanted, after: int) -> None:
    wake = Wake()
    session = database.session("replay")
    hearing = asyncio.create_task(hear(database, wake))
    try:
        async for events in follow(session, wake, after, PAGE_EVENTS):
            for event in filter(wanted.takes, events):
                _print(invocation, event)
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await session.close()


def _print(invocation: Invocation, event: Event) -> None:
    invocation.say(line(event))
    if invocation.json:
        click.echo(json_line(event))


@click.command()
@click.argument("which", type=EVENT, metavar="POSITION|ID")
@pass_invocation
def show(invocation: Invocation, *, which: int | UUID) -> None:
    """Print one event whole.

    That is its envelope, its data, what caused it and what it led to.

    \b
    Examples:
      hub log show 12
      hub log show 01934b7e-8a2c-7def-8000-3c1f2a9b7d11 --json
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    event, cause, led_to = run(_found(invocation.settings, which))
    for each in _whole(event, cause, led_to):
        invocation.say(each)
    invocation.result(
        {
            "event": envelope(event),
            "caused_by": None if cause is None else envelope(cause),
            "led_to": [envelope(each) for each in led_to],
        }
    )


async def _found(settings: Settings, which: int | UUID) -> tuple[Event, Event | None, list[Event]]:
    async with opened(settings) as (_, db):
        archive = archive_directory(settings)
        if isinstance(which, int):
            await _must_be_in_log(db, which)
            event = await at_position(db, archive, which)
        else:
            event = await with_id(db, archive, which)
        if event is None:
            raise Refused(f"The log holds no event {which}.")
        cause = None if event.cause is None else await at_position(db, archive, event.cause)
        return event, cause, await by_cause(db, event.position)


def _whole(event: Event, cause: Event | None, led_to: list[Event]) -> list[str]:
    said = {
        name: value
        for name, value in envelope(event).items()
        if value is not None and name not in ("data", "position", "type")
    }
    title = visible(f"#{event.position}  {event.type}  {event.subject}")
    lines = [click.style(title, bold=True)]
    lines += [f"  {name:12} {_value(value)}" for name, value in said.items()]
    lines += [click.style("data", bold=True)]
    lines += ["  (sealed)"] if event.seal else _indented(pretty(event.data))
    if cause is not None:
        lines += [click.style("caused by", bold=True), f"  {line(cause)}"]
    if led_to:
        lines += [click.style("led to", bold=True), *(f"  {line(each)}" for each in led_to)]
    return lines


def _value(value: object) -> str:
    return clock(value) if isinstance(value, datetime) else visible(str(value))


def _indented(text: str) -> list[str]:
    return [f"  {visible(each)}" for each in text.split("\n")]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline: an event, and the records it is about."""

    position: int
    recorded_at: datetime
    occurred_at: datetime | None
    type: str
    records: list[str]
    first: bool
    older: bool
    changed: list[str]
    road: str | None
    origin: str | None


@click.command()
@click.argument("record", type=RECORD)
@pass_invocation
def timeline(invocation: Invocation, *, record: Member) -> None:
    """Print what happened to a record.

    What happened to the records it is linked with is among it. It stands in the order in which the
    hub came to know it. "Older than known" is what bears an earlier time than something that came
    before it.

    \b
    Examples:
      hub log timeline books.contacts/4600
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    lines = run(_timeline(invocation.settings, record))
    width = max(len(visible(each.records[0])) for each in lines)
    for each in lines:
        invocation.say(_written(each, width))
    invocation.result(lines)


async def _timeline(settings: Settings, record: Member) -> list[Line]:
    async with opened(settings) as (_, db):
        rows = await db.fetch(statement("console/timeline.sql"), *_key(record))
        if not rows:
            raise await _nothing_there(db, record)
    lines: dict[int, Line] = {}
    for row in rows:
        line_ = lines.setdefault(row["position"], _line_of(row))
        line_.records.append(f"{row['connection']}.{row['kind']}/{row['record']}")
    return list(lines.values())


async def _nothing_there(db: Db, record: Member) -> Refused:
    """Say why a record has no line: it is not known, its events wait, or nobody has come to it."""
    subject, key = _subject(record), _key(record)
    known = [event.position for event in await by_record(db, *key)]
    if not known:
        return Refused(
            f"Nothing is known of {subject}. `hub log tail --connection {record.connection}` shows "
            "what came from there."
        )
    for one in await waiting(db):
        if one.projector == Timeline.name and one.position in known:
            why = f" ({visible(one.reason)})" if one.reason else ""
            return Refused(
                f"What is known of {subject} is parked: #{one.position} could not be applied{why}. "
                "`hub log unpark --help` tells how it is settled."
            )
    return Refused(f"The timeline has not come to {subject} yet; a running hub moves it on.")


def _line_of(row: Any) -> Line:
    return Line(
        position=row["position"],
        recorded_at=row["recorded_at"],
        occurred_at=row["occurred_at"],
        type=row["type"],
        records=[],
        first=row["first"],
        older=row["older"],
        changed=row["changed"],
        road=row["road"],
        origin=row["origin"],
    )


def _written(each: Line, width: int) -> str:
    when = click.style(clock(each.recorded_at), dim=True)
    what = "first seen" if each.first else ", ".join(each.changed) or each.type
    if each.older:
        what = f"older than known: {what}"
    first, *others = map(visible, each.records)
    beside = f" with {', '.join(others)}" if others else ""
    by = click.style(f"  by {visible(each.origin)}" if each.origin else "", dim=True)
    return f"#{each.position:<8}  {when}  {first:{width}}  {visible(what)}{beside}{by}"


@click.command()
@click.option("--from", "first", type=POSITION, default=1, help="The first event to print.")
@click.option("--to", "last", type=POSITION, help="The last event to print.")
@click.option("--record", type=RECORD, help="Only this record, as connection.kind/id.")
@pass_invocation
def export(invocation: Invocation, *, first: int, last: int | None, record: Member | None) -> None:
    """Print events as lines of JSON.

    Archived ones are among them. Data that is sealed is printed in base64; everything else stays as
    the system sent it.

    \b
    Examples:
      hub log export > log.jsonl
      hub log export --from 1000 --to 2000 | jq -c .data
      hub log export --record books.contacts/4600
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if last is not None and last < first:
        raise click.UsageError(f"--to {last} is before --from {first}.")
    run(_export(invocation.settings, first, last, record))


async def _export(settings: Settings, first: int, last: int | None, record: Member | None) -> None:
    out = sys.stdout.buffer
    async with opened(settings) as (_, db):
        until = min(last or POSITION_MAX, await head(db))
        with Progress("export", None if sys.stdout.isatty() else until - first + 1) as progress:
            async for events in _chosen(db, archive_directory(settings), first, until, record):
                out.writelines(json_line(event) + b"\n" for event in events)
                if events:
                    progress.to(events[-1].position - first + 1)
    out.flush()


async def _chosen(
    db: Db, archive: Path, first: int, until: int, record: Member | None
) -> AsyncIterator[list[Event]]:
    """Give pages of the events asked for; those of one record are looked up where they can be."""
    if record is None:
        async for events in history(db, archive, first - 1, until=until):
            yield events
        return
    found = await of_record(db, archive, *_key(record))
    yield [event for event in found if first <= event.position <= until]


async def _must_be_in_log(db: Db, position: int) -> None:
    last = await head(db)
    if position > last:
        raise Refused(
            f"The log ends at #{last}; there is no #{position} yet."
            if last
            else "The log is empty."
        )


def _about(record: Member) -> Wanted:
    return Wanted(connection=record.connection, kind=record.kind, record=record.record)


def _key(record: Member) -> tuple[str, str, str]:
    return record.connection, record.kind, record.record


def _subject(record: Member) -> str:
    return visible(f"{record.connection}.{record.kind}/{record.record}")
