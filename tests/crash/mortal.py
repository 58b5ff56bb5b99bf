"""A hub that is killed at a moment: `python -m tests.crash.mortal`, orders on stdin, one a line.

The process itself only begins lives: each is a hub in a child of its own, which costs no import.
A life that is at work says so on stdout; it is to die at the first moment that fits its orders and
comes after SIGUSR1. When it has died, that is said too.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from unittest.mock import patch

import msgspec

from hub.log.keep import keep
from hub.outbound.write import carried_out
from hub.projectors.parking import Parking
from hub.projectors.run import _Run as Run
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import DatabaseSettings, ProjectorSettings, Secret, Settings
from tests.inbound.ground import EDITED, SOON, Ground, connected, streamed
from tests.inbound.played_hub import NEVER, a_hub_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database.db import Db
    from hub.events import Event
    from hub.outbound.group import Group
    from hub.outbound.outcome import Came
    from hub.outbound.way import Way

LEASE_SECONDS = 0.3
POLL_SECONDS = 0.5
HASTE = {
    "hub.database.alone.LOOK_SECONDS": SOON,
    "hub.inbound.due.LOOK_SECONDS": SOON,
    "hub.outbound.deliver.AGAIN_SECONDS": SOON,
    "hub.outbound.doors.LOST_SECONDS": SOON,
    "hub.outbound.retry.BASE_SECONDS": SOON,
}
"""What else the hub waits for in the field, and how long it does here."""

Where: TypeAlias = Literal[
    "never",
    "before it is kept", "after it is kept",
    "before it is told of", "after it is told of",
    "when it is answered",
    "before the page", "in the page", "after the page",
]  # fmt: skip


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When a hub is killed: around an event of this type, of a record of this kind and by this road
    if they are said.

    `skip` are as many such moments that are let pass.
    """

    where: Where = "never"
    type: str = ""
    kind: str = ""
    road: str = ""
    skip: int = 0

    def __str__(self) -> str:
        where = "" if self.where == "never" else self.where
        return " ".join(filter(None, (where, self.type, self.kind)))

    def fits(self, events: Sequence[Event]) -> bool:
        return any(
            event.type == self.type
            and self.kind in ("", event.kind or "")
            and self.road in ("", event.road or "")
            for event in events
        )


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """Where the hub is, and when it is to die."""

    address: str
    url: str
    schema: str
    home: str
    port: int
    names: tuple[str, ...] = ("crm", "books")
    stream: str = ""
    """Where Salesforce tells of changes; the hub then learns of them by that alone."""
    moment: Moment = Moment()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """That a life is at work, or how it ended."""

    at_work: int = 0
    died: int | None = None


async def live(orders: Orders) -> None:
    """Be a hub until killed."""
    world = World(7)
    ground = Ground(world, all_systems(world), orders.address)
    settings = Settings(
        home=Path(orders.home),
        database=DatabaseSettings(url=Secret(orders.url), schema=orders.schema),
    )
    leased = partial(ProjectorSettings, lease_seconds=LEASE_SECONDS)
    with ExitStack() as stack:
        stack.enter_context(patch("tests.inbound.played_hub._free_port", lambda: orders.port))
        stack.enter_context(patch("tests.inbound.played_hub.ProjectorSettings", leased))
        for where, seconds in HASTE.items():
            stack.enter_context(patch(where, seconds))
        Death(orders.moment, stack).is_awaited()
        async with a_hub_on(ground, settings, **_how(orders, ground)):
            say(Said(at_work=os.getpid()))
            await asyncio.Event().wait()


def _how(orders: Orders, ground: Ground) -> dict[str, Any]:
    """Give how the hub is connected, and what it reads."""
    pubsub: Any = ground.systems["pubsub"]
    pubsub.address = orders.stream
    connections = {name: connected(ground, name, **streamed(ground, name)) for name in orders.names}
    if not orders.stream:
        return {"connections": connections, "poll_seconds": POLL_SECONDS}
    kinds = {name: EDITED[name][:1] for name in orders.names}
    return {"connections": connections, "poll_seconds": NEVER, "kinds": kinds}


class Death:
    """Comes at a moment, once it is armed."""

    def __init__(self, moment: Moment, stack: ExitStack) -> None:
        self._moment = moment
        self._stack = stack
        self._left = moment.skip
        self._is_armed = False

    def is_awaited(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._arm)
        match self._moment.where:
            case "before it is kept" | "after it is kept":
                self._around_keeping("hub.inbound.account.keep")
            case "before it is told of" | "after it is told of":
                self._around_keeping("hub.outbound.way.keep")
            case "when it is answered":
                self._after_the_answer()
            case "before the page" | "in the page" | "after the page":
                self._around_a_page()

    def _arm(self) -> None:
        self._is_armed = True

    def _has_come(self, events: Sequence[Event]) -> bool:
        if not self._is_armed or not self._moment.fits(events):
            return False
        self._left -= 1
        return self._left < 0

    def _around_keeping(self, of: str) -> None:
        async def last_keep(append: Any, bytes_max: int, *events: Event) -> list[int]:
            dies = self._has_come(events)
            if dies and self._moment.where.startswith("before"):
                die()
            positions = await keep(append, bytes_max, *events)
            if dies:
                die()
            return positions

        self._stack.enter_context(patch(of, last_keep))

    def _after_the_answer(self) -> None:
        async def last_call(way: Way, group: Group) -> list[Came]:
            came = await carried_out(way, group)
            if self._is_armed and self._moment.kind == group.kind.name:
                die()
            return came

        self._stack.enter_context(patch("hub.outbound.carry.carried_out", last_call))

    def _around_a_page(self) -> None:
        """Die where rows and position of a page are written: it holds the event, or tells of it."""
        fold, write, park = Run._fold_and_write, Run._write, Parking.write
        page: list[Event] = []
        dies_in: list[str] = []

        async def folding(run: Run, events: Sequence[Event], known: Any) -> None:
            if run._projector.name == "sync":
                page[:] = events
            await fold(run, events, known)

        async def writing(run: Run, db: Db, last: int, said: Sequence[Event]) -> Any:
            dies = run._projector.name == "sync" and self._has_come([*page, *said])
            if dies and self._moment.where == "before the page":
                die()
            if dies and self._moment.where == "in the page":
                dies_in.append("sync")
            kept = await write(run, db, last, said)
            if dies:
                die()
            return kept

        async def parking(parking: Parking, db: Db) -> list[Event]:
            if parking.projector in dies_in:
                die()
            return await park(parking, db)

        for owner, name, act in (
            (Run, "_fold_and_write", folding),
            (Run, "_write", writing),
            (Parking, "write", parking),
        ):
            self._stack.enter_context(patch.object(owner, name, act))


def begin_lives() -> None:
    """Begin one life after the other."""
    for line in sys.stdin.buffer:
        orders = msgspec.json.decode(line, type=Orders)
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            asyncio.run(live(orders))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(Said(died=os.waitstatus_to_exitcode(status)))


def say(what: Said) -> None:
    os.write(1, msgspec.json.encode(what) + b"\n")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    begin_lives()
