"""What `hub demo` shows: a line for every change, and now and then how the hub stands.

All of it is read from the log and from what the projectors made of it; nothing is acted.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from hub.cli.visible import visible
from hub.console.outcome import Outcome, outcome
from hub.console.standing import standings
from hub.log.follow import follow
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app import Hub
    from hub.console.standing import Standing
    from hub.database import Session
    from hub.events import Event
    from hub.inbound.receive import Change

FOOTER_SECONDS = 5.0
APPLIED_SECONDS_MAX = 5.0
LOOK_SECONDS = 0.01
PAGE_EVENTS = 500
WAITING_MAX = 100
"""More changes than this are not shown one by one: no eye could follow."""

COLUMNS_MIN, COLUMNS_MAX = 80, 120
TIME, ABOUT, PLACE, MADE = 8, 21, 9, 18

_COLOURS = {
    "kept": "green",
    "linked": "cyan",
    "merged": "cyan",
    "repeat": "yellow",
    "older": "yellow",
    "duplicate": "magenta",
    "parked:": "red",
}


class Repeat(NamedTuple):
    """A change that the log held already, at `position`."""

    change: Change
    position: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo came to: the events that were kept while it ran, and the repeats."""

    events: int
    first: int | None
    last: int | None
    repeats: int


class Stage:
    """Shows what goes through a hub from now on."""

    def __init__(self, hub: Hub, say: Callable[[str], None]) -> None:
        self._hub = hub
        self._say = say
        self._begun = self._last = hub.wake.head
        self._begun_at = time.monotonic()
        self._given: set[int] = set()
        self._repeats = 0
        self._applied = 0
        self._coming: asyncio.Queue[Event | Repeat] = asyncio.Queue()
        self._session = hub.database.session("replay")
        terminal = shutil.get_terminal_size((100, 24)).columns
        self._columns = max(COLUMNS_MIN, min(COLUMNS_MAX, terminal))
        hub.receiver.told = self._hear

    async def show(self) -> None:
        """Show every change, until cancelled."""
        head = _cells(self._columns, "time", "record", "what it says", "", "what became of it")
        self._say(click.style("  ".join(head).rstrip(), dim=True))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow())
                group.create_task(self._show_standing())
                while True:
                    await self._skip()
                    await self._show_one(await self._coming.get())
        finally:
            await self._session.close()

    def shown(self) -> Shown:
        events = self._last - self._begun
        return Shown(
            events=events,
            first=self._begun + 1 if events else None,
            last=self._last if events else None,
            repeats=self._repeats,
        )

    def farewell(self, where: str) -> str:
        shown = self.shown()
        if not shown.events:
            return f"\nStopped. Nothing new was kept; the log is in {where}."
        events = f"{shown.events:,} event{'s were' if shown.events > 1 else ' was'} kept"
        again = f"{shown.repeats:,} that came again {'were' if shown.repeats != 1 else 'was'} not"
        return (
            f"\nStopped. {events}, #{shown.first} to #{shown.last}; {again}.\n"
            f"The log is in {where}; the next demo goes on from there."
        )

    def _hear(self, change: Change, position: int) -> None:
        """Note what came in: a position that was given before is that of a repeat."""
        if position <= self._begun or position in self._given:
            self._coming.put_nowait(Repeat(change, position))
        self._given.add(position)

    async def _follow(self) -> None:
        session = self._hub.database.session("replay")
        try:
            async for events in follow(session, self._hub.wake, self._begun, PAGE_EVENTS):
                for event in events:
                    self._coming.put_nowait(event)
        finally:
            await session.close()

    async def _skip(self) -> None:
        """Let go of what has piled up beyond what can be read."""
        skipped = 0
        while self._coming.qsize() > WAITING_MAX or (skipped and self._coming.qsize() > 1):
            self._count(self._coming.get_nowait())
            skipped += 1
        if skipped:
            self._say(click.style(f"{'':{TIME}}  ... {skipped:,} more", dim=True))

    def _count(self, each: Event | Repeat) -> None:
        if isinstance(each, Repeat):
            self._repeats += 1
        else:
            self._last = each.position

    async def _show_one(self, each: Event | Repeat) -> None:
        self._count(each)
        if isinstance(each, Repeat):
            change = each.change
            found = Outcome(
                about=f"{change.connection}.{change.kind}/{change.record}",
                said="the same again",
                made=f"repeat of #{each.position}",
            )
            self._put(datetime.now(UTC), found, each.position)
            return
        await self._until_applied(each.position)
        found = await self._session.until_done(lambda db: outcome(db, each))
        self._put(each.recorded_at or datetime.now(UTC), found, each.position)

    async def _until_applied(self, position: int) -> None:
        """Wait until all projectors have passed a position, within reason."""
        with suppress(TimeoutError):
            async with asyncio.timeout(APPLIED_SECONDS_MAX):
                while self._applied < position:
                    self._applied = min(
                        one.position for one in await self._standings(self._session)
                    )
                    if self._applied < position:
                        await asyncio.sleep(LOOK_SECONDS)

    async def _standings(self, session: Session) -> list[Standing]:
        names = [one.name for one in PROJECTORS]
        return await session.until_done(lambda db: standings(db, names))

    def _put(self, at: datetime, found: Outcome, position: int) -> None:
        clock = at.astimezone().strftime("%H:%M:%S")
        cells = _cells(self._columns, clock, found.about, found.said, f"-> #{position}", found.made)
        colour = _COLOURS.get(found.made.split()[0].rstrip(","))
        cells[0] = click.style(cells[0], dim=True)
        cells[4] = click.style(cells[4].rstrip(), fg=colour)
        self._say("  ".join(cells))

    async def _show_standing(self) -> None:
        session = self._hub.database.session("replay")
        try:
            while True:
                before, started = self._hub.wake.head, time.monotonic()
                await asyncio.sleep(FOOTER_SECONDS)
                found = await self._standings(session)
                head = self._hub.wake.head
                rate = (head - before) / (time.monotonic() - started)
                behind = ", ".join(f"{one.projector} {one.lag_events} behind" for one in found)
                parked = sum(one.parked for one in found)
                line = f"log at #{head:,}, {rate:,.1f} events/s, {behind}, {parked} parked"
                self._say(click.style(f"{'':{TIME}}  {line}", dim=True))
        finally:
            await session.close()


def _cells(columns: int, *texts: str) -> list[str]:
    """Cut or fill each cell to its width."""
    rest = columns - (TIME + ABOUT + PLACE + MADE) - 4 * 2
    widths = (TIME, ABOUT, rest, PLACE, MADE)
    return [f"{_cut(text, width):{width}}" for text, width in zip(texts, widths, strict=True)]


def _cut(text: str, width: int) -> str:
    text = visible(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
