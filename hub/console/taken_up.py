"""What became of the cases that an observation brought on: what followed then, and what is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.console.deliveries import deliveries
from hub.console.ending import Ending, of_question
from hub.console.inbox import inbox
from hub.console.moment import clock
from hub.database import statement
from hub.flows import steps
from hub.flows.flow import LinkNeed, Once, Sync
from hub.flows.judge import cases
from hub.flows.judge.away import AWAY, BACK
from hub.flows.judge.reasons import ADOPTED, CONFLICT
from hub.flows.judge.slot import slot_of_case
from hub.flows.judge.vanished import VANISHED
from hub.flows.known import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from hub.conclusions import Cased
    from hub.console.deliveries import Delivery
    from hub.console.ending import Force, How
    from hub.database.db import Db

AT_REST = frozenset(
    {cases.MADE, cases.OPEN, cases.ENDED, cases.LEFT, cases.KEPT, cases.WOULD}
    | {AWAY, BACK, ADOPTED}
)
"""Nothing is waited for in these states."""

_read = msgspec.json.Decoder(dict[str, Any]).decode


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """How a case stands, since an event."""

    state: str
    until: datetime | None
    why: str
    record: str
    since: int

    @property
    def how(self) -> How:
        if self.state in (cases.MADE, cases.OPEN) and self.record:
            return "delivered"
        return "nothing to change" if self.state in AT_REST else "waiting"

    @property
    def sentence(self) -> str:
        until = self.until if self.state not in AT_REST else None
        return f"{self.state}{f', until {clock(until)}' if until else ''}: {self.why}"

    def ending(self, flow: str) -> Ending:
        return Ending(how=self.how, sentence=self.sentence, flow=flow)


class Cases:
    """Looks at the cases of flows. `later` has what observations of the record concluded since."""

    def __init__(
        self, db: Db, flows: Mapping[str, Force], later: Iterable[tuple[int, Cased]] = ()
    ) -> None:
        self._db = db
        self._flows = flows
        self._later = list(later)

    async def ending(self, one: Cased, position: int) -> Ending:
        """Say what followed from a conclusion; how the case stands today only as such."""
        if one.state == VANISHED:
            return Ending(how="nothing to change", sentence=f"{one.why}: no word", flow=one.flow)
        then = _as_concluded(one, position)
        now = await self.stands(one.flow, one.case)
        if now is None or (now.state, now.why) == (then.state, then.why):
            return await self._waits(one, then)
        if then.state in AT_REST and now.state == then.state:
            return then.ending(one.flow)
        next_ = next((each for each in self._later if _is_of(each[1], one)), None)
        if next_ is not None and then.state not in AT_REST:
            after = _as_concluded(next_[1], next_[0])
            how: How = "delivered" if after.how == "delivered" else "nothing to change"
            sentence = f"{then.sentence}; then, at #{after.since}: {after.sentence}"
            return Ending(how=how, sentence=sentence, flow=one.flow)
        if then.state in AT_REST:
            sentence = f"{then.sentence}; by now, since #{now.since}: {now.sentence}"
            return Ending(how=then.how, sentence=sentence, flow=one.flow)
        waits = await self._waits(one, now)
        return msgspec.structs.replace(waits, sentence=f"by now {waits.sentence}")

    async def stands(self, flow: str, case: str) -> Stands | None:
        row = await self._db.fetchrow(statement("console/case.sql"), flow, case)
        if row is None:
            return None
        record = str(_read(row["data"]).get("record") or "")
        return Stands(
            state=row["state"], until=row["until"], why=row["why"], record=record,
            since=row["since"],
        )  # fmt: skip

    async def _waits(self, one: Cased, stands: Stands) -> Ending:
        """Tell of a case as it stands, and name what a person can do for it."""
        said = stands.ending(one.flow)
        match stands.state:
            case cases.MAKING:
                return await self._of_slot(one, said)
            case cases.NEEDING:
                return await self._of_need(one, said)
            case cases.ASKED:
                return await self._of_questions(one, said)
        return said

    async def _of_questions(self, one: Cased, said: Ending) -> Ending:
        """Tell of the question about another record by which a person is asked about this one."""
        for item in one.data.get("items", ()):
            asked = await inbox(self._db, settled=True, begins=item)
            if asked:
                return _with(said, of_question(asked[0]))
        return said

    async def _of_slot(self, one: Cased, said: Ending) -> Ending:
        """Say what the document waits for that is to be made, or that it is left unmade."""
        force = self._flows.get(one.flow)
        if force is None or not isinstance(force.flow, Once):
            return said
        slot = slot_of_case(force.flow.id, one.case, force.flow.make)
        found = await deliveries(self._db, state="any", ids=[slot])
        if not found or found[0].state == "done":
            return said
        if found[0].state == "parked":
            asked = await inbox(self._db, begins=str(slot))
            return _with(said, of_question(asked[0])) if asked else said
        return _of_owed(said, found[0])

    async def _of_need(self, one: Cased, said: Ending) -> Ending:
        """Name the questions about the records that it needs linked."""
        for subject in await self._needed(one):
            # A clash over a field keeps nobody from being linked.
            asked = [
                each
                for each in await inbox(self._db)
                if each.subject == subject and each.reason != CONFLICT
            ]
            if asked:
                return _with(said, of_question(asked[0]))
        return said

    async def _needed(self, one: Cased) -> list[str]:
        force = self._flows.get(one.flow)
        if force is None or not isinstance(force.flow, Once):
            return []
        source = force.flow.source
        row = await self._db.fetchrow(statement("console/word.sql"), *source.key(one.case))
        names = {} if row is None else {source.name: fields_of(row["fields"])}
        return list(self._subjects(force.flow, names))

    def _subjects(self, flow: Once, names: Mapping[str, Any]) -> Iterator[str]:
        for need in flow.needs:
            by = self._flows.get(need.of) if isinstance(need, LinkNeed) else None
            if not isinstance(need, LinkNeed) or by is None or not isinstance(by.flow, Sync):
                continue
            named = steps.value_at(names, need.path)
            id_ = named.get("id") if isinstance(named, dict) else named
            for side in by.flow.sides:
                if side.connection != flow.make.connection and id_:
                    yield f"{side.connection}.{side.kind}/{id_}"


def _as_concluded(one: Cased, position: int) -> Stands:
    record = str(one.data.get("record") or "")
    return Stands(state=one.state, until=one.until, why=one.why, record=record, since=position)


def _is_of(one: Cased, other: Cased) -> bool:
    return (one.flow, one.case) == (other.flow, other.case)


def _with(said: Ending, asked: Ending) -> Ending:
    return msgspec.structs.replace(asked, sentence=f"{said.sentence}. {asked.sentence}")


def _of_owed(said: Ending, one: Delivery) -> Ending:
    if one.state == "skipped":
        sentence = f"{said.sentence}, but it is left unmade: {one.reason or 'a person said so'}"
        return msgspec.structs.replace(said, how="nothing to change", sentence=sentence)
    sentence = f"{said.sentence}. {one.target} waits for {one.waits_for}"
    return msgspec.structs.replace(said, sentence=sentence)
