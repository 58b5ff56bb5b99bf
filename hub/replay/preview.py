"""Judge real history by a changed flow: what it would have owed, next to what was owed.

The log is folded once more into tables of their own, which are thrown away; the flow is in force in
them from a chosen position on, and on. What the vendors answered to writes that were really made is
folded as it was, and what was never made stays owed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from hub.database import statement
from hub.events import FlowInstalled, ModeSet, event_of
from hub.flows.load.installed import resolved
from hub.log.history import about_events, history
from hub.log.read import head
from hub.projectors.page import Page
from hub.projectors.parking import Parking, parkings
from hub.projectors.sync import Sync, SyncFold
from hub.projectors.sync.records import Records
from hub.replay.shadow import Shadow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event

PAGE_EVENTS = 5_000
OWN = frozenset({"flow_installed", "mode_set"})


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One write, as one of the two sets of tables has it."""

    target: str
    state: str
    owed: int


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """`more` would have been owed and was not, `less` was and would not have been."""

    flow: str
    since: int
    until: int
    same: int
    more: list[Owed]
    less: list[Owed]
    asked: dict[str, int]
    """How often a person would have been asked, by reason."""
    asked_before: dict[str, int]


async def preview(
    database: Database,
    archive: Path,
    flow: NewFlow,
    since: int,
    *,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> Previewed:
    """Fold the log with another flow in force from a position on; nothing of it stays."""
    async with (
        database.connected("owner") as owner,
        Shadow(owner, database.schema, _Tables()).made() as shadow,
        database.connected("replay", search_path=shadow.search_path) as db,
        database.connected("replay") as real,
    ):
        until = await head(real)
        await _fold(owner, db, real, archive, Story(flow, since), until, told)
        supposed = await _owed(db, flow.name, since)
        made = await _owed(real, flow.name, since)
        return Previewed(
            flow=flow.name,
            since=since,
            until=until,
            same=len(supposed.keys() & made.keys()),
            more=[one for id_, one in supposed.items() if id_ not in made],
            less=[one for id_, one in made.items() if id_ not in supposed],
            asked=await _asked(db, flow.name, since),
            asked_before=await _asked(real, flow.name, since),
        )


class NewFlow(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a flow that is not in force."""

    name: str
    file: str
    text: str
    answers: dict[str, list[str]]


class Story:
    """History with another flow in it: its own events go, and those of the new one come."""

    def __init__(self, flow: NewFlow, since: int) -> None:
        self._flow = flow
        self._since = since
        self._told = False

    def told(self, events: Sequence[Event]) -> list[Event]:
        found: list[Event] = []
        for event in events:
            if not self._told and event.position >= self._since:
                found += self._begun(event)
                self._told = True
            if not (event.type in OWN and event.flow == self._flow.name):
                found.append(event)
        return found

    def _begun(self, at: Event) -> list[Event]:
        flow = self._flow
        installed = FlowInstalled(
            flow=flow.name,
            text=flow.text,
            file=flow.file,
            resolved=resolved(flow.text, flow.file),
            answers=flow.answers,
            digest="preview",
        )
        return [
            msgspec.structs.replace(
                event_of(what, flow=flow.name), position=at.position, recorded_at=at.recorded_at
            )
            for what in (installed, ModeSet(flow=flow.name, mode="on"))
        ]


class _Tables:
    """The sync projector's tables, under a name that no rebuild uses."""

    name = "preview"
    tables: ClassVar[tuple[str, ...]] = Sync.tables

    fold = Sync.fold


class _Judging(SyncFold):
    """Judges all of history anew, whatever was concluded from it when it happened."""

    def __init__(self, records: Records) -> None:
        super().__init__(records, live=True)
        self.recalled.judged_to = 0


async def _fold(  # noqa: PLR0917 - each of its own kind
    owner: Any,
    db: Db,
    real: Any,
    archive: Path,
    story: Story,
    until: int,
    told: Callable[[int, int], None],
) -> None:
    fold = _Judging(Records(empty=True, cache_bytes_max=2**62))
    known = parkings(Sync.name, await about_events(owner))
    page = Page(fold, Parking(Sync.name), known, live=False)
    pages = history(real, archive, 0, until=until, events_max=PAGE_EVENTS)
    async for events in pages:
        await page.take(db, story.told(events))
        async with db.transaction():
            await fold.write(db, all_rows=False)
        fold.said()
        fold.trim()
        told(events[-1].position, until)


async def _owed(db: Db, flow: str, since: int) -> Mapping[UUID, Owed]:
    rows = await db.fetch(statement("replay/owed_by.sql"), flow, since)
    found = {}
    for row in rows:
        record = f"/{row['record']}" if row["record"] else " (to be made)"
        target = f"{row['connection']}.{row['kind']}{record}"
        found[row["id"]] = Owed(target=target, state=row["state"], owed=row["owed"])
    return found


async def _asked(db: Db, flow: str, since: int) -> dict[str, int]:
    rows = await db.fetch(statement("replay/asked_by.sql"), flow, since)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["reason"].split(":")[0]] += row["items"]
    return dict(counts)
