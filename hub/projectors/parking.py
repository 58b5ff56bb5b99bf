"""Events that a projector cannot apply: parked by an event, and with them the rest of their record.

What is parked is in the log, in the transaction that moves the position past it. So a rebuild parks
what was parked, where it was, even if it could apply it by now; and a person's word to try again is
an event like any other.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from hub.database import statement
from hub.events import Event, Parked, Unparked, event_of, fixed_id
from hub.log.read import by_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.database.db import Db, Writes

    Key: TypeAlias = tuple[str | None, str | None, str | None]


REASON_CHARACTERS_MAX = 2_000


class Waiting(NamedTuple):
    """One event that waits: `reason` says why it failed; it is empty where one before it did."""

    key: Key
    reason: str
    since: int


class Parking:
    """What waits at one projector."""

    def __init__(self, projector: str) -> None:
        self.projector = projector
        self._waiting: dict[int, Waiting] = {}
        self._of: dict[Key, list[int]] = {}
        self._written: dict[int, Waiting] = {}
        self._parked: list[Parked] = []
        self._bodies: dict[int, Event] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    async def load(self, db: Db) -> None:
        """Read what waits."""
        rows = await db.fetch(statement("projectors/parked.sql"), self.projector)
        self._waiting = {
            row["position"]: Waiting(
                (row["connection"], row["kind"], row["record"]), row["reason"] or "", row["since"]
            )
            for row in rows
        }
        self._written = dict(self._waiting)
        self._parked = []
        self._bodies = {}
        self._of = {}
        for position in sorted(self._waiting):
            self._of.setdefault(self._waiting[position].key, []).append(position)

    def holds(self, event: Event) -> bool:
        """Tell whether an earlier event of the same record waits."""
        return event.record is not None and key_of(event) in self._of

    def hold(self, event: Event, at: int) -> None:
        """Let an event wait behind those of its record."""
        self._wait(event, "", at)

    def park(self, event: Event, at: int, reason: str) -> None:
        """Let an event wait because it could not be applied when the projector stood at `at`."""
        reason = _sayable(reason)
        self._wait(event, reason, at)
        self._parked.append(
            Parked(projector=self.projector, event=event.position, at=at, reason=reason)
        )

    def behind(self, word: Unparked) -> list[int]:
        """Give the positions that wait for this word, in order: the event it names comes first.

        A word about an event that itself waits behind another lets nothing go.
        """
        waiting = self._waiting.get(word.event)
        if waiting is None or word.projector != self.projector:
            return []
        if waiting.key[2] is None:
            return [word.event]  # it is about no record, so nothing waits for it
        positions = self._of[waiting.key]
        return list(positions) if positions[0] == word.event else []

    def tried_at(self, event: Event) -> list[int]:
        """Give the positions of the events that are tried when this one comes, in order."""
        word = word_of(event)
        return [event.position] if word is None else self.behind(word)

    def waiting_of(self, key: Key) -> list[int]:
        """Give the positions that wait of one record."""
        return list(self._of.get(key, ()))

    def release(self, position: int) -> None:
        """Let one event go."""
        key = self._waiting.pop(position).key
        self._bodies.pop(position, None)
        self._of[key].remove(position)
        if not self._of[key]:
            del self._of[key]

    async def bodies(self, db: Db, events: Sequence[Event]) -> dict[int, Event]:
        """Read the events that the words among these may let go."""
        wanted = {
            position
            for event in events
            if (word := word_of(event)) is not None
            if (waiting := self._waiting.get(word.event)) is not None
            for position in self._of[waiting.key]
        }
        here = {position: self._bodies[position] for position in wanted & self._bodies.keys()}
        if away := sorted(wanted - here.keys()):
            here.update((event.position, event) for event in await by_positions(db, away))
        return here

    async def write(self, db: Writes) -> list[Event]:
        """Write what changed; give the events that tell of it, for the same transaction."""
        gone = sorted(self._written.keys() - self._waiting.keys())
        fresh = sorted(
            position
            for position, waiting in self._waiting.items()
            if self._written.get(position) != waiting
        )
        if gone or fresh:
            await db.execute(statement("projectors/unpark.sql"), self.projector, gone + fresh)
            rows = [
                (position, *self._waiting[position].key, *self._waiting[position][1:])
                for position in fresh
            ]
            columns = list(zip(*rows, strict=True)) or [()] * 6
            await db.execute(statement("projectors/park.sql"), self.projector, *columns)
        told = [_event(what) for what in self._parked]
        self._parked = []
        self._written = dict(self._waiting)
        return told

    def _wait(self, event: Event, reason: str, at: int) -> None:
        key = key_of(event)
        known = self._waiting.get(event.position)
        self._waiting[event.position] = Waiting(key, reason, at)
        self._bodies[event.position] = event
        if known is None:
            insort(self._of.setdefault(key, []), event.position)


def key_of(event: Event) -> Key:
    return event.connection, event.kind, event.record


def word_of(event: Event) -> Unparked | None:
    """Give a person's word about a parked event, if this event is one that can be read."""
    if event.type != "unparked":
        return None
    try:
        return msgspec.json.decode(event.data, type=Unparked)
    except (ValueError, RecursionError):
        return None


def parkings(projector: str, events: Iterable[Event]) -> dict[tuple[int, int], str]:
    """Collect from `parked` events what was parked: (event, where the projector stood) -> why."""
    found = {}
    for event in events:
        if event.type == "parked":
            what = msgspec.json.decode(event.data, type=Parked)
            if what.projector == projector:
                found[what.event, what.at] = what.reason
    return found


def _event(what: Parked) -> Event:
    id_ = fixed_id(None, "parked", what.projector, what.event, what.at)
    return event_of(what, id=id_, cause=what.event, origin="hub")


def _sayable(reason: str) -> str:
    """Make of a reason what both JSON and Postgres can hold: it may quote what they cannot."""
    text = reason.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return text[:REASON_CHARACTERS_MAX] or "no reason was given"
