"""What a person did at the hub itself, and what waits for a person to do: as it is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hub.cli.demo.story import Told
from hub.events import Approved, FlowInstalled, ModeSet, Resolved, WritesStopped, payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.cli.demo.story import Story
    from hub.console.deliveries import Delivery
    from hub.events import Event

ACTS = frozenset({"resolved", "mode_set", "flow_installed", "writes_stopped", "approved"})


def act(event: Event, about: str, let_go: Sequence[Delivery]) -> tuple[str, str]:
    """Give what an act is about, and what was done; `let_go` are the deliveries it approves."""
    by = f"by {(event.origin or '').removeprefix('operator:')}"
    match payload(event):
        case ModeSet(flow=flow, mode=mode):
            return flow, f"is {mode} from here on, set {by}"
        case FlowInstalled(flow=flow):
            return flow, f"is put in force {by}"
        case Approved(deliveries=ids):
            some = _counted(let_go) or f"{len(ids):,}"
            return about or event.type, f"{some} let go {by}"
        case Resolved(choice=choice):
            return about or event.type, f"answered {choice!r} {by}"
        case WritesStopped(stopped=stopped):
            done = "are stopped" if stopped else "are let go again"
            return event.connection or about, f"writes to it {done} {by}"
    return about or event.type, f"{event.type} {by}"


def held(story: Story, some: Iterable[Delivery]) -> Iterator[Told]:
    """Tell what of a story waits for a person because its flow is in hold, with what lets it go."""
    waits = [one for one in some if one.is_held and one.owed in story.positions]
    for flow in dict.fromkeys(one.flow for one in waits):
        mine = [one for one in waits if one.flow == flow]
        text = f"{_targets(mine)} waits for a person: {flow} is in hold (hub approve --flow {flow})"
        yield Told(text=text, mood="asked")


def _targets(some: Sequence[Delivery]) -> str:
    return ", ".join(dict.fromkeys(one.target for one in some))


def _counted(some: Sequence[Delivery]) -> str:
    counts = Counter((f"{one.connection}.{one.kind}", one.flow) for one in some)
    return ", ".join(f"{count:,} {kind} of {flow}" for (kind, flow), count in counts.items())
