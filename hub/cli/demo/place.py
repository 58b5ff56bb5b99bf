"""Where a demo lives: its settings and flows as files of its own, so that `hub` finds them too."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hub.cli.demo.ports import free_port
from hub.cli.demo.vendors import WEBHOOK_SECRET
from hub.cli.flows import DIRECTORY, read_flows
from hub.cli.own_fields import wanted
from hub.connectors.build import tokens_of
from hub.connectors.setup import set_up
from hub.connectors.site import opened_site
from hub.database import migrate, statement
from hub.errors import HubError, Refused
from hub.flows.load.document import EXTENDS, template
from hub.settings import DatabaseSettings, Secret, load
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.cli.demo.vendors import Address
    from hub.database import Database
    from hub.settings import Settings

SCHEMA = "demo"
FOLDER = "demo"
LOCK = "lock"
BY = "demo"
"""The operator whom a demo acts as."""

PLAYED = {
    "crm": "zoho_crm",
    "books": "zoho_books",
    "desk": "zoho_desk",
    "salesforce": "salesforce",
}
"""The connections of a demo, each named as its refresh token at the sandbox is."""

SAID = frozenset(
    f"HUB_{name}"
    for name in (
        "CONFIG", "HOME", "DATABASE_SCHEMA", "SERVE_HOST", "SERVE_PORT", "SERVE_PUBLIC_URL",
    )
)  # fmt: skip
"""Variables of what a demo's own file says."""

STAYS = "3s"
"""How long what is won or resolved stays so before it is invoiced."""

CHANGE_EVENTS = ("Account", "Contact", "Opportunity")
"""What Salesforce tells of as it changes."""


def _sooner(name: str) -> str:
    return f"""\
flow    = "{name}"
extends = "{EXTENDS}{name}"
when.stays = "{STAYS}"    # who watches a demo does not wait ten minutes
"""


FLOWS = {
    "customers": template("customers"),
    "desk_customers": template("desk_customers"),
    "salesforce_customers": template("salesforce_customers"),
    "invoice_from_won_deal": _sooner("invoice_from_won_deal"),
    "invoice_from_resolved_ticket": _sooner("invoice_from_resolved_ticket"),
    "invoice_from_won_opportunity": _sooner("invoice_from_won_opportunity"),
    "payment_status_to_crm": template("payment_status_to_crm"),
}


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold a demo's place: another that began anew here would empty the log of one that runs."""
    folder = settings.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise Refused(
                f"A demo runs in {settings.home} already (process {held.read() or 'unknown'}). "
                "Stop it first, or give this one a place of its own: HUB_HOME=/tmp/hub-demo"
            ) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def settle(settings: Settings, port: int | None, address: Address) -> Settings:
    """Write the settings and flows of a demo, and read them as any other hub does."""
    folder = settings.home / FOLDER
    (folder / DIRECTORY).mkdir(parents=True, exist_ok=True)
    for name, text in FLOWS.items():
        (folder / DIRECTORY / f"{name}.toml").write_text(text, encoding="utf-8")
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text("sandbox", encoding="utf-8")
    file = folder / "hub.toml"
    serve = settings.serve
    port = free_port(port, serve.host, serve.port)
    file.write_text(_written(settings, port, address), encoding="utf-8")
    return load(file, environ_of(settings))


def environ_of(settings: Settings) -> dict[str, str]:
    """Give the environment of a demo's hub: what its file says is not said otherwise there."""
    environ = {name: value for name, value in os.environ.items() if name not in SAID}
    if settings.database.url is not None:  # it holds a password, which is not written into a file
        environ["HUB_DATABASE_URL"] = settings.database.url.reveal()
    return environ


async def begin_anew(settings: Settings, database: Database) -> None:
    """Empty the demo's own schema, and give it the grants of the played accounts."""
    async with database.connected("owner") as db:
        if await db.fetchval("select to_regclass('events') is not null"):
            if await db.fetchval(statement("cli/demo/is_strange.sql"), list(PLAYED), BY):
                raise Refused(
                    f"The schema {database.schema} holds a log that no demo wrote, and a demo "
                    "would empty it. Give the demo a database of its own: "
                    "HUB_HOME=/tmp/hub-demo hub demo"
                )
            await db.execute(f'drop schema "{database.schema}" cascade')
    # Else the hub would take the new log for an old one that was restored, and write nothing.
    (settings.home / f"{database.schema}.left.json").unlink(missing_ok=True)
    await migrate(database)
    vault = Vault(database.schema, master_keys(settings.home, os.environ))
    async with database.connected() as db:
        await vault.keep(db, "books", "webhook_secret", Secret(WEBHOOK_SECRET))
    for name, connection in settings.connections.items():
        tokens = tokens_of(name, connection, database, vault)
        await tokens.connect(Secret(f"sandbox-{name}"))
    await _make_fields(settings, database, vault)


async def _make_fields(settings: Settings, database: Database, vault: Vault) -> None:
    """Have the marks and the fields that flows write to in Salesforce: a fresh org has none."""
    fields = wanted(settings, "salesforce", read_flows(settings).values())
    async with opened_site("salesforce", settings, database, vault) as site:
        for found in await set_up(site, make=True, fields=fields):
            if found.needs_a_person:
                raise HubError(f"{found.about}: {found.sentence}")


def alias(settings: Settings) -> str:
    """Give what makes `hub` find this demo in another terminal.

    A database URL is not repeated, for it holds a password: whoever set it can set it again.
    """
    words = [f"HUB_CONFIG={shlex.quote(str(settings.source))}"]
    words += ["hub"] if shutil.which("hub") else [shlex.quote(sys.executable), "-m", "hub"]
    return f"alias hub={shlex.quote(' '.join(words))}"


def _written(settings: Settings, port: int, address: Address) -> str:
    usual = DatabaseSettings().schema
    schema = SCHEMA if settings.database.schema == usual else settings.database.schema
    lines = [
        "# Written by `hub demo`, and written anew by the next one.",
        f"home = {_quoted(settings.home.absolute())}",
        f"[database]\nschema = {_quoted(schema)}",
        f"[serve]\nhost = {_quoted(settings.serve.host)}\nport = {port}",
        f'public_url = "http://127.0.0.1:{port}"',
    ]
    lines += [_connection(name, address) for name in PLAYED]
    return "\n".join([*lines, ""])


def _connection(name: str, address: Address) -> str:
    said: dict[str, str | Sequence[str]] = {
        "system": PLAYED[name], "client_id": "sandbox", "secret_file": "secret",
        "plan": "ultimate", "mode": "test", "address": address.url,
    }  # fmt: skip
    if name in address.organizations:
        said["organization"] = address.organizations[name]
    if name == "salesforce":
        said |= {"login": "refresh_token", "change_events": CHANGE_EVENTS}
        said["stream_address"] = address.stream
    lines = [f"{key} = {_quoted(value)}" for key, value in said.items()]
    return "\n".join([f"[connections.{name}]", *lines])


def _quoted(said: str | Path | Sequence[str]) -> str:
    # A JSON string is a TOML string too, and so is a list of them.
    return msgspec.json.encode(str(said) if isinstance(said, Path) else said).decode()
