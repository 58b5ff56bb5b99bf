"""What became of each thing that a record said: every observation ends, or waits, somewhere.

It ends in one of these words, and each is told with what there is to do about it:
no flow wants it, nothing to change, delivered, waiting, inbox, parked.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import (
    Agreed,
    Answers,
    Asks,
    Braked,
    Cased,
    Joined,
    Noted,
    Owes,
    Parted,
    Wants,
    Withdrawn,
)
from hub.console.ending import Ending, Force
from hub.console.taken_up import Cases
from hub.console.untouched import Untouched
from hub.console.writes import Writes
from hub.database import statement
from hub.events import payload
from hub.flows.judge.ask import item_of
from hub.flows.judge.reasons import CONFLICT
from hub.flows.known import subject_of
from hub.log.read import by_cause

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.database.db import Db
    from hub.flows.known import Key


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


async def why(db: Db, record: Member, flows: Mapping[str, Force], most: int) -> list[Seen]:
    """Tell of the last observations of a record, the earliest first, how each ended."""
    key = (record.connection, record.kind, record.record)
    rows = await db.fetch(statement("console/seen.sql"), *key, most)
    folded = await db.fetchval("select position from projectors where name = 'sync'") or 0
    found: list[Seen] = []
    later: list[tuple[int, Cased]] = []
    for row in rows:
        about = dict(row)
        parked = about.pop("parked")
        endings = [Ending(how="parked", sentence=f"{parked} (hub log parked)")] if parked else []
        if not endings:
            looking = _Looking(db, key, flows, about, later)
            endings = await looking.endings(folded)
            later[:0] = looking.cased
        found.append(Seen(**about, endings=endings))
    return found[::-1]


class _Looking:
    """Looks for what became of one observation; `later` is what those after it concluded."""

    def __init__(
        self,
        db: Db,
        key: Key,
        flows: Mapping[str, Force],
        about: Mapping[str, Any],
        later: Sequence[tuple[int, Cased]],
    ) -> None:
        self._db = db
        self._key = key
        self._flows = flows
        self._position: int = about["position"]
        self._untouched = Untouched(db, key, flows, about)
        self._cases = Cases(db, flows, later)
        self.cased: list[tuple[int, Cased]] = []
        """What it concluded itself of how things stand."""

    async def endings(self, folded: int) -> list[Ending]:
        if self._position > folded:
            behind = f"the sync projector, which stands at #{folded}: run the hub"
            return [Ending(how="waiting", sentence=behind)]
        concluded = await self._concluded()
        self.cased = [(self._position, one) for one in concluded if isinstance(one, Cased)]
        found = [one async for one in self._of_conclusions(concluded)]
        return found or await self._untouched.endings()

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
                    yield await self._cases.ending(one, self._position)
                case Wants() | Answers() | Agreed() | Owes() | Asks() | Withdrawn():
                    pass
        for item in dict.fromkeys(items):
            yield await self._untouched.asked(item)
        writes = Writes(self._db, self._key, self._flows, self._position)
        async for ending in writes.endings(agreed, owed):
            yield ending

    def _linked(self, one: Joined) -> str:
        own = subject_of(self._key)
        others = [each.subject for each in one.members if each.subject != own]
        beside = f" with {', '.join(others)}" if others else ""
        return f"linked{beside}: {one.why}"

    def _conflict(self, one: Agreed) -> UUID | None:
        """Name the question that a field waits for, if it does."""
        force = self._flows.get(one.flow)
        if force is None or not one.state.get("asks"):
            return None
        return item_of(force.flow, CONFLICT, f"{one.link}/{one.field}")


def in_words(seen: Seen) -> list[str]:
    """Write how an observation ended, a line for each way."""
    return [
        ("" if one.sentence.startswith(one.how) else f"{one.how}: ")
        + one.sentence
        + (f"  [{one.flow}]" if one.flow else "")
        for one in seen.endings
    ]
