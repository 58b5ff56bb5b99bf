"""The records of one kind at a played vendor, and what makes finding them quick.

A record is never changed in place: a change is a new record under the old id. So whoever holds one
(the search index, a page that is being written) holds what it was.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

Fields = dict[str, Any]
Place = tuple[Any, str]

_KEYS = (str, int, Decimal)
"""What a unique field may hold."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record: money is Decimal, times are datetimes in UTC, a lookup is the other's id."""

    id: str
    module: str
    fields: Fields
    locked: bool = False

    def get(self, name: str) -> Any:
        return self.id if name == "id" else self.fields.get(name)


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was deleted, and is in the recycle bin unless it was for good."""

    record: Record
    name: str
    at: datetime
    by: str
    permanent: bool = False


class Table:
    """The records of a kind, by id, by unique value, and in the orders of `sorts`.

    `stamp` is the one of these that holds when a record was last changed.
    """

    def __init__(self, sorts: tuple[str, ...], stamp: str) -> None:
        self._stamp = stamp
        self.records: dict[str, Record] = {}
        self.removed: dict[str, Removed] = {}
        self._orders: dict[str, list[Place]] = {name: [] for name in sorts}
        self._values: dict[str, dict[str, list[str]]] = {}

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    def get(self, record_id: str) -> Record | None:
        return self.records.get(record_id)

    def order(self, sort_by: str) -> list[Place]:
        """Give all (value, id) in rising order. It is the table's own list: read it only."""
        return self._orders[sort_by]

    def since(self, moment: datetime, *, exclusive: bool = False) -> list[Place]:
        """Give (stamp, id) of what changed from a moment on, oldest first."""
        order = self._orders[self._stamp]
        start = bisect_left(order, (moment, "\uffff" if exclusive else ""))
        return order[start:]

    def by_value(self, field: str, value: Any) -> list[str]:
        """Give the ids that have this value in a field, oldest first; letter case is no matter."""
        if field not in self._values:
            self._values[field] = {}
            for record in self.records.values():
                self._index(field, record)
        return self._values[field].get(_key(value), [])

    def save(self, record: Record) -> None:
        """Keep a new record, or a new state of one."""
        old = self.records.get(record.id)
        for sort_by, order in self._orders.items():
            place = (record.get(sort_by), record.id)
            if old is not None and (before := (old.get(sort_by), old.id)) != place:
                del order[bisect_left(order, before)]
            if old is None or before != place:
                insort(order, place)
        self._move_values(old, record)
        self.records[record.id] = record

    def remove(self, record: Record) -> None:
        """Let go of a record."""
        for sort_by, order in self._orders.items():
            del order[bisect_left(order, (record.get(sort_by), record.id))]
        self._move_values(record, None)
        del self.records[record.id]

    def _move_values(self, old: Record | None, new: Record | None) -> None:
        for field, index in self._values.items():
            before = old.get(field) if old else None
            if new is not None and before == new.get(field):
                continue
            if isinstance(before, _KEYS) and old:
                index[_key(before)].remove(old.id)
            if new is not None:
                self._index(field, new)

    def _index(self, field: str, record: Record) -> None:
        value = record.get(field)
        if isinstance(value, _KEYS):
            insort(self._values[field].setdefault(_key(value), []), record.id)


def _key(value: Any) -> str:
    return str(value).casefold()


class References:
    """Who points at whom, so that a related list or a deletion need not look through everything."""

    def __init__(self) -> None:
        self._to: dict[str, dict[tuple[str, str], set[str]]] = {}

    def of(self, target: str, module: str, field: str) -> list[str]:
        """Give the ids in a module whose lookup points at the target, oldest first."""
        return sorted(self._to.get(target, {}).get((module, field), ()))

    def all_of(self, target: str) -> list[tuple[str, str, str]]:
        """Give (module, field, id) of everything that points at the target."""
        places = self._to.get(target, {}).items()
        return [(*place, one) for place, ids in sorted(places) for one in sorted(ids)]

    def move(self, links: Iterable[str], old: Record | None, new: Record | None) -> None:
        """Follow a record from its old state to its new one."""
        for name in links:
            before = old.get(name) if old else None
            after = new.get(name) if new else None
            if before == after:
                continue
            if before and old:
                self._to[before][old.module, name].discard(old.id)
            if after and new:
                place = self._to.setdefault(after, {})
                place.setdefault((new.module, name), set()).add(new.id)
