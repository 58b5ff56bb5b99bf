"""The envelope of an event, every kind of event the hub knows, and the reading of old shapes.

An event is an immutable fact, named in the past tense. Its `data` is JSON, kept to the byte as it
came: it is read by `payload`, after the log, never before.

observed   a record said this, seen by a road: `data` is the record as the vendor sent it
gone       a record is said to be deleted
noticed    something is said to have happened to a record: `data` is the notice as it came
fetched    records were read because of notices of them          `Fetched`
unreadable a record that was to be read cannot be                `Unreadable`
read_on    a road was read up to here, and goes on from here     `ReadOn`
missed     a stream did not tell what changed since a moment    `Missed`
fell_silent  a road was not heard of for too long               `FellSilent`
spoke_again  a road that had fallen silent is heard of again     `SpokeAgain`
day_began  at an organisation, in its own time zone             `DayBegan`
due        a moment that a flow waited for has come             `Due`
flow_installed  a flow is in force from here on, with its text  `FlowInstalled`
mode_set   what a flow may do from here on                      `ModeSet`
reviewed   records are to be judged by a flow as they are known `Reviewed`
decided    what a flow concluded from an event                  `Decided`
sending    a delivery is about to be made: it may arrive        `Sending`
answered   what came of it                                      `Answered`
approved   a person let deliveries of a flow in hold go         `Approved`
redelivered  what a vendor has lost is to be written again     `Redelivered`
resolved   a person settled what waited in the inbox            `Resolved`
writes_stopped  nothing is to be written to a connection        `WritesStopped`
linked     records are the same real thing                      `Linked`
unlinked   records are no longer in their link                  `Unlinked`
merged     a link went into another                             `Merged`
split      records of a link became a link of their own         `Split`
parked     a projector could not apply an event                 `Parked`
unparked   a person looked: try it again, or skip it            `Unparked`
archived   a partition of the log was written to a file         `Archived`
"""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from random import getrandbits
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from hub.conclusions import (  # noqa: TC001 - msgspec reads the annotations
    Conclusion,
    Member,
)
from hub.errors import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One event; `position` and `recorded_at` are set once it is in the log."""

    type: str
    id: UUID
    data: bytes = b"{}"
    shape: int = 1
    connection: str | None = None
    kind: str | None = None
    record: str | None = None
    road: str | None = None
    cover: str | None = None
    occurred_at: datetime | None = None
    origin: str | None = None
    cause: int | None = None
    flow: str | None = None
    trace: str | None = None
    seal: UUID | None = None
    position: int = 0
    recorded_at: datetime | None = None
    digest: bytes = b""
    link: bytes | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The record it is about, as it is looked up; what it does not name is empty."""
        return self.connection or "", self.kind or "", self.record or ""

    @property
    def subject(self) -> str:
        """The record it is about, as a person writes it: `books.contacts/4600`."""
        return "" if self.record is None else f"{self.connection}.{self.kind}/{self.record}"


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    link: UUID
    members: list[Member]


class Unlinked(msgspec.Struct, frozen=True, kw_only=True):
    link: UUID
    members: list[Member]


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """All of `link` is in `into` from now on."""

    link: UUID
    into: UUID


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """`members` leave `link` and are the link `new` from now on."""

    link: UUID
    new: UUID
    members: list[Member]


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    reason: str


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """Each record, and its newest notice that was known when the reading began."""

    records: dict[str, int]
    known: bool = False
    """They were not read: all that their vendor told of them was known already."""


class ReadOn(msgspec.Struct, frozen=True, kw_only=True):
    """`cursor` is the connector's own word for the place; `done`: there was nothing more."""

    cursor: str
    done: bool
    records: int
    next_seconds: float | None = None
    """When it is to be read again; None while there is more to read at once."""


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """All that changed since then is read by itself; without a moment, all there is."""

    reason: str
    since: datetime | None = None


class FellSilent(msgspec.Struct, frozen=True, kw_only=True):
    reason: str


class SpokeAgain(msgspec.Struct, frozen=True, kw_only=True):
    """A road that had fallen silent is heard of again."""


class DayBegan(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    zone: str


class Due(msgspec.Struct, frozen=True, kw_only=True):
    flow: str
    case: str


class FlowInstalled(msgspec.Struct, frozen=True, kw_only=True):
    """A flow's file, what that came to with all it extends, and the answers to its questions."""

    flow: str
    text: str
    file: str
    resolved: dict[str, Any]
    answers: dict[str, list[str]] = {}
    digest: str


class ModeSet(msgspec.Struct, frozen=True, kw_only=True):
    flow: str
    mode: Literal["off", "shadow", "hold", "on", "paused"]
    reason: str = ""
    master: Literal["", "hub"] = ""
    """A person's word that the hub makes these documents, and no sync of the vendor's own."""


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """By their ids; the event names the connection and the kind."""

    flow: str
    records: list[str]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """It holds from its cause on: a rebuild applies it there, and never decides again."""

    conclusions: list[Conclusion]


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What is written, under the vendor's names; `agreed` is what that is of each flow's fields."""

    delivery: UUID
    attempt: int
    fields: dict[str, Any]
    agreed: dict[str, dict[str, Any]] = {}
    told: dict[str, str] = {}
    """By flow: the digest of what it has told, so that what is told later is still owed."""
    narrowed: dict[str, dict[str, list[str]]] = {}
    """By flow and field: the parts of an address that alone are written, where not all are."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is the vendor's own stamp of the write, `until` when to try again."""

    delivery: UUID
    attempt: int
    outcome: Literal["done", "refused", "retry_at", "unknown"]
    sentence: str
    record: str = ""
    was_there: bool = False
    at: datetime | None = None
    until: datetime | None = None
    because: str = ""
    reason: str = ""
    alike: list[str] = []
    """Who may be what was to be made; `linked`: each is in a link already, and is not offered."""
    linked: bool = False
    tells: bool = False
    """What it says of the record is the event after this one: it need not be read for that."""


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """What each of them was to say is what may be written, in whatever words it stands then.

    `seen` is how far the log had come when they were shown: what was owed anew since waits on.
    """

    deliveries: list[UUID]
    seen: int | None = None


class Redelivered(msgspec.Struct, frozen=True, kw_only=True):
    """`made` are to be made again, under the same marks; the records of `written` are told anew."""

    made: list[UUID] = []
    written: list[UUID] = []


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """`choice` is one of those that the item offered; `fields` are what a person put instead."""

    item: UUID
    choice: str
    fields: dict[str, Any] = {}
    note: str = ""


class WritesStopped(msgspec.Struct, frozen=True, kw_only=True):
    """`restored`: the log was set back or moved, and what was made meanwhile is to be found."""

    stopped: bool
    reason: str = ""
    restored: bool = False


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """The event at `event` could not be applied when the projector stood at `at`."""

    projector: str
    event: int
    at: int
    reason: str


class Unparked(msgspec.Struct, frozen=True, kw_only=True):
    projector: str
    event: int
    act: Literal["retry", "skip"]


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    first: int
    last: int
    file: str
    digest: str


PAYLOADS: Mapping[str, type[msgspec.Struct]] = {
    "linked": Linked,
    "unlinked": Unlinked,
    "merged": Merged,
    "split": Split,
    "fetched": Fetched,
    "unreadable": Unreadable,
    "read_on": ReadOn,
    "missed": Missed,
    "fell_silent": FellSilent,
    "spoke_again": SpokeAgain,
    "day_began": DayBegan,
    "due": Due,
    "flow_installed": FlowInstalled,
    "mode_set": ModeSet,
    "reviewed": Reviewed,
    "decided": Decided,
    "sending": Sending,
    "answered": Answered,
    "approved": Approved,
    "redelivered": Redelivered,
    "resolved": Resolved,
    "writes_stopped": WritesStopped,
    "parked": Parked,
    "unparked": Unparked,
    "archived": Archived,
}

KINDS: Mapping[type[msgspec.Struct], str] = {what: kind for kind, what in PAYLOADS.items()}

ABOUT_A_RECORD = frozenset({"observed", "gone"})
"""What a road says of one record: of these a later one overtakes an earlier."""

ABOUT_EVENTS = frozenset({"parked", "unparked"})
"""Types that say how other events are to be read: a reader wants them before it begins."""

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""From (type, shape) to the function that makes the data of the next shape out of it.

When the data of a type changes, add the step from the old shape here, and its new number to
`SHAPES`. Events in the log stay as they are.
"""

SHAPES: Mapping[str, int] = {}
"""The current shape of each type whose shape has ever changed; of all others it is 1."""


def payload(
    event: Event,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    shapes: Mapping[str, int] = SHAPES,
) -> Any:
    """Read the data of an event of the hub's own as its struct, whatever shape it was kept in."""
    if _last[0] is event and upcasters is UPCASTERS and shapes is SHAPES:
        return _last[1]
    found = _payload(event, upcasters, shapes)
    if upcasters is UPCASTERS and shapes is SHAPES:
        _last[:] = event, found
    return found


_last: list[Any] = [None, None]
"""The event that was read last, and what it said: all folds and judges of an event ask for that one
after the other."""


def _payload(
    event: Event, upcasters: Mapping[tuple[str, int], Upcaster], shapes: Mapping[str, int]
) -> Any:
    if event.seal is not None:
        raise NotApplicable(f"its data is sealed with the key {event.seal}, which is not here")
    wanted = PAYLOADS[event.type]
    current = shapes.get(event.type, 1)
    steps = [(event.type, shape) for shape in range(event.shape, current)]
    if event.shape > current or not upcasters.keys() >= set(steps):
        raise NotApplicable(
            f"{event.type} of shape {event.shape}: this hub knows how to read up to {current}"
        )
    try:
        if not steps:
            return _decoder(wanted).decode(event.data)
        data = _read(event.data)
        for step in steps:
            data = upcasters[step](data)
        return msgspec.convert(data, wanted)
    except KeyError as error:
        raise NotApplicable(
            f"{event.type} of shape {event.shape}: its data lacks {error}"
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotApplicable(f"the data of this {event.type} cannot be read: {error}") from error


def event_of(what: msgspec.Struct, *, id: UUID | None = None, **envelope: Any) -> Event:  # noqa: A002
    """Make the event that carries this payload."""
    kind = KINDS[type(what)]
    return Event(
        type=kind,
        id=id or new_id(),
        data=_write(what),
        shape=SHAPES.get(kind, 1),
        **envelope,
    )


@cache
def _decoder(wanted: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    """Read what may hold amounts: no number in it becomes a float."""
    return msgspec.json.Decoder(wanted, float_hook=Decimal)


_read = msgspec.json.Decoder(float_hook=Decimal).decode
_write = msgspec.json.Encoder(decimal_format="number").encode


def as_read(conclusions: Sequence[Conclusion]) -> list[Conclusion]:
    """Give conclusions as they will be read from the log."""
    if not conclusions:
        return []
    return _decoder(Decided).decode(_write(Decided(conclusions=list(conclusions)))).conclusions  # type: ignore[no-any-return]


def new_id() -> UUID:
    """Make an id that no other event has, and that sorts by the time it was made (version 7)."""
    return _uuid(time.time_ns() // 1_000_000, getrandbits(74), version=7)


def fixed_id(at: datetime | None, *parts: object) -> UUID:
    """Make the id of a fact that is the same whoever tells it, however often (version 5's idea).

    `at` is a time that every telling knows, so that ids of one time lie together.
    """
    return _uuid(_milliseconds(at), _hashed(parts), version=7)


def seen_id(at: datetime | None, *parts: object) -> UUID:
    """Make the id of what was seen (version 8).

    Seeing the same again is a repeat, unless the record has said something else in between.
    """
    return _uuid(_milliseconds(at), _hashed(parts), version=8)


def again_id(id: UUID, position: int) -> UUID:  # noqa: A002
    """Make the id of something seen again, after what came behind `position`."""
    return _uuid(id.int >> 80, _hashed((id, position)), version=8)


def _uuid(milliseconds: int, rest: int, *, version: int) -> UUID:
    high = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    return UUID(
        int=high | version << 76 | (rest >> 62 & 0xFFF) << 64 | 0b10 << 62 | rest & (1 << 62) - 1
    )


def _milliseconds(at: datetime | None) -> int:
    return 0 if at is None else max(0, int(at.timestamp() * 1000))


def _hashed(parts: tuple[object, ...]) -> int:
    text = msgspec.msgpack.encode(
        [part if isinstance(part, bytes) else str(part) for part in parts]
    )
    return int.from_bytes(hashlib.sha256(text).digest()[:10], "big") >> 6


def utc(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
