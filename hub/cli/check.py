"""`hub check`: is what the operator set right, and what holds now?

Each section looks at one part and reports what it found; a section that finds it unusable raises
the HubError that `hub serve` would raise, and the check ends there with that error's exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.settings import describe, effective

if TYPE_CHECKING:
    from collections.abc import Callable


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a section found: lines for a person, and a value for a program."""

    lines: list[str]
    result: object


@click.command()
@click.option("--explain", is_flag=True, help="List every setting there is, and explain it.")
@pass_invocation
def check(invocation: Invocation, *, explain: bool) -> None:
    """Find what is wrong with the settings, or show what they come to.

    Every fault is told at once, each with its line. Nothing is started and nothing is changed.

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
    for name, section in SECTIONS.items():
        report = section(invocation)
        for line in report.lines:
            invocation.say(line)
        results[name] = report.result
    invocation.result(results)


def _settings(invocation: Invocation) -> Report:
    source = invocation.reading.settings.source
    held = effective(invocation.reading)
    opening = f"settings: {source} is in order" if source else "settings: no hub.toml, so defaults"
    width = max(len(one.name) for one in held)
    return Report(
        lines=[
            click.style(opening, bold=True),
            *(f"  {one.name:{width}}  {one.value}{_from(one.origin)}" for one in held),
        ],
        result={"source": source, "values": held},
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


SECTIONS: dict[str, Callable[[Invocation], Report]] = {"settings": _settings}
"""What is checked, in this order; the first needs nothing of the others."""
