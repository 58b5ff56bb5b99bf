"""What a story is played with: the flows in force, and the systems that connections are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from hub.events import FlowInstalled
from hub.flows.examples import Names
from hub.flows.flow import Flow, LinkNeed, Once, Sync, While
from hub.flows.judge.keys import kinds_of
from hub.flows.load.installed import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

Answers = Mapping[str, Mapping[str, str | Sequence[str]]]

NESTED = frozenset({"zoho_crm"})
"""Systems whose records name others by more than an id."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    flows: Mapping[str, Flow]
    files: Mapping[str, tuple[str, str]]
    """Of each flow: its file, and the text of that."""
    answers: Answers
    systems: Mapping[str, str]

    def around(self, flow: str) -> Scene:
        """Give the scene of one flow: with it are those that it leans on, and no others."""
        wanted = list(_leaned_on(flow, self.flows))
        flows = {name: self.flows[name] for name in reversed(wanted)}
        named = {connection for one in flows.values() for connection, _ in _kinds(one)}
        systems = {name: system for name, system in self.systems.items() if name in named}
        return msgspec.structs.replace(self, flows=flows, systems=systems)

    def names(self) -> Names:
        """Give what records may be called in a story."""
        watching = [one for one in self.flows.values() if isinstance(one, Once | While)]
        return Names(
            kinds=frozenset(kind for one in self.flows.values() for kind in _kinds(one)),
            sources={one.source.name: (one.source.connection, one.source.kind) for one in watching},
            nested=frozenset(name for name, system in self.systems.items() if system in NESTED),
        )

    def installed(self) -> Iterator[FlowInstalled]:
        """Give what the log is told of each flow."""
        for name in self.flows:
            file, text = self.files[name]
            yield FlowInstalled(
                flow=name,
                text=text,
                file=file,
                resolved=resolved(text, file),
                answers={
                    key: [one] if isinstance(one, str) else list(one)
                    for key, one in self.answers.get(name, {}).items()
                },
                digest=name,
            )


def _leaned_on(flow: str, flows: Mapping[str, Flow]) -> Iterator[str]:
    """Give a flow, then those that it needs, each once."""
    found, waiting = dict[str, None](), [flow]
    while waiting:
        name = waiting.pop(0)
        if name in flows and name not in found:
            found[name] = None
            needs = getattr(flows[name], "needs", ())
            waiting += [need.of for need in needs if isinstance(need, LinkNeed)]
    yield from found


def _kinds(flow: Flow) -> set[tuple[str, str]]:
    """Give the kinds that a flow reads or writes."""
    match flow:
        case Sync():
            return kinds_of(flow)
        case Once():
            tells = {(one.connection, one.kind) for one in flow.tell}
            return kinds_of(flow) | tells | {(flow.make.connection, flow.make.kind)}
        case While():
            written = [*flow.keep, *([flow.opens.make] if flow.opens else ())]
            return kinds_of(flow) | {(one.connection, one.kind) for one in written}
