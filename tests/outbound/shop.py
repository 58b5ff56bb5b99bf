"""A vendor in memory, and its connector: it does what a test has it do with the next calls."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import Kind, NotRead, Seen, Written
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Write
    from hub.connectors.outcome import Outcome

THINGS = Kind(name="things", path="/things", mark="hub_id", fetches=100, writes=100)
DOCUMENTS = Kind(name="documents", path="/documents", mark="hub_id", writes=1)
NOTES = Kind(name="notes", path="/notes", writes=1)
TAXES = Kind(name="taxes", path="/taxes")

DONE = Done(sentence="It was written.", answer=Answer(status=200, at=datetime.now(UTC)))
LOST = Unknown(sentence="No answer came.")
DEAD = Refused(
    sentence="shop lets us in no more.", because="authorisation", reason="connection_dead"
)


class Shop:
    """Holds records; `then` has the next call answered otherwise, before or after it is done."""

    def __init__(self) -> None:
        self.kinds = {kind.name: kind for kind in (THINGS, DOCUMENTS, NOTES, TAXES)}
        self.at_once = ()
        self.records: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in self.kinds}
        self.calls: list[list[Write]] = []
        self.reads: list[list[str]] = []
        self.under_way: set[str] = set()
        self.overlaps = 0
        self.answers: Callable[[Write], Outcome] = lambda _: DONE
        """What comes of a record in a call that is otherwise answered."""
        self.says_data = True
        self.open = asyncio.Event()
        """While it is not set, calls wait once they were done."""
        self.open.set()
        self.busy = asyncio.Event()
        """A call was done, and waits or is answered."""
        self._next: deque[tuple[bool, Outcome]] = deque()
        self._ids = itertools.count(1)

    def put(self, kind: str, **fields: Any) -> str:
        record = str(next(self._ids))
        self.records[kind][record] = dict(fields)
        return record

    def then(self, *outcomes: Outcome, applied: bool = False) -> None:
        """Have the next calls answered so; `applied`: after what they asked for was done."""
        self._next.extend((applied, one) for one in outcomes)

    async def write(self, _vendor: Any, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        assert len(writes) <= kind.writes
        assert len({bool(one.record) for one in writes}) == 1, "makes and changes in one call"
        self.calls.append(list(writes))
        named = {one.record for one in writes if one.record}
        self.overlaps += bool(named & self.under_way)
        self.under_way |= named
        try:
            return await self._answer(kind, writes)
        finally:
            self.under_way -= named

    async def fetch(
        self, _vendor: Any, kind: Kind, records: Sequence[str], _share: Share = "contacts"
    ) -> list[Seen]:
        self.reads.append(list(records))
        if self._next:
            _, outcome = self._next.popleft()
            raise NotRead(outcome)
        return [self._seen(kind.name, record) for record in records]

    async def find(self, _vendor: Any, kind: Kind, mark: str) -> str | None:
        bearers = self._bearers(kind.name, mark)
        return bearers[0] if bearers else None

    async def zone(self, _vendor: Any) -> str:
        if self.answers(_ANY) == DEAD:
            raise NotRead(DEAD)
        return "UTC"

    async def _answer(self, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        await asyncio.sleep(0)
        applied, outcome = self._next.popleft() if self._next else (True, None)
        if outcome is not None and not applied:
            return [Written(outcome=outcome)] * len(writes)
        done = [self._done(kind, one) for one in writes]
        self.busy.set()
        await self.open.wait()
        return [Written(outcome=outcome)] * len(writes) if outcome else done

    def _done(self, kind: Kind, one: Write) -> Written:
        outcome = self.answers(one)
        if not isinstance(outcome, Done):
            return Written(outcome=outcome, record=one.record)
        there = self._bearers(kind.name, one.mark)
        if one.record:
            record = one.record
        elif there:
            record = there[0]
        else:
            record = self.put(kind.name, **({"hub_id": one.mark} if one.mark else {}))
        if not there:
            self.records[kind.name][record].update(one.fields)
        seen = self._seen(kind.name, record)
        return Written(
            outcome=outcome, record=record, data=seen.data if self.says_data else None,
            was_there=bool(there), at=datetime.now(UTC),
        )  # fmt: skip

    def _seen(self, kind: str, record: str) -> Seen:
        fields = self.records[kind].get(record)
        data = None if fields is None else msgspec.json.encode({"id": record, **fields})
        return Seen(kind=kind, record=record, data=data)

    def _bearers(self, kind: str, mark: str) -> list[str]:
        if not mark:
            return []
        there = self.records[kind].items()
        return [record for record, fields in there if fields.get("hub_id") == mark]


def later(seconds: float) -> RetryAt:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return RetryAt(sentence="It is to be left alone.", at=at)


def refused(because: Any = "data", reason: str = "INVALID") -> Refused:
    return Refused(sentence=f"It said {reason}.", because=because, reason=reason)


_ANY: Any = None
