"""What a projector is: a name, its tables, and a fold from events to rows of these tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hub.database.db import Db, Writes
    from hub.events import Event
    from hub.flows.known import NotAtHand


class Fold(Protocol):
    """Rows in memory on their way to the tables.

    What it does depends on the events and the rows alone, so that a rebuild makes the same tables.
    """

    async def load(self, db: Db, events: Sequence[Event]) -> None:
        """Read the rows that these events may touch, where they are not at hand."""

    def apply(self, event: Event, at: int) -> None:
        """Fold one event in, the projector standing `at` it, or later if it was parked.

        NotApplicable leaves the rows as they were.
        """

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:
        """Write the rows that changed, in a transaction of the caller's: statements by `execute`.

        Without `all_rows` it may keep some for a later write, if nobody else reads them meanwhile.
        """

    def trim(self) -> None:
        """Let go of written rows if they take more memory than they may."""


@runtime_checkable
class Judging(Fold, Protocol):
    """A fold that concludes something from events, and needs more than it can know beforehand.

    NotAtHand from `apply` or `judge` means that nothing has changed yet: what is wanted is brought,
    and it is asked again.
    """

    def judge(self, event: Event, at: int) -> None:
        """Conclude what follows from an event that was applied."""

    async def bring(self, db: Db, wanted: NotAtHand) -> None:
        """Bring rows to hand."""

    async def recall(self, db: Db, archived: AsyncIterator[Sequence[Event]]) -> None:
        """Have at hand what archived events say that is needed before these are come to."""

    def said(self) -> list[Event]:
        """Give the events that say what was concluded, to be kept together with the rows."""

    def owing(self) -> set[str]:
        """Give the connections to which something else may be owed by what was written last."""


def judging(fold: Fold) -> Judging | None:
    """Give a fold as one that judges, if it is."""
    return cast("Judging", fold) if _judges(type(fold)) else None


@cache
def _judges(kind: type) -> bool:
    # Looking for the methods of a protocol takes longer than many a page does.
    return issubclass(kind, Judging)


class Projector(Protocol):
    """A fold with a name, under which its position is kept."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Its tables, which a rebuild makes anew and swaps in."""

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        """Begin to fold; `empty`: its tables hold nothing yet. `live`: not for a second time."""
