"""How things stand that once and while flows have taken up: their states, and what is kept beside.

Which state follows which is told where each kind of flow is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from hub.flows.known import Case

WAITING, READING, NEEDING, MAKING = "waiting", "reading", "needing", "making"
MADE, DIFFERS = "made", "differs"
"""Of what is done once."""

ASKED, WOULD, OPENING, OPEN, CLOSING = "asked", "would", "opening", "open", "closing"
ENDING, LEFT = "ending", "left"
"""Of what is open for as long as something is so."""

ENDED, STUCK = "ended", "stuck"
"""Of both."""

KEPT = "kept"
"""Of a record that is kept saying something."""


class OnceData(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a thing that is done once."""

    record: str | None = None
    """The id of what was made."""
    asked: int | None = None
    """The event at which a record was asked for: what was read before that is too old."""
    unread: list[str] | None = None
    """Of what was asked for, what is yet to be read."""


class OpenedData(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a thing that is opened and closed."""

    generation: int = 0
    """Which it is of those that were opened for one source, one after the other."""
    digest: str | None = None
    """Of what it was told last."""
    record: str | None = None
    asked: int | None = None
    """The event at which it was asked for, to be closed."""


class OnceCase(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    data: OnceData

    def has_asked_before(self, at: int) -> bool:
        """Tell whether what was read at an event is what was asked for."""
        return self.data.asked is not None and at > self.data.asked


class OpenedCase(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    data: OpenedData
    why: str

    @property
    def record(self) -> str:
        """Give the id of what was opened."""
        assert self.data.record is not None, f"nothing is there yet of what is {self.state}"
        return self.data.record

    def has_asked_before(self, at: int) -> bool:
        """Tell whether what was read at an event is what was asked for."""
        return self.data.asked is not None and at > self.data.asked


def once_case(case: Case | None) -> OnceCase | None:
    if case is None:
        return None
    return OnceCase(state=case.state, data=msgspec.convert(case.data, OnceData))


def opened_case(case: Case | None) -> OpenedCase | None:
    if case is None:
        return None
    data = msgspec.convert(case.data, OpenedData)
    return OpenedCase(state=case.state, data=data, why=case.why)


def as_kept(data: OnceData | OpenedData) -> dict[str, Any]:
    """Give it as it stands in the log: without what is not known."""
    said = msgspec.structs.asdict(data)
    return {name: value for name, value in said.items() if value is not None}
