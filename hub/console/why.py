"""What became of each thing that a record said: every observation ends, or waits, somewhere.

It ends in one of these words, and each is told with what there is to do about it:
no flow wants it, nothing to change, delivered, waiting, inbox, parked.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import (
    WITHDRAWN,
    Agreed,
    Answers,
    Asks,
    Braked,
    Cased,
    Joined,
    Member,
    Noted,
    Owes,
    Parted,
    Wants,
    Withdrawn,
)
from hub.console.deliveries import deliveries
from hub.console.ending import Ending, Force, of_question, targets_of
from hub.console.inbox import inbox
from hub.database import statement
from hub.events import payload
from hub.flows.flow import Sync
from hub.flows.judge.ask import item_of
from hub.flows.judge.keys import kinds_of
from hub.flows.judge.reasons import CONFLICT
from hub.flows.judge.vanished import VANISHED
from hub.flows.known import subject_of
from hub.log.find import Wanted, latest
from hub.log.read import by_cause

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.console.deliveries import Delivery

    Key = tuple[str, str, str]

ANSWERS_MAX = 200
"""So many answers to writes are looked through, the latest first."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One observation of a record, and how it ended."""

    position: int
    recorded_at: datetime
    occurred_at: datetime | None
    type: str
    road: str | None
    origin: str | None
    first: bool
    changed: list[str]
    endings: list[Ending]


async def why(
    db: Any,  # noqa: ANN401
    record: Member,
    flows: Mapping[str, Force],
    most: int,
) -> list[Seen]:
    """Tell of the last observations of a record, the earliest first, how each ended."""
    key = (record.connection, record.kind, record.record)
    rows = await db.fetch(statement("console/seen.sql"), *key, most)
    folded = await db.fetchval("select position from projectors where name = 'sync'") or 0
    found = []
    for row in reversed(rows):
        about = dict(row)
        parked = about.pop("parked")
        endings = [Ending(how="parked", sentence=f"{parked} (hub log parked)")] if parked else []
        if not endings:
            endings = await _Looking(db, key, flows, about, folded).endings()
        found.append(Seen(**about, endings=endings))
    return found


class _Looking:
    """Looks for what became of one observation."""

    def __init__(
        self,
        db: Any,  # noqa: ANN401
        key: Key,
        flows: Mapping[str, Force],
        about: Mapping[str, Any],
        folded: int,
    ) -> None:
        self._db = db
        self._key = key
        self._flows = flows
        self._position: int = about["position"]
        self._origin: str = about["origin"] or ""
        self._folded = folded

    async def endings(self) -> list[Ending]:
        if self._position > self._folded:
            behind = f"the sync projector, which stands at #{self._folded}: run the hub"
            return [Ending(how="waiting", sentence=behind)]
        found = [one async for one in self._of_conclusions(await self._concluded())]
        return found or [await self._of_nothing()]

    async def _concluded(self) -> list[Conclusion]:
        led_to = await by_cause(self._db, self._position)
        decided = [payload(event) for event in led_to if event.type == "decided"]
        return [each for one in decided for each in one.conclusions]

    async def _of_conclusions(self, conclusions: Sequence[Conclusion]) -> AsyncIterator[Ending]:
        agreed = [one for one in conclusions if isinstance(one, Agreed)]
        owed = [one for one in conclusions if isinstance(one, Owes)]
        items = [one.item for one in conclusions if isinstance(one, Asks)]
        items += [item for one in agreed if (item := self._conflict(one))]
        for one in conclusions:
            match one:
                case Joined():
                    yield Ending(how="linked", sentence=self._linked(one))
                case Parted():
                    yield Ending(how="linked", sentence=f"taken out of its link: {one.why}")
                case Braked():
                    sentence = f"{one.flow} went to hold: {one.why} (hub approve --flow {one.flow})"
                    yield Ending(how="waiting", sentence=sentence, flow=one.flow)
                case Noted():
                    yield Ending(how="nothing to change", sentence=one.why, flow=one.flow)
                case Cased():
                    yield await self._case(one)
                case Wants() | Answers() | Agreed() | Owes() | Asks() | Withdrawn():
                    pass
        for item in dict.fromkeys(items):
            yield await self._asked(item)
        async for ending in self._written(agreed, owed):
            yield ending

    async def _of_nothing(self) -> Ending:
        """Say why nothing was concluded."""
        wants = {
            name: force
            for name, force in self._flows.items()
            if self._key[:2] in kinds_of(force.flow)
        }
        kind = f"{self._key[0]}.{self._key[1]}"
        if not wants:
            return Ending(how="no flow wants it", sentence=f"no flow in force is about {kind}")
        began = [f for f in wants.values() if f.started is not None and f.started < self._position]
        if not began:
            names = ", ".join(wants)
            sentence = f"{names} had not begun then (hub flows start {next(iter(wants))})"
            return Ending(how="no flow wants it", sentence=sentence)
        stopped = [name for name, force in wants.items() if not force.decides]
        if len(stopped) == len(wants):
            name = stopped[0]
            sentence = f"{name}, which is {wants[name].mode} (hub flows start {name})"
            return Ending(how="waiting", sentence=sentence, flow=name)
        return await self._as_it_stands(wants)

    async def _as_it_stands(self, wants: Mapping[str, Force]) -> Ending:
        """Tell of a record that was judged by another event than this, or was left alone."""
        row = await self._db.fetchrow(statement("console/stands.sql"), *self._key)
        if row["item"] is not None:
            return await self._asked(row["item"])
        if self._origin.startswith("hub:"):
            return Ending(how="nothing to change", sentence="it is what the hub wrote, come back")
        names = ", ".join(wants)
        links = [name for name, force in wants.items() if isinstance(force.flow, Sync)]
        if row["link"] is not None or not links:
            sentence = f"it says nothing that {names} would carry on"
            return Ending(how="nothing to change", sentence=sentence)
        sentence = (
            f"it is in no link: it takes no part in {names}, or was there before that began "
            f"(hub backfill {links[0]} --dry-run)"
        )
        return Ending(how="nothing to change", sentence=sentence)

    def _linked(self, one: Joined) -> str:
        own = subject_of(self._key)
        others = [each.subject for each in one.members if each.subject != own]
        beside = f" with {', '.join(others)}" if others else ""
        return f"linked{beside}: {one.why}"

    async def _case(self, one: Cased) -> Ending:
        if one.state == VANISHED:
            return Ending(how="nothing to change", sentence=f"{one.why}: no word", flow=one.flow)
        row = await self._db.fetchrow(statement("console/case.sql"), one.flow, one.case)
        state, until, because = row or (one.state, one.until, one.why)
        done = state in ("made", "ended")
        when = f", until {until.astimezone():%Y-%m-%d %H:%M:%S}" if until and not done else ""
        return Ending(
            how="delivered" if state == "made" else "nothing to change" if done else "waiting",
            sentence=f"{state}{when}: {because}",
            flow=one.flow,
        )

    def _conflict(self, one: Agreed) -> UUID | None:
        """Name the question that a field waits for, if it does."""
        force = self._flows.get(one.flow)
        if force is None or not one.state.get("asks"):
            return None
        return item_of(force.flow, CONFLICT, f"{one.link}/{one.field}")

    async def _asked(self, item: UUID) -> Ending:
        found = await inbox(self._db, settled=True, begins=str(item))
        if not found:
            return Ending(how="waiting", sentence="a question that is not in the inbox yet")
        return of_question(found[0])

    async def _written(
        self, agreed: Sequence[Agreed], owed: Sequence[Owes]
    ) -> AsyncIterator[Ending]:
        """Tell what became of the writes that were owed for it."""
        targets = targets_of(agreed)
        links = {one.link for one in agreed}
        ids = {row["id"] for row in await self._db.fetch(statement("console/of_links.sql"), links)}
        ids |= {one.delivery for one in owed}
        found = await deliveries(self._db, state="any", ids=list(ids)) if ids else []
        own = {one.delivery: self._said(one) for one in owed}
        changed = [one.field for one in agreed if one.state.get("since") == self._position]
        told: set[str] = set()
        for one in sorted(found, key=lambda one: (one.id not in own, one.state == "done")):
            subject = subject_of((one.connection, one.kind, one.record))
            fields = targets.get(subject, []) if one.record else changed
            if one.id in own or (fields and subject not in told):
                told.add(subject)
                yield await self._of_delivery(one, [*own.get(one.id, ()), *fields])
        if agreed and not told:
            yield Ending(how="nothing to change", sentence="all sides show it", flow=agreed[0].flow)

    def _said(self, one: Owes) -> list[str]:
        """Name the fields by which a sync makes a record inactive."""
        force = self._flows.get(one.flow)
        is_sync = force is not None and isinstance(force.flow, Sync)
        return list(one.fields or ()) if is_sync and one.record else []

    async def _of_delivery(self, one: Delivery, fields: Sequence[str]) -> Ending:
        what = f"{', '.join(fields)} to {one.target}" if fields else one.target
        done = await self._done(one)
        if done is not None:
            return Ending(how="delivered", sentence=f"{what}, at #{done}", flow=one.flow)
        if one.state == "parked":
            found = await inbox(self._db, begins=str(one.id))
            return of_question(found[0])
        if one.state in ("owed", "sending"):
            sentence = f"{what} waits for {one.waits_for}"
            return Ending(how="waiting", sentence=sentence, flow=one.flow)
        said = "it shows it already"
        if one.state == "skipped":
            said = one.reason if one.because == WITHDRAWN else "a person left it unwritten"
        return Ending(how="nothing to change", sentence=f"{what}: {said}", flow=one.flow)

    async def _done(self, one: Delivery) -> int | None:
        """Give the first answer after this that says it was written."""
        if not one.record:
            return None
        about = Wanted(connection=one.connection, kind=one.kind, record=one.record, type="answered")
        answers = await latest(self._db, about, ANSWERS_MAX)
        positions = (
            event.position
            for event in answers
            if event.position > self._position and payload(event).outcome == "done"
        )
        return next(positions, None)


def in_words(seen: Seen) -> list[str]:
    """Write how an observation ended, a line for each way."""
    return [
        f"{one.how}: {one.sentence}" + (f"  [{one.flow}]" if one.flow else "")
        for one in seen.endings
    ]
