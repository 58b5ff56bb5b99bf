"""What is looked at from outside, and what a broken promise is.

Where a thing may rightly wait for a person, the hub is asked one question: what is in the inbox.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.simulate.companies import SIDES, company_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground
    from hub.simulate.people import People
    from hub.simulate.story import Edit, Story

CONTEND = timedelta(minutes=10)
"""Two edits of one field, on two sides, that are no further apart were made at once: with faults on
the way, the hub may not have carried the first when the second came."""


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

    def of_both(self) -> dict[str, dict[str, list[Fields]]]:
        """Give, by company and side, what there is; not of those of whom a person is to say."""
        sides = {side: self.by_company(side) for side in SIDES}
        names = sorted({name for each in sides.values() for name in each} - self.people.merged)
        found = {name: {side: each.get(name, []) for side, each in sides.items()} for name in names}
        return {name: rows for name, rows in found.items() if not self._waits(rows)}

    def alone(self) -> dict[str, dict[str, Fields]]:
        """Give those of which each side has one record."""
        return {
            name: {side: each[0] for side, each in rows.items()}
            for name, rows in self.of_both().items()
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
    """Give the values that may stand in the end: the last one, and, unless the field's owner said
    that, what was said at the same time on the other side.
    """
    last = edits[-1]
    if last.side == owner:
        return {last.value}
    rivals = [one for one in edits if one.side != last.side and last.at - one.at <= CONTEND]
    return {last.value, *(one.value for one in rivals[-1:])}
