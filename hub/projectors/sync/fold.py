"""All folds of the sync projector as one: what an event changes, and what is concluded from it.

What an event needs is brought to hand before anything changes: `NotAtHand` from `apply` or `judge`
means that nothing did, and that it is to be asked again once `bring` has brought what is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hub.events import Event, payload
from hub.flows.judge.event import TYPES as JUDGED_TYPES
from hub.flows.known import NotAtHand
from hub.projectors.sync.again import Again
from hub.projectors.sync.ahead import Ahead
from hub.projectors.sync.answer import Answering
from hub.projectors.sync.at_hand import not_by_halves, see
from hub.projectors.sync.conclude import Concluding
from hub.projectors.sync.decisions import TYPES as DECISION_TYPES
from hub.projectors.sync.decisions import Decisions
from hub.projectors.sync.deliveries import TYPES as DELIVERY_TYPES
from hub.projectors.sync.deliveries import Deliveries, to_record
from hub.projectors.sync.finding import KINDS, Finding
from hub.projectors.sync.judging import Judging
from hub.projectors.sync.keys import Keys
from hub.projectors.sync.links import Links
from hub.projectors.sync.links_said import TYPES as LINK_TYPES
from hub.projectors.sync.owing import Owing
from hub.projectors.sync.recalled import Recalled
from hub.projectors.sync.records import TYPES as RECORD_TYPES
from hub.projectors.sync.records import Records
from hub.projectors.sync.world import World
from hub.projectors.written import AtOnce

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.database.db import Db, Reads, Writes
    from hub.flows.known import Key, Record
    from hub.projectors.projector import Fold
    from hub.projectors.sync.at_hand import Ask

T = TypeVar("T")


class Sync:
    """The projector that the hub decides by."""

    name = "sync"
    tables = (
        "records", "links", "link_history", "duplicates", "flows", "keys", "agreements", "cases",
        "deliveries", "inbox", "stops", "days",
    )  # fmt: skip

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        return SyncFold(Records(empty=empty, cache_bytes_max=cache_bytes_max), live=live)


class SyncFold:
    """All folds; `live`: events are judged, else what was concluded from them is looked up."""

    def __init__(self, records: Records, *, live: bool) -> None:
        self.records = records
        self.links = Links()
        self.keys = Keys()
        self.decisions = Decisions()
        self.deliveries = Deliveries()
        self.world = World(records, self.links, self.keys, self.decisions, self.deliveries)
        parts = (self.links, self.decisions, self.deliveries)
        self._owing = Owing(records, *parts, self.world)
        self._concluding = Concluding(*parts, self._owing)
        self._answering = Answering(*parts, self._owing)
        self._again = Again(*parts, self._owing)
        self._ahead = Ahead(records, self.links, self.keys, self.decisions, self.deliveries)
        self._finding = Finding(records, self.keys, self.decisions, self.world)
        self.recalled = Recalled(live=live)
        self._judging = Judging(self.world, self._concluding)
        self._owed_to: set[str] = set()

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        await self.records.load(db, events)
        await self.links.load(db, events)
        await self.decisions.flows.fetch_all(db)
        self.world.flows = self.decisions.in_force()
        self._finding.gone_through.clear()
        await self.recalled.load(db, events)
        if self.decisions.flows.values():
            await self._ahead.load(db, events)

    def apply(self, event: Event, at: int) -> None:
        conclusions = self.recalled.of(event)
        self._touch(event, conclusions)
        with not_by_halves():
            before = self._moved(event, at)
        self.world.flows = self.decisions.in_force()
        self.world.turn_to(event, before)
        self._concluding.take_in(conclusions, event, at)
        self._concluding.settle(conclusions, event)

    def judge(self, event: Event, at: int) -> None:
        """Conclude what follows, where events are judged; NotAtHand: bring that, and ask again.

        What was judged once is not judged again, should the tables ever be begun anew.
        """
        if event.type in JUDGED_TYPES and self.world.flows and self.recalled.is_new(at):
            self._judging.judge(event, at)

    def said(self) -> list[Event]:
        """Give the events of what was concluded on this page, to be kept together with its rows."""
        return self._judging.said()

    def owing(self) -> set[str]:
        """Give the connections to which something else may be owed by what was written last."""
        return self._owed_to

    async def recall(self, db: Db, archived: AsyncIterator[Sequence[Event]]) -> None:
        await self.recalled.recall(db, archived)

    async def bring(self, db: Reads, wanted: NotAtHand) -> None:
        for store, keys in wanted.wanted.items():
            if store == KINDS:
                for connection, kind in keys:
                    records = await self.records.fetch_kind(db, connection, kind)
                    await self.keys.fetch_records(db, records)
                    self._finding.gone_through.add((connection, kind))
            else:
                await self.world.bring(db, store, keys)

    async def at_hand(self, db: Reads, act: Callable[[], T]) -> T:
        """Do something with these, having brought to hand whatever it asks for."""
        while True:
            try:
                return act()
            except NotAtHand as wanted:
                await self.bring(db, wanted)

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:
        self._owed_to = {row.connection for row in self.deliveries.rows.moved()}
        await self.links.write(db)
        written = AtOnce()
        if all_rows or self.records.is_full:
            await self.records.write(written)
        await self.keys.write(written)
        await self.decisions.write_spent(written)
        for shelf in (*self.decisions.shelves, self.deliveries.rows):
            await shelf.write(written)
        await written.send(db)

    def trim(self) -> None:
        if self.records.is_full:
            self.world.trim()
        self.records.trim()
        self.links.trim()
        self.keys.trim()
        for shelf in (*self.decisions.shelves, self.deliveries.rows):
            shelf.trim()

    def _touch(self, event: Event, conclusions: Sequence[Conclusion]) -> None:
        """See that all is at hand before anything changes."""
        if event.type in RECORD_TYPES and event.record is not None:
            if self._finding.is_found(key := event.key):
                see(self._asks(key))
            if (link := self._comes_or_goes(event, self.world.kept(key))) is not None:
                self._owing.touch(link, self.world.flows)
        elif event.type in DELIVERY_TYPES:
            self._answering.touch(event)
        elif event.type == "redelivered":
            self._again.touch(event)
        elif event.type == "flow_installed":
            self._finding.touch_kinds(event)
        elif event.type in DECISION_TYPES:
            self.decisions.touch_event(event)
            if event.type == "resolved":
                self.deliveries.of(payload(event).item)
        self._concluding.touch(conclusions, event)

    def _asks(self, key: Key) -> Iterator[Ask]:
        delivery = (to_record(key),)
        yield self.deliveries.rows, delivery
        yield self.decisions.inbox, delivery
        yield from self._finding.asks(key)

    def _moved(self, event: Event, at: int) -> Record | None:
        """Apply the event itself; give its record as it was until then."""
        before = None
        if event.type in RECORD_TYPES:
            key = event.key
            before = self.world.kept(key)
            self.records.apply(event)
            self.world.note(key)
            self.world.turn_to(event, before)
            self._finding.index(key)
            if (link := self._comes_or_goes(event, before)) is not None:
                self._owing.refresh(link, self.world.flows, event, news=True)
            elif before is not None and before.gone and event.type != "gone":
                self._tell_again(key, event)
        elif event.type in LINK_TYPES:
            self.links.apply(event, at)
        elif event.type in DELIVERY_TYPES:
            self._answering.apply(event, at)
        elif event.type == "redelivered":
            self._again.apply(event)
        elif event.type in DECISION_TYPES:
            self.decisions.apply(event)
            if event.type == "flow_installed":
                self._finding.index_all(event)
            elif event.type == "resolved":
                self.deliveries.resolve(payload(event), event)
        return before

    def _tell_again(self, key: Key, event: Event) -> None:
        """Have a record that is back, and in no link, be told what it missed meanwhile."""
        if self._finding.is_found(key):
            self.deliveries.tell_again(key, event)

    def _comes_or_goes(self, event: Event, before: Record | None) -> UUID | None:
        """Give the link of a record that is gone by this event, or was: what is owed changes."""
        key, was_gone = event.key, before is not None and before.gone
        is_about = (event.type == "gone" or was_gone) and self._finding.is_found(key)
        return self.world.link_of(key) if is_about else None
