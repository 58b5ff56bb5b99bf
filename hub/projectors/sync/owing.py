"""Work out anew what is owed to the records of a link, after anything about it has changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.conclusions import Asks
from hub.flows.agree import owed
from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.flows.known import subject_of, together
from hub.projectors.sync.deliveries import to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import InForce, Key
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.world import World


def syncs(in_force: Mapping[str, InForce]) -> Iterator[Sync]:
    """Give all syncs, those of people too."""
    for one in in_force.values():
        if isinstance(one.flow, Sync):
            yield one.flow
            if one.flow.people is not None:
                yield one.flow.people


class Owing:
    """Reads what links agree on, and has the deliveries stand accordingly.

    To a record that is gone nothing is owed until it is there again.
    """

    def __init__(
        self, links: Links, decisions: Decisions, deliveries: Deliveries, world: World
    ) -> None:
        self._links = links
        self._decisions = decisions
        self._deliveries = deliveries
        self._world = world

    def touch(self, link: UUID, flows: Mapping[str, InForce]) -> None:
        """See that all it takes is at hand."""
        together(self._asks(link, flows))

    def refresh(
        self, link: UUID, flows: Mapping[str, InForce], event: Event, *, news: bool
    ) -> None:
        """Have the delivery to each record of a link stand as what is owed says; `news`: anew."""
        for (connection, kind, _), record in sorted(self._links.slots_of(link).items()):
            key = (connection, kind, record)
            known = self._world.record(key)
            is_gone = known is not None and known.gone
            owing = [flow for flow in syncs(flows) if not is_gone and self._owes(flow, link, key)]
            flow = owing[0].name if owing else ""
            self._deliveries.refresh(key, flow, event, owes=bool(owing), news=news)

    def _asks(self, link: UUID, flows: Mapping[str, InForce]) -> Iterator[Callable[[], object]]:
        for flow in syncs(flows):
            yield partial(self._decisions.fields, link, flow.name)
        for (connection, kind, _), record in self._links.slots_of(link).items():
            yield from self.asks_of((connection, kind, record))

    def asks_of(self, key: Key) -> Iterator[Callable[[], object]]:
        """Ask for what is read of a record of a link, or of one that is to be in it."""
        yield partial(self._world.record, key)
        yield partial(self._deliveries.of, to_record(key))
        yield partial(self._decisions.inbox.get, (to_record(key),))

    def _owes(self, flow: Sync, link: UUID, key: Key) -> bool:
        side = side_of(flow, key[0], key[1])
        if side is None:
            return False
        fields = self._decisions.fields(link, flow.name)
        return bool(fields and owed(flow, fields, subject_of(key), side.name))

    def ask_about_restless(self, event: Event) -> None:
        """Have a person look at what is written again and again, and at nothing that is settled."""
        while self._deliveries.moot:
            self._decisions.settle(self._deliveries.moot.pop(), event.position)
        while self._deliveries.restless:
            id_ = self._deliveries.restless.pop()
            row = self._deliveries.of(id_)
            assert row is not None, "it was just parked"
            question = Asks(
                item=id_,
                flow=row.flow,
                reason="restless",
                sentence=row.reason,
                subject=f"{row.connection}.{row.kind}/{row.record}",
                choices=["retry", "skip"],
            )
            self._decisions.conclude(question, event.position)
