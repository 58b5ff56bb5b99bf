"""What goes wrong in a simulation: faults of the vendors and of the way to them, and deaths.

All of it is drawn beforehand from the seed, so that the same seed has the same trouble at the same
moments, however the hub gets on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.errors import Refused
from hub.sandbox.faults import Fault
from hub.simulate.ground import TWO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from hub.sandbox.world import Call
    from hub.simulate.ground import Ground
    from hub.simulate.hub import PlayedHub
    from hub.simulate.postgres import Postgres
    from hub.simulate.story import Story

Death = Literal["hub", "hub in a call", "postgres"]
What = Literal["fault", "channel_expired", "death"]

ON_WRITES = ("answer_lost", "answer_lost", "answer_lost", "http_500", "slow")
ON_CALLS = ("rate_limited", "http_503", "http_500", "token_expired", "connection_refused", "slow")
ON_HOOKS = ("webhook_lost", "webhook_duplicated", "webhook_late", "webhook_reordered")
ON_STREAMS = ("stream_duplicated", "stream_unavailable")
TO_STREAMS = ("stream_cut", "stream_expired", "stream_gap", "stream_overflow", "stream_silent")
"""These happen to the streams at once, or to what is committed next."""

SENDS_HOOKS = frozenset(("crm", "books", "desk"))
TO_PLACES = ("sessions_end", "row_locked", "keys_changed")
"""What else befalls Salesforce and Desk, once."""

WRITES = {
    "crm": ("POST", "PUT"),
    "books": ("POST", "PUT"),
    "desk": ("POST", "PATCH"),
    "salesforce": ("POST", "POST"),
}
WRITTEN_AT = {"crm": "/crm/v8/", "desk": "/api/v1/", "salesforce": "/composite"}
AWAY_SECONDS_MAX = 30.0
BY_CALL_SECONDS_MAX = 120.0
LONG_SECONDS = 600.0
"""In a shorter world nothing befalls the hub that it answers by an hour of rest."""


class Mishap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that goes wrong, so many seconds from the start."""

    after_seconds: float
    fault: Fault | None = None
    death: Death | None = None
    away_seconds: float = 0.0


def drawn(
    random: Random, seconds: float, faults: int, deaths: int, sides: Sequence[str] = TWO
) -> list[Mishap]:
    """Draw what is to go wrong within so many seconds."""
    found = [
        Mishap(after_seconds=random.uniform(0, seconds), fault=fault)
        for fault in (_fault(random, sides) for _ in range(faults))
        if seconds >= LONG_SECONDS or not _stops_for_an_hour(fault)
    ]
    kinds: tuple[Death, ...] = ("hub", "hub in a call", "hub in a call", "postgres")
    found += [
        Mishap(
            after_seconds=random.uniform(0, seconds),
            death=random.choice(kinds),
            away_seconds=random.uniform(1, AWAY_SECONDS_MAX),
        )
        for _ in range(deaths)
    ]
    return sorted(found, key=lambda one: one.after_seconds)


def each_once(seconds: float, sides: Sequence[str]) -> list[Mishap]:
    """Give everything that can go wrong at each of these, one after the other, in so many seconds.

    Salesforce sends no webhooks; what it tells comes over streams.
    """
    faults = [_at(side, kind, ON_WRITES) for side in sides for kind in sorted({*ON_WRITES})]
    faults += [_at(side, kind, ON_CALLS) for side in sides for kind in ON_CALLS]
    faults += [
        _at(side, kind, ON_HOOKS) for side in sides if side in SENDS_HOOKS for kind in ON_HOOKS
    ]
    faults.append(_at("crm", "channel_expired", ()))
    if "salesforce" in sides:
        faults += [_at("", kind, ()) for kind in (*ON_STREAMS, *TO_STREAMS, *TO_PLACES)]
    apart = seconds / (len(faults) + 1)
    return [Mishap(after_seconds=apart * at, fault=one) for at, one in enumerate(faults, 1)]


class Trouble:
    """Lets what was drawn happen."""

    def __init__(self, ground: Ground, hub: PlayedHub, postgres: Postgres, story: Story) -> None:
        self._ground = ground
        self._hub = hub
        self._postgres = postgres
        self._story = story

    async def happen(self, mishaps: list[Mishap]) -> None:
        """Let one after the other happen; two deaths never overlap."""
        begun = asyncio.get_running_loop().time()
        for one in mishaps:
            wait = begun + one.after_seconds - asyncio.get_running_loop().time()
            await asyncio.sleep(max(wait, 0))
            if one.fault is not None:
                self._turn_on(one.fault)
            elif one.death == "postgres":
                await self._kill_postgres(one.away_seconds)
            else:
                await self._kill_hub(one)

    def end(self) -> None:
        """Have nothing more go wrong."""
        self._ground.world.faults.clear()
        self._story.tell("trouble", "is over")

    def _turn_on(self, fault: Fault) -> None:
        if fault.fault == "channel_expired":
            self._story.tell("trouble", "the channels of crm lapse")
            try:
                self._ground.crm.act("channel_expired", "", "", {})
            except Refused:
                return  # there is none
        elif fault.fault in (*TO_STREAMS, *TO_PLACES):
            self._befall(fault)
        else:
            # What is used up is counted down in it, and the story is to show it as it was drawn.
            self._ground.world.faults.add(msgspec.structs.replace(fault))
            where = f"{fault.system} {fault.method or 'any call'}"
            self._story.tell("trouble", f"{fault.fault} at {where}, {fault.count} times")

    def _befall(self, fault: Fault) -> None:
        """Have something happen at once, to Salesforce or to Desk."""
        self._story.tell("trouble", f"{fault.fault} at {fault.system}")
        system = self._ground.systems[fault.system]
        if fault.fault in TO_STREAMS:
            system.act(fault.fault, "", "", {})
        elif fault.fault == "sessions_end":
            system.act("end_session", "", "", {})
        elif fault.fault == "keys_changed":
            system.act("change_key", "", "", {})
        else:
            for row in self._ground.rows("salesforce", "Account"):
                system.act("lock_row", "Account", row["Id"], {"seconds": fault.seconds})

    async def _kill_hub(self, one: Mishap) -> None:
        if one.death == "hub in a call":
            await self._next_write()
        self._story.tell("trouble", f"the hub is killed, and away for {one.away_seconds:.1f} s")
        await self._hub.kill()
        await asyncio.sleep(one.away_seconds)
        await self._hub.begin()
        self._story.tell("trouble", "the hub is back")

    async def _next_write(self) -> None:
        """Wait until a vendor has carried out a write of the hub, and not answered it yet."""
        arrived = asyncio.Event()
        world = self._ground.world
        record = world.record

        def recorded(**call: Any) -> Call:
            if call["method"] in ("POST", "PUT", "PATCH") and "oauth" not in call["path"]:
                arrived.set()
            return record(**call)

        world.record = recorded  # type: ignore[method-assign]
        try:
            async with asyncio.timeout(BY_CALL_SECONDS_MAX):
                await arrived.wait()
        except TimeoutError:
            pass
        finally:
            world.record = record  # type: ignore[method-assign]

    async def _kill_postgres(self, away_seconds: float) -> None:
        self._story.tell("trouble", f"postgres is killed, and away for {away_seconds:.1f} s")
        self._postgres.kill()
        await asyncio.sleep(away_seconds)
        await self._postgres.again()
        self._story.tell("trouble", "postgres is back")


def _stops_for_an_hour(fault: Fault) -> bool:
    return fault.fault == "rate_limited" and fault.system == "books"


def _fault(random: Random, sides: Sequence[str]) -> Fault:
    system = random.choice(sides)
    groups: list[tuple[str, ...]] = [ON_WRITES, ON_CALLS, ON_HOOKS, ("channel_expired",)]
    if "salesforce" in sides:
        groups += [ON_STREAMS, TO_STREAMS, TO_PLACES]
    group = random.choice(groups)
    kind = random.choice(group)
    return msgspec.structs.replace(
        _at(system, kind, group),
        method=random.choice(WRITES[system]) if group is ON_WRITES else "",
        count=random.randrange(1, 6),
        seconds=round(random.uniform(0.5, 20), 1),
    )


def _at(system: str, kind: str, group: Sequence[str]) -> Fault:
    """Make a fault that strikes once, in a way that is a matter of its group."""
    is_write = group is ON_WRITES
    return Fault(
        system=_system_of(kind, system),
        fault=kind,
        method=WRITES[system][-1] if is_write else "",
        path=WRITTEN_AT.get(system, "") if is_write else "",
        count=1,
        seconds=5.0,
    )


def _system_of(kind: str, drawn: str) -> str:
    """Give whom it befalls, where only one can be meant."""
    if kind == "channel_expired":
        return "crm"
    if kind == "keys_changed":
        return "desk"
    return "salesforce" if kind in (*ON_STREAMS, *TO_STREAMS, *TO_PLACES) else drawn
