"""The ways in which an observation ends, and what a decision and an inbox item say of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.flows.agree import FieldState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.conclusions import Agreed
    from hub.console.inbox import Question
    from hub.flows.flow import Flow


class Force(msgspec.Struct, frozen=True, kw_only=True):
    """A flow in force: since when it decides, and what it may do now."""

    flow: Flow
    mode: str
    moded: int | None = None
    """The event since which that is its mode."""
    installed: int
    version: str
    started: int | None

    @property
    def decides(self) -> bool:
        return self.mode in ("shadow", "hold", "on")


How = Literal[
    "no flow wants it", "nothing to change", "delivered", "waiting", "inbox", "linked", "parked"
]


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which an observation ended, or what it waits for."""

    how: How
    sentence: str
    flow: str = ""


def targets_of(agreed: Sequence[Agreed]) -> dict[str, list[str]]:
    """Give who was to be told which fields, as things stood right after a decision."""
    found: dict[str, list[str]] = {}
    for one in agreed:
        state = msgspec.convert(one.state, FieldState)
        if state.asks:
            continue
        for member in state.words:
            if member not in state.held and not state.stands(member):
                found.setdefault(member, []).append(one.field)
    return found


def of_question(one: Question) -> Ending:
    if one.settled is None:
        sentence = f"{one.reason}: {one.sentence} (hub inbox show {one.short})"
        return Ending(how="inbox", sentence=sentence, flow=one.flow)
    chosen = f" with “{one.chosen}”" if one.chosen else ""
    sentence = f"{one.reason}: settled by {one.settled_by}{chosen} at #{one.settled}"
    return Ending(how="inbox", sentence=sentence, flow=one.flow)
