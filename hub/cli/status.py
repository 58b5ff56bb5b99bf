"""`hub status`: how the database, the log and the projectors stand, and what waits for a person."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.standing import WAITS, FlowStanding, Stopped, flow_standings, stops
from hub.cli.visible import visible
from hub.console.moment import clock
from hub.console.parked import Waiting, waiting
from hub.console.roads import RoadStanding, Trouble, road_standings, troubles
from hub.console.standing import Standing, standings
from hub.database import open_database, statement
from hub.database.migrate import pending
from hub.database.place import place
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.database.db import Db
    from hub.settings import Settings

PARKED_SHOWN_MAX = 20
NEEDS_A_PERSON = 1


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """How far the log has come, and where it is kept."""

    head: int
    recorded_at: str | None
    partitions: int
    partitioned_to: int
    archives: int
    archived_to: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """All that `hub status` tells; `log` is None before the first migration."""

    database: str
    postgres: str
    schema: str
    migrations_pending: list[str]
    log: Log | None = None
    projectors: list[Standing] = []
    parked: list[Waiting] = []
    duplicates: int = 0
    roads: list[RoadStanding] = []
    troubles: list[Trouble] = []
    stops: list[Stopped] = []
    flows: list[FlowStanding] = []
    inbox: dict[str, int] = {}
    """How many wait for a person, by reason."""

    @property
    def needs_a_person(self) -> bool:
        cut = any(one.is_ahead for one in self.projectors)
        silent = any(road.silent for road in self.roads)
        dead = any(trouble.dead for trouble in self.troubles)
        held = any(stop.restored for stop in self.stops)
        return bool(self.migrations_pending or self.parked or cut or silent or dead or held)


@click.command()
@pass_invocation
@click.pass_context
def status(context: click.Context, invocation: Invocation) -> None:
    """Tell how the hub is: its database, log, flows and roads, and what waits for a person.

    It looks at the database, so it works whether or not a hub runs. The exit code is 1 when
    something needs a person: events that are parked, a road that fell silent, a connection that is
    no longer let in, or held after a restore, a log that was cut, or migrations to be applied.

    \b
    Examples:
      hub status
      hub status --json | jq .projectors
      hub status > /dev/null || mail -s 'the hub needs you' ops < /dev/null
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = run(_look(invocation.settings))
    for line in _lines(found):
        invocation.say(line)
    invocation.result(found)
    if found.needs_a_person:
        context.exit(NEEDS_A_PERSON)


async def _look(settings: Settings) -> Status:
    async with open_database(settings, os.environ) as database:
        todo = await pending(database)
        async with database.connected("owner") as db:
            version = db.get_server_version()
            about = Status(
                database=place(settings),
                postgres=f"{version.major}.{version.minor}",
                schema=database.schema,
                migrations_pending=todo,
            )
            if await db.fetchval("select to_regclass('duplicates')") is None:
                return about
            return msgspec.structs.replace(
                about,
                log=await _log(db),
                projectors=await standings(db, (one.name for one in PROJECTORS)),
                parked=list(await waiting(db)),
                duplicates=await db.fetchval("select count(*) from duplicates"),
                # Before all is applied, tables may be missing.
                roads=[] if todo else await road_standings(db),
                troubles=[] if todo else await troubles(db),
                stops=[] if todo else await stops(db),
                flows=[] if todo else await flow_standings(db),
                inbox={} if todo else dict(await db.fetch(statement("cli/inbox_counts.sql"))),
            )


async def _log(db: Db) -> Log:
    row = await db.fetchrow(statement("cli/status.sql"))
    recorded_at = row["recorded_at"]
    return Log(
        head=row["head"],
        recorded_at=None if recorded_at is None else recorded_at.isoformat(),
        partitions=row["partitions"],
        partitioned_to=row["partitioned_to"],
        archives=row["archives"],
        archived_to=row["archived_to"],
    )


def _lines(found: Status) -> list[str]:
    """Tell it to a person; what needs them is coloured."""
    todo = ", ".join(found.migrations_pending)
    lines = [
        _line("database", f"Postgres {found.postgres}, {found.database}, schema {found.schema}"),
        _line(
            "migrations",
            f"{todo} to be applied: hub migrate" if todo else "all applied",
            "red" if todo else None,
        ),
    ]
    if found.log is not None:
        lines += [_line("log", each) for each in _about_log(found.log)]
        lines += _about_projectors(found.projectors)
        lines += [_about_flow(flow) for flow in found.flows]
        lines += _about_inbox(found.inbox)
        lines += [_about(trouble) for trouble in found.troubles]
        lines += [_line(one.word, visible(one.sentence), one.colour) for one in found.stops]
        lines += _about_roads(found.roads)
        lines += _about_parked(found.parked)
    if found.duplicates:
        lines.append(
            _line("duplicates", f"{found.duplicates:,} claims to a place that is taken", "magenta")
        )
    return lines


def _about_log(log: Log) -> list[str]:
    at = clock(datetime.fromisoformat(log.recorded_at)) if log.recorded_at else ""
    head = f"#{log.head:,}, recorded {at}" if log.head else "empty"
    plural = "" if log.partitions == 1 else "s"
    kept = f"{log.partitions} partition{plural}, up to #{log.partitioned_to - 1:,}"
    gone = (
        f"{log.archives} archived, up to #{log.archived_to:,}" if log.archives else "none archived"
    )
    return [head, f"{kept}; {gone}"]


def _about_projectors(found: list[Standing]) -> list[str]:
    lines = []
    for one in found:
        behind = f"{one.lag_events:,} events, {one.lag_seconds:.1f} s behind"
        by = f"run by {one.holder}" if one.holder else "run by nobody"
        if one.is_ahead:
            behind = f"{-one.lag_events:,} events ahead: the end of the log was cut off"
        late = "red" if one.is_ahead else "yellow" if one.lag_events and not one.holder else None
        text = f"{one.projector:10} #{one.position:<12,} {behind}, {one.parked} parked, {by}"
        lines.append(_line("projector", text, late))
    return lines


def _about(trouble: Trouble) -> str:
    name = trouble.connection
    if trouble.dead:
        text = f"{name} is no longer let in ({trouble.dead}): hub connect {name}"
        return _line("connection", text, "red")
    assert trouble.until is not None
    text = (
        f"{name} is left alone until {clock(trouble.until)} ({trouble.why}); it goes on by itself"
    )
    return _line("connection", text, "yellow")


def _about_flow(one: FlowStanding) -> str:
    since = f", decides since {clock(one.started_at)}" if one.started_at else ""
    colour = "yellow" if one.mode in WAITS else None
    return _line("flow", f"{one.flow:30} {one.mode}{since}", colour)


def _about_inbox(waiting: Mapping[str, int]) -> list[str]:
    if not waiting:
        return []
    each = ", ".join(f"{count:,} {reason}" for reason, count in waiting.items())
    return [
        _line(
            "inbox", f"{sum(waiting.values()):,} wait for a person ({each}): hub inbox", "magenta"
        )
    ]


def _about_roads(found: list[RoadStanding]) -> list[str]:
    """Tell of each kind of each connection on a line, and of what is silent on lines of its own."""
    lines = []
    for (connection, kind), group in groupby(found, lambda one: (one.connection, one.kind)):
        roads = list(group)
        waiting = sum(one.waiting for one in roads)
        told = [_road(one) for one in roads] + [f"{waiting:,} to be read"] * bool(waiting)
        lines.append(_line("road", f"{f'{connection}.{kind}':30} {'; '.join(told)}"))
        lines += [
            _line("", f"{one.road} is silent. {one.silent}", "red") for one in roads if one.silent
        ]
    return lines


def _road(one: RoadStanding) -> str:
    if not one.done:
        return f"{one.road} under way, {one.records:,} so far"
    if one.road == "first":
        return f"first {one.records:,}"
    ago = f"{_long(one.seen_seconds_ago)} ago" if one.seen_seconds_ago is not None else "never"
    again = one.next_in_seconds
    return f"{one.road} {ago}" + (f", again in {_long(again)}" if again and again > 0 else "")


def _long(seconds: float) -> str:
    """Say how long something is, in the unit that fits."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def _about_parked(parked: list[Waiting]) -> list[str]:
    lines = [
        _line(
            "parked",
            f"#{one.position:,} {visible(one.subject)} at {one.projector}: "
            f"{one.reason or 'waits behind an earlier event of its record'}",
            "red",
        )
        for one in parked[:PARKED_SHOWN_MAX]
    ]
    if len(parked) > PARKED_SHOWN_MAX:
        more = len(parked) - PARKED_SHOWN_MAX
        lines.append(_line("", f"and {more:,} more: hub log parked", "red"))
    return lines


def _line(name: str, text: str, colour: str | None = None) -> str:
    return f"{click.style(f'{name:11}', bold=True)} {click.style(text, fg=colour)}"
