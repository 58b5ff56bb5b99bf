"""What a first sync would do: every record is judged as it is known, and nothing of it is kept.

It runs under the role that cannot write: what was concluded is held in memory, so that the later
records are judged as if the earlier ones had been linked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hub.conclusions import Agreed, Asks, Joined, Owes
from hub.database import statement
from hub.events import Event, Reviewed, event_of, payload
from hub.flows.agree import FieldState
from hub.flows.judge.reasons import CONFLICT, NEWCOMER, PROPOSAL
from hub.flows.judge.words import side_of
from hub.flows.known import InForce, key_of
from hub.log.read import head
from hub.projectors.sync import SyncFold
from hub.projectors.sync.records import Records
from hub.replay.ahead import bring_ahead

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.database.db import Db
    from hub.flows.flow import Flow, Mode, Sync
    from hub.projectors.sync.world import World

T = TypeVar("T")

EXAMPLES_MAX = 5

Page = tuple[str, str, list[str]]
"""Records of one kind: connection, kind, ids."""


class Plan(msgspec.Struct, kw_only=True):
    """What would be done. `work` are the records for which there is anything to do, in order."""

    flow: str
    records: int = 0
    linked: int = 0
    made: Counter[str] = msgspec.field(default_factory=Counter)
    """By the kind of what is on one side only, and would be made there."""
    proposed: int = 0
    newcomers: int = 0
    conflicts: Counter[str] = msgspec.field(default_factory=Counter)
    """By field, what both sides say otherwise, and a person is asked."""
    written: Counter[str] = msgspec.field(default_factory=Counter)
    """By kind and field, on what record the other side's word would be written."""
    examples: dict[str, list[str]] = msgspec.field(default_factory=dict)
    work: list[Page] = msgspec.field(default_factory=list)


async def planned(
    db: Db, flow: Sync, pages: AsyncIterator[Page], told: Callable[[int], None] = lambda _: None
) -> Plan:
    """Judge the records of these pages, in order, and give what would come of it."""
    supposing = Supposing(db, flow)
    await supposing.begin()
    plan = Plan(flow=flow.name)
    done = 0
    seen: set[tuple[str, str, str]] = set()
    asked = {row["item"] for row in await db.fetch(statement("replay/asked.sql"))}
    async for connection, kind, records in pages:
        await supposing.bring(connection, kind, records)
        work = []
        for record in records:
            conclusions = await supposing.judge(connection, kind, record)
            fresh = [one for one in conclusions if not _is_asked(one, asked)]
            _count(plan, flow, fresh)
            if fresh:
                work.append(record)
        seen |= {(connection, kind, record) for record in records}
        if work:
            plan.work.append((connection, kind, work))
        done += len(records)
        told(done)
    plan.records = len(seen)
    return plan


class Supposing:
    """Judges by one sync, as if it decided now, and keeps what it concludes in memory only."""

    def __init__(self, db: Db, flow: Flow, mode: Mode = "shadow") -> None:
        self._db = db
        self._flow = flow
        self._mode = mode
        self._fold = SyncFold(Records(empty=False, cache_bytes_max=2**62), live=True)
        self._at = 0

    async def begin(self) -> None:
        await self._fold.decisions.flows.fetch_all(self._db)
        self._at = await head(self._db)

    async def bring(self, connection: str, kind: str, records: Sequence[str]) -> None:
        """Bring at once what the records of a page take."""
        keys = [(connection, kind, record) for record in records]
        await bring_ahead(self._db, self._fold, self._flow, keys)

    async def judge(self, connection: str, kind: str, record: str) -> list[Conclusion]:
        """Give what would be concluded from a review of this record."""
        self._at += 1
        what = Reviewed(flow=self._flow.name, records=[record])
        event = msgspec.structs.replace(
            event_of(what, connection=connection, kind=kind),
            position=self._at,
            recorded_at=datetime.now(UTC),
        )
        return await self.judged(event)

    async def judged(self, event: Event) -> list[Conclusion]:
        fold = self._fold
        fold.world.flows = {self._flow.name: self._in_force()}
        fold.world.turn_to(event, None)
        await self.at_hand(partial(fold.judge, event, event.position))
        decided = [payload(each) for each in fold.said() if each.type == "decided"]
        return [each for one in decided for each in one.conclusions]

    @property
    def world(self) -> World:
        return self._fold.world

    async def at_hand(self, act: Callable[[], T]) -> T:
        return await self._fold.at_hand(self._db, act)

    async def knows(self, key: tuple[str, str, str]) -> bool:
        await self._fold.records.fetch(self._db, [key])
        return self._fold.world.record(key) is not None

    async def write(self) -> None:
        """Write what was concluded, in a transaction that the caller is to roll back."""
        await self._fold.write(self._db)

    def owed(self) -> list[tuple[str, UUID]]:
        """Give what is owed by now of all that was looked at: the connection, and the delivery."""
        rows = self._fold.deliveries.rows.values()
        return [(row.connection, id_) for (id_,), row in rows.items() if row.state == "owed"]

    def _in_force(self) -> InForce:
        known = self._fold.decisions.in_force().get(self._flow.name)
        now = datetime.now(UTC)
        if known is None or known.started is None:
            return InForce(flow=self._flow, mode=self._mode, started=self._at, started_at=now)
        return msgspec.structs.replace(known, flow=self._flow, mode=self._mode)


def _is_asked(one: Conclusion, asked: set[UUID]) -> bool:
    """Tell whether a question is in the inbox already, and note that it is from now on."""
    if not isinstance(one, Asks):
        return False
    known = one.item in asked
    asked.add(one.item)
    return known


def _count(plan: Plan, flow: Sync, conclusions: Sequence[Conclusion]) -> None:
    states: dict[tuple[object, str], Agreed] = {}
    for one in conclusions:
        match one:
            case Joined() if len(one.members) > 1:
                plan.linked += 1
                subjects = " = ".join(each.subject for each in one.members)
                _show(plan, "linked", f"{subjects}: {one.why}")
            case Owes() if not one.record:
                plan.made[f"{one.connection}.{one.kind}"] += 1
            case Asks(reason="proposal"):
                plan.proposed += 1
                _show(plan, PROPOSAL, one.sentence)
            case Asks(reason="newcomer"):
                plan.newcomers += 1
                _show(plan, NEWCOMER, one.sentence)
            case Asks(reason="conflict"):
                plan.conflicts[str(one.data["field"])] += 1
                _show(plan, CONFLICT, one.sentence)
            case Agreed():
                states[one.link, one.field] = one
    for agreed in states.values():
        _count_written(plan, flow, agreed)


def _count_written(plan: Plan, flow: Sync, agreed: Agreed) -> None:
    state = msgspec.convert(agreed.state, FieldState)
    for member in state.words:
        connection, kind, _ = key_of(member)
        is_owed = not state.asks and member not in state.held and not state.stands(member)
        if is_owed and agreed.field in _written(flow, connection, kind):
            plan.written[f"{connection}.{kind} {agreed.field}"] += 1
            shown, value = state.words[member].value, state.value
            _show(plan, "written", f"{member} {agreed.field}: {shown!r} becomes {value!r}")


def _written(flow: Sync, connection: str, kind: str) -> set[str]:
    """Name the fields that records of a kind are told whenever they differ."""
    for sync in filter(None, (flow, flow.people)):
        if side_of(sync, connection, kind) is not None:
            return {field.name for field in sync.fields if field.write == "always"}
    return set()


def _show(plan: Plan, what: str, sentence: str) -> None:
    examples = defaultdict(list, plan.examples)
    if len(examples[what]) < EXAMPLES_MAX:
        plan.examples = {**plan.examples, what: [*examples[what], sentence]}
