"""What a connector is: the facts of a vendor, and the few things in which vendors really differ.

A connector reads and understands; it keeps nothing. Everything it reads goes to the log by the
roads of `inbound`, everything it is asked to write comes from `outbound`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence  # noqa: TC003 - msgspec reads them
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec

from hub.connectors.budget import Share  # noqa: TC001 - msgspec reads the annotations
from hub.connectors.outcome import Outcome  # noqa: TC001 - msgspec reads the annotations
from hub.errors import HubError
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from hub.connectors.budget import AtOnce, Window
    from hub.connectors.http import Vendor, Verb, Verdict
    from hub.connectors.outcome import Answer


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of record at a vendor, under the vendor's own name."""

    name: str
    path: str
    id: str = "id"
    """The field that holds a record's id."""
    stamps: tuple[str, ...] = ()
    """The fields that hold when it was last changed, the first that is there; none: not said."""
    mark: str = ""
    """The field that holds the hub's own id of a record; empty: it cannot hold one."""
    rows_unsure: tuple[str, ...] = ()
    """Fields that a row of a list puts otherwise, or late: there they are no word."""
    fetches: int = 1
    """How many records one call can read by their ids."""
    writes: int = 0
    """How many records one call can write; 0: none can be written."""
    conditional: bool = False
    """Whether one can be changed only if nobody has since it was seen, alone in its call."""
    within: str = ""
    """The kind whose records bear these; such are read with those, never by themselves."""
    told_by: tuple[str, ...] = ()
    """Without a mark: the fields that tell one from any other in the record that bears it."""
    ties: Mapping[str, tuple[str, ...]] = {}
    """By kinds of other systems: the fields that may name the record which this was made for."""
    searched_by: tuple[str, ...] = ()
    """By which fields it can be searched, `*` for any: a search names at least one of them."""
    taken: Mapping[str, str] = {}
    """By the reason of a refusal: the field of which another record has the word already."""
    notifies: bool = False
    """Whether the vendor can tell of changes by itself."""
    poll_seconds: float = 300.0
    """How often to ask what is new; 0: it cannot be read at all."""
    scan_seconds: float = 0
    """How often to look through all its records for those that are gone; 0: the vendor tells."""

    @property
    def creates(self) -> Verb:
        """Say what is known of one that was to be made, when the answer was lost."""
        return "marked" if self.mark else "readable" if self.told_by else "blind"

    @property
    def is_read(self) -> bool:
        return self.poll_seconds > 0

    def is_searched_by(self, fields: Iterable[str]) -> bool:
        """Tell whether a search by these fields is one that the vendor narrows down."""
        return "*" in self.searched_by or not set(self.searched_by).isdisjoint(fields)

    def check_search(self, fields: Mapping[str, str]) -> None:
        """See that a search by these fields can find something, and not just anything."""
        if not self.searched_by:
            raise ValueError(f"{self.name} cannot be searched")
        if not self.is_searched_by(fields):
            names, given = ", ".join(self.searched_by), ", ".join(fields)
            raise ValueError(f"{self.name} are searched by one of {names} at least; found {given}")
        empty = [name for name, word in fields.items() if not word.strip()]
        if empty or not fields:
            raise ValueError(f"{self.name} are searched by what is said; {empty or 'nothing'} is")


class Seen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record as a road saw it; `data` is None where it is known to be gone."""

    kind: str
    record: str
    data: bytes | None
    at: datetime | None = None
    cover: str | None = None
    """Which of its fields are a word about the record, as an event says it; None: all."""


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """What one record is to say. Without a `record` it is to be made, and to bear the `mark`."""

    fields: Mapping[str, Any]
    record: str = ""
    mark: str = ""
    delivery: str = ""
    """The hub's own id of this write, the same however often it is tried."""
    seen: datetime | None = None
    """It is changed only if its own stamp is no later than this; None: whatever it says."""
    share: Share = "contacts"
    look: bool = True
    """Before it is made, look whether it is there: it may do without if it was never sent."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a write; `data` is the record as it stands now, where the vendor says so.

    `was_there`: what was to be made was found; if it was looked for, it was left as it is.
    """

    outcome: Outcome
    record: str = ""
    data: bytes | None = None
    at: datetime | None = None
    """The vendor's own stamp of it."""
    was_there: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something happened to a record, which is to be read. `at` and `data` tell notices apart."""

    kind: str
    record: str
    at: datetime | None = None
    data: bytes = b"{}"


class Heard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a stream tells of a record: `seen`, if it says it exactly, else no more than a notice.

    What it says is a part of a record. Of one that is not known yet, the notice is the better word:
    it has the record read whole.
    """

    notice: Notice
    seen: Seen | None = None


class Through(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened that a stream does not tell record by record.

    All of the kind that changed since a moment is to be read; without a moment, all there is.
    """

    since: datetime | None
    reason: str = ""
    """What was not told; empty where nothing was missed."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a stream told at once, and the place behind it; nothing at all is a sign of life."""

    cursor: str
    heard: Sequence[Heard] = ()
    through: Through | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what there is to read, and where to read on; `done`: there is nothing more now."""

    seen: Sequence[Seen | Notice]
    cursor: str
    done: bool


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor tells of changes by itself until a moment; `cursor` is what to renew it by."""

    cursor: str
    until: datetime


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Where a vendor is to send what it tells, and what it is to prove itself with."""

    url: str
    token: Secret


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A call that came in and says that it is from a vendor."""

    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


class NotRead(HubError):
    """What was to be read could not be; `outcome` says why, and whether later is better."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.sentence)


class NotBelieved(HubError):
    """A hook that does not prove where it comes from."""


class PlaceLost(HubError):
    """A stream cannot go on from where it was: what it told since must be found another way."""

    def __init__(self, message: str, *, since: datetime) -> None:
        super().__init__(message)
        self.since = since
        """Up to this moment everything was told."""


class Connector(Protocol):
    """One connection's vendor, as the stations see it."""

    @property
    def kinds(self) -> Mapping[str, Kind]: ...

    @property
    def scheme(self) -> str:
        """What stands before the token in the Authorization header."""

    @property
    def windows(self) -> tuple[Window, ...]:
        """What the vendor lets one account spend."""

    @property
    def at_once(self) -> tuple[AtOnce, ...]:
        """How many calls may be under way."""

    def judge(self, answer: Answer) -> Verdict:
        """Say what an answer means."""

    def start(self, now: datetime) -> str:
        """Give the cursor from which `news` has all that changes from now on."""

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read what is there, from the cursor on; it begins with an empty one."""

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read what changed, from the cursor on."""

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        """Read these records in full, one `Seen` for each; none that is not proved gone is gone."""

    async def zone(self, vendor: Vendor) -> str:
        """Give the time zone in which its days begin."""

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        """Make records, or change some, at most `kind.writes`; one `Written` for each."""

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        """Give the record that bears a mark, None where there is proof that none does."""

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        """Give the records whose fields say this now, letter case aside, each in full.

        A field inside another is named by its way: `billing_address.zip`.
        """

    async def listen(
        self, vendor: Vendor, door: Door, cursor: str, now: datetime
    ) -> Listening | None:
        """Have the vendor tell of changes, or go on telling; None if it cannot be asked to."""

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> Sequence[Seen | Notice]:
        """Take in what the vendor says by itself; NotBelieved unless it proves who it is.

        Whatever it speaks of is then read, too, unless all that it says is known already.
        """


@runtime_checkable
class Listing(Protocol):
    """A connector that can have listed, in few calls, what of a kind was changed since a moment."""

    async def changed(
        self, vendor: Vendor, kind: Kind, since: datetime, cursor: str, share: Share
    ) -> Page | None:
        """Give rows of all that was changed since then, older ones perhaps too; no notices.

        It begins with an empty cursor. None: no such list can be had, or none that is believed.
        """


@runtime_checkable
class Learning(Protocol):
    """A connector whose vendor itself shows what its hooks are proved by.

    Such a vendor also asks the address whether anybody is there, before it sends what it has.
    """

    async def learn(
        self, vendor: Vendor, door: Callable[[], Awaitable[Door | None]], hook: Hook
    ) -> None:
        """Read what this hook is to be proved by, where that is not known yet; `hear` follows."""

    def kept(self, hook: Hook) -> None:
        """Take note that all that this hook told is durable: the same again tells nothing."""


@runtime_checkable
class Streaming(Protocol):
    """What a connector also has whose vendor tells of changes over a stream."""

    streams_max: int
    """Of so many kinds it tells."""

    @property
    def streamed(self) -> Sequence[str] | None:
        """The kinds of which it tells by the settings; None: of those that flows are about."""

    @property
    def silence_seconds_max(self) -> float:
        """How long a stream that lives may say nothing."""

    def begin(self, now: datetime) -> str:
        """Give the cursor of a stream that is read for the first time: from now on."""

    def stream(self, vendor: Vendor, kind: Kind, cursor: str) -> AsyncGenerator[Told, None]:
        """Tell what happened behind a place.

        It ends by NotRead, which says whether and when to begin again behind what was told last, or
        by PlaceLost, after which it goes on from `earliest`.
        """

    def earliest(self, cursor: str) -> str:
        """Give the cursor of the oldest that the vendor still has, in place of one that is lost."""

    async def why_deaf(self, vendor: Vendor, kind: Kind) -> str:
        """Give why a kind cannot be listened to; empty: it can."""
