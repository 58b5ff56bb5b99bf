"""Rows of one table that are at hand, by their primary key.

This projector is the only writer of its tables, so what is at hand stays true from page to page.
What is known not to be in the table is at hand too, as None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hub.database import statement
from hub.flows.known import NotAtHand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.database.db import Reads, Writes

K = TypeVar("K", bound=tuple[Any, ...])
V = TypeVar("V")

ROWS_MAX = 50_000


class Shelf(Generic[K, V]):
    """`read` makes a value of a row's columns behind the key, `written` the columns of a value."""

    def __init__(
        self,
        name: str,
        read: Callable[..., V],
        written: Callable[[V], tuple[Any, ...]],
        *,
        key_columns: int = 1,
        whole: bool = False,
    ) -> None:
        self.name = name
        self._read = read
        self._written = written
        self._key_columns = key_columns
        self._rows: dict[K, V | None] = {}
        self._changed: set[K] = set()
        self.version = 0
        self._whole = whole  # whatever the table holds is at hand

    def __contains__(self, key: object) -> bool:
        return key in self._rows or self._whole

    def get(self, key: K) -> V | None:
        """Give a row, None if there is none; NotAtHand if nobody looked yet."""
        try:
            return self._rows[key]
        except KeyError:
            if self._whole:
                return None
            raise NotAtHand(self.name, key) from None

    def put(self, key: K, value: V) -> None:
        self._rows[key] = value
        self._changed.add(key)
        self.version += 1

    def moved(self) -> list[V]:
        """Give the rows that are to be written."""
        return [row for key in self._changed if (row := self._rows[key]) is not None]

    def is_written(self, key: K) -> bool:
        """Tell whether the table has this row as it stands here, but for what moved within it."""
        return key not in self._changed

    def values(self) -> dict[K, V]:
        """Give all rows at hand."""
        return {key: value for key, value in self._rows.items() if value is not None}

    async def fetch(self, db: Reads, keys: Iterable[K]) -> None:
        """Bring rows to hand."""
        missing = {key for key in keys if key not in self}
        if not missing:
            return
        self._rows.update(dict.fromkeys(missing))
        columns = zip(*missing, strict=True)
        found = await db.fetch(statement(f"projectors/sync/{self.name}.sql"), *map(list, columns))
        for row in found:
            key: Any = tuple(row[: self._key_columns])
            self._rows[key] = self._read(*row[self._key_columns :])

    async def fetch_all(self, db: Reads) -> None:
        """Bring the whole table to hand."""
        if not self._whole:
            found = await db.fetch(f"table {self.name}")
            for row in found:
                key: Any = tuple(row[: self._key_columns])
                self._rows.setdefault(key, self._read(*row[self._key_columns :]))
            self._whole = True
            self.version += 1

    async def write(self, db: Writes) -> None:
        if self._changed:
            rows = [
                (*key, *self._written(value))
                for key in sorted(self._changed)
                if (value := self._rows[key]) is not None
            ]
            columns = zip(*rows, strict=True)
            await db.execute(statement(f"projectors/sync/keep_{self.name}.sql"), *columns)
            self._changed = set()

    def trim(self) -> None:
        if len(self._rows) > ROWS_MAX:
            assert not self._changed, "rows are let go of only after they were written"
            self._rows = {}
            self._whole = False
