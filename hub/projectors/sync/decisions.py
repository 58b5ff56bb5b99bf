"""Fold which flows are in force, and what they concluded: agreements, cases, and the inbox.

A decision holds from its cause on, in a rebuild as when it was taken; nothing is decided here.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from hub.conclusions import Agreed, Answers, Asks, Braked, Cased
from hub.database import statement
from hub.errors import NotApplicable
from hub.events import DayBegan, FlowInstalled, ModeSet, Resolved, WritesStopped, payload
from hub.flows.agree import FieldState
from hub.flows.judge.brake import added
from hub.flows.judge.reasons import CHOICE, LEAVE
from hub.flows.known import Case, InForce, Item
from hub.flows.load.installed import load_installed
from hub.projectors.sync import decision_rows as rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.conclusions import Conclusion
    from hub.database.db import Writes
    from hub.events import Event
    from hub.flows.flow import Flow
    from hub.projectors.sync.at_hand import Ask
    from hub.projectors.sync.shelf import Shelf

TYPES = frozenset({"flow_installed", "mode_set", "resolved", "writes_stopped", "day_began"})


class Decisions:
    """The rows at hand of all tables that conclusions move."""

    def __init__(self) -> None:
        self.flows = rows.flows()
        self.agreements = rows.agreements()
        self.cases = rows.cases()
        self.inbox = rows.inbox()
        self.stops = rows.stops()
        self.days = rows.days()
        self._spent: set[str] = set()
        """The flows that did something since that was written."""
        self._loaded: dict[str, Flow] = {}
        self._version = 0
        self._in_force: Mapping[str, InForce] = {}
        self.installed: tuple[Flow, ...] = ()
        """The flows of `in_force`: the same tuple until another is installed."""

    @property
    def shelves(self) -> tuple[Shelf[Any, Any], ...]:
        return (self.flows, self.agreements, self.cases, self.inbox, self.stops, self.days)

    def in_force(self) -> Mapping[str, InForce]:
        """Give all flows, each as the log has it."""
        if self.flows.version != self._version:
            self._version = self.flows.version
            rows_at_hand = self.flows.values()
            self._in_force = {name: self._one(row) for (name,), row in rows_at_hand.items()}
            installed = tuple(one.flow for one in self._in_force.values())
            known = self.installed
            if len(known) != len(installed) or not all(map(is_, known, installed)):
                self.installed = installed
        return self._in_force

    def _one(self, row: rows.Installed) -> InForce:
        return InForce(
            flow=self._flow(row),
            mode=row.mode,
            started=row.started,
            started_at=row.started_at,
            spent=row.spent,
        )

    def apply(self, event: Event) -> None:
        match payload(event):
            case FlowInstalled() as what:
                self._install(what, event.position)
            case ModeSet() as what:
                self._set_mode(what, event)
            case Resolved() as what:
                self._settle(what.item, event.position, event.origin or "", what.choice)
            case DayBegan() as what:
                day = rows.Day(day=what.day, zone=what.zone, since=event.position)
                self.days.put((event.connection or "",), day)
            case WritesStopped() as what:
                key = (event.connection or "",)
                self.stops.get(key)
                stop = rows.Stop(stopped=what.stopped, since=event.position, reason=what.reason)
                self.stops.put(key, stop)

    def touch_event(self, event: Event) -> None:
        """See that what this event moves is at hand; NotAtHand else."""
        match payload(event):
            case Resolved() as what:
                self.inbox.get((what.item,))
            case WritesStopped():
                self.stops.get((event.connection or "",))

    def flow_of(self, what: FlowInstalled) -> Flow:
        """Read the flow that is installed; what cannot be read cannot be applied."""
        return self._read(what.resolved, what.answers, what.digest)

    def asks(self, conclusion: Conclusion) -> Iterator[Ask]:
        """Ask for whatever this conclusion moves."""
        match conclusion:
            case Agreed():
                yield self.agreements, (conclusion.link, conclusion.flow)
            case Cased():
                yield self.cases, (conclusion.flow, conclusion.case)
            case Asks() | Answers():
                yield self.inbox, (conclusion.item,)

    def conclude(self, conclusion: Conclusion, at: int) -> None:
        match conclusion:
            case Agreed():
                self._agree(conclusion, at)
            case Cased():
                self._case(conclusion, at)
            case Asks():
                self._ask(conclusion, at)
            case Answers():
                self._settle(conclusion.item, at, "the hub")
            case Braked():
                self._brake(conclusion, at)

    def settle(self, item: UUID, at: int) -> None:
        """Settle what became moot."""
        self._settle(item, at, "the hub")

    def spend(self, conclusions: Sequence[Conclusion], event: Event) -> None:
        """Count what flows do, for their brakes."""
        if not conclusions:
            return
        now = event.recorded_at
        assert now is not None, "it comes from the log"
        for name in {getattr(one, "flow", "") for one in conclusions}:
            row = self.flows.get((name,))
            if row is None:
                continue
            spent = added(row.spent, self._flow(row), conclusions, at=event.position, now=now)
            if spent:
                # In place: with every event a flow does something, and is in force as it was.
                row.spent.update(spent)
                self._spent.add(name)

    async def write_spent(self, db: Writes) -> None:
        """Write what flows did; of those whose row is to be written, that goes with it."""
        done = [
            (name, rows.spent_of(row))
            for name in sorted(self._spent)
            if self.flows.is_written((name,)) and (row := self.flows.get((name,))) is not None
        ]
        if done:
            columns = zip(*done, strict=True)
            await db.execute(statement("projectors/sync/keep_spent.sql"), *columns)
        self._spent.clear()

    def set_fields(self, link: UUID, flow: str, fields: Mapping[str, FieldState], at: int) -> None:
        """Put what a link's fields are, as an answer to a delivery leaves them."""
        self.agreements.put((link, flow), rows.Agreements(fields=dict(fields), position=at))

    def fields(self, link: UUID, flow: str) -> dict[str, FieldState]:
        row = self.agreements.get((link, flow))
        return {} if row is None else row.fields

    def _flow(self, row: rows.Installed) -> Flow:
        return self._read(row.resolved, row.answers, row.digest)

    def _read(self, values: dict[str, Any], answers: dict[str, list[str]], digest: str) -> Flow:
        flow = self._loaded.get(digest)
        if flow is None:
            flow = self._loaded[digest] = load_installed(values, answers)
        return flow

    def _install(self, what: FlowInstalled, at: int) -> None:
        known = self.flows.get((what.flow,))
        row = rows.Installed(
            text=what.text,
            file=what.file,
            resolved=what.resolved,
            answers=what.answers,
            digest=what.digest,
            installed=at,
        )
        if known is not None:
            row = msgspec.structs.replace(
                row, mode=known.mode, moded=known.moded, started=known.started,
                started_at=known.started_at, rests=known.rests,
            )  # fmt: skip
        self.flows.put((what.flow,), row)

    def _set_mode(self, what: ModeSet, event: Event) -> None:
        row = self.flows.get((what.flow,))
        if row is None:
            raise NotApplicable(f"it sets the mode of {what.flow}, a flow that is not installed")
        began, decides = row.started is not None, what.mode not in ("off", "paused")
        rests = None if decides or not began else (row.rests or event.position)
        row = msgspec.structs.replace(row, mode=what.mode, moded=event.position, rests=rests)
        if decides and not began:
            row = msgspec.structs.replace(row, started=event.position, started_at=event.recorded_at)
        self.flows.put((what.flow,), row)

    def _brake(self, what: Braked, at: int) -> None:
        """Have a flow go to hold, and a person look."""
        row = self.flows.get((what.flow,))
        if row is None or row.mode != "on":
            return
        self.flows.put((what.flow,), msgspec.structs.replace(row, mode="hold", moded=at))
        item = uuid5(UUID(int=at), what.flow)
        self.inbox.put(
            (item,),
            Item(
                flow=what.flow,
                reason="brake",
                sentence=f"{what.flow} is in hold now: {what.why}",
                subject="",
                choices=[LEAVE],
                data={},
                since=at,
            ),
        )

    def _agree(self, what: Agreed, at: int) -> None:
        state = msgspec.convert(what.state, FieldState)
        self.set_fields(
            what.link, what.flow, {**self.fields(what.link, what.flow), what.field: state}, at
        )

    def _case(self, what: Cased, at: int) -> None:
        case = Case(state=what.state, since=at, until=what.until, data=what.data, why=what.why)
        self.cases.put((what.flow, what.case), case)

    def _ask(self, what: Asks, at: int) -> None:
        """Put a question; one that waits already goes on waiting, in its newest words."""
        known = self.inbox.get((what.item,))
        if known is not None and _is_left(known, what):
            return
        waits = known is not None and known.settled is None
        item = Item(
            flow=what.flow,
            reason=what.reason,
            sentence=what.sentence,
            subject=what.subject,
            choices=what.choices,
            data=what.data,
            since=known.since if known is not None and waits else at,
        )
        self.inbox.put((what.item,), item)

    def _settle(self, item: UUID, at: int, by: str, choice: str = "") -> None:
        known = self.inbox.get((item,))
        if known is not None and known.settled is None:
            data = {**known.data, CHOICE: choice} if choice else known.data
            row = msgspec.structs.replace(known, data=data, settled=at, settled_by=by)
            self.inbox.put((item,), row)


def _is_left(known: Item, what: Asks) -> bool:
    """Tell whether a person has said of this very question that it is to be left as it is."""
    asked = known.sentence, known.choices
    chosen = known.data.get(CHOICE) if known.settled is not None else None
    return chosen == LEAVE and asked == (what.sentence, what.choices)
