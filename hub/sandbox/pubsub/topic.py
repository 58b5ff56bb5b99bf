"""What a topic still has: events in their order, each under an opaque replay id, for 72 hours.

A replay id is a number that grows by leaps, with a seal of this organisation. One that was given
out longer ago than events are kept, or never, is refused, quiet as the topic may have been: so an
empty batch bears a new one.
"""

from __future__ import annotations

import hashlib
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hub.connectors.pubsub.pubsub_pb2 import ProducerEvent
    from hub.sandbox.world import World

KEPT = timedelta(hours=72)
LEAP_MAX = 40
_NUMBER_BYTES = 8
_SEAL_BYTES = 4


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An event that can be read."""

    number: int
    replay: bytes
    event: ProducerEvent


class Topic:
    """The events of one object."""

    def __init__(self, world: World, entity: str) -> None:
        self.entity = entity
        self._world = world
        self._salt = world.random.randbytes(8)
        self._number = world.random.randrange(1, 1_000_000)
        self._forgotten = self._number
        self._events: deque[Kept] = deque()
        self._given: deque[tuple[int, datetime]] = deque()
        """Every number that was given out, and when."""

    def publish(self, event: ProducerEvent) -> None:
        number = self._next()
        self._events.append(Kept(number=number, replay=self._sealed(number), event=event))

    def here(self) -> bytes:
        """Give a replay id behind everything there is."""
        return self._sealed(self._next())

    @property
    def newest(self) -> int:
        return self._number

    @property
    def oldest(self) -> int:
        """The number behind which all that is kept stands."""
        self._forget()
        return self._forgotten

    def number(self, replay: bytes) -> int | None:
        """Give what a replay id stands for; None for one that is stale, foreign or malformed."""
        self._forget()
        number = int.from_bytes(replay[:_NUMBER_BYTES], "big")
        good = replay == self._sealed(number) and self._forgotten < number <= self._number
        return number if good else None

    def behind(self, number: int, most: int) -> list[Kept]:
        """Give the next events behind a number."""
        self._forget()
        found: list[Kept] = []
        for one in self._from(number):
            if len(found) == most:
                break
            found.append(one)
        return found

    def forget_all(self) -> None:
        """Know none of the replay ids any more, as after a migration of the organisation."""
        self._events.clear()
        self._given.clear()
        self._forgotten = self._number

    def __len__(self) -> int:
        self._forget()
        return len(self._events)

    def _from(self, number: int) -> Iterator[Kept]:
        """Walk from the newest back to the number, and give what was passed, in order."""
        passed: list[Kept] = []
        for one in reversed(self._events):
            if one.number <= number:
                break
            passed.append(one)
        return reversed(passed)

    def _next(self) -> int:
        self._number += self._world.random.randint(1, LEAP_MAX)
        self._given.append((self._number, self._world.clock.now()))
        return self._number

    def _forget(self) -> None:
        before = self._world.clock.now() - KEPT
        while self._given and self._given[0][1] < before:
            self._forgotten, _ = self._given.popleft()
        while self._events and self._events[0].number <= self._forgotten:
            self._events.popleft()

    def _sealed(self, number: int) -> bytes:
        raw = number.to_bytes(_NUMBER_BYTES, "big")
        return raw + hashlib.sha256(self._salt + raw).digest()[:_SEAL_BYTES]
