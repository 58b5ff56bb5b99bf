"""A batch of the log: the events of some calls, made ready for one commit, each id once."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import msgspec

from hub.events import ABOUT_A_RECORD, Event, again_id
from hub.log.chain import digest, handed_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.errors import HubError

    Entry = tuple[Any, ...]


class Batch:
    """What goes into the log in one commit: the events of some calls, each id once.

    Ids are held as numbers, of which a dictionary makes less work.
    """

    def __init__(self, calls: Iterable[Call] = ()) -> None:
        self.calls: list[Call] = []
        self.rows: dict[int, Event] = {}
        self.entries: list[Entry] = []
        self.bytes = 0
        self._last: dict[Any, int] = {}
        self._contested: dict[int, int] = {}
        for call in calls:
            self.add(call)

    def add(self, call: Call) -> bool:
        """Take a call in, unless it says again what another event here has overtaken."""
        for event in call.events:
            if event.id.int in self.rows and self._last.get(_subject(event)) != event.id.int:
                return False
        for event, entry in zip(call.events, call.entries, strict=True):
            self._add(event, entry)
        self.calls.append(call)
        return True

    def put(self, event: Event, entry: Entry) -> None:
        self.rows[event.id.int] = event
        self.entries.append(entry)
        self.bytes += len(event.data)

    def positions(self, answer: Any) -> dict[int, int]:
        """Give the position of each id."""
        known = _known(answer)
        fresh = itertools.count(answer["first_position"] or 0)
        if not known:
            return dict(zip(self.rows, fresh, strict=False))
        return {
            id_: known[place] if place in known else next(fresh)
            for place, id_ in enumerate(self.rows, 1)
        }

    def said_again(self, answer: Any) -> Batch | None:
        """Give the batch anew, with new ids for what the log has overtaken; None if nothing is."""
        if not any(answer["overtaken"]) or self._unclear(answer):
            return None
        ids = list(self.rows)
        overtaken = {
            ids[place - 1]: position
            for (place, position), is_so in zip(
                _known(answer).items(), answer["overtaken"], strict=True
            )
            if is_so
        }
        for call in self.calls:
            call.say_again(overtaken)
        return Batch(self.calls)

    def cut(self, answer: Any) -> Iterator[Batch]:
        """Cut before every call with a repeat that an earlier event of this batch may overtake."""
        cuts = sorted({self._contested[place] for place in self._unclear(answer)})
        for start, end in itertools.pairwise([0, *cuts, len(self.calls)]):
            yield Batch(self.calls[start:end])

    @property
    def contested(self) -> list[int]:
        """The places of events that another here, before them, may have overtaken."""
        return list(self._contested)

    def _unclear(self, answer: Any) -> list[int]:
        return [place for place in answer["repeated"] if place in self._contested]

    def _add(self, event: Event, entry: Entry) -> None:
        key = event.id.int
        if key in self.rows:
            return
        self.put(event, entry)
        subject = _subject(event)
        if subject in self._last:
            self._contested[len(self.rows)] = len(self.calls)
        self._last[subject] = key


class Call:
    """The events that one caller handed in together, and what it waits for.

    They are made ready here, in the caller's turn, while Postgres writes an earlier batch.
    """

    __slots__ = ("done", "entries", "events")

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.entries = list(map(entry_of, events))
        self.done: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()

    def finish(self, positions: list[int]) -> None:
        if not self.done.done():  # else its caller has gone
            self.done.set_result(positions)

    def fail(self, error: HubError) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def say_again(self, overtaken: dict[int, int]) -> None:
        """Give new ids to what was seen before, but not last."""
        self.events = [
            msgspec.structs.replace(event, id=again_id(event.id, overtaken[event.id.int]))
            if event.id.int in overtaken
            else event
            for event in self.events
        ]
        self.entries = list(map(entry_of, self.events))


def parts(events: Sequence[Event]) -> list[list[Event]]:
    """Cut a call wherever an event may be a repeat of an earlier one in it."""
    if len(events) == 1:
        return [list(events)]
    parts: list[list[Event]] = []
    subjects: set[Any] = set()
    for event in events:
        subject = _subject(event)
        if not parts or subject in subjects:
            parts.append([])
            subjects.clear()
        parts[-1].append(event)
        subjects.add(subject)
    return parts


def _subject(event: Event) -> Any:
    """What an event may be overtaken in: a record as seen by one road."""
    if event.type in ABOUT_A_RECORD:
        return event.record, event.kind, event.connection, event.road
    return event.id.int


def _known(answer: Any) -> dict[int, int]:
    """Give the positions of the repeats, by their places in the batch."""
    return dict(zip(answer["repeated"] or (), answer["repeated_positions"] or (), strict=True))


def entry_of(event: Event) -> Entry:
    """Give an event as the type `entry` of the database has it."""
    return (*handed_in(event), digest(event))
