"""How findings of a connection are told, and which connections a command is about."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from hub.connectors.finding import Finding
from hub.connectors.notify.made import SYSTEMS
from hub.errors import ConfigFault, Refused
from hub.settings.faults import nearest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from hub.cli.invocation import Invocation
    from hub.cli.progress import Progress
    from hub.connectors.http import TokenSource
    from hub.connectors.oauth import Token
    from hub.connectors.outcome import Refused as CallRefused
    from hub.connectors.outcome import RetryAt
    from hub.settings import Connection, Secret, Settings

NEEDS_A_PERSON = 1

_WORDS: Mapping[str, tuple[str, str | None]] = {
    "well": ("ok", "green"),
    "made": ("made", "green"),
    "owed": ("to do", "yellow"),
    "told": ("note", None),
    "warned": ("look", "yellow"),
    "needs": ("to do", "red"),
}
_INDENT = " " * 8
_WIDTH = 100


def tell(invocation: Invocation, findings: Iterable[Finding]) -> None:
    """Tell findings to a person: what it is about, how it stands, and what to do."""
    for one in findings:
        word, colour = _WORDS[one.state]
        first, *more = textwrap.wrap(
            f"{one.about}: {one.sentence}",
            _WIDTH - len(_INDENT),
            break_long_words=False,
            break_on_hyphens=False,
        )
        bold = first.replace(one.about, click.style(one.about, bold=True), 1)
        invocation.say(f"  {click.style(f'{word:6}', fg=colour)}{bold}")
        for line in more:
            invocation.say(f"{_INDENT}{line}")
        for step in one.steps:
            invocation.say(f"{_INDENT}- {step}")


class Counted:
    """The tokens of a connection, and each call counted: some vendors are asked slowly."""

    def __init__(self, tokens: TokenSource, progress: Progress) -> None:
        self._tokens = tokens
        self._progress = progress

    async def get(self, dead: Secret | None = None) -> Token | RetryAt | CallRefused:
        self._progress.to(self._progress.done + 1)
        return await self._tokens.get(dead)


async def unless_unset(look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    """Look; a setting that is missing is a finding of its connection, and stops no other."""
    try:
        return await look()
    except ConfigFault as fault:
        return [Finding(about="settings", state="needs", sentence=f"{fault}")]


def heading(invocation: Invocation, name: str, connection: Connection) -> None:
    invocation.say(click.style(f"{name}", bold=True) + f"  {connection.system}, {connection.mode}")


def vendor_connection(settings: Settings, name: str) -> Connection:
    """Give a connection of the settings that has a vendor behind it."""
    connection = settings.connections.get(name)
    if connection is None:
        known = ", ".join(settings.connections) or "none"
        raise Refused(
            f"There is no connection {name!r} in the settings{nearest(name, settings.connections)} "
            f"(there are: {known}). Add [connections.{name}] to hub.toml, with its system, "
            "client_id and secret_env or secret_file; `hub check --explain` lists the settings."
        )
    if connection.system == "push":
        raise Refused(
            f"{name} is a push: a system of your own that sends its records. There is nothing to "
            "connect or to set up at it."
        )
    if connection.system in SYSTEMS:
        raise Refused(
            f"{name} takes messages: its secret in hub.toml is all that it needs. `hub doctor "
            f"{name}` looks whether it is let in, and with --message sends one."
        )
    if not connection.client_id:
        raise ConfigFault(
            f"connections.{name}: client_id is missing. Register a client at the vendor (Zoho: "
            "https://api-console.zoho.com; Salesforce: Setup, External Client Apps), and set its "
            "id there and its secret beside it."
        )
    return connection


def vendor_connections(settings: Settings, name: str | None) -> dict[str, Connection]:
    """Give the one that is named, else all that have a vendor."""
    if name is not None:
        return {name: vendor_connection(settings, name)}
    others = {"push", *SYSTEMS}
    names = [name for name, one in settings.connections.items() if one.system not in others]
    if not names:
        raise Refused(
            "There is no connection to a vendor in the settings. Add one to hub.toml, such as "
            '[connections.books] with system = "zoho_books"; `hub check --explain` lists what it '
            "takes."
        )
    return {name: vendor_connection(settings, name) for name in names}
