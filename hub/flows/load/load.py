"""Read one flow: from its file, the answers to its questions, and the world around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.load.document import document
from hub.flows.load.keep import while_of
from hub.flows.load.once import once_of
from hub.flows.load.reading import NAME, NAME_EXPECTED, Reading
from hub.flows.load.stories import judge_stories
from hub.flows.load.sync import has_two_sides, sync_of
from hub.flows.load.table import Table
from hub.flows.load.targets import targets_of
from hub.settings.faults import name_of, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Flow
    from hub.flows.load.faults import Faults
    from hub.flows.load.world import World

KINDS = {"sides": "sync", "when": "once", "while": "while"}
"""The three kinds of flows, each known by the table that says when it acts."""


def load(text: str, file: str, answers: Mapping[str, object], world: World) -> Flow:
    """Give the flow of a file, or raise one ConfigFault that tells all that is wrong with it."""
    values, faults = document(text, file)
    faults.raise_any()
    judge_stories(text, values, faults)
    flow = flow_of(values, faults, answers, world)
    faults.raise_any()
    assert flow is not None
    return flow


def flow_of(
    values: dict[str, Any], faults: Faults, answers: Mapping[str, object], world: World
) -> Flow | None:
    root = Table(values, (), faults)
    name, id = _name(root, "flow"), _name(root, "id", "")  # noqa: A001
    reading = Reading(world, _renamed(root))
    found = [key for key in KINDS if key in root]
    if len(found) != 1:
        kinds = "one of [sides] (a sync), [when] (a once) and [while] (a while)"
        faults.add((), f"expected {kinds}, found {' and '.join(found) or 'none'}")
        return None
    if found[0] == "sides" and not has_two_sides(root):
        return None
    if found[0] == "sides":
        flow: Flow = sync_of(root, name, id or name, reading)
    else:
        read = once_of if found[0] == "when" else while_of
        flow = read(root, name, id or name, answers, reading)
    root.close()
    _judge_modes(root, found[0], reading)
    _judge_targets(faults, flow)
    reading.judge_renamed(root)
    return flow


def _name(root: Table, key: str, default: str | None = None) -> str:
    name = root.text(key, default)
    if name and not NAME.fullmatch(name):
        root.fault(key, f"expected {NAME_EXPECTED}, found {quoted(name)}")
    return name


def _renamed(root: Table) -> dict[str, str]:
    """Read `connections = { crm = "crm_eu" }`: what a flow that is extended calls otherwise."""
    table = root.table("connections")
    return {name: table.text(name) for name in table.keys()} if table else {}  # noqa: SIM118


def _judge_modes(root: Table, key: str, reading: Reading) -> None:
    accounts = reading.world.connections
    modes = {accounts[name].mode: name for name in reversed(reading.connections)}
    if len(modes) > 1:
        found = " and ".join(f"{name} ({mode})" for mode, name in sorted(modes.items()))
        root.fault(key, f"expected connections that are all live, or all test, found {found}")


def _judge_targets(faults: Faults, flow: Flow) -> None:
    targets = list(targets_of(flow))
    for number, target in enumerate(targets):
        earlier = next((one for one in targets[:number] if one.meets(target)), None)
        if earlier:
            expected = f"one rule for {target.text}"
            faults.add(
                target.place, f"expected {expected}, found another, {name_of(earlier.place)}"
            )
