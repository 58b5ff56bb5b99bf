"""Records of one kind in memory: by id, by what is looked up often, in the orders asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.sandbox.system import Fields


class Table:
    """A dict of records with indexes. Whoever changes a record puts it again."""

    def __init__(self, id_field: str, indexed: Iterable[str] = ()) -> None:
        self.id_field = id_field
        self.records: dict[str, Fields] = {}
        self.created: dict[str, int] = {}
        self.modified: dict[str, int] = {}
        self._getters: dict[str, Callable[[Fields], Any]] = {}
        self._ids: dict[str, dict[str, dict[str, None]]] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self._orders: dict[tuple[str, bool], list[str]] = {}
        """Ids in the orders that were asked for; kept until the next write."""
        for field in indexed:
            self.index(field, _says(field))

    def put(self, record: Fields, second: int) -> None:
        """Take in a new record, or what was changed of a known one, at a second."""
        record_id = record[self.id_field]
        self.records[record_id] = record
        self.created.setdefault(record_id, second)
        self.modified[record_id] = second
        self.reindex(record)

    def remove(self, record_id: str) -> None:
        """Forget a record without a trace."""
        del self.records[record_id], self.created[record_id], self.modified[record_id]
        for field, key in self._keys.pop(record_id, {}).items():
            self._ids[field][key].pop(record_id, None)
        self._orders.clear()

    def index(self, field: str, getter: Callable[[Fields], Any]) -> None:
        """Make records be found by a field."""
        self._getters[field] = getter
        self._ids[field] = {}
        for record in self.records.values():
            self.reindex(record)

    def reindex(self, record: Fields) -> None:
        """Note that a record says something else now, whoever changed it."""
        record_id = record[self.id_field]
        keys = self._keys.setdefault(record_id, {})
        for field, getter in self._getters.items():
            key = folded(getter(record))
            if keys.get(field) == key:
                continue
            if field in keys:
                self._ids[field][keys[field]].pop(record_id, None)
            keys[field] = key
            self._ids[field].setdefault(key, {})[record_id] = None
        self._orders.clear()

    def is_indexed(self, field: str) -> bool:
        return field in self._getters

    def find(self, field: str, value: Any) -> list[Fields]:
        """Give the records whose field has a value, whatever the case of its letters."""
        ids = self._ids[field].get(folded(value), {})
        return [self.records[record_id] for record_id in ids]

    def order(self, column: str, key: Callable[[Fields], Any], *, descending: bool) -> list[str]:
        """Give all ids in an order; equal ones stay in the order they came."""
        if (column, descending) not in self._orders:
            self._orders[column, descending] = self.sorted(
                self.records.values(), key, descending=descending
            )
        return self._orders[column, descending]

    def sorted(
        self, records: Iterable[Fields], key: Callable[[Fields], Any], *, descending: bool
    ) -> list[str]:
        """Give ids in an order; of equal ones the newest come first when it descends."""
        rows = list(records)
        if descending:
            rows.reverse()
        return [row[self.id_field] for row in sorted(rows, key=key, reverse=descending)]


def folded(value: Any) -> str:
    return str(value if value is not None else "").strip().casefold()


def _says(field: str) -> Callable[[Fields], Any]:
    return lambda record: record.get(field)
