"""Where a demo lives: its settings and flows as files of its own, so that `hub` finds them too."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from hub.cli.flows import DIRECTORY
from hub.connectors.build import tokens_of
from hub.database import migrate, statement
from hub.errors import Refused
from hub.flows.load.document import EXTENDS, template
from hub.settings import DatabaseSettings, Secret, load
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from pathlib import Path

    from hub.database import Database
    from hub.sandbox.system import System
    from hub.settings import Settings

SCHEMA = "demo"
FOLDER = "demo"
BY = "demo"
"""The operator whom a demo acts as."""

PLAYED = {"crm": "zoho_crm", "books": "zoho_books"}
"""The connections of a demo, each named as its refresh token at the sandbox is."""

WEBHOOK_SECRET = "playedbythesandbox"  # noqa: S105 - of a played vendor
TOLD_OF = ("contact", "item", "invoice", "estimate", "creditnote", "customerpayment")
SAID = frozenset(
    f"HUB_{name}"
    for name in (
        "CONFIG", "HOME", "DATABASE_SCHEMA", "SERVE_HOST", "SERVE_PORT", "SERVE_PUBLIC_URL",
    )
)  # fmt: skip
"""Variables of what a demo's own file says."""

STAYS = "3s"
"""How long a deal stays won before it is invoiced: who watches a demo does not wait ten minutes."""

FLOWS = {
    "customers": template("customers"),
    "invoice_from_won_deal": f"""\
flow    = "invoice_from_won_deal"
extends = "{EXTENDS}invoice_from_won_deal"
when.stays = "{STAYS}"    # who watches a demo does not wait ten minutes
""",
    "payment_status_to_crm": template("payment_status_to_crm"),
}


def settle(settings: Settings, port: int | None, address: str, organization: str) -> Settings:
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
    file.write_text(_written(settings, port, address, organization), encoding="utf-8")
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


def subscribe(books: System, settings: Settings) -> None:
    """Have the played Books tell the hub of changes, as `hub setup` would have it do so.

    That takes calls, of which Books allows a hundred in a minute: a first sync needs them.
    """
    url = f"{settings.serve.public_url}/hooks/books"
    for entity in TOLD_OF:
        for event in ("create_or_edit", "delete"):
            what = {"entity": entity, "event": event, "url": url, "secret": WEBHOOK_SECRET}
            books.act("subscribe", "", "", what)


def free_port(wanted: int | None, host: str, usual: int) -> int:
    """Give the port that was asked for, else the usual one, else any that is free."""
    if wanted:
        return wanted
    with suppress(OSError), socket.create_server((host, usual if wanted is None else 0)) as one:
        return int(one.getsockname()[1])
    with socket.create_server((host, 0)) as one:
        return int(one.getsockname()[1])


def alias(settings: Settings) -> str:
    """Give what makes `hub` find this demo in another terminal.

    A database URL is not repeated, for it holds a password: whoever set it can set it again.
    """
    words = [f"HUB_CONFIG={shlex.quote(str(settings.source))}"]
    words += ["hub"] if shutil.which("hub") else [shlex.quote(sys.executable), "-m", "hub"]
    return f"alias hub={shlex.quote(' '.join(words))}"


def _written(settings: Settings, port: int, address: str, organization: str) -> str:
    usual = DatabaseSettings().schema
    schema = SCHEMA if settings.database.schema == usual else settings.database.schema
    lines = [
        "# Written by `hub demo`, and written anew by the next one.",
        f"home = {_quoted(settings.home.absolute())}",
        f"[database]\nschema = {_quoted(schema)}",
        f"[serve]\nhost = {_quoted(settings.serve.host)}\nport = {port}",
        f'public_url = "http://127.0.0.1:{port}"',
    ]
    lines += [_connection(name, address, organization) for name in PLAYED]
    return "\n".join([*lines, ""])


def _connection(name: str, address: str, organization: str) -> str:
    said = {
        "system": PLAYED[name], "client_id": "sandbox", "secret_file": "secret",
        "plan": "ultimate", "mode": "test", "address": address,
    }  # fmt: skip
    if name == "books":
        said["organization"] = organization
    lines = [f"{key} = {_quoted(value)}" for key, value in said.items()]
    return "\n".join([f"[connections.{name}]", *lines])


def _quoted(text: str | Path) -> str:
    return msgspec.json.encode(str(text)).decode()  # a JSON string is a TOML string too
