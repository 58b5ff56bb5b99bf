"""The fields of a company's own that its flows write to, and what an account says of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.cli.accounts import MARK_NAMES, keep
from hub.cli.flows import files_of
from hub.connectors.known_fields import fields_of, lists_all, own_of
from hub.connectors.setup import WantedField
from hub.errors import ConfigFault, Refused
from hub.flows.judge.keys import kinds_of
from hub.flows.load import Account, World, load_all
from hub.flows.writes import writes_of
from hub.operate.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hub.connectors.site import Site
    from hub.database.db import Db
    from hub.flows.flow import Flow
    from hub.flows.writes import Written
    from hub.settings import Settings


async def flows_of(settings: Settings, db: Db) -> list[Flow]:
    """Give the flows in force, and those in the directory flows, whatever their faults."""
    installed = {name: one.flow for name, one in (await in_force(db)).items()}
    return list({**installed, **_in_files(settings)}.values())


def wanted(settings: Settings, name: str, flows: Iterable[Flow]) -> list[WantedField]:
    """Give the fields that these flows write to in an account, and that not every account has."""
    system = settings.connections[name].system
    found = {
        (one.kind, one.field): _wanted(system, one)
        for flow in flows
        for one in writes_of(flow)
        if one.connection == name and _is_own(system, one)
    }
    return list(found.values())


async def remember(settings: Settings, site: Site, flows: Iterable[Flow]) -> None:
    """Ask an account for the fields of the kinds that flows are about, and remember them."""
    about = {kind for flow in flows for connection, kind in _kinds(flow) if connection == site.name}
    kinds = [kind for name, kind in site.connector.kinds.items() if name in about]
    told = {kind.name: dict(await site.ground.fields(site.vendor, kind)) for kind in kinds}
    keep(settings, site.name, told)


def _in_files(settings: Settings) -> Mapping[str, Flow]:
    """Read the flows in files with any field that they name; none where one has other faults."""
    world = World(
        connections={
            name: Account(system=one.system, mode=one.mode, marks=MARK_NAMES)
            for name, one in settings.connections.items()
        }
    )
    try:
        return load_all(files_of(settings), settings.answers, world)
    except (ConfigFault, Refused):
        return {}


def _kinds(flow: Flow) -> Iterator[tuple[str, str]]:
    yield from kinds_of(flow)
    yield from ((one.connection, one.kind) for one in writes_of(flow))


def _is_own(system: str, one: Written) -> bool:
    """Tell whether a field is not one of those that every account has, and can be made."""
    name = one.field.partition(".")[0]
    if name.startswith("$") or name.endswith("*"):
        return False
    if not lists_all(system):
        return one.field.rpartition(".")[2].startswith("cf_")
    return name in own_of(system) or name not in fields_of(system).get(one.kind, {})


def _wanted(system: str, one: Written) -> WantedField:
    name = one.field.rpartition(".")[2]
    word = own_of(system).get(name, one.word)
    return WantedField(kind=one.kind, name=name, label=name.replace("_", " "), word=word)
