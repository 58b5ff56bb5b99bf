"""Whether a record is known well enough to be written to: nothing that a person has just said there
is to be written over unseen. What is not is read first, and judged again by what it says.

A vendor that changes a record only if its stamp is the one that was seen leaves one moment open:
stamps are whole seconds, so an edit in the very second of the one that was seen bears the same.
Such a second must be over, and the record read since. A vendor without conditions leaves more: what
it might have said of a field in which its word prevails is read right before that is written over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

from hub.outbound.group import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hub.connectors.clock import Clock
    from hub.connectors.connector import Kind
    from hub.outbound.hold import Aside
    from hub.outbound.owed import Content, Owed

    Key: TypeAlias = tuple[str, str]

T = TypeVar("T")

SECOND_SECONDS = 1.0
LATELY_SECONDS = 10.0
"""How old a stamp is of which all has been told by now; the clocks may differ by a little less."""

READ_SECONDS = 10.0
"""How long a reading is good for: until its write has had its turn."""

KEPT_MAX = 10_000


class _Met(msgspec.Struct, frozen=True):
    """A stamp, and when it was first met here."""

    stamp: datetime | None
    at: float


class Fresh:
    """What was read when, in this process; one that begins has read nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._met: dict[Key, _Met] = {}
        self._read: dict[Key, float] = {}

    def has_read(self, kind: str, record: str, began: float) -> None:
        """Note that a record was read; `began` by this process's own clock."""
        _keep(self._read, (kind, record), began)

    def has_written(self, kind: Kind, record: str) -> None:
        """Note that a record was written to: of a vendor without conditions it is read again first.

        A condition holds for itself, as often as it is made.
        """
        if not kind.conditional:
            self._read.pop((kind.name, record), None)

    def groups(self, groups: Iterable[Group], aside: Aside) -> Iterator[Group]:
        """Give calls as they can be made now: what is to be read first, and what is to be alone."""
        for group in groups:
            if group.act == "change":
                yield from self._change(group, aside)
            else:
                yield group

    def _change(self, group: Group, aside: Aside) -> Iterator[Group]:
        together: list[Owed] = []
        unread: list[Owed] = []
        for row in group.rows:
            said = group.contents[row.id]
            wait = self._wait_seconds(group, row, said)
            if wait is None and group.kind.conditional and said.agreed:
                yield msgspec.structs.replace(group, rows=[row])
            elif wait is None:
                together.append(row)
            elif wait > 0:
                aside.put(row, wait)
            else:
                unread.append(row)
        if together:
            yield msgspec.structs.replace(group, rows=together)
        for first in range(0, len(unread), group.kind.fetches):
            rows = unread[first : first + group.kind.fetches]
            yield Group(kind=group.kind, share=group.share, act="look", rows=rows)

    def _wait_seconds(self, group: Group, row: Owed, said: Content) -> float | None:
        """Give how long to wait before it is read; None: it can be written."""
        if not said.agreed:
            return None
        key, now = (row.kind, row.record), self._clock.monotonic()
        read_at = self._read.get(key, float("-inf"))
        if not group.kind.conditional:
            return None if not said.open or now - read_at < READ_SECONDS else 0
        if said.seen is None:
            return None if now - read_at < READ_SECONDS else 0
        if self._clock.now() - said.seen > timedelta(seconds=LATELY_SECONDS):
            return None
        over = self._first_met(key, said.seen, now) + SECOND_SECONDS
        return None if read_at >= over else max(over - now, 0)

    def _first_met(self, key: Key, stamp: datetime, now: float) -> float:
        met = self._met.get(key)
        if met is None or met.stamp != stamp:
            met = _Met(stamp, now)
            _keep(self._met, key, met)
        return met.at


def _keep(kept: dict[Key, T], key: Key, what: T) -> None:
    """Keep the newest, and not for ever: what was let go of is read once more."""
    kept.pop(key, None)
    kept[key] = what
    if len(kept) > KEPT_MAX:
        del kept[next(iter(kept))]
