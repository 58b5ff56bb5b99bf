"""`hub flows show`: what a flow does, in plain words, and what it may do now."""

from __future__ import annotations

import click

from hub.cli.flow_name import FLOW
from hub.cli.flows import listed, read_flows
from hub.cli.flows_list import NOT_INSTALLED, standings_known
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.mode import MEANINGS
from hub.errors import Refused
from hub.flows.in_words import in_words
from hub.flows.ways import ways_of
from hub.settings.faults import nearest, quoted


@click.command("show")
@click.argument("name", type=FLOW)
@pass_invocation
def show_command(invocation: Invocation, name: str) -> None:
    """Tell in plain words what the flow NAME does, field by field, who is believed, and its mode.

    \b
    Examples:
      hub flows show customers
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = read_flows(invocation.settings)
    if name not in found:
        there = f"There is no flow {quoted(name)}{nearest(name, found)}"
        raise Refused(f"{there} `hub flows list` names those that there are.")
    standings = run(standings_known(invocation.settings))
    modes = {one.flow: one.mode for one in standings.flows}
    mode = "" if standings.unknown else modes.get(name, NOT_INSTALLED)
    lines = in_words(found[name])
    for line in lines:
        invocation.say(line)
    invocation.say(_now(mode, standings.unknown))
    ways = list(ways_of(found[name]))
    invocation.result({"flow": listed(found[name]), "mode": mode, "lines": lines, "ways": ways})


def _now(mode: str, unknown: str) -> str:
    if unknown:
        return f"What it may do now is not known: {unknown}"
    if mode == NOT_INSTALLED:
        return "It is not installed: hub flows install"
    return f"It is {mode} now: {MEANINGS[mode]}."
