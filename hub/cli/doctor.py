"""`hub doctor`: examine the connections: the grant, whose account it is, and what comes in."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.cost import about_cost
from hub.cli.heard import Heard, about_roads, heard, tell_heard
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.notifier import examine
from hub.cli.opened import opened
from hub.cli.own_fields import flows_of
from hub.cli.progress import Progress
from hub.cli.standing import flow_standings
from hub.cli.told import (
    NEEDS_A_PERSON,
    Counted,
    heading,
    tell,
    unless_unset,
    vendor_connections,
)
from hub.connectors.account import SCOPES, about_login, about_organisation, about_scopes, chosen
from hub.connectors.build import tokens_of
from hub.connectors.connector import Door, Listening
from hub.connectors.finding import Finding, State, looked
from hub.connectors.ground import Fact  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.notify.made import SYSTEMS
from hub.connectors.oauth import ConnectionDead, Token
from hub.connectors.outcome import RetryAt
from hub.connectors.setup import set_up
from hub.connectors.site import ground_of, opened_site
from hub.console.traffic import traffic
from hub.flows.about import kinds_about
from hub.operate.restored import Held, held
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from hub.connectors.ground import Ground
    from hub.connectors.oauth import Tokens
    from hub.connectors.site import Site
    from hub.console.traffic import Traffic
    from hub.database import Database
    from hub.settings import Settings


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one connection, and what of its vendor nobody has confirmed."""

    findings: list[Finding]
    heard: list[Heard]
    unconfirmed: list[Fact]


@click.command()
@click.argument("name", required=False)
@click.option("--message", is_flag=True, help="Send a test message to NAME, which takes messages.")
@pass_invocation
@click.pass_context
def doctor(
    context: click.Context, invocation: Invocation, *, name: str | None, message: bool
) -> None:
    """Examine the connection NAME, or all of them, and say what is to be done.

    It looks at the grant, the organisation, the user and the scopes; tries with harmless calls
    what may be read; proves the marks, and that the vendor's word reaches this hub; looks for
    others that write there; reads from the log's tables what was heard by which road, and reckons
    what that costs in a day. Last it lists what the vendor's pages do not settle, and how this hub
    takes it. Nothing is changed anywhere.

    It works whether or not a hub runs. Zoho Books lets the hub make about 80 calls a minute, so
    this takes half a minute there.

    Of a connection that takes messages it tries the login, where there is one; whether a message
    arrives shows only with --message, which sends one.

    \b
    Examples:
      hub doctor
      hub doctor books
      hub doctor slack --message
      hub doctor --json | jq '.books.findings[] | select(.state == "needs")'

    The exit code is 1 when something needs a person.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    names = _names(invocation.reading.settings, name, message=message)
    found = run(_examine_all(invocation, names, message=message))
    invocation.result(found)
    if any(one.needs_a_person for each in found.values() for one in each.findings):
        context.exit(NEEDS_A_PERSON)


def _names(settings: Settings, name: str | None, *, message: bool) -> list[str]:
    """Give the connection that is named, else all but those that push."""
    notifiers = [each for each, one in settings.connections.items() if one.system in SYSTEMS]
    if message and name not in notifiers:
        known = ", ".join(notifiers) or "there are none"
        raise click.UsageError(f"--message wants the NAME of one that takes messages: {known}.")
    if name in notifiers:
        return [name]
    if name is None and notifiers and len(notifiers) == len(settings.connections):
        return notifiers
    return [*vendor_connections(settings, name), *(notifiers if name is None else ())]


async def _examine_all(
    invocation: Invocation, names: list[str], *, message: bool
) -> dict[str, Examined]:
    settings = invocation.reading.settings
    found: dict[str, Examined] = {}
    async with opened(settings, "serve") as (database, _):
        vault = Vault(database.schema, master_keys(settings.home, os.environ))
        for name in names:
            heading(invocation, name, settings.connections[name])
            async with database.connected() as db:
                came = await traffic(db, name)
                holds = [one for one in await held(db) if one.connection == name]
            if settings.connections[name].system in SYSTEMS:
                test = partial(examine, settings, database, name, message=message)
                findings = [*map(_about_hold, holds), *await unless_unset(test)]
                found[name] = Examined(findings=findings, heard=[], unconfirmed=[])
                tell(invocation, findings)
                continue
            look = partial(_examine, settings, database, vault, name, came)
            facts = list(ground_of(settings.connections[name]).facts)
            found[name] = Examined(
                findings=[*map(_about_hold, holds), *await unless_unset(look)],
                heard=heard(came),
                unconfirmed=facts,
            )
            tell(invocation, found[name].findings)
            tell_heard(invocation, found[name].heard)
            _tell_facts(invocation, facts)
    return found


async def _examine(
    settings: Settings, database: Database, vault: Vault, name: str, came: Traffic
) -> list[Finding]:
    tokens = tokens_of(name, settings.connections[name], database, vault)
    token = await _about_token(tokens)
    known = msgspec.json.decode(came.channel, type=Listening) if came.channel else None
    with Progress(f"{name}, calls", None) as progress:
        counted = Counted(tokens, progress)
        async with opened_site(
            name, settings, database, vault, tokens=counted, known=known
        ) as site:
            # Without a token every call would say the same again.
            there = [] if token.needs_a_person else await _at_the_vendor(site)
            here = [*about_roads(came), *await _about_cost(site, came), await _outsiders(site)]
            return [token, *there, *here]


async def _at_the_vendor(site: Site) -> list[Finding]:
    ground, vendor = site.ground, site.vendor
    granted = await _granted(site)
    async with site.database.connected() as db:
        about = kinds_about(await flows_of(site.database.settings, db), site.name)
    return [
        *await looked("organisation", partial(_about_organisation, site)),
        *await looked("user", partial(_about_login, ground, site)),
        about_scopes(site.name, ground.scopes, granted),
        *await looked("rights", partial(ground.permissions, vendor)),
        *await set_up(site, make=False, unanswered="needs", about=about),
        *await looked("webhooks sent", partial(_about_sent, site)),
        *await looked("others", partial(ground.others, vendor, site.url)),
    ]


async def _about_token(tokens: Tokens) -> Finding:
    """Say whether the grant is alive; a token that is due is renewed by looking."""
    try:
        token = await tokens.get()
    except ConnectionDead as dead:
        return Finding(about="grant", state="needs", sentence=f"{dead}")
    if not isinstance(token, Token):
        state: State = "warned" if isinstance(token, RetryAt) else "needs"
        return Finding(about="grant", state=state, sentence=token.sentence)
    sentence = (
        f"It is alive. The access token is good until {token.expires_at:%H:%M} UTC, and renewed by "
        f"itself from {token.renew_at:%H:%M} on; the consent lasts until somebody revokes it."
    )
    return Finding(about="grant", state="well", sentence=sentence)


async def _granted(site: Site) -> frozenset[str] | None:
    async with site.database.connected() as db:
        kept = await site.vault.read(db, site.name, SCOPES)
    return None if kept is None else frozenset(kept.reveal().split())


async def _about_organisation(site: Site) -> list[Finding]:
    found = await site.ground.organisations(site.vendor)
    wanted = site.connection.organization
    one = chosen(found, wanted)
    if one is not None:
        return about_organisation(site.name, site.connection, one)
    seen = "; ".join(f"{each.id} {each.name}" for each in found)
    sentence = f"The login does not see the organisation {wanted}; it sees: {seen}."
    step = f"Correct organization of [connections.{site.name}], or: hub connect {site.name}"
    return [Finding(about="organisation", state="needs", sentence=sentence, steps=(step,))]


async def _about_login(ground: Ground, site: Site) -> list[Finding]:
    return [about_login(await ground.login(site.vendor))]


async def _about_sent(site: Site) -> list[Finding]:
    secret = await site.secret()
    if site.url is None or secret is None:
        return []
    return await site.ground.unheard(site.vendor, Door(url=site.url, token=secret))


async def _about_cost(site: Site, came: Traffic) -> list[Finding]:
    return about_cost(site, came, await site.vendor.budget.standing())


async def _outsiders(site: Site) -> Finding:
    """Say who hears of what flows write."""
    async with site.database.connected() as db:
        on = [one.flow for one in await flow_standings(db) if one.mode in ("on", "hold")]
    who = f"What {', '.join(on)} writes" if on else "No flow is on; what one will write"
    sentence = f"Nothing. {who} starts no automation at the vendor, and no mail."
    return Finding(about="told to outsiders", state="well", sentence=sentence)


def _about_hold(one: Held) -> Finding:
    return Finding(
        about="held",
        state="needs",
        sentence=f"Nothing is written to {one.connection}. {one.reason}",
        steps=("hub reconcile --after-restore",),
    )


def _tell_facts(invocation: Invocation, facts: list[Fact]) -> None:
    """Tell what nobody has confirmed, and by which setting it can be taken otherwise."""
    invocation.say(
        click.style("  Not settled by the vendor's pages, and how it is taken:", bold=True)
    )
    for one in facts:
        by = f" (setting: {one.setting})" if one.setting else ""
        invocation.say(f"    {one.fact}\n      {click.style(one.taken, dim=True)}{by}")
