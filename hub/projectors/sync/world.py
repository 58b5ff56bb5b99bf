"""The world as the folds have it right after an event: what a judge may ask."""

from __future__ import annotations

from collections import deque
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from hub.database import statement
from hub.flows.judge.keys import mark_of
from hub.flows.known import NotAtHand, Owed, Record, fields_of
from hub.projectors.sync.at_hand import Part
from hub.projectors.sync.deliveries import to_record
from hub.projectors.sync.keys import BY_RECORD, BY_VALUE
from hub.projectors.sync.records import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hub.conclusions import Member
    from hub.database.db import Reads
    from hub.events import Event
    from hub.flows.agree import Agreement
    from hub.flows.known import Case, InForce, Item, Key
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.projectors.sync.keys import Keys
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.records import Records, Row

TABLE, COUNT, WAITING = "table", "count", "waiting"

READ_MAX = 10_000
"""So many rows are kept as they were read: each takes several times what its text does."""


class World:
    """Reads the folds' rows; what is not at hand it brings."""

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
        self._tables: dict[tuple[str, str], set[Key]] = {}
        self.tables = Part(TABLE, lambda kind: kind in self._tables)
        self._counts: dict[tuple[str, str], int] = {}
        self._listed: dict[tuple[str, str], list[Record]] = {}
        """Of tables, what stands in them; those that have changed are left out."""
        self._waiting: set[str] = set()
        """Of which flows all that waits to be made is at hand, while an event is judged."""
        self._before: dict[Key, Record | None] = {}
        self._read: deque[Row] = deque()
        """The rows that were read, in that order."""
        self.at = 0
        self.now = datetime.min.replace(tzinfo=UTC)
        self.origin = ""
        self.flows: Mapping[str, InForce] = {}

    def turn_to(self, event: Event, before: Record | None) -> None:
        """Stand right after this event; `before` is what its record said until then."""
        self.at = event.position
        self.now = event.recorded_at or self.now
        self.origin = event.origin or ""
        self._before = {}
        self._waiting.clear()
        if event.type in TYPES and event.record is not None:
            key = (event.connection or "", event.kind or "", event.record)
            self._before[key] = before

    def record(self, key: Key) -> Record | None:
        row = self._records.at_hand(key)
        return None if row is None or not row.position else self._as_read(key, row)

    def kept(self, key: Key) -> Record | None:
        """Give all that is kept of a record, without what is in doubt.

        It may be no more than that it is gone.
        """
        row = self._records.row(key)
        if row is None:
            return None
        known = self._as_read(key, row)
        if row.sure is None:
            return known
        return msgspec.structs.replace(known, fields=fields_of(row.sure), doubt=False)

    def before(self, key: Key) -> Record | None:
        return self._before[key] if key in self._before else self.record(key)

    def left_out(self, key: Key) -> Mapping[str, int]:
        row = self._records.at_hand(key)
        said = {} if row is None else row.said
        return {name: word[1] for name, word in said.items() if row and word[1] < row.position}

    def find(self, connection: str, kind: str, name: str, value: str) -> frozenset[str]:
        return self._keys.find(connection, kind, name, value)

    def link_of(self, key: Key) -> UUID | None:
        place = self._links.at_hand(key)
        return None if place is None else place.link

    def members(self, link: UUID) -> Sequence[Member]:
        return self._links.members(link)

    def agreement(self, link: UUID, flow: str) -> Agreement:
        return self._decisions.fields(link, flow)

    def case(self, flow: str, case: str) -> Case | None:
        return self._decisions.cases.get((flow, case))

    def item(self, id: UUID) -> Item | None:  # noqa: A002
        return self._decisions.inbox.get((id,))

    def owed_to(self, key: Key) -> Owed | None:
        return self.owed(to_record(key))

    def owed(self, id: UUID) -> Owed | None:  # noqa: A002
        row = self._deliveries.of(id)
        return None if row is None else _owed(id, row)

    def waiting(self, flow: str) -> Sequence[str]:
        if flow not in self._waiting:
            raise NotAtHand(WAITING, flow)
        rows = self._deliveries.rows.values().values()
        return sorted(
            one.case
            for one in rows
            if one.flow == flow and one.case and one.state == "owed" and not one.record
        )

    def marked(self, record: Record) -> Owed | None:
        mark = mark_of(record.fields)
        try:
            return self.owed(UUID(mark)) if mark else None
        except ValueError:
            return None  # somebody else's word in the hub's field

    def delivery_to(self, key: Key) -> UUID:
        return to_record(key)

    def day(self, connection: str) -> date:
        told = self._decisions.days.get((connection,))
        return self.now.date() if told is None else told.day

    def count(self, connection: str, kind: str) -> int:
        if (connection, kind) not in self._counts:
            raise NotAtHand(COUNT, (connection, kind))
        return self._counts[connection, kind]

    def table(self, connection: str, kind: str) -> Sequence[Record]:
        listed = self._listed.get((connection, kind))
        if listed is not None:
            return listed
        keys = self._tables.get((connection, kind))
        if keys is None:
            raise NotAtHand(TABLE, (connection, kind))
        found = [self.record(key) for key in sorted(keys)]
        listed = [record for record in found if record is not None and not record.gone]
        self._listed[connection, kind] = listed
        return listed

    def note(self, key: Key) -> None:
        """Take a record into its table, if that is at hand."""
        known = self._tables.get(key[:2])
        if known is not None:
            known.add(key)
            self._listed.pop(key[:2], None)

    async def bring(self, db: Reads, store: str, keys: Iterable[Any]) -> None:
        """Bring to hand what a store has of some keys."""
        match store:
            case "records":
                await self._records.fetch(db, keys)
            case "places":
                await self._links.fetch(db, (), keys)
            case "links":
                await self._links.fetch(db, keys, ())
            case _ if store == BY_RECORD:
                await self._keys.fetch_records(db, keys)
            case _ if store == BY_VALUE:
                await self._keys.fetch_found(db, keys)
            case _ if store in (TABLE, COUNT):
                await self._bring_kinds(db, store, keys)
            case "deliveries":
                await self._deliveries.rows.fetch(db, keys)
            case _ if store == WAITING:
                await self._bring_waiting(db, keys)
            case _:
                shelf = next(one for one in self._decisions.shelves if one.name == store)
                await shelf.fetch(db, keys)

    async def _bring_kinds(self, db: Reads, store: str, kinds: Iterable[tuple[str, str]]) -> None:
        for kind in kinds:
            if store == TABLE:
                self._tables[kind] = set(await self._records.fetch_kind(db, *kind))
            else:
                rows = await db.fetch(statement("projectors/sync/count.sql"), *kind)
                self._counts[kind] = rows[0][0] if rows else 0

    async def _bring_waiting(self, db: Reads, flows: Iterable[str]) -> None:
        for flow in flows:
            rows = await db.fetch(statement("projectors/sync/waiting.sql"), flow)
            await self._deliveries.rows.fetch(db, [(row["id"],) for row in rows])
            self._waiting.add(flow)

    def trim(self) -> None:
        """Let go of what was read of rows that are let go of."""
        self._read.clear()
        self._tables, self._counts, self._listed = {}, {}, {}

    def _as_read(self, key: Key, row: Row) -> Record:
        """Read a row; most are asked for often before they change."""
        if row.read is None:
            row.read = Record(
                key=key,
                fields=fields_of(row.data),
                stamp=row.stamp,
                position=row.position,
                gone=row.gone is not None,
                doubt=row.doubt is not None,
            )
            self._read.append(row)
            if len(self._read) > READ_MAX:
                self._read.popleft().read = None
        return row.read


def _owed(id_: UUID, row: Delivery) -> Owed:
    return Owed(
        id=id_,
        state=row.state,
        record=row.record,
        link=row.link,
        part=row.part,
        connection=row.connection,
        kind=row.kind,
        case=row.case,
        flow=row.flow,
        fields=row.fields,
        sent=row.sent.get("agreed", {}),
        narrowed=row.sent.get("narrowed", {}),
        earlier=row.sent.get("earlier", ()),
        found=row.sent.get("found", False),
        under_way=row.state == "sending" or (row.state == "owed" and row.look),
        look=row.look,
        answered_at=row.answered_at,
    )
