"""What happened in a simulation, in the order of the played time: for whoever asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from hub.simulate.played_time import PlayedClock


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done, by a person, by what goes wrong, or by the simulation itself."""

    at: datetime
    who: str
    what: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f} {self.who:8} {self.what}"


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word about a field of a company, on one side."""

    at: datetime
    company: str
    side: str
    field: str
    value: str
    over: str = ""
    """What stood there when it was said: what that person had seen."""
    is_undone: bool = False
    """Whether it was undone at once, or undoes such a one: who looks then sees neither."""


class Story:
    """All moments so far, and the edits among them."""

    def __init__(self, clock: PlayedClock) -> None:
        self._clock = clock
        self.moments: list[Moment] = []
        self.edits: list[Edit] = []

    def tell(self, who: str, what: str) -> None:
        self.moments.append(Moment(at=self._clock.now(), who=who, what=what))

    def edited(self, company: str, side: str, field: str, value: str, over: str = "") -> None:
        self.edits.append(
            Edit(
                at=self._clock.now(), company=company, side=side, field=field, value=value,
                over=over,
            )
        )  # fmt: skip

    def undone(self, since: int) -> None:
        """Say that those edits leave what there was before them."""
        for at in range(since, len(self.edits)):
            self.edits[at] = msgspec.structs.replace(self.edits[at], is_undone=True)

    def of(self, company: str) -> list[str]:
        """Give the lines that speak of a company, and those that speak of no company."""
        return [str(one) for one in self.moments if company in one.what or one.who != "people"]
