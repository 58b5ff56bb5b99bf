"""What `hub demo` shows: a line for every change and all that came of it.

All of it is read from the log and from what the projectors made of it; nothing is acted.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.demo.acts import ACTS, act, held
from hub.cli.demo.line import COLUMNS_MAX, COLUMNS_MIN, cut, line, note
from hub.cli.demo.story import Story, says_something
from hub.console.deliveries import deliveries
from hub.console.outcome import NOTHING_NEW, names_of, outcome
from hub.console.standing import standings
from hub.events import payload
from hub.log.follow import follow
from hub.log.read import head
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.cli.demo.first_sync import Demo, Standing
    from hub.events import Event

APPLIED_SECONDS_MAX = 5.0
LOOK_SECONDS = 0.02
TICK_SECONDS = 0.1
PAGE_EVENTS = 500
WAITING_MAX = 300
"""More events than this are not gone through one by one: no eye could follow."""

KNOWN_MAX = 20_000
HINTS = """
All sides agree. Now be one of the people who work there, on the sandbox's page:
  edit an account in Salesforce        its customer in Books follows, and so do CRM and Desk
  close a deal as won                  3 s later Books has one draft invoice, with its lines
  resolve a billable ticket in Desk    one draft invoice of its hours
  win an opportunity in Salesforce     one draft invoice of its line items
  send a deal's invoice, and pay it    the deal says so
  lose the next answer, or kill -9 the hub in the middle: there is still one
"""

UNSHOWN = frozenset({"noticed", "fetched", "read_on", "spoke_again", "linked", "reviewed"})
"""What only leads to what is shown."""

_START = "\r\x1b[K"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo came to: the events that were kept while it ran."""

    events: int
    first: int | None
    last: int | None


class Stage:
    """Shows what goes through a log."""

    def __init__(self, demo: Demo, say: Callable[[str], None]) -> None:
        self._demo = demo
        self._say = say
        self._after = 0
        self._applied = 0
        self._doing = ""
        self._stories: list[Story] = []
        self._of: dict[int, Story] = {}
        self._coming: asyncio.Queue[Event] = asyncio.Queue()
        self._session = demo.database.session("replay")
        self._writes = demo.database.session()  # what writes wait for is not for replay to read
        terminal = shutil.get_terminal_size((120, 24)).columns
        self._columns = max(COLUMNS_MIN, min(COLUMNS_MAX, terminal))

    def progress(self, doing: str, how_far: str) -> None:
        """Say how far the first sync is: on a terminal in one line, elsewhere once per step."""
        if sys.stdout.isatty():
            text = cut(f"{doing}: {how_far}", self._columns - 1)
            self._say_in_place(text)
        elif doing != self._doing:
            self._say(note(f"{doing} ...", self._columns))
        self._doing = doing

    def ready(self, now: Standing) -> None:
        """Say that the first sync is done; from here on every change is shown."""
        self._say_in_place("")
        linked = f"{now.linked:,} pairs linked, {now.asked:,} questions in the inbox"
        self._say(note(f"{now.known:,} records read, {linked}", self._columns))
        self._say(HINTS)
        self._after = now.head

    def tell(self, text: str) -> None:
        """Say what happens to the hub itself."""
        self._say(click.style(note(text, self._columns), fg="yellow"))

    async def show(self) -> None:
        """Show every change, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow())
                while True:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(TICK_SECONDS):
                            event = await self._coming.get()
                        await self._take(event)
                        self._skip()
                    await self._tell_ripe()
        finally:
            await self._session.close()
            await self._writes.close()

    async def shown(self) -> Shown:
        async with self._demo.database.connected("replay") as db:
            last = await head(db)
        return Shown(events=last, first=1 if last else None, last=last or None)

    def _say_in_place(self, text: str) -> None:
        if sys.stdout.isatty():
            sys.stdout.write(f"{_START}{text}")
            sys.stdout.flush()

    async def _follow(self) -> None:
        session = self._demo.database.session("replay")
        try:
            async for events in follow(session, self._demo.wake, self._after, PAGE_EVENTS):
                for event in events:
                    self._coming.put_nowait(event)
        finally:
            await session.close()

    def _skip(self) -> None:
        """Let go of what has piled up beyond what can be read."""
        if self._coming.qsize() < WAITING_MAX:
            return
        skipped = 0
        while self._coming.qsize() > 1:
            self._coming.get_nowait()
            skipped += 1
        self._say(note(f"... {skipped:,} more events", self._columns))

    async def _take(self, event: Event) -> None:
        """Find whose story an event goes on with, or begin one."""
        now = time.monotonic()
        story = self._of.get(event.cause or 0) or self._fetched_for(event)
        if event.type == "observed" and not (event.origin or "").startswith("hub:"):
            await self._observe(event, story, now)
        elif story is not None and not story.is_told:
            self._join(story, event, now)
        elif _is_quiet(event):
            self._keep(event, story)
        elif story is not None:
            self._join(self._begin(event, story.about, _goes_on(event), now), event, now)
        else:
            await self._apart(event, now)

    async def _observe(self, event: Event, story: Story | None, now: float) -> None:
        await self._until_applied(event.position)
        found = await self._session.until_done(lambda db: outcome(db, event))
        for one in self._stories:
            if one.is_echo(event, found.changed):
                self._join(one, event, now)
                return
        if found.said == NOTHING_NEW:
            self._keep(event, story)
        elif story is not None and not story.is_told:
            self._join(story, event, now)
        else:
            self._begin(event, found.about, found.said, now)

    async def _apart(self, event: Event, now: float) -> None:
        """Begin the story of something that no change led to."""
        await self._until_applied(event.position)
        found = await self._session.until_done(lambda db: outcome(db, event))
        about, said = found.about or (event.flow or "") or event.type, found.said
        if event.type in ACTS:
            ids = getattr(payload(event), "deliveries", [])
            let_go = await self._writes.until_done(partial(deliveries, state="any", ids=ids))
            about, said = act(event, about, let_go)
        self._join(self._begin(event, about, said, now), event, now)

    def _begin(self, event: Event, about: str, said: str, now: float) -> Story:
        story = Story(event, about, said, now)
        self._stories.append(story)
        self._keep(event, story)
        return story

    def _join(self, story: Story, event: Event, now: float) -> None:
        story.add(event, now)
        self._keep(event, story)

    def _keep(self, event: Event, story: Story | None) -> None:
        """Remember whose story it is, for those events that it leads to."""
        if story is not None:
            self._of[event.position] = story
            while len(self._of) > KNOWN_MAX:
                del self._of[next(iter(self._of))]

    def _fetched_for(self, event: Event) -> Story | None:
        if event.type != "fetched":
            return None
        notices = payload(event).records.values()
        return next((self._of[one] for one in notices if one in self._of), None)

    async def _tell_ripe(self) -> None:
        now = time.monotonic()
        for story in [one for one in self._stories if one.is_ripe(now)]:
            self._stories.remove(story)
            story.is_told = True
            await self._until_applied(story.last)
            waits = await self._writes.until_done(partial(deliveries, state="held"))
            for each in held(story, waits):
                story.tell(each)
            subjects = {story.about, *(one.subject for one in story.writes.values())}
            names = await self._session.until_done(partial(names_of, subjects=subjects))
            self._say(line(story, names, self._columns))

    async def _until_applied(self, position: int) -> None:
        """Wait until all projectors have passed a position, within reason."""
        names = [one.name for one in PROJECTORS]
        with suppress(TimeoutError):
            async with asyncio.timeout(APPLIED_SECONDS_MAX):
                while self._applied < position:
                    found = await self._session.until_done(lambda db: standings(db, names))
                    self._applied = min(one.position for one in found)
                    if self._applied < position:
                        await asyncio.sleep(LOOK_SECONDS)


def _is_quiet(event: Event) -> bool:
    """Tell whether it is only of use to know whose story it belongs to."""
    if event.type == "decided":
        return not says_something(payload(event).conclusions)
    return event.type in UNSHOWN


def _goes_on(event: Event) -> str:
    return "its time has come" if event.type == "due" else "goes on"
