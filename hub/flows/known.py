"""What a judgement may ask of the world: how everything stands right after the event it judges.

A judge asks as it goes. Where an answer is not at hand it is told so by `NotAtHand`; whoever runs
it brings the answer and has it begin anew, so a judge must change nothing.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar
from uuid import UUID, uuid5

import msgspec

from hub.flows import books
from hub.flows.flow import Flow, Mode  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from hub.conclusions import Member
    from hub.flows.agree import Agreement

Key: TypeAlias = tuple[str, str, str]
"""A record: connection, kind, id."""

CREATED = ("Created_Time", "created_time", "createdTime", "CreatedDate")
"""What the vendors call the time at which a record was made."""

MARK = "mark"
"""Under this name records are found by the hub's own id of them."""

MARKS = (
    ("Hub_Id",),
    (books.MARK,),
    ("custom_field_hash", books.MARK),
    ("cf", "cf_hub_key"),
    ("Hub_Id__c",),
)
"""Where the vendors have it."""

T = TypeVar("T")

_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


class NotAtHand(Exception):
    """Each store is to bring what it has of some keys."""

    def __init__(self, store: str, *keys: Any) -> None:
        self.wanted: dict[str, set[Any]] = {store: set(keys)}
        super().__init__(store, *keys)


def together(asks: Iterable[Callable[[], T]]) -> list[T]:
    """Ask several things, so that all that is not at hand is brought in one go."""
    missing: NotAtHand | None = None
    answers: list[T] = []
    for ask in asks:
        try:
            answers.append(ask())
        except NotAtHand as miss:
            missing = missing or NotAtHand(*miss.args)
            for store, keys in miss.wanted.items():
                missing.wanted.setdefault(store, set()).update(keys)
    if missing is not None:
        raise missing
    return answers


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it is known: what it says, and the vendor's stamp of that."""

    key: Key
    fields: dict[str, Any]
    stamp: datetime | None = None
    position: int = 0
    gone: bool = False
    doubt: bool = False
    """Whether two things were said of it at one stamp, and a read is yet to tell which is true."""

    @property
    def subject(self) -> str:
        return subject_of(self.key)

    @property
    def created_at(self) -> datetime | None:
        return created_at(self.fields)


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as it is in force, and since when it decides."""

    flow: Flow
    mode: Mode
    started: int | None = None
    started_at: datetime | None = None
    spent: Mapping[str, Sequence[tuple[int, str]]] = {}
    """What it has done of late, as its brake counts it."""

    @property
    def decides(self) -> bool:
        return self.mode in ("shadow", "hold", "on")

    def has_new(self, record: Record) -> bool:
        """Tell whether a record was made after the flow began, or in the very second.

        Vendors tell the time in whole seconds: that of the beginning may be from before or after,
        and what is taken for new is at worst looked at twice, what is taken for old never.
        """
        created, started = record.created_at, self.started_at
        return created is not None and started is not None and created >= _second(started)


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """How a thing stands that a once or a while flow has taken up."""

    state: str
    since: int
    until: datetime | None = None
    data: dict[str, Any] = {}
    why: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the inbox; `settled` is the event that settled it, None while it waits."""

    flow: str
    reason: str
    sentence: str
    subject: str
    choices: list[str]
    data: dict[str, Any]
    since: int
    settled: int | None = None
    settled_by: str = ""


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as a judge sees it."""

    id: UUID
    state: str
    connection: str
    kind: str
    record: str
    link: UUID | None = None
    part: str = ""
    case: str = ""
    flow: str = ""
    fields: Mapping[str, Any] | None = None
    """What is to be made, where that was worked out when it was owed."""
    sent: Mapping[str, Mapping[str, Any]] = {}
    """By flow, what the last attempt was to have its fields say."""
    narrowed: Mapping[str, Mapping[str, Sequence[str]]] = {}
    """By flow and field, the parts of an address that alone it wrote, where not all."""
    earlier: Sequence[Mapping[str, Mapping[str, Any]]] = ()
    """The same of other attempts to make it, of which no answer came: any may have made it."""
    found: bool = False
    """Whether what was to be made was there: it was left as an earlier attempt has made it."""
    under_way: bool = False
    """Whether it is not known yet what came of that."""
    look: bool = False
    """Whether it is to be looked for before it is tried again: it may have arrived."""
    answered_at: datetime | None = None
    """The vendor's stamp of that write."""

    @property
    def key(self) -> Key:
        return self.connection, self.kind, self.record

    @property
    def is_open(self) -> bool:
        """Whether it is to be made still, unless a person says otherwise."""
        return self.state in ("owed", "parked")

    @property
    def is_not_begun(self) -> bool:
        """Whether nothing of it has been sent: it is yet to be made, or a person had it left."""
        is_unmade = self.is_open or self.state == "skipped"
        return is_unmade and not (self.record or self.look or self.under_way)

    @property
    def is_adopted(self) -> bool:
        """Whether its record was found by its mark before anybody owed it."""
        return self.state == "done" and bool(self.record) and not self.flow


class Known(Protocol):
    """The world right after an event."""

    @property
    def at(self) -> int:
        """The position of the event."""

    @property
    def now(self) -> datetime:
        """When the event was kept."""

    @property
    def origin(self) -> str:
        """Who caused the event, as it says itself."""

    @property
    def flows(self) -> Mapping[str, InForce]: ...

    def record(self, key: Key) -> Record | None:
        """Give a record as it is known now."""

    def before(self, key: Key) -> Record | None:
        """Give it as it was known for sure before the event; None: this is its first sight."""

    def left_out(self, key: Key) -> Mapping[str, int]:
        """Give the fields that the newest word about a record left out: who spoke of each last."""

    def find(self, connection: str, kind: str, name: str, value: str) -> AbstractSet[str]:
        """Give the ids of the records that are found by a value under a name."""

    def link_of(self, key: Key) -> UUID | None: ...

    def members(self, link: UUID) -> Sequence[Member]: ...

    def agreement(self, link: UUID, flow: str) -> Agreement:
        """Give what a link's fields are; empty where nothing was agreed yet."""

    def case(self, flow: str, case: str) -> Case | None: ...

    def item(self, id: UUID) -> Item | None:  # noqa: A002
        """Give what was put into the inbox, settled or not."""

    def owed_to(self, key: Key) -> Owed | None:
        """Give the delivery to a record, if there ever was one."""

    def owed(self, id: UUID) -> Owed | None:  # noqa: A002
        """Give the delivery that fills a slot, whose id is the mark of what it makes."""

    def waiting(self, flow: str) -> Sequence[str]:
        """Give the cases for which a flow owes what is to be made, and it is not sent yet."""

    def marked(self, record: Record) -> Owed | None:
        """Give the delivery whose mark a record bears."""

    def delivery_to(self, key: Key) -> UUID:
        """Give the id of the delivery to a record that is there."""

    def day(self, connection: str) -> date:
        """Give the day that it is at a connection, as the log has told it."""

    def count(self, connection: str, kind: str) -> int:
        """Give about how many records of a kind there are."""

    def table(self, connection: str, kind: str) -> Sequence[Record]:
        """Give all records of a kind that is a short table: currencies, taxes."""


def created_at(fields: Mapping[str, Any]) -> datetime | None:
    """Give when a record was made, as it says itself."""
    said = next((fields[name] for name in CREATED if fields.get(name)), None)
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def fields_of(data: bytes) -> dict[str, Any]:
    """Read a record's JSON; no number in it becomes a float."""
    return _decode(data)


def subject_of(key: Key) -> str:
    connection, kind, record = key
    return f"{connection}.{kind}/{record}"


@lru_cache(maxsize=100_000)
def slot_of(link: UUID, connection: str, kind: str, part: str) -> UUID:
    """Give the id, and mark, of the delivery that makes a record of a link."""
    return uuid5(link, f"{connection}.{kind}/{part}")


def key_of(subject: str) -> Key:
    """Read what `subject_of` wrote."""
    front, _, record = subject.partition("/")
    connection, _, kind = front.partition(".")
    return connection, kind, record
