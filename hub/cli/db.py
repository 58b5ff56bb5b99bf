"""`hub db`: start, stop and look at the hub's own Postgres, and open psql on whichever it uses."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import place
from hub.database.embedded import Server, ServerStatus, embedded_server
from hub.database.find import find_binaries
from hub.errors import DatabaseRefused, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.group()
def db() -> None:
    """Start, stop and look at the hub's own Postgres.

    The hub starts it when it needs it and stops it when the last hub process ends; these commands
    are for when it is to run on by itself. Where a database URL is set, only psql is of use.
    """


class Started(msgspec.Struct, frozen=True, kw_only=True):
    running: bool
    port: int | None
    process: int | None


@db.command()
@pass_invocation
def start(invocation: Invocation) -> None:
    """Start it, and let it run until `hub db stop`."""
    server = _own_server(invocation, "started")
    run(_start(server))
    now = server.status()
    invocation.say(f"Postgres {now.major} runs on 127.0.0.1:{now.port} until `hub db stop`.")
    invocation.result(Started(running=now.running, port=now.port, process=now.process))


async def _start(server: Server) -> None:
    try:
        await server.start()
        server.keep()
    finally:
        await server.stop()


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    running: bool


@db.command()
@pass_invocation
def stop(invocation: Invocation) -> None:
    """Stop it, or let it stop as soon as no hub process uses it."""
    server = _own_server(invocation, "stopped")
    server.unkeep()
    stopped = run(server.stop())
    running = server.status().running
    if running:
        invocation.say("Hub processes still use it: it stops with the last of them.")
    else:
        invocation.say("Postgres has stopped." if stopped else "It was not running.")
    invocation.result(Stopped(running=running))


@db.command()
@pass_invocation
def status(invocation: Invocation) -> None:
    """Tell whether it runs, where, and who keeps it running."""
    if invocation.settings.database.url is not None:
        where = place(invocation.settings)
        invocation.say(f"The database is not the hub's own: it is at {where}.")
        invocation.result({"own": False, "place": where})
        return
    now = embedded_server(invocation.settings.home, os.environ).status()
    if now.running:
        why = _why_running(now)
        where = f"on 127.0.0.1:{now.port} (process {now.process})"
        invocation.say(f"Postgres {now.major} runs {where}, {why}.")
    else:
        invocation.say(f"Postgres {now.major} is not running; the hub starts it when needed.")
    invocation.say(f"  files     {now.directory}")
    invocation.say(f"  programs  {now.source}")
    invocation.result({"own": True, **msgspec.structs.asdict(now)})


def _why_running(now: ServerStatus) -> str:
    if now.kept:
        return "until `hub db stop`"
    if now.in_use:
        return "as long as a hub process uses it"
    return "though nobody uses it: the hub process that did was killed. `hub db stop` stops it"


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@pass_invocation
def psql(invocation: Invocation, arguments: tuple[str, ...]) -> None:
    """Open psql on the hub's database; further words are handed to it.

    \b
    Examples:
      hub db psql -c 'select count(*) from events'
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    database = invocation.settings.database
    own = database.url is None
    url = _own_url(invocation) if database.url is None else database.url.reveal()
    program = _psql(os.environ, own=own)
    address, secret = _without_password(url)
    environment = {
        **os.environ,
        **secret,
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} -c search_path={database.schema}".strip(),
    }
    os.execve(program, [program, address, *arguments], environment)  # noqa: S606 - takes our place


def _own_server(invocation: Invocation, what: str) -> Server:
    settings = invocation.settings
    if settings.database.url is not None:
        raise Refused(
            f"The database is not the hub's own (it is at {place(settings)}), so it is not {what} "
            "here. Unset HUB_DATABASE_URL, and database.url in hub.toml, to use its own."
        )
    return embedded_server(settings.home, os.environ)


def _own_url(invocation: Invocation) -> str:
    server = embedded_server(invocation.settings.home, os.environ)
    url = server.running_url()
    if url is None:
        raise Refused("The hub's Postgres is not running. Start it: hub db start")
    return url


def _psql(environ: Mapping[str, str], *, own: bool) -> str:
    """Give the psql on PATH for somebody else's server, for our own the one that belongs to it."""
    on_path = shutil.which("psql")
    if on_path and not own:
        return on_path
    beside = find_binaries(environ).directory / "psql"
    if beside.exists():
        return str(beside)
    if on_path:
        return on_path
    raise DatabaseRefused("There is no psql: sudo apt-get install postgresql-client")


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """Take the password out of a URL: what is on a command line, every user of the machine sees."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    in_options = options.pop("password", None)
    password = in_options if parts.password is None else unquote(parts.password)
    if password is None:
        return url, {}
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}" if user else host
    address = parts._replace(netloc=netloc, query=urlencode(options)).geturl()
    return address, {"PGPASSWORD": password}
