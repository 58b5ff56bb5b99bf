"""`hub connect`: let the hub in at a vendor, and see that it is the right account."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.let_in import How, let_in
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.secrets import STDIN, asked, secret_from
from hub.cli.told import NEEDS_A_PERSON, heading, tell, vendor_connection
from hub.connectors import consent
from hub.connectors.account import SCOPES, about_login, about_organisation, about_scopes, chosen
from hub.connectors.build import tokens_of
from hub.connectors.finding import Finding, looked
from hub.connectors.ground import Organisation  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.setup import about_chosen
from hub.connectors.site import ground_of, opened_site
from hub.errors import Refused
from hub.settings import Secret
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.consent import Given
    from hub.connectors.ground import Ground
    from hub.connectors.site import Site
    from hub.database.db import Db
    from hub.settings import Connection


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `organization` is None while a person has yet to choose."""

    connection: str
    mode: str
    organization: str | None
    organisations: list[Organisation]
    findings: list[Finding]
    settings_to_add: list[str]


@click.command()
@click.argument("name")
@click.option("--code", metavar="CODE", help="A code that you made for a self client; - reads it.")
@click.option(
    "--refresh-token-file",
    metavar="FILE",
    help="A refresh token that you have, in a file of your own; - reads it from stdin.",
)
@click.option("--organization", metavar="ID", help="The organisation that it must be.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=consent.PORT,
    show_default=True,
    help="Port of this machine to which the consent leads back.",
)
@click.option("--paste", is_flag=True, help="The browser is on another machine: paste its address.")
@pass_invocation
@click.pass_context
def connect(
    context: click.Context,
    invocation: Invocation,
    *,
    name: str,
    code: str | None,
    refresh_token_file: str | None,
    organization: str | None,
    port: int,
    paste: bool,
) -> None:
    """Let the hub in at the vendor of the connection NAME, once, and for good.

    It prints the address of a page on which a person, best logged in as a user of the hub's own,
    gives consent, and waits for the answer. Then it shows whose account that is. What was granted
    is kept sealed in the database; nothing of it is ever printed. If the login does not see the
    organisation that the settings name, nothing is kept.

    Register a client first (https://api-console.zoho.com, "Server-based Applications") with the
    redirect http://localhost:8765/connected, and put client_id and the secret into hub.toml.

    At Salesforce nobody consents in a browser: an app there (Setup, External Client Apps) lets a
    user in, by a key of the hub's own (login = "jwt", its secret_file is the private key, which is
    then kept sealed too), by the app's secret (client_credentials), or by a refresh token.

    \b
    Examples:
      hub connect books
      hub connect books --organization 60012345678
      hub connect crm --paste                          no browser on this machine
      hub connect crm --code 1000.abc.def              from a self client
      hub connect crm --refresh-token-file token.txt   a grant that you have
      pass zoho | hub connect crm --refresh-token-file -
      hub connect sales                                Salesforce, as hub.toml says

    The exit code is 1 while something is left for a person to do.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if sum((code is not None, refresh_token_file is not None, paste)) > 1:
        raise click.UsageError("Expected one of --code, --refresh-token-file and --paste.")
    vendor_connection(invocation.reading.settings, name)
    how = How(
        code=None if code is None else _code(code),
        refresh_token=None
        if refresh_token_file is None
        else secret_from(refresh_token_file, "--refresh-token-file"),
        paste=paste,
        port=port,
    )
    done = run(_connect(invocation, name, how, organization))
    tell(invocation, done.findings)
    _tell_next(invocation, done)
    invocation.result(done)
    if any(one.needs_a_person for one in done.findings):
        context.exit(NEEDS_A_PERSON)


async def _connect(
    invocation: Invocation, name: str, how: How, organization: str | None
) -> Connected:
    settings = invocation.reading.settings
    connection = settings.connections[name]
    wanted = _wanted(name, connection, organization)
    async with opened(settings, "serve") as (database, db):
        vault = Vault(database.schema, master_keys(settings.home, os.environ))
        waits = await vault.read(db, name, _waiting_in(connection.data_centre))
        if waits is not None and how == How(port=how.port):
            how = How(refresh_token=waits)
        given = await let_in(name, connection, how)
        if given.data_centre not in ("", connection.data_centre):
            raise await _moved(vault, db, name, given)
        fresh = consent.Fresh(given)
        async with opened_site(
            name, settings, database, vault, tokens=fresh, undecided=True
        ) as site:
            heading(invocation, name, connection)
            found = await site.ground.organisations(site.vendor)
            _show(invocation, found, wanted)
            one = chosen(found, wanted)
            if wanted is not None and one is None:
                raise _not_seen(name, wanted, found)
            await _keep(site, given)
            return await _examined(site, given, found, one)


async def _keep(site: Site, given: Given) -> None:
    """Keep the grant, and what it is good for."""
    tokens = tokens_of(site.name, site.connection, site.database, site.vault)
    await tokens.connect(given.grant)
    async with site.database.connected() as db:
        scopes = " ".join(sorted(given.granted.scopes))
        await site.vault.keep(db, site.name, SCOPES, Secret(scopes))
        await site.vault.forget(db, site.name, _waiting_in(given.data_centre))


async def _moved(vault: Vault, db: Db, name: str, given: Given) -> Refused:
    """Put a grant of another data centre aside: asked for at the wrong one, it would seem dead."""
    there = given.data_centre
    assert given.grant is not None, "where there are data centres, there is a refresh token"
    await vault.keep(db, name, _waiting_in(there), given.grant)
    return Refused(
        f"This account lives in Zoho's data centre {there}, and the settings say another. Set "
        f'data_centre = "{there}" under [connections.{name}] in hub.toml, and run `hub connect '
        f"{name}` again: the consent is kept till then, and not asked for a second time."
    )


def _waiting_in(data_centre: str) -> str:
    """Name what the vault holds of a consent until the settings name its data centre."""
    return f"refresh_token_{data_centre}"


async def _examined(
    site: Site, given: Given, found: list[Organisation], one: Organisation | None
) -> Connected:
    name, connection = site.name, site.connection
    add = _to_add(connection, one)
    ground = _ground(connection, one or found[0]) if found else site.ground
    findings = [
        *(about_organisation(name, connection, one) if one else ()),
        *await looked("user", lambda: _login(ground, site)),
        about_scopes(name, ground.scopes, given.granted.scopes),
        *(await about_chosen(ground, site.vendor) if one else ()),
        *(await looked("others", lambda: ground.others(site.vendor, site.url)) if one else ()),
        *_left_to_do(name, connection, found, one, add),
    ]
    return Connected(
        connection=name,
        mode=connection.mode,
        organization=None if one is None else one.id,
        organisations=found,
        findings=findings,
        settings_to_add=add,
    )


async def _login(ground: Ground, site: Site) -> list[Finding]:
    return [about_login(await ground.login(site.vendor))]


def _wanted(name: str, connection: Connection, organization: str | None) -> str | None:
    named = connection.organization
    if named and organization and named != organization:
        raise Refused(
            f"--organization says {organization}, but hub.toml says {named} for {name}. "
            "Change one of them: a connection is one organisation."
        )
    return organization or named


def _not_seen(name: str, wanted: str, found: Sequence[Organisation]) -> Refused:
    seen = "; ".join(f"{one.id} {one.name}" for one in found) or "none at all"
    return Refused(
        f"This login does not see the organisation {wanted}; it sees: {seen}. Nothing was kept. "
        f"Log in as a user of that organisation, or correct organization of "
        f"[connections.{name}] in hub.toml, or --organization."
    )


def _to_add(connection: Connection, one: Organisation | None) -> list[str]:
    """Give the lines that hub.toml lacks."""
    if (
        one is None
        or connection.system not in ("zoho_books", "zoho_desk")
        or connection.organization
    ):
        return []
    return [f'organization = "{one.id}"']


def _left_to_do(
    name: str,
    connection: Connection,
    found: Sequence[Organisation],
    one: Organisation | None,
    add: Sequence[str],
) -> list[Finding]:
    place = f"[connections.{name}] in hub.toml"
    if one is None:
        steps = tuple(f'organization = "{each.id}"    {each.name}' for each in found)
        sentence = (
            f"The login sees {len(found)} organisations, and {connection.system} must know which "
            f"one it is. The grant is kept; add one of these lines to {place}:"
        )
        return [Finding(about="organisation", state="needs", sentence=sentence, steps=steps)]
    if not add:
        return []
    sentence = f"The hub does not run with it before this stands under {place}:"
    return [Finding(about="settings", state="needs", sentence=sentence, steps=tuple(add))]


def _ground(connection: Connection, one: Organisation) -> Ground:
    return ground_of(msgspec.structs.replace(connection, organization=one.id))


def _show(invocation: Invocation, found: Sequence[Organisation], wanted: str | None) -> None:
    columns = [(one.id, one.name, one.country, one.currency, one.zone, one.plan) for one in found]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    invocation.say("  The login sees:")
    for row in columns:
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        mark = "*" if row[0] == wanted else " "
        invocation.say(f"  {mark} {cells.rstrip()}")


def _tell_next(invocation: Invocation, done: Connected) -> None:
    if done.organization is None:
        invocation.say(f"\nThen: hub doctor {done.connection}")
    else:
        invocation.say(f"\nConnected. Next: hub setup {done.connection}")


def _code(given: str) -> Secret:
    return Secret(asked("code") if given == STDIN else given)
