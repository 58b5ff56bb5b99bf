"""What one may look at: records, calls, webhooks, faults, the clock, the quirks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hub.errors import Refused
from hub.sandbox.control.asked import number_in, system_named, unknown
from hub.sandbox.respond import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.post import Poster
    from hub.sandbox.system import Fields, System
    from hub.sandbox.world import World

    Query = Mapping[str, str]

RECORDS_MAX = 1_000
GLANCE_TIMES = 10
"""A state that took so long to list is shown for so many times as long."""


class Look:
    """Tells what is there; nothing changes by it."""

    def __init__(self, world: World, systems: Mapping[str, System], poster: Poster) -> None:
        self._world = world
        self._systems = systems
        self._poster = poster
        self._glance = Glance()

    def state(self, query: Query) -> object:
        if name := query.get("system"):
            return {"systems": {name: system_named(self._systems, name).state()}}
        return {"systems": {one.name: one.state() for one in holders(self._systems)}}

    def records(self, query: Query) -> object:
        state = self._glance.at(system_named(self._systems, query.get("system", "")))
        kind = query.get("kind", "")
        if kind not in state:
            raise Refused(unknown("kind", kind, state))
        search = query.get("search", "").casefold()
        found = [one for one in state[kind] if search in _text(one)] if search else state[kind]
        limit = min(number_in(query, "limit", 100), RECORDS_MAX)
        newest = found[: -limit - 1 : -1]  # first, as people look for what they just did
        return {"count": len(found), "records": newest}

    def counts(self, _: Query) -> object:
        return {
            "now": self._now(),
            "systems": {
                one.name: {kind: len(records) for kind, records in self._glance.at(one).items()}
                for one in holders(self._systems)
            },
            "acts_per_minute": self._world.acts_per_minute,
            "calls": self._world.calls_count,
            "hooks": {
                "waiting": self._poster.waiting,
                "posted": self._poster.count,
                "failed": len(self._poster.failed),
            },
        }

    def calls(self, query: Query) -> object:
        since = number_in(query, "since", 0)
        wanted = {name: query[name] for name in ("system", "method") if query.get(name)}
        calls = [
            call
            for call in self._world.calls_since(since)
            if all(getattr(call, name) == value for name, value in wanted.items())
        ]
        return {"calls": calls, "last": self._world.calls_count}

    def hooks(self, query: Query) -> object:
        since = number_in(query, "since", 0)
        limit = number_in(query, "limit", len(self._poster.posted))
        since = max(since, self._poster.count - limit)
        return {
            "waiting": self._poster.waiting,
            "posted": [one for one in self._poster.posted if one.n > since],
            "failed": [one for one in self._poster.failed if one.n > since],
        }

    def faults(self, _: Query) -> object:
        return {"faults": self._world.faults.on}

    def clock(self, _: Query) -> object:
        return {"now": self._now()}

    def traffic(self, _: Query) -> object:
        return {"acts_per_minute": self._world.acts_per_minute}

    def quirks(self, _: Query) -> object:
        return {"systems": {name: one.quirks for name, one in self._systems.items()}}

    def anew(self) -> None:
        """Look anew at the next time, for something was done."""
        self._glance.forget()

    def _now(self) -> str:
        return self._world.clock.now().isoformat()


class Glance:
    """Every record, as it was a moment ago: a page that is open must not slow the systems down."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, dict[str, list[Fields]]]] = {}

    def at(self, system: System) -> dict[str, list[Fields]]:
        """Give the state; how old it may be grows with how long it takes to make."""
        begun = time.monotonic()
        good_until, state = self._kept.get(system.name, (0.0, {}))
        if begun < good_until:
            return state
        state = system.state()
        made = time.monotonic()
        self._kept[system.name] = (made + GLANCE_TIMES * (made - begun), state)
        return state

    def forget(self) -> None:
        self._kept.clear()


def holders(systems: Mapping[str, System]) -> list[System]:
    """Give the systems that hold records; accounts hold only keys."""
    return [one for name, one in systems.items() if name != "accounts"]


def _text(record: Fields) -> str:
    return encode(record).decode().casefold()
