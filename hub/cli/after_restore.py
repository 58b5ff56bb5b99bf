"""`hub reconcile --after-restore`: find what was made since the backup, and take the hold off."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from hub.cli.acting import acted, agreed, came_of
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.cli.progress import Progress
from hub.cli.visible import visible
from hub.connectors.notify.made import SYSTEMS
from hub.connectors.site import opened_site
from hub.errors import Refused
from hub.operate.in_force import in_force
from hub.operate.restored import Counts, found_at, held, kinds_made, let_go, unsure
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.cli.invocation import Invocation
    from hub.database import Database
    from hub.database.db import Db
    from hub.events import Event
    from hub.operate.restored import Held


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `position` is where it stands in the log, None where nobody said yes."""

    found: list[Counts]
    let_go: list[str] = []
    position: int | None = None


def adopt(invocation: Invocation, by: str, *, yes: bool) -> None:
    """Have all that bears the hub's marks taken for done, and the hold taken off."""
    invocation.result(run(_adopt(invocation, by, yes=yes)))


async def _adopt(invocation: Invocation, by: str, *, yes: bool) -> Adopted:
    async with opened(invocation.settings, "serve") as (database, db):
        holds = await held(db)
        if not holds:
            raise Refused(
                "No connection is held after a restore, so there is nothing to find. To hold both "
                "sides of a flow against each other: hub reconcile FLOW."
            )
        found, events = await _read_through(invocation, database, db, holds, by)
        for one in found:
            invocation.say(visible(_line(one)))
        names = [one.connection for one in holds]
        question = f"Take these for done, and let the hub write to {', '.join(names)} again?"
        if not agreed(invocation, question, yes=yes):
            return Adopted(found=found)
        done = await acted(database, db, *events, *let_go(holds, by))
    invocation.say(f"#{done.position}  {', '.join(names)} may be written to again. {came_of(done)}")
    return Adopted(found=found, let_go=names, position=done.position)


async def _read_through(
    invocation: Invocation, database: Database, db: Db, holds: Sequence[Held], by: str
) -> tuple[list[Counts], list[Event]]:
    """Read all that flows can have made, at every vendor; one that cannot be read ends it."""
    settings = invocation.reading.settings
    vault = Vault(database.schema, master_keys(settings.home, os.environ))
    flows = [one.flow for one in (await in_force(db)).values()]
    found: list[Counts] = []
    events: list[Event] = []
    for one in holds:
        if one.connection not in settings.connections:
            continue  # it was taken out of the settings since: nothing is written there
        if settings.connections[one.connection].system in SYSTEMS:
            events += await unsure(one.connection, db, by)
            continue
        keep_out = frozenset(settings.connections[one.connection].keep_out)
        async with opened_site(one.connection, settings, database, vault) as site:
            for kind in kinds_made(flows, site):
                with Progress(f"{site.name}.{kind.name}", None):
                    counts, adopts = await found_at(site, db, kind, keep_out, by)
                found.append(counts)
                events += adopts
    return found, events


def _line(one: Counts) -> str:
    told = (
        f"{one.kind:24}  {one.read:8,} read, {one.found:,} bear a mark: {one.known:,} known, "
        f"{one.adopted:,} adopted"
    )
    if one.elsewhere:
        told += f"; another bears the mark of {', '.join(one.elsewhere)}, look at these"
    return told
