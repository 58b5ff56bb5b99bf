"""What the portal remembers, and who is at work in it.

Every change goes through `noted`, which moves the stamp, feeds the index that is searched, and
keeps what is to be told of it. What a change was, and by whom, is known here and nowhere else.
"""

from __future__ import annotations

import copy
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.keys import Keys
from hub.sandbox.desk.refusal import nowhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.sandbox.desk.quirks import DeskQuirks
    from hub.sandbox.system import Fields
    from hub.sandbox.world import World

PREFIX = "44"
PORTAL = "northwind"
LAST_STATES_MAX = 8
"""Of one record, as the index has them: older ones are behind any lag."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something, and by which road."""

    id: str
    name: str
    type: str = "Agent"
    road: Literal["api", "person", "automation", "seed"] = "person"
    source: str = ""
    """What the header `sourceId` of an API call said."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that those who listen may be told of."""

    event: str
    payload: Fields
    before: Fields | None
    at: datetime
    actor: Actor
    department: str = ""
    direction: str = ""


class Organisation:
    """One portal."""

    id = "7788"

    def __init__(self, world: World, quirks: Callable[[], DeskQuirks]) -> None:
        self.world = world
        self._quirks = quirks
        self.keys = Keys()
        self.base = "https://desk.zoho.com"
        self.tables: dict[str, dict[str, Fields]] = {
            name: {} for name in (*KINDS, "departments", "teams", "agents")
        }
        self.custom: dict[str, dict[str, Fields]] = {name: {} for name in KINDS}
        self.statuses: dict[str, str] = {}
        """By the name of a status, its type."""
        self.tags: dict[str, Fields] = {}
        self.tagged: dict[str, list[str]] = {}
        """By ticket, the tags that it bears."""
        self.comments: dict[str, list[Fields]] = {}
        self.threads: dict[str, list[Fields]] = {}
        self.history: dict[str, list[Fields]] = {}
        self.webhooks: dict[str, Fields] = {}
        self.changes: list[Change] = []
        self.flush: Callable[[], None] = lambda: None
        """Tells of all changes so far; called where no call or act does so at its end."""
        self._index: dict[tuple[str, str], deque[tuple[datetime, Fields]]] = {}
        self._tickets_made = 0

    @property
    def quirks(self) -> DeskQuirks:
        return self._quirks()

    def now(self) -> datetime:
        return self.world.clock.now()

    def stamp(self) -> str:
        return stamp(self.now())

    def new_id(self) -> str:
        return self.world.new_id(PREFIX)

    def new_number(self) -> str:
        self._tickets_made += 1
        return str(100 + self._tickets_made)

    def url(self, kind: str, record: str) -> str:
        module = {"tickets": "Cases"}.get(kind, kind.capitalize())
        return f"{self.base}/support/{PORTAL}/ShowHomePage.do#{module}/dv/{record}"

    def find(self, kind: str, record: str) -> Fields:
        """Give a record that is there; one in the bin is not."""
        found = self.tables[kind].get(record)
        if found is None or (found.get("isTrashed") and not self.quirks.trashed_shown):
            raise nowhere()
        return found

    def present(self, kind: str) -> Iterator[Fields]:
        """Give the records of a kind that are not in the bin."""
        return (one for one in self.tables[kind].values() if not one.get("isTrashed"))

    def agent(self, number: int = 0) -> Fields:
        return list(self.tables["agents"].values())[number]

    def noted(
        self,
        kind: str,
        record: Fields,
        actor: Actor,
        *,
        event: str = "",
        before: Fields | None = None,
        touches: bool = True,
    ) -> None:
        """Take note of a change: the stamp, the index, and who is to be told."""
        if touches:
            record["modifiedTime"] = self.stamp()
        self._indexed(kind, record)
        if event and actor.road != "seed":
            self.tell(event, record, actor, before=before)

    def tell(
        self,
        event: str,
        payload: Fields,
        actor: Actor,
        *,
        before: Fields | None = None,
        direction: str = "",
    ) -> None:
        self.changes.append(
            Change(
                event=event,
                payload=copy.deepcopy(payload),
                before=before,
                at=self.now(),
                actor=actor,
                department=str(payload.get("departmentId") or ""),
                direction=direction,
            )
        )
        if actor.road == "automation":
            self.flush()

    def indexed(self, kind: str) -> Iterator[Fields]:
        """Give what a search looks into: each record as it was when the index last saw it."""
        until = self.now() - timedelta(seconds=self.quirks.search_lag_seconds)
        for record in self.tables[kind]:
            seen = [one for at, one in self._index.get((kind, record), ()) if at <= until]
            if seen and not seen[-1].get("isTrashed"):
                yield seen[-1]

    def _indexed(self, kind: str, record: Fields) -> None:
        states = self._index.setdefault((kind, record["id"]), deque(maxlen=LAST_STATES_MAX))
        states.append((self.now(), copy.deepcopy(record)))

    def index_long_ago(self, kind: str, record: str) -> None:
        """Have a record in the index as it is, as if it had long been there."""
        states = self._index[kind, record]
        _, last = states[-1]
        states.clear()
        states.append((datetime.min.replace(tzinfo=UTC), last))


def stamp(moment: datetime) -> str:
    """Write a moment as the vendor does: UTC, milliseconds, Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def moment(text: object) -> datetime | None:
    """Read a moment; None for what is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def somebody(org: Organisation, road: Any, *, number: int = 1, source: str = "") -> Actor:
    """Give an agent at work: the first is the one whose consent the API has."""
    agent = org.agent(number)
    name = f"{agent['firstName']} {agent['lastName']}".strip()
    return Actor(id=agent["id"], name=name, road=road, source=source)
