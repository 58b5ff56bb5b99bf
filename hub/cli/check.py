"""`hub check`: is what the operator set right, and what holds now?

Each section looks at one part and reports what it found; a section that finds it unusable raises
the HubError that `hub serve` would raise, and the check ends there with that error's exit code.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import msgspec

from hub.alerts.work import check as check_alerts
from hub.cli.flows import read_flows
from hub.cli.flows_test import of_hub
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import place
from hub.connectors.build import check as check_connection
from hub.database import Database, statement
from hub.database.embedded import embedded_server
from hub.database.migrate import pending
from hub.errors import ConfigFault, DatabaseRefused
from hub.settings import describe, effective

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.database.db import Db
    from hub.settings import Settings


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a section found: lines for a person, and a value for a program."""

    lines: list[str]
    result: object


@click.command()
@click.option("--explain", is_flag=True, help="List every setting there is, and explain it.")
@pass_invocation
def check(invocation: Invocation, *, explain: bool) -> None:
    """Find what is wrong with the settings and the database, or show what they come to.

    Every fault of the settings is told at once, each with its line. Then the database is looked
    at, if it runs; and the stories that the flows tell are played. Nothing is started and nothing
    is changed.

    A path in hub.toml starts from the directory of that file, one in a variable from the working
    directory; ~ is your home directory. An empty variable counts as not set.

    \b
    Examples:
      hub check
      hub --config /etc/hub.toml check
      hub check --explain
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if explain:
        _explain(invocation)
        return
    results: dict[str, object] = {}
    try:
        for name, section in SECTIONS.items():
            report = section(invocation)
            for line in report.lines:
                invocation.say(line)
            results[name] = report.result
    finally:
        # What was found before the fault is told too.
        if results:
            invocation.result(results)


def _settings(invocation: Invocation) -> Report:
    source = invocation.reading.settings.source
    for name, connection in invocation.reading.settings.connections.items():
        check_connection(name, connection)
    check_alerts(invocation.reading.settings)
    held = effective(invocation.reading)
    opening = f"settings: {source} is in order" if source else "settings: no hub.toml, so defaults"
    width = max(len(one.name) for one in held)
    return Report(
        lines=[
            click.style(opening, bold=True),
            *(f"  {one.name:{width}}  {one.value}{_from(one.origin)}" for one in held),
            *(click.style(f"  {one}", fg="yellow") for one in invocation.reading.unknown),
        ],
        result={"source": source, "values": held, "unknown": invocation.reading.unknown},
    )


def _from(origin: str) -> str:
    return "" if origin == "default" else click.style(f"  ({origin})", dim=True)


def _explain(invocation: Invocation) -> None:
    settings = describe()
    for one in settings:
        variable = f"; {one.variable}" if one.variable else ""
        invocation.say(click.style(one.name, bold=True))
        invocation.say(f"  {one.description}")
        invocation.say(f"  {one.type}; default: {one.default}{variable}\n")
    invocation.result(settings)


def _flows(invocation: Invocation) -> Report:
    """Read the flows beside hub.toml, and play the stories that they tell."""
    outcomes = of_hub(invocation.settings)
    names = sorted(read_flows(invocation.settings))
    if wrong := [one.text for one in outcomes if not one.is_true]:
        raise ConfigFault("\n".join(wrong))
    told = f"; {len(outcomes)} of their stories come true" if outcomes else ""
    found = f"{', '.join(names)}{told}" if names else "none yet; `hub flows new` begins one"
    result = {"flows": names, "stories": outcomes}
    return Report(lines=[f"{click.style('flows:', bold=True)} {found}"], result=result)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The database as it was found; what follows `reachable` is None where it was not reached."""

    place: str
    reachable: bool
    postgres: str | None = None
    migrations_pending: list[str] | None = None
    roles_missing: list[str] | None = None
    may_migrate: bool | None = None


def _database(invocation: Invocation) -> Report:
    found = run(_look(invocation.settings))
    lines = [click.style(f"database: {found.place}", bold=True)]
    if not found.reachable:
        lines.append("  it does not run now; the hub starts it when it needs it")
    else:
        todo = ", ".join(found.migrations_pending or ())
        missing = ", ".join(found.roles_missing or ())
        lines += [
            f"  it answers: Postgres {found.postgres}",
            f"  migrations  {f'{todo}: `hub serve` applies them' if todo else 'all applied'}",
            f"  roles       {f'{missing}: to be made with the migrations' if missing else 'there'}",
        ]
    return Report(lines=lines, result=found)


async def _look(settings: Settings) -> Found:
    where = place(settings)
    if settings.database.url is not None:
        url: str | None = settings.database.url.reveal()
    else:
        url = embedded_server(settings.home, os.environ).running_url()
    if url is None:
        return Found(place=where, reachable=False)
    return await _ask(Database(settings, url), where)


async def _ask(database: Database, where: str) -> Found:
    todo = await pending(database)
    async with database.connected("owner") as db:
        version = db.get_server_version()
        missing = await _roles_missing(db, database.schema)
        may_migrate = await _may_migrate(db, database.schema)
    if todo and not may_migrate:
        raise DatabaseRefused(
            f"{', '.join(todo)} must be applied, but the database user may not do it: it must own "
            f"the schema {database.schema} (or may make it) and may make roles."
        )
    return Found(
        place=where,
        reachable=True,
        postgres=f"{version.major}.{version.minor}",
        migrations_pending=todo,
        roles_missing=missing,
        may_migrate=may_migrate,
    )


async def _roles_missing(db: Db, schema: str) -> list[str]:
    wanted = [f"{schema}_serve", f"{schema}_replay"]
    rows = await db.fetch(statement("cli/check_roles.sql"), wanted)
    return [row["name"] for row in rows]


async def _may_migrate(db: Db, schema: str) -> bool:
    return bool(await db.fetchval(statement("cli/check_owner.sql"), schema))


SECTIONS: dict[str, Callable[[Invocation], Report]] = {
    "settings": _settings,
    "flows": _flows,
    "database": _database,
}
"""What is checked, in this order; the first needs nothing of the others."""
