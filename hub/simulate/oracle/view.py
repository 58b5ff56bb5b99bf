"""What is looked at from outside, and what a broken promise is.

Where a thing may rightly wait for a person, the hub is asked one question: what is in the inbox.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.simulate.companies import HUB_MAKES, SIDES, company_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground
    from hub.simulate.people import People
    from hub.simulate.story import Edit, Story

CONTEND = timedelta(minutes=10)
"""Edits of one field, on several sides, that are no further apart were made at once: with faults on
the way, the hub may not have carried the first when the second came."""
BLOCKED = timedelta(hours=1) + CONTEND
"""So long a vendor may be closed to the hub: who works there meanwhile sees nothing of the others.
"""


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A promise that was not kept."""

    promise: str
    sentence: str
    company: str = ""

    def __str__(self) -> str:
        return f"{self.promise}: {self.sentence}"


class View:
    """The vendors as they are when all is quiet, the people who worked there, and the inbox."""

    def __init__(self, ground: Ground, people: People, story: Story, inbox: set[str]) -> None:
        self.ground = ground
        self.people = people
        self.inbox = inbox
        """The records that wait for a person."""
        self._story = story

    def by_company(self, side: str) -> dict[str, list[Fields]]:
        """Give the records that a side has of each company."""
        found: dict[str, list[Fields]] = defaultdict(list)
        for row in self.ground.rows(side, SIDES[side][0]):
            if company := company_of(row):
                found[company].append(row)
        return found

    def of_all(self) -> dict[str, dict[str, list[Fields]]]:
        """Give, by company and side, what there is; not of those of whom a person is to say.

        Where nobody makes a company but people, it is shown only if it is there.
        """
        sides = {side: self.by_company(side) for side in self.ground.sides}
        names = sorted({name for each in sides.values() for name in each} - self.people.merged)
        found = {
            name: {
                side: each.get(name, [])
                for side, each in sides.items()
                if side in HUB_MAKES or name in each
            }
            for name in names
        }
        return {name: rows for name, rows in found.items() if not self._waits(rows)}

    def alone(self) -> dict[str, dict[str, Fields]]:
        """Give those of which each side that knows them has one record."""
        return {
            name: {side: each[0] for side, each in rows.items()}
            for name, rows in self.of_all().items()
            if all(len(each) == 1 for each in rows.values())
        }

    def edits(self, whom: str, field: str) -> Sequence[Edit]:
        return [one for one in self._story.edits if (one.company, one.field) == (whom, field)]

    def _waits(self, rows: dict[str, list[Fields]]) -> bool:
        return any(
            f"{side}.{SIDES[side][0]}/{row[SIDES[side][1]]}" in self.inbox
            for side, each in rows.items()
            for row in each
        )


def may_stand(edits: Sequence[Edit], owner: str = "") -> set[str]:
    """Give what may stand in the end, whether or not what was undone at once was seen."""
    seen_late = [one for one in edits if not one.is_undone]
    return _of_those(edits, owner) | (_of_those(seen_late, owner) if seen_late else set())


def _of_those(edits: Sequence[Edit], owner: str) -> set[str]:
    """Give the last value, and what was said last at the same time on each other side, unless who
    said the last one is believed before that side.
    """
    last = edits[-1]
    rank = _rank(last.side, owner)
    rivals = {
        one.side: one.value
        for one in edits
        if one.side != last.side
        and _is_at_once(one, last, edits)
        and not (owner and rank < _rank(one.side, owner))
    }
    return {last.value, *rivals.values()}


def _is_at_once(one: Edit, last: Edit, edits: Sequence[Edit]) -> bool:
    """Tell whether who said the last may not have seen the other: it was never shown there."""
    later = (each for each in edits if each.side == last.side and each.at >= one.at)
    is_shown = any(each.over == one.value for each in later)
    return last.at - one.at <= (CONTEND if is_shown else BLOCKED)


def _rank(side: str, owner: str) -> int:
    """Give whose word holds before whose: the owner's, then Books', of whom all others hear it."""
    return 0 if side == owner else 1 if side == "books" or owner == "books" else 2
