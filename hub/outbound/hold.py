"""What is not to be taken again yet: under way, answered but not folded, or put aside."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from hub.outbound.owed import Owed

ASIDE_SECONDS = 0.1
ASIDE_SECONDS_MAX = 10.0
FORGET_SECONDS = 60.0

FIRST = "documents"
OTHERS_PART = 4
"""Of so many places one is left to what is no document: a call that has none is in no line for its
turn, and hundreds of invoices would have each edit wait until the last of them is made."""


class Held:
    """Deliveries in hand: until their answer is folded, their rows are older than what is known."""

    def __init__(self) -> None:
        self._answers: dict[UUID, int | None] = {}
        self._records: dict[tuple[str, str], UUID] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, row: Owed) -> bool:
        """Tell whether it is in hand, or another to the same record is."""
        return row.id in self._answers or (row.kind, row.record) in self._records

    @property
    def ids(self) -> list[UUID]:
        return list(self._answers)

    def take(self, row: Owed) -> bool:
        """Take it in hand; False if it is, or another to the same record."""
        if row in self:
            return False
        self._answers[row.id] = None
        if row.record:
            self._records[row.kind, row.record] = row.id
        return True

    def answered(self, row: Owed, position: int) -> None:
        """Hold it until the tables have come to this position."""
        self._answers[row.id] = position

    def let_go(self, row: Owed) -> None:
        self._answers.pop(row.id, None)
        self._records.pop((row.kind, row.record), None)

    def settle(self, folded: int) -> bool:
        """Let go of what is folded; tell whether there was any."""
        settled = {id_ for id_, at in self._answers.items() if at is not None and at <= folded}
        for id_ in settled:
            del self._answers[id_]
        if settled:
            self._records = {key: id_ for key, id_ in self._records.items() if id_ not in settled}
        return bool(settled)


class _Put(msgspec.Struct, frozen=True, kw_only=True):
    moved: int
    tries: int
    again_at: float


class Aside:
    """What waits for something that nobody here can hurry: looked at again less and less often.

    A row that has moved is looked at at once.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._put: dict[UUID, _Put] = {}

    def put(self, row: Owed, seconds: float | None = None) -> None:
        """Put it aside for so long, or longer each time."""
        before = self._put.get(row.id)
        tries = before.tries + 1 if before is not None and before.moved == row.moved else 0
        longer = min(ASIDE_SECONDS * 2 ** min(tries, 10), ASIDE_SECONDS_MAX)
        again_at = self._monotonic() + (longer if seconds is None else seconds)
        self._put[row.id] = _Put(moved=row.moved, tries=tries, again_at=again_at)

    def waiting(self) -> list[tuple[UUID, int]]:
        """Give those that are not to be looked at yet, each with the move it stands at."""
        now = self._monotonic()
        gone = [id_ for id_, one in self._put.items() if one.again_at < now - FORGET_SECONDS]
        for id_ in gone:
            del self._put[id_]
        return [(id_, one.moved) for id_, one in self._put.items() if one.again_at > now]

    def seconds(self) -> float:
        """Give how long until the first is to be looked at again."""
        now = self._monotonic()
        waits = (one.again_at - now for one in self._put.values() if one.again_at > now)
        return min(waits, default=ASIDE_SECONDS_MAX)


class Places:
    """The calls that may be under way. Documents go first, but some places are never theirs."""

    def __init__(self, most: int) -> None:
        self.left = most
        self._given_back = asyncio.Event()
        self._documents_left = most - most // OTHERS_PART

    def left_for(self, share: str) -> int:
        return min(self.left, self._documents_left) if share == FIRST else self.left

    async def free(self) -> None:
        """Wait until there is one."""
        while not self.left:
            self._given_back.clear()
            await self._given_back.wait()

    def take(self, share: str) -> None:
        self.left -= 1
        self._documents_left -= share == FIRST

    def give_back(self, share: str) -> None:
        self.left += 1
        self._documents_left += share == FIRST
        self._given_back.set()
