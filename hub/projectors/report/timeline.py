"""What happened to a record, and to those it is linked with, as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.database import statement
from hub.projectors.sync import links_said as links
from hub.projectors.sync.records import covered, read, same
from hub.projectors.written import AtOnce

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.database.db import Db, Writes
    from hub.events import Event
    from hub.projectors.projector import Fold

    Key: TypeAlias = tuple[str, str, str]
    RoadKey: TypeAlias = tuple[str, str, str, str]

TYPES = frozenset({"observed", "gone", "noticed"})

_read_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class Timeline:
    """The projector behind `hub log timeline`."""

    name = "timeline"
    tables = ("timeline", "timeline_last")

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:  # noqa: ARG002
        return TimelineFold()


class TimelineFold:
    """The lines of one page, and what each road said last of its records.

    The first that is seen of a record is a baseline: a line of its own kind, that changed nothing.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[Any, ...]] = []
        self._last: dict[RoadKey, bytes] = {}
        self._latest: dict[Key, tuple[int, str]] = {}
        """Of each record, the last observation and its road."""

        self._changed: dict[RoadKey, tuple[bytes, int]] = {}

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        self._lines, self._changed = [], {}
        keys = {event.key for event in events if event.type == "observed"}
        rows = []
        if keys:
            columns = list(zip(*keys, strict=True))
            rows = await db.fetch(statement("projectors/report/last.sql"), *columns)
        self._last = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
        self._latest = {}
        for row in rows:
            key = (row[0], row[1], row[2])
            self._latest[key] = max(self._latest.get(key, (-1, "")), (row[5], row[3]))

    def apply(self, event: Event, at: int) -> None:  # noqa: ARG002
        if event.type in links.TYPES:
            for key, link in _linked(event):
                self._add(key, event, link=link)
        elif event.type == "observed" and event.record is not None:
            first = event.key not in self._latest
            news = self._news(event)
            self._add(event.key, event, first=first, changed=[] if first else news)
        elif event.type in TYPES and event.record is not None:
            self._add(event.key, event)

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:  # noqa: ARG002
        written = AtOnce()
        if self._lines:
            rows = [(*row[:-1], msgspec.json.encode(row[-1]).decode()) for row in self._lines]
            await written.execute(
                statement("projectors/report/keep_timeline.sql"), *zip(*rows, strict=True)
            )
        if self._changed:
            last = [(*key, *self._changed[key]) for key in sorted(self._changed)]
            await written.execute(
                statement("projectors/report/keep_last.sql"), *zip(*last, strict=True)
            )
        await written.send(db)
        self._lines, self._changed = [], {}

    def trim(self) -> None:
        """Hold nothing between pages."""

    def _news(self, event: Event) -> list[str]:
        """Name the fields that say other than this road said before, and than was said last.

        Roads put some values each in its own way, so both are looked at. One that speaks for the
        first time may have fields that no other has: these are no change. What it says is kept.
        """
        fields = covered(read(event), event.cover)
        record, key = event.key, _road_key(event)
        _, latest = self._latest.get(record, (0, key[3]))
        spoke = key in self._last
        before = _read_fields(self._last.get(key, b"{}"))
        last = _read_fields(self._last.get((*record, latest), b"{}"))
        whole = event.cover is None and before.keys() <= fields.keys()
        self._last[key] = event.data if whole else msgspec.json.encode({**before, **fields})
        self._changed[key] = (self._last[key], event.position)
        self._latest[record] = (event.position, key[3])
        return [
            name.replace("\0", "\ufffd")  # which Postgres cannot hold in a text
            for name, value in fields.items()
            if (spoke or name in last)
            and not (_says(before, name, value) or _says(last, name, value))
        ]

    def _add(
        self,
        key: Key,
        event: Event,
        *,
        link: UUID | None = None,
        first: bool = False,
        changed: Sequence[str] = (),
    ) -> None:
        self._lines.append(
            (
                *key,
                event.position,
                event.recorded_at,
                event.occurred_at,
                event.type,
                event.road,
                event.origin,
                link,
                first,
                changed,
            )
        )


def _linked(event: Event) -> Iterator[tuple[Key, UUID]]:
    what = links.read(event)
    for member in dict.fromkeys(getattr(what, "members", ())):
        yield member.key, getattr(what, "new", what.link)


def _says(said: Mapping[str, msgspec.Raw], name: str, value: msgspec.Raw) -> bool:
    return name in said and same(said[name], value)


def _road_key(event: Event) -> RoadKey:
    return *event.key, event.road or ""
