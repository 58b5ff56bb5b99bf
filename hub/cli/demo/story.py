"""A change, and all that comes of it: what was decided, what was written, and its echo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Agreed, Answers, Asks, Cased, Joined, Noted, Owes, Parted
from hub.events import payload
from hub.flows.judge.cases import KEPT, MADE, MAKING, NEEDING, READING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Answered, Event, Sending

QUIET_SECONDS = 0.3
ECHO_SECONDS_MAX = 3.0
SECONDS_MAX = 8.0

CUSTOM = "cf"
"""In what Desk keeps the fields of a portal's own."""

UNSAID = frozenset({READING, NEEDING, MAKING, MADE, KEPT})
"""States of a case that show by what is written."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that came of a change; `mood` is how it is coloured."""

    text: str
    mood: str = ""
    subject: str = ""
    """The record it is about, whose name is shown."""


class Write(msgspec.Struct, kw_only=True, eq=False):
    """A write of a story, from `sending` to its echo."""

    connection: str
    kind: str
    record: str
    fields: list[str]
    says: list[str]
    """The fields as they are told: of those that Desk holds within another, its own name."""
    position: int
    is_new: bool
    sent_at: datetime | None
    came: Answered | None = None
    milliseconds: float = 0.0
    echo: bool = False

    @property
    def subject(self) -> str:
        return f"{self.connection}.{self.kind}/{self.record}" if self.record else ""

    @property
    def is_done(self) -> bool:
        return self.came is not None and self.came.outcome == "done"


class Story:
    """It grows with each event, until nothing more comes."""

    def __init__(self, event: Event, about: str, said: str, now: float) -> None:
        self.event = event
        self.about = about
        self.said = said
        self.positions = {event.position}
        self.writes: dict[UUID, Write] = {}
        self.is_told = False
        self._told: list[Told | Write] = []
        self._reading = False
        self._grew = self._began = now

    @property
    def last(self) -> int:
        return max(self.positions)

    def parts(self) -> Iterator[Told | Write]:
        """Give what came of it, in order; what is said twice is said once."""
        yield from dict.fromkeys(one for one in self._told if isinstance(one, Told) or one.came)

    def add(self, event: Event, now: float) -> None:
        """Take in an event that this led to."""
        self.positions.add(event.position)
        self._grew = now
        match event.type:
            case "decided":
                self._decide(payload(event).conclusions, event.cause or 0)
            case "sending":
                self._send(event, payload(event))
            case "answered":
                self._answer(event, payload(event))

    def tell(self, told: Told) -> None:
        self._told.append(told)

    def is_echo(self, event: Event, changed: set[str]) -> bool:
        """Tell whether an observation is what this story's own write says; it is noted, if so."""
        for delivery, write in self.writes.items():
            if event.position <= write.position or _kind(event) != (write.connection, write.kind):
                continue
            marked = str(delivery).encode() in event.data
            is_it = write.record in ("", event.record) if marked else write.record == event.record
            if is_it and (marked or changed <= set(write.fields)):
                write.echo = True
                return True
        return False

    def is_ripe(self, now: float) -> bool:
        """Tell whether it is time to be told: nothing more is to come at once."""
        quiet = now - self._grew
        if quiet < QUIET_SECONDS:
            return False
        if now - self._began > SECONDS_MAX and quiet > 2 * QUIET_SECONDS:
            return True
        if self._reading or any(write.came is None for write in self.writes.values()):
            return False
        echoes = all(write.echo or not write.is_done for write in self.writes.values())
        return echoes or quiet > ECHO_SECONDS_MAX

    def _decide(self, conclusions: list[Conclusion], cause: int) -> None:
        agreed: dict[str, list[str]] = {}
        for one in conclusions:
            match one:
                case Agreed() if one.state.get("since") == cause:
                    agreed.setdefault(one.flow, []).append(one.field)
                case Cased():
                    self._reading = one.state == READING
            if (told := _told(one)) is not None:
                self.tell(told)
        for flow, fields in agreed.items():
            self.tell(Told(text=f"{flow}: {listed(fields)}", mood="decided"))

    def _send(self, event: Event, what: Sending) -> None:
        write = Write(
            connection=event.connection or "",
            kind=event.kind or "",
            record=event.record or "",
            fields=list(what.fields),
            says=[name for field, value in what.fields.items() for name in _within(field, value)],
            position=event.position,
            is_new=event.record is None,
            sent_at=event.recorded_at,
        )
        self._reading = False
        self.writes[what.delivery] = write
        self._told.append(write)

    def _answer(self, event: Event, what: Answered) -> None:
        write = self.writes.get(what.delivery)
        if write is None:
            self.tell(Told(text=what.sentence, mood="refused"))
            return
        write.came = what
        write.record = write.record or what.record
        if event.recorded_at is not None and write.sent_at is not None:
            write.milliseconds = (event.recorded_at - write.sent_at).total_seconds() * 1000


def says_something(conclusions: list[Conclusion]) -> bool:
    """Tell whether anybody would want to read of it, though its cause was not worth a line."""
    return any(_told(one) is not None or isinstance(one, Owes) for one in conclusions)


def listed(names: list[str], most: int = 3) -> str:
    """Name a few of many."""
    more = max(len(names) - most, 0)
    return ", ".join(names[:most]) + (f" and {more} more" if more else "")


def _told(one: Conclusion) -> Told | None:
    said = _words(one)
    return None if said is None else Told(text=said[0], mood=said[1])


def _words(one: Conclusion) -> tuple[str, str] | None:
    """Say a conclusion, and how it is coloured; None for what shows by what is written."""
    found = None
    match one:
        case Joined():
            found = f"linked, {one.why}", "decided"
        case Parted():
            found = f"linked no more, {one.why}", "asked"
        case Asks():
            found = f"{one.flow} asks: {one.sentence}", "asked"
        case Answers():
            found = f"settled: {one.why}", "decided"
        case Noted():
            found = f"{one.flow}: {one.why}", "decided"
        case Cased() if one.state not in UNSAID:
            found = f"{one.flow}: {one.why}", "decided"
    return found


def _within(field: str, value: object) -> Iterator[str]:
    if field == CUSTOM and isinstance(value, dict):
        yield from value
    else:
        yield field


def _kind(event: Event) -> tuple[str, str]:
    return event.connection or "", event.kind or ""
