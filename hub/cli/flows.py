"""`hub flows`: read the flows in the directory `flows` beside hub.toml, and tell what they do.

Nothing here needs a database: how a flow stands is told by `hub flows list` and `show`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.accounts import account_of
from hub.cli.flow_name import file_meant, shown
from hub.cli.invocation import Invocation, pass_invocation
from hub.errors import Refused
from hub.flows.in_words import kind_of
from hub.flows.load import World, load_all
from hub.flows.load.document import template, templates
from hub.flows.load.reading import NAME, NAME_EXPECTED
from hub.flows.ways import Way, ways_of
from hub.settings.faults import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.flow import Flow
    from hub.settings import Settings

DIRECTORY = "flows"
_SYSTEMS = {
    "crm": "zoho_crm",
    "books": "zoho_books",
    "desk": "zoho_desk",
    "salesforce": "salesforce",
}
"""What the connections are called in the flows that come with the hub."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A flow, in a line."""

    name: str
    kind: str
    about: str


@click.group()
def flows() -> None:
    """Read the flows of this hub: each a file in the directory flows, beside hub.toml.

    \b
    Examples:
      hub flows new customers --from customers
      hub flows check
      hub flows show customers
    """  # noqa: D301 - click reads \b as "keep these lines as they are"


@flows.command("check")
@click.argument("files", nargs=-1, metavar="[FLOW]...", type=click.Path(path_type=Path))
@pass_invocation
def check_command(invocation: Invocation, files: Sequence[Path]) -> None:
    """Find what is wrong with all flows, or with each named FLOW: a name, or a file.

    Every fault is told at once, each with its file and line. Fields are held against those that
    the account had when `hub setup` was last run, else against those that every account of its
    system has; two flows that may write one field are a fault of both.

    \b
    Examples:
      hub flows check
      hub flows check customers
      hub flows check flows/customers.toml
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = read_flows(invocation.settings, files)
    for name, flow in found.items():
        invocation.say(f"{name}: in order ({kind_of(flow)})")
    if not found:
        invocation.say(f"There is no flow in {flows_directory(invocation.settings)} yet.")
    invocation.result([listed(flow) for flow in found.values()])


@flows.command("graph")
@pass_invocation
def graph_command(invocation: Invocation) -> None:
    """Show which flow takes from which kind of record, and writes to which.

    \b
    Examples:
      hub flows graph
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    ways = [way for flow in read_flows(invocation.settings).values() for way in ways_of(flow)]
    for source in dict.fromkeys(way.source for way in ways):
        invocation.say(click.style(source, bold=True))
        for way in ways:
            if way.source == source:
                invocation.say(_drawn(way))
    invocation.result(ways)


@flows.command("new")
@click.argument("name")
@click.option(
    "--from",
    "begun_from",
    type=click.Choice(templates()),
    required=True,
    help="The flow that comes with the hub, of which the new one says what differs.",
)
@pass_invocation
def new_command(invocation: Invocation, name: str, begun_from: str) -> None:
    """Write flows/NAME.toml, which begins from a flow that comes with the hub.

    It says nothing else yet, so it does what that flow does. What the company calls otherwise is
    said in it, key by key: `hub flows show NAME` tells what comes of it.

    \b
    Examples:
      hub flows new customers --from customers
      hub flows new deal_to_invoice --from invoice_from_won_deal
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    if not NAME.fullmatch(name):
        raise Refused(f"Expected {NAME_EXPECTED}, found {quoted(name)}.")
    file = flows_directory(invocation.settings) / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as text:
            text.write(_begun(name, begun_from, invocation.settings))
    except FileExistsError as error:
        raise Refused(f"{file} is there already: choose another name.") from error
    invocation.say(f"{file} is written. Read it, then: hub flows check; hub flows show {name}")
    invocation.result({"flow": name, "file": file, "from": begun_from})


def read_flows(settings: Settings, files: Sequence[Path] = ()) -> dict[str, Flow]:
    """Read the flows of a hub, or those in some files, or tell all that is wrong with them."""
    asked = files_of(settings, files) if files else {}
    every = files_of(settings) | asked
    return load_all(every, settings.answers, world_of(settings), about=asked)


def files_of(settings: Settings, files: Sequence[Path] = ()) -> dict[str, str]:
    """Give the text of each flow's file."""
    directory = flows_directory(settings)
    meant = [file_meant(one, directory) for one in files]
    paths = meant or sorted(directory.glob("*.toml"))
    return {shown(path): _text(path) for path in paths}


def flows_directory(settings: Settings) -> Path:
    """Give the place of the flows: beside hub.toml, else in the working directory."""
    return (settings.source.parent if settings.source else Path.cwd()) / DIRECTORY


def world_of(settings: Settings) -> World:
    """Give what is known of the connections without asking anybody."""
    return World(connections={name: account_of(settings, name) for name in settings.connections})


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is no UTF-8: save it as that.") from error


def listed(flow: Flow) -> Listed:
    return Listed(name=flow.name, kind=kind_of(flow), about=flow.about)


def _drawn(way: Way) -> str:
    arrow = "<->" if way.does == "agrees with" else "-->"
    return f"  {arrow} {way.target}  {way.flow} {way.does}: {', '.join(way.fields)}"


def _begun(name: str, begun_from: str, settings: Settings) -> str:
    """Write the first lines of a flow that differs in nothing yet."""
    lines = [f'flow    = "{name}"', f'extends = "library/{begun_from}"']
    if called := _called(settings, template(begun_from)):
        lines.append(f"connections = {{ {', '.join(called)} }}")
    lines += ["", "# What is said here replaces what that flow says, key by key:"]
    return "\n".join([*lines, '# guard.at_most = ["10 per hour"]', ""])


def _called(settings: Settings, text: str) -> list[str]:
    """Say what this hub calls the connections of a flow, where only one can be meant."""
    called = []
    for name, system in _SYSTEMS.items():
        alike = [one for one, its in settings.connections.items() if its.system == system]
        if f'"{name}.' in text and name not in alike and len(alike) == 1:
            called.append(f'{name} = "{alike[0]}"')
    return called
