"""Bring to hand what most events need, a page at a time, before any of them is folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.flow import While
from hub.flows.judge.keys import found_by
from hub.flows.known import slot_of, subject_of
from hub.projectors.sync.deliveries import TYPES as DELIVERY_TYPES
from hub.projectors.sync.deliveries import deliveries_in, to_record
from hub.projectors.sync.owing import syncs
from hub.projectors.sync.records import TYPES as RECORD_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db
    from hub.events import Event
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.keys import Keys
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.records import Records


class Ahead:
    """What it does not bring is brought when it is asked for, at the price of a statement each."""

    def __init__(
        self,
        records: Records,
        links: Links,
        keys: Keys,
        decisions: Decisions,
        deliveries: Deliveries,
    ) -> None:
        self._records = records
        self._links = links
        self._keys = keys
        self._decisions = decisions
        self._deliveries = deliveries

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        """Bring what most events need: their records' links, and all that stands about these."""
        told = RECORD_TYPES | DELIVERY_TYPES
        keys = {
            (event.connection or "", event.kind or "", event.record)
            for event in events
            if event.type in told and event.record
        }
        await self._links.fetch(db, (), keys)
        members = keys | self._links.members_of(keys)
        await self._records.fetch(db, members)
        await self._keys.fetch_records(db, keys)
        deliveries = [(to_record(key),) for key in members]
        deliveries += [(id_,) for event in events for id_ in deliveries_in(event)]
        for connection, kind, record in members:
            if (place := self._links.place((connection, kind, record))) is not None:
                deliveries.append((slot_of(place.link, connection, kind, place.part),))
        await self._deliveries.rows.fetch(db, deliveries)
        await self._decisions.inbox.fetch(db, deliveries)
        flows = [one.flow for one in self._decisions.in_force().values()]
        await self._keys.fetch_found(db, {each for key in members for each in found_by(flows, key)})
        links = {place.link for key in members if (place := self._links.place(key)) is not None}
        names = [flow.name for flow in syncs(self._decisions.in_force())]
        unlinked = [subject_of(key) for key in keys if self._links.place(key) is None]
        cases = [(name, one) for one in unlinked for name in names]
        cases += [
            (flow.name, subject_of(key))
            for flow in flows
            if isinstance(flow, While)
            for key in keys
            if any((tell.connection, tell.kind) == key[:2] for tell in flow.keep)
        ]
        await self._decisions.cases.fetch(db, cases)
        await self._decisions.agreements.fetch(
            db, [(link, name) for link in links for name in names]
        )
