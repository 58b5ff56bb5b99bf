"""What `hub demo` shows: a line for every change, and now and then how the hub stands.

All of it is read from the log and from what the projectors made of it; nothing is acted.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.visible import visible
from hub.console.outcome import NOTHING_NEW, Outcome, outcome
from hub.console.standing import standings
from hub.events import payload
from hub.inbound.places import FIRST
from hub.log.follow import follow
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app import Hub
    from hub.console.standing import Standing
    from hub.database import Session
    from hub.events import Event

FOOTER_SECONDS = 5.0
APPLIED_SECONDS_MAX = 5.0
LOOK_SECONDS = 0.01
PAGE_EVENTS = 500
WAITING_MAX = 100
"""More changes than this are not shown one by one: no eye could follow."""

COLUMNS_MIN, COLUMNS_MAX = 80, 140
TIME, ABOUT, PLACE, MADE = 8, 34, 9, 18

UNSHOWN = frozenset({"noticed", "fetched", "spoke_again"})
"""What only leads to what is shown."""

_COLOURS = {
    "kept": "green",
    "linked": "cyan",
    "merged": "cyan",
    "silent": "red",
    "older": "yellow",
    "duplicate": "magenta",
    "parked:": "red",
}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo came to: the events that were kept while it ran."""

    events: int
    first: int | None
    last: int | None


class Stage:
    """Shows what goes through a hub from now on."""

    def __init__(self, hub: Hub, say: Callable[[str], None]) -> None:
        self._hub = hub
        self._say = say
        self._begun = self._last = 0
        self._read: Counter[str] = Counter()
        self._applied = 0
        self._coming: asyncio.Queue[Event] = asyncio.Queue()
        self._session = hub.database.session("replay")
        terminal = shutil.get_terminal_size((100, 24)).columns
        self._columns = max(COLUMNS_MIN, min(COLUMNS_MAX, terminal))

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
        )

    def farewell(self) -> str:
        events = self.shown().events
        kept = f"{events:,} event{' was' if events == 1 else 's were'} kept" if events else ""
        return f"\nStopped. {kept or 'Nothing was kept'}; the next demo begins anew."

    async def _follow(self) -> None:
        session = self._hub.database.session("replay")
        try:
            async for events in follow(session, self._hub.wake, self._begun, PAGE_EVENTS):
                for event in events:
                    self._last = event.position
                    if not self._told_at_once(event):
                        self._coming.put_nowait(event)
        finally:
            await session.close()

    def _told_at_once(self, event: Event) -> bool:
        """Pass over what is not worth a line, and sum up a first read, which is of everything."""
        about = f"{event.connection}.{event.kind}"
        if event.road == FIRST and event.type == "observed":
            self._read[about] += 1
            return True
        if event.type != "read_on":
            return event.type in UNSHOWN
        if event.road == FIRST and payload(event).done and self._read[about]:
            line = f"read for the first time: {self._read[about]:,} {about}"
            self._say(click.style(f"{'':{TIME}}  {line}", dim=True))
        return True

    async def _skip(self) -> None:
        """Let go of what has piled up beyond what can be read."""
        skipped = 0
        while self._coming.qsize() > WAITING_MAX or (skipped and self._coming.qsize() > 1):
            self._coming.get_nowait()
            skipped += 1
        if skipped:
            self._say(click.style(f"{'':{TIME}}  ... {skipped:,} more", dim=True))

    async def _show_one(self, event: Event) -> None:
        await self._until_applied(event.position)
        found = await self._session.until_done(lambda db: outcome(db, event))
        if found.said != NOTHING_NEW:
            self._put(event, found)

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

    def _put(self, event: Event, found: Outcome) -> None:
        clock = (event.recorded_at or datetime.now(UTC)).astimezone().strftime("%H:%M:%S")
        made = f"{found.made}, by {event.road}" if event.road else found.made
        place = f"-> #{event.position}"
        cells = _cells(self._columns, clock, found.about, found.said, place, made)
        colour = _COLOURS.get(made.split()[0].rstrip(","))
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
