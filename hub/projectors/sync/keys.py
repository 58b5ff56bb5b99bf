"""Fold by what records are found: what flows match by, the lookups they follow, the hub's marks.

Only of kinds that a flow is about. A flow that is installed later finds the records that are there
already, for its kinds are gone through then.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from hub.database import statement
from hub.flows.known import NotAtHand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database.db import Reads, Writes
    from hub.flows.known import Key

Entry: TypeAlias = tuple[str, str]
"""A name, and the value under it."""

Found: TypeAlias = tuple[str, str, str, str]
"""Connection, kind, name, value."""

BY_RECORD, BY_VALUE = "keys", "found"
ROWS_MAX = 100_000


class Keys:
    """The entries at hand, by record and by value; both are kept true as records change."""

    def __init__(self) -> None:
        self._entries: dict[Key, frozenset[Entry]] = {}
        self._found: dict[Found, set[str]] = {}
        self._unwritten: defaultdict[Found, dict[str, bool]] = defaultdict(dict)

    name = BY_RECORD

    def __contains__(self, key: object) -> bool:
        """Tell whether it is at hand by what a record is found."""
        return key in self._entries

    def of(self, key: Key) -> frozenset[Entry]:
        try:
            return self._entries[key]
        except KeyError:
            raise NotAtHand(BY_RECORD, key) from None

    def find(self, connection: str, kind: str, name: str, value: str) -> frozenset[str]:
        found = self._found.get((connection, kind, name, value))
        if found is None:
            raise NotAtHand(BY_VALUE, (connection, kind, name, value))
        return frozenset(found)

    def put(self, key: Key, entries: frozenset[Entry]) -> None:
        """Have a record found by these entries, and by no others."""
        known = self.of(key)
        if known == entries:
            return
        for name, value in known ^ entries:
            self._move((key[0], key[1], name, value), key[2], here=(name, value) in entries)
        self._entries[key] = entries

    async def fetch_records(self, db: Reads, keys: Iterable[Key]) -> None:
        missing = sorted({key for key in keys if key not in self._entries})
        if missing:
            self._entries.update(dict.fromkeys(missing, frozenset()))
            for row in await db.fetch(
                statement("projectors/sync/keys.sql"), *zip(*missing, strict=True)
            ):
                key = (row[0], row[1], row[2])
                self._entries[key] = frozenset(zip(row[3], row[4], strict=True))

    async def fetch_found(self, db: Reads, wanted: Iterable[Found]) -> None:
        missing = sorted({each for each in wanted if each not in self._found})
        if not missing:
            return
        self._found.update({each: set() for each in missing})
        for row in await db.fetch(
            statement("projectors/sync/found.sql"), *zip(*missing, strict=True)
        ):
            self._found[row[0], row[1], row[2], row[3]].update(row[4])
        for each in missing:
            # The table does not know yet what changed on this page.
            for record, here in self._unwritten.get(each, {}).items():
                (self._found[each].add if here else self._found[each].discard)(record)

    async def write(self, db: Writes) -> None:
        moves = [
            ((found[0], found[1], record, found[2], found[3]), here)
            for found, records in self._unwritten.items()
            for record, here in records.items()
        ]
        for name, wanted in (("drop_keys", False), ("keep_keys", True)):
            rows = sorted(row for row, here in moves if here is wanted)
            if rows:
                await db.execute(statement(f"projectors/sync/{name}.sql"), *zip(*rows, strict=True))
        self._unwritten.clear()

    def trim(self) -> None:
        if len(self._entries) + len(self._found) > ROWS_MAX:
            self._entries, self._found = {}, {}

    def _move(self, found: Found, record: str, *, here: bool) -> None:
        self._unwritten[found][record] = here
        known = self._found.get(found)
        if known is not None:
            (known.add if here else known.discard)(record)
