"""Work out anew what is owed to the records of a link, after anything about it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Asks
from hub.flows.agree import owed
from hub.flows.flow import Sync
from hub.flows.judge.reasons import RESTLESS, RETRY, SKIP
from hub.flows.judge.words import side_of
from hub.flows.known import subject_of
from hub.projectors.sync.at_hand import see
from hub.projectors.sync.deliveries import to_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import InForce, Key
    from hub.projectors.sync.at_hand import Ask
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.records import Records
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
        self,
        records: Records,
        links: Links,
        decisions: Decisions,
        deliveries: Deliveries,
        world: World,
    ) -> None:
        self._records = records
        self._links = links
        self._decisions = decisions
        self._deliveries = deliveries
        self._world = world

    def touch(self, link: UUID, flows: Mapping[str, InForce]) -> None:
        """See that all it takes is at hand."""
        see(self._asks(link, flows))

    def refresh(
        self, link: UUID, flows: Mapping[str, InForce], event: Event, *, news: bool
    ) -> None:
        """Have the delivery to each record of a link stand as what is owed says; `news`: anew."""
        all_syncs = list(syncs(flows))
        for member in self._links.members(link):
            key = member.key
            known = self._world.record(key)
            is_gone = known is not None and known.gone
            owing = (one.name for one in all_syncs if not is_gone and self._owes(one, link, key))
            flow = next(owing, "")
            self._deliveries.refresh(key, flow, event, owes=bool(flow), news=news)

    def is_in_doubt(self, key: Key) -> bool:
        """Tell whether two things were said of a record at one stamp, and a read is to decide."""
        record = self._world.record(key)
        return record is not None and record.doubt and not record.gone

    def _asks(self, link: UUID, flows: Mapping[str, InForce]) -> Iterator[Ask]:
        for flow in syncs(flows):
            yield self._decisions.agreements, (link, flow.name)
        for (connection, kind, _), record in self._links.slots_of(link).items():
            yield from self.asks_of((connection, kind, record))

    def asks_of(self, key: Key) -> Iterator[Ask]:
        """Ask for what is read of a record of a link, or of one that is to be in it."""
        delivery = (to_record(key),)
        yield self._records, key
        yield self._deliveries.rows, delivery
        yield self._decisions.inbox, delivery

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
                reason=RESTLESS,
                sentence=row.reason,
                subject=f"{row.connection}.{row.kind}/{row.record}",
                choices=[RETRY, SKIP],
            )
            self._decisions.conclude(question, event.position)
