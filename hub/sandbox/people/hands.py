"""What people can do anywhere: see what is there, pick something, and make, change or use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import msgspec

from hub.sandbox.customers import customers
from hub.sandbox.side import id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.sandbox.customers import Customer
    from hub.sandbox.system import Fields, System
    from hub.sandbox.world import World

SEEN_SECONDS_MIN = 10.0
SEEN_TIMES = 20
"""What took so long to list is gone by for so many times as long, and for some seconds at least."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person did."""

    system: str
    act: str
    kind: str
    record: str


Act = Callable[[], Done]


class NothingToDo(Exception):
    """No record is there that this could be done to."""


class Hands:
    """The hands and eyes of all people; the same seed has them do the same in the same world."""

    def __init__(self, world: World, systems: Sequence[System]) -> None:
        self._world = world
        self._systems = {system.name: system for system in systems}
        self.forget()

    def has(self, system: str) -> bool:
        return system in self._systems

    def is_out_of_date(self) -> bool:
        """Tell whether it is time to look again."""
        return time.monotonic() >= self._good_until

    def look_again(self) -> None:
        """See what others have done; until then people go by what they saw and did themselves."""
        self._seen.clear()
        self._good_until = time.monotonic() + SEEN_SECONDS_MIN

    def forget(self) -> None:
        """Begin anew, as people who have never been there."""
        # The same people for every seed.
        self.random = Random(f"traffic {self._world.seed}")  # noqa: S311
        self._seen: dict[str, dict[str, list[Fields]]] = {}
        self._good_until = 0.0

    def create(self, system: str, kind: str, fields: Fields) -> Done:
        made = self._systems[system].act("create", kind, "", fields)
        self._see(system).setdefault(kind, []).append(made)
        return Done(system=system, act="create", kind=kind, record=id_of(kind, made))

    def edit(self, system: str, kind: str, fields: Fields) -> Done:
        return self.change(system, kind, self.pick(system, kind), fields)

    def change(self, system: str, kind: str, record: Fields, fields: Fields) -> Done:
        which = id_of(kind, record)
        record.update(self._systems[system].edit(kind, which, fields))
        return Done(system=system, act="edit", kind=kind, record=which)

    def act(
        self, system: str, act: str, kind: str, record: Fields, details: Fields | None = None
    ) -> Done:
        which = id_of(kind, record)
        record.update(self._systems[system].act(act, kind, which, details or {}))
        return Done(system=system, act=act, kind=kind, record=which)

    def pick(
        self, system: str, kind: str, fits: Callable[[Fields], bool] = lambda _: True
    ) -> Fields:
        fitting = [record for record in self._see(system).get(kind, ()) if fits(record)]
        if not fitting:
            raise NothingToDo
        return self.random.choice(fitting)

    def _see(self, system: str) -> dict[str, list[Fields]]:
        if system not in self._seen:
            begun = time.monotonic()
            self._seen[system] = self._systems[system].state()
            listed = time.monotonic()
            self._good_until = max(self._good_until, listed + SEEN_TIMES * (listed - begun))
        return self._seen[system]

    def somebody(self) -> Customer:
        return customers(self.random, 1)[0]

    def day(self, days: int) -> str:
        return (self._world.clock.now().date() + timedelta(days=days)).isoformat()
