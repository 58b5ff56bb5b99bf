"""Fold observations into what each record says, field by field, and when that was last said.

Three rules. A field that is not there, or that the road does not cover, is no word about it. A word
with an older stamp of the vendor's than the one known changes nothing, whenever it arrives. Where
one stamp came with two contents, a read that was asked for after the first is the later truth; any
other is kept with a doubt, until a read that was asked for after both decides.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.database import statement
from hub.errors import NotApplicable
from hub.flows.known import NotAtHand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from hub.database.db import Db, Reads, Writes
    from hub.events import Event
    from hub.flows.known import Record

    Key: TypeAlias = tuple[str, str, str]

Fields: TypeAlias = dict[str, msgspec.Raw]
Names: TypeAlias = dict[str, None]  # in their order, and quick to look up
Word: TypeAlias = tuple[datetime, int]  # a stamp, and the position of the event that bore it

TYPES = frozenset({"observed", "gone"})
RECORDS = "records"

ROW_BYTES = 700
"""About what a row takes beside its data."""

SHAPES_MAX = 10_000

_read_fields = msgspec.json.Decoder(Fields).decode
_read_said = msgspec.json.Decoder(dict[str, Word]).decode
_read_exactly = msgspec.json.Decoder(float_hook=Decimal).decode
_write_json = msgspec.json.Encoder().encode


class Row:
    """One record as it is known."""

    __slots__ = (
        "data",
        "doubt",
        "gone",
        "gone_at",
        "late",
        "late_count",
        "names",
        "position",
        "read",
        "said",
        "stamp",
        "sure",
    )

    def __init__(self) -> None:
        self.stamp: datetime | None = None
        self.position = 0
        self.data = b"{}"
        self.names: Names = {}
        self.said: dict[str, Word] = {}
        self.gone: int | None = None
        self.gone_at: datetime | None = None
        self.doubt: int | None = None
        self.late: int | None = None
        self.late_count = 0
        self.sure: bytes | None = None
        """What it said before the doubt began."""
        self.read: Record | None = None
        """What the row says, read by whoever asked for that since it has changed."""

    def fields(self) -> Fields:
        return _read_fields(self.data)

    @property
    def spoken(self) -> int:
        """The last event that changed what is known: a read asked for since then decides."""
        return max(self.position, self.doubt or 0, *(word[1] for word in self.said.values()), 0)

    def word(self, name: str) -> Word | None:
        """Give when this field was last spoken of."""
        if self.stamp is None or name not in self.names:
            return None
        return self.said.get(name) or (self.stamp, self.position)


class Records:
    """The rows of `records` that are at hand."""

    def __init__(self, *, empty: bool, cache_bytes_max: int) -> None:
        self._rows: dict[Key, Row] = {}
        self._changed: dict[Key, Row] = {}
        self._absent: set[Key] = set()
        self._bytes = 0
        self._bytes_max = cache_bytes_max
        self._all_here = empty  # whatever the table holds is at hand, so nothing need be looked up
        self._shapes: dict[tuple[str, ...], Names] = {}

    def row(self, key: Key) -> Row | None:
        return self._rows.get(key)

    def at_hand(self, key: Key) -> Row | None:
        """Give a row, None if there is none; NotAtHand if nobody looked yet."""
        row = self._rows.get(key)
        if row is None and not self._all_here and key not in self._absent:
            raise NotAtHand(RECORDS, key)
        return row

    name = RECORDS

    def __contains__(self, key: object) -> bool:
        return key in self._rows or self._all_here or key in self._absent

    def keys_of(self, kinds: AbstractSet[tuple[str, str]]) -> list[Key]:
        """Give the records of some kinds that are at hand."""
        return sorted(key for key in self._rows if key[:2] in kinds)

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        await self.fetch(db, (event.key for event in events if event.record is not None))

    async def fetch(self, db: Reads, keys: Iterable[Key]) -> None:
        """Bring rows to hand."""
        if self._all_here:
            return
        missing = {key for key in keys if key not in self._rows and key not in self._absent}
        if missing:
            self._absent |= missing
            columns = list(zip(*missing, strict=True))
            for found in await db.fetch(statement("projectors/sync/records.sql"), *columns):
                self._admit((found[0], found[1], found[2]), self._row(found))

    async def fetch_kind(self, db: Reads, connection: str, kind: str) -> list[Key]:
        """Bring all records of a kind to hand; give which there are."""
        if not self._all_here:
            query = statement("projectors/sync/records_of_kind.sql")
            for found in await db.fetch(query, connection, kind):
                key = (found[0], found[1], found[2])
                if key not in self._rows:
                    self._admit(key, self._row(found))
        return [key for key in self._rows if key[:2] == (connection, kind)]

    def apply(self, event: Event) -> None:
        if event.record is None or event.kind is None or event.connection is None:
            raise NotApplicable(f"this {event.type} event does not say which record it is about")
        key = event.key
        row = self._rows.get(key)
        if event.type == "observed":
            fields = covered(read(event), event.cover)
            if row is None:
                row = self._admit(key, Row())
            before = len(row.data)
            self._observe(row, event, fields)
            self._bytes += len(row.data) - before
        else:
            if row is None:
                row = self._admit(key, Row())
            _mark_gone(row, event)
        row.read = None
        self._changed[key] = row

    async def write(self, db: Writes) -> None:
        if self._changed:
            rows = [_written(key, self._changed[key]) for key in sorted(self._changed)]
            await db.execute(statement("projectors/sync/keep_records.sql"), rows)
            self._changed = {}

    @property
    def is_full(self) -> bool:
        """Whether the rows at hand take more memory than they may."""
        return self._bytes > self._bytes_max

    def trim(self) -> None:
        if self.is_full:
            assert not self._changed, "rows are let go of only after they were written"
            self._rows = {}
            self._absent = set()
            self._bytes = 0
            self._all_here = False

    def _admit(self, key: Key, row: Row) -> Row:
        self._rows[key] = row
        self._absent.discard(key)
        self._bytes += ROW_BYTES + len(row.data)
        return row

    def _observe(self, row: Row, event: Event, fields: Fields) -> None:
        stamp = event.occurred_at or event.recorded_at
        assert stamp is not None
        if row.gone_at is not None and (stamp > row.gone_at or _is_back(row, event, stamp)):
            row.gone = row.gone_at = None
        asked = event.cause is not None and event.cause >= row.spoken
        if row.stamp is None or stamp > row.stamp or (asked and stamp == row.stamp):
            self._replace(row, event, fields, stamp)
            if asked or not row.said:  # else the field in doubt may be one that is not covered here
                row.doubt = row.sure = None
        elif (taken := _news(row, fields, stamp)) or stamp == row.stamp:
            self._fill_in(row, taken, (stamp, event.position))
        else:
            row.late = event.position
            row.late_count += 1

    def _replace(self, row: Row, event: Event, fields: Fields, stamp: datetime) -> None:
        """Take every field that the newest observation speaks of; the others keep their words."""
        names = self._shape(fields)
        if event.cover is None and (names == row.names or not row.names):
            row.data = event.data
            row.said = {}
        else:
            kept = {name: row.word(name) for name in row.names if name not in fields}
            row.said = {name: word for name, word in kept.items() if word is not None}
            all_fields = {**row.fields(), **fields}
            row.data = _write_json(all_fields)
            names = self._shape(all_fields)
        row.names, row.stamp, row.position = names, stamp, event.position

    def _fill_in(self, row: Row, taken: Fields, word: Word) -> None:
        """Take single fields of an observation that is not newer than the row as a whole."""
        if not taken:
            return
        stamp, position = word
        if any(known is not None and known[0] == stamp for known in map(row.word, taken)):
            row.sure = row.sure or row.data
            row.doubt = position
        row.said = {**row.said, **dict.fromkeys(taken, word)}
        fields = {**row.fields(), **taken}
        row.data = _write_json(fields)
        row.names = self._shape(fields)

    def _shape(self, fields: Fields) -> Names:
        """Give the names of these fields, as one value for all records alike."""
        names = tuple(fields)
        known = self._shapes.get(names)
        if known is None:
            if len(self._shapes) >= SHAPES_MAX:
                self._shapes = {}
            self._shapes[names] = known = dict.fromkeys(names)
        return known

    def _row(self, found: Any) -> Row:
        row = Row()
        _, _, _, row.stamp, row.position, row.data, said, *rest = found
        row.gone, row.gone_at, row.doubt, row.late, row.late_count, row.sure = rest
        row.names = self._shape(row.fields())
        row.said = _read_said(said) if said is not None else {}
        return row


def read(event: Event) -> Fields:
    """Read the fields of an observation, each left as the vendor wrote it."""
    if event.seal is not None:
        raise NotApplicable(f"its data is sealed with the key {event.seal}, which is not here")
    try:
        return _read_fields(event.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotApplicable(f"its data is not a JSON object: {error}") from error


def covered(fields: Fields, cover: str | None) -> Fields:
    """Keep the fields that the road speaks of: `only:a,b` or `except:a,b`; None: all it has."""
    if cover is None:
        return fields
    only, names = _cover(cover)
    return {name: value for name, value in fields.items() if (name in names) is only}


@lru_cache(maxsize=1_000)
def _cover(cover: str) -> tuple[bool, frozenset[str]]:
    how, found, names = cover.partition(":")
    if not found or how not in ("only", "except"):
        raise NotApplicable(f'its cover is {cover!r}; expected "only:..." or "except:..."')
    return how == "only", frozenset(names.split(","))


def _news(row: Row, fields: Fields, stamp: datetime) -> Fields:
    """Pick the fields about which no newer word is known, and that say something else."""
    known = row.fields()
    return {
        name: value
        for name, value in fields.items()
        if (word := row.word(name)) is None
        or stamp > word[0]
        or (stamp == word[0] and not same(known[name], value))
    }


def same(one: msgspec.Raw, other: msgspec.Raw) -> bool:
    """Tell whether two JSON texts say the same, however they are written."""
    if one == other:  # to the byte
        return True
    try:
        return _alike(_read_exactly(bytes(one)), _read_exactly(bytes(other)))
    except (ValueError, ArithmeticError, RecursionError):
        return False  # a number of a million digits and the like: equal to the byte or not at all


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    # To Python, true is 1.
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _is_back(row: Row, event: Event, stamp: datetime) -> bool:
    """Tell whether a record was read after it was said to be gone, and in the same second.

    Vendors stamp records in whole seconds; where none said when it went, the log's own clock did.
    """
    asked = event.cause is not None and row.gone is not None and event.cause > row.gone
    return asked and row.gone_at is not None and stamp >= row.gone_at.replace(microsecond=0)


def _mark_gone(row: Row, event: Event) -> None:
    stamp = event.occurred_at or _when_read(row, event)
    if (row.stamp is None or stamp >= row.stamp) and (row.gone_at is None or stamp >= row.gone_at):
        row.gone, row.gone_at = event.position, stamp
        # What it said last is of no matter: should it be back, it is read again.
        row.doubt = row.sure = None
    else:
        row.late = event.position
        row.late_count += 1


def _when_read(row: Row, event: Event) -> datetime:
    """Give the time of a reading that found nothing, and so no stamp of the vendor's either.

    It is no older than what the log has told of the record before: the vendor's clock may be ahead
    of the hub's.
    """
    assert event.recorded_at is not None, "it comes from the log"
    known = (each for each in (row.stamp, row.gone_at) if each is not None)
    return max([event.recorded_at, *known])


def _written(key: Key, row: Row) -> tuple[Any, ...]:
    return (
        *key,
        row.stamp,
        row.position,
        row.data,
        _write_json(row.said) if row.said else None,
        row.gone,
        row.gone_at,
        row.doubt,
        row.late,
        row.late_count,
        row.sure,
    )
