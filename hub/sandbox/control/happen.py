"""What one may make happen: faults, time, traffic, seeding, and people's acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import Refused
from hub.sandbox.accounts import Accounts
from hub.sandbox.control.asked import (
    Act,
    Advance,
    Edit,
    Grant,
    Pace,
    Put,
    read,
    system_named,
    unknown,
    within,
)
from hub.sandbox.control.look import holders
from hub.sandbox.faults import AT_ONCE, FAULTS, Fault
from hub.sandbox.seed import Seeding, seed
from hub.sandbox.system import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.post import Poster
    from hub.sandbox.system import System
    from hub.sandbox.traffic import Traffic
    from hub.sandbox.world import World

ACTS_PER_MINUTE_MAX = 60_000
ADVANCE_SECONDS_MAX = 10 * 366 * 86_400


class Happen:
    """Does what it is told, or refuses; then nothing has changed."""

    def __init__(
        self, world: World, systems: Mapping[str, System], poster: Poster, traffic: Traffic
    ) -> None:
        self._world = world
        self._systems = systems
        self._poster = poster
        self._traffic = traffic

    def faults(self, body: bytes) -> object:
        fault = read(body, Fault)
        system = system_named(self._systems, fault.system)
        _must_be_sound(fault)
        if fault.fault in AT_ONCE:
            system.act(fault.fault, "", "", {})
        else:
            self._world.faults.add(fault)
        return {"faults": self._world.faults.on}

    def no_faults(self, _: bytes) -> object:
        self._world.faults.clear()
        return {"faults": []}

    def clock(self, body: bytes) -> object:
        seconds = read(body, Advance).advance_seconds
        never_back = " (the clock never goes back)"
        self._world.clock.advance(
            within("advance_seconds", seconds, ADVANCE_SECONDS_MAX, never_back)
        )
        return {"now": self._now()}

    def traffic(self, body: bytes) -> object:
        pace = read(body, Pace).acts_per_minute
        self._world.acts_per_minute = within("acts_per_minute", pace, ACTS_PER_MINUTE_MAX)
        return {"acts_per_minute": pace}

    def seed(self, body: bytes) -> object:
        return seed(holders(self._systems), read(body or b"{}", Seeding), self._world.clock.now())

    def reset(self, _: bytes) -> object:
        self._world.reset()
        self._poster.forget()
        self._traffic.forget()
        for system in self._systems.values():
            system.reset()
        return {"now": self._now()}

    def edit(self, body: bytes) -> object:
        edit = read(body, Edit)
        system = system_named(self._systems, edit.system)
        return {"record": system.edit(edit.kind, edit.id, edit.fields)}

    def act(self, body: bytes) -> object:
        act = read(body, Act)
        system = system_named(self._systems, act.system)
        return {"record": system.act(act.act, act.kind, act.id, act.details)}

    def put(self, body: bytes) -> object:
        put = read(body, Put)
        return {"record": system_named(self._systems, put.system).put(put.kind, put.fields)}

    def quirks(self, body: bytes) -> object:
        given = read(body, Fields)
        system = system_named(self._systems, given.pop("system", ""))
        system.quirks = _changed(system.quirks, given)
        return {"systems": {system.name: system.quirks}}

    def grant(self, body: bytes) -> object:
        grant = read(body, Grant)
        accounts = system_named(self._systems, "accounts")
        assert isinstance(accounts, Accounts)
        return {"code": accounts.grant(grant.scope, grant.seconds), "expires_in": grant.seconds}

    def _now(self) -> str:
        return self._world.clock.now().isoformat()


def _must_be_sound(fault: Fault) -> None:
    if fault.fault not in FAULTS:
        raise Refused(unknown("fault", fault.fault, FAULTS))
    if not 0 <= fault.rate <= 1:
        raise Refused(f"rate: expected 0 to 1, found {fault.rate:g}.")
    if fault.count is not None and fault.count < 1:
        raise Refused(f"count: expected 1 or more, or nothing for always, found {fault.count}.")
    if fault.seconds < 0:
        raise Refused(f"seconds: expected 0 or more, found {fault.seconds:g}.")


def _changed(quirks: Any, given: Fields) -> Any:
    for name in given:
        if name not in quirks.__struct_fields__:
            raise Refused(unknown("quirk", name, quirks.__struct_fields__))
    changed = msgspec.convert({**msgspec.structs.asdict(quirks), **given}, type(quirks))
    if quirks.__struct_config__.frozen:
        return changed
    for name in given:  # in place, for parts of the system may hold the same struct
        setattr(quirks, name, getattr(changed, name))
    return quirks
