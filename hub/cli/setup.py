"""`hub setup`: make at the vendors what the hub stands on, and prove that it holds."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.own_fields import flows_of, remember, wanted
from hub.cli.progress import Progress
from hub.cli.secrets import secret_from
from hub.cli.told import (
    NEEDS_A_PERSON,
    Counted,
    heading,
    tell,
    unless_unset,
    vendor_connections,
)
from hub.connectors.build import tokens_of
from hub.connectors.finding import looked
from hub.connectors.setup import set_up
from hub.connectors.site import opened_site
from hub.flows.about import kinds_about
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.finding import Finding
    from hub.connectors.site import Site
    from hub.database import Database
    from hub.flows.flow import Flow
    from hub.settings import Secret, Settings


TOLD = "what its fields are"


@click.command()
@click.argument("name", required=False)
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be made.")
@click.option(
    "--webhook-secret-file",
    metavar="FILE",
    help="The secret of webhooks that you made by hand, in a file of your own; - reads stdin.",
)
@pass_invocation
@click.pass_context
def setup(
    context: click.Context,
    invocation: Invocation,
    *,
    name: str | None,
    dry_run: bool,
    webhook_secret_file: str | None,
) -> None:
    """Make at the vendor what the hub stands on, for the connection NAME or for all of them.

    That is the unique field that bears the hub's mark, so that nothing is ever made twice, the
    fields that the flows write to, and that the vendor tells of changes. What its API makes is
    made, and the mark is proved by a probe that leaves nothing behind; for the rest the clicks are
    printed: do them, and run it again. Done twice, the second time changes nothing.

    \b
    Zoho CRM     the field Hub_Id and those of flows by API; its channel is made by `hub serve`
    Zoho Books   webhooks and their rules by API; the field cf_hub_id, and others, by a person
    Salesforce   the External ID Hub_Id__c and fields of flows by its Tooling API; it is polled

    The flows are those in force and those in the directory flows. What the CRM says of its fields
    is remembered, so that `hub flows check` knows them; run it again when they have changed.

    \b
    Examples:
      hub setup --dry-run
      hub setup
      hub setup books

    The exit code is 1 while something is left for a person to do.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    names = list(vendor_connections(invocation.reading.settings, name))
    if webhook_secret_file is not None and name is None:
        raise click.UsageError("A webhook's secret is of one connection: name it.")
    given = webhook_secret_file and secret_from(webhook_secret_file, "--webhook-secret-file")
    found = run(_set_up(invocation, names, given or None, make=not dry_run))
    invocation.result(found)
    if any(one.needs_a_person for each in found.values() for one in each):
        context.exit(NEEDS_A_PERSON)


async def _set_up(
    invocation: Invocation, names: list[str], given: Secret | None, *, make: bool
) -> dict[str, list[Finding]]:
    settings = invocation.reading.settings
    found: dict[str, list[Finding]] = {}
    async with opened(settings, "serve") as (database, db):
        flows = await flows_of(settings, db)
        vault = Vault(database.schema, master_keys(settings.home, os.environ))
        one = partial(_set_up_one, settings, database, vault, flows, given=given, make=make)
        for name in names:
            heading(invocation, name, settings.connections[name])
            found[name] = await unless_unset(partial(one, name))
            tell(invocation, found[name])
    return found


async def _set_up_one(
    settings: Settings,
    database: Database,
    vault: Vault,
    flows: Sequence[Flow],
    name: str,
    *,
    given: Secret | None,
    make: bool,
) -> list[Finding]:
    tokens = tokens_of(name, settings.connections[name], database, vault)
    with Progress(f"{name}, calls", None) as progress:
        counted = Counted(tokens, progress)
        async with opened_site(name, settings, database, vault, tokens=counted) as site:
            if given is not None and make:
                await site.keep_secret(given)
            fields, about = wanted(settings, name, flows), kinds_about(flows, name)
            found = await set_up(site, make=make, fields=fields, about=about)
            return [*found, *await looked(TOLD, partial(_remembered, settings, site, flows))]


async def _remembered(settings: Settings, site: Site, flows: Sequence[Flow]) -> list[Finding]:
    await remember(settings, site, flows)
    return []
