"""`hub flows list`: the flows of a hub, what each may do now, and what is written nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.flows import Listed, listed, read_flows
from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.standing import WAITS, FlowStanding, Stopped, flow_standings, stops
from hub.cli.visible import visible
from hub.database.cluster import is_made
from hub.errors import DatabaseFault, Refused
from hub.flows.load.document import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.settings import Settings

NOT_INSTALLED, NO_FILE, UNKNOWN = "not installed", "no file here", "unknown"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One flow: what its file says, and what it may do now."""

    name: str
    kind: str
    about: str
    mode: str


class Standings(msgspec.Struct, frozen=True, kw_only=True):
    """How all stand; `unknown`: why that cannot be told."""

    flows: list[FlowStanding] = []
    stops: list[Stopped] = []
    unknown: str = ""


@click.command("list")
@pass_invocation
def list_command(invocation: Invocation) -> None:
    """List the flows of this hub and what each may do now, and those to be begun from.

    A flow is off, in shadow (decides, writes nothing), in hold (each write waits for a person), on
    or paused. Connections to which nothing is written at all are told below.

    \b
    Examples:
      hub flows list
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    found = {name: listed(flow) for name, flow in read_flows(invocation.settings).items()}
    standings = run(standings_known(invocation.settings))
    rows = list(_rows(found, standings))
    for row in rows:
        invocation.say(_line(row, rows))
    for stop in standings.stops:
        invocation.say(click.style(f"{stop.word}: {visible(stop.sentence)}", fg=stop.colour))
    if standings.unknown:
        invocation.say(f"What each may do now is not known: {standings.unknown}")
    invocation.say(f"To begin from (hub flows new NAME --from …): {', '.join(templates())}")
    invocation.result({"flows": rows, "stops": standings.stops, "library": templates()})


async def standings_known(settings: Settings) -> Standings:
    """Look how flows stand, without making a database for that."""
    if settings.database.url is None and not is_made(settings.home):
        return Standings()
    try:
        async with opened(settings) as (_, db):
            return Standings(flows=await flow_standings(db), stops=await stops(db))
    except Refused:
        return Standings()  # there is no log yet
    except DatabaseFault as fault:
        return Standings(unknown=str(fault))


def _rows(found: Mapping[str, Listed], standings: Standings) -> list[Row]:
    modes = {one.flow: one.mode for one in standings.flows}
    absent = UNKNOWN if standings.unknown else NOT_INSTALLED
    rows = [
        Row(name=name, kind=one.kind, about=one.about, mode=modes.get(name, absent))
        for name, one in found.items()
    ]
    alone = [
        Row(name=name, kind="", about=NO_FILE, mode=mode)
        for name, mode in modes.items()
        if name not in found
    ]
    return [*rows, *alone]


def _line(row: Row, rows: list[Row]) -> str:
    name, mode = (max(len(getattr(one, of)) for one in rows) for of in ("name", "mode"))
    colour = "yellow" if row.mode in WAITS else None
    said = click.style(f"{row.mode:{mode}}", fg=colour)
    return f"{row.name:{name}}  {row.kind:5}  {said}  {row.about}"
