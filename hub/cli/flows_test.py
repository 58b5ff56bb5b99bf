"""`hub flows test`: play the stories that flows tell of themselves. No vendor is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.flows import files_of, flows_directory, world_of
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.visible import visible
from hub.connectors.known_fields import fields_of, read_only_of
from hub.errors import Refused
from hub.flows.load import Account, World
from hub.flows.load.document import EXTENDS, template, templates
from hub.stories import tried

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.settings import Settings
    from hub.stories import Outcome

_NAMED = {
    "crm": "zoho_crm", "books": "zoho_books", "desk": "zoho_desk", "salesforce": "salesforce",
    "slack": "slack",
}  # fmt: skip
"""What the ready-made flows call the connections to each system."""

LIBRARY = World(
    connections={
        name: Account(system=system, kinds=fields_of(system), read_only=read_only_of(system))
        for name, system in _NAMED.items()
    }
)
"""What the flows that come with the hub are about."""


@click.command("test")
@click.argument("files", nargs=-1, metavar="[FLOW]...", type=click.Path(path_type=Path))
@click.option("--library", is_flag=True, help="Play those of the flows that come with the hub.")
@pass_invocation
def test_command(invocation: Invocation, files: Sequence[Path], *, library: bool) -> None:
    """Play the stories in the flows of this hub, or of each named FLOW, and tell which come true.

    A story says what people do, line by line, and what is expected of the flow ([[example]] in
    its file). It is played in a hub of its own, in memory: nothing is read and nothing is written
    anywhere. The flows that come with the hub show how stories are told.

    A flow that extends another plays that one's stories too, with all that it says otherwise. Where
    one is not true of it, it says so: an [[example]] with the same story, and no_longer = "why".

    \b
    Examples:
      hub flows test
      hub flows test customers
      hub flows test flows/customers.toml
      hub flows test --library
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    outcomes = of_library() if library else of_hub(invocation.settings, files)
    for one in outcomes:
        _show(invocation, one)
    if not outcomes:
        where = ", ".join(map(str, files)) or flows_directory(invocation.settings)
        invocation.say(f"No story is told in {where} yet: `hub flows test --library` shows some.")
    invocation.result(outcomes)
    if wrong := sum(not one.is_true for one in outcomes):
        raise Refused(f"{wrong} of {len(outcomes)} stories did not come true.")


def of_hub(settings: Settings, files: Sequence[Path] = ()) -> list[Outcome]:
    """Play the stories of a hub's flows, or those in some files, which may lean on the others."""
    named = files_of(settings, files) if files else {}
    known = {**files_of(settings), **named}
    return list(tried(known, settings.answers, world_of(settings), frozenset(named)))


def of_library() -> list[Outcome]:
    """Play the stories of the flows that come with the hub."""
    known = {f"{EXTENDS}{name}.toml": template(name) for name in templates()}
    return list(tried(known, {}, LIBRARY))


def _show(invocation: Invocation, one: Outcome) -> None:
    if one.is_true:
        tick = click.style("✓", fg="green")
        invocation.say(f"{tick} {one.flow}: {visible(one.story)}")
        return
    opening, *lines = one.text.splitlines()
    invocation.say(f"{click.style('✗', fg='red')} {visible(opening)}")
    for line in lines:
        invocation.say(visible(line))
