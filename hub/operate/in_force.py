"""Read the flows that are in force, as the log has them."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.errors import Refused
from hub.flows.flow import Flow, Mode, Sync
from hub.flows.load.installed import load_installed
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from hub.database.db import Db

_read = msgspec.json.decode


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """A flow in force: the event `installed` brought it, and it decides since `started`."""

    flow: Flow
    mode: Mode
    digest: str
    installed: int
    moded: int | None
    """The event that set the mode."""
    started: int | None
    started_at: datetime | None
    rests: int | None
    """The event since which it decides nothing, having decided before."""

    @property
    def decides(self) -> bool:
        return self.mode in ("shadow", "hold", "on")

    @property
    def version(self) -> str:
        """What tells this text of the flow from others."""
        return self.digest[:7]


async def in_force(db: Db) -> dict[str, Installed]:
    """Give all flows that were installed, by name."""
    found = {}
    for row in await db.fetch(statement("operate/in_force.sql")):
        name, values, answers, *rest = row
        flow = load_installed(_read(values), _read(answers))
        digest, installed, mode, moded, started, started_at, rests = rest
        found[name] = Installed(
            flow=flow, mode=mode, digest=digest, installed=installed, moded=moded,
            started=started, started_at=started_at, rests=rests,
        )  # fmt: skip
    return found


async def the_flow(db: Db, name: str) -> Installed:
    """Give one flow that was installed."""
    found = await in_force(db)
    if name not in found:
        known = ", ".join(found) or "none"
        raise Refused(
            f"No flow {quoted(name)} is in force{nearest(name, found)} (there are: {known}). "
            "`hub flows install` puts those of the directory flows in force."
        )
    return found[name]


async def the_sync(db: Db, name: str) -> tuple[Sync, Installed]:
    """Give one flow that keeps two sides in agreement."""
    found = await the_flow(db, name)
    if not isinstance(found.flow, Sync):
        raise Refused(f"{name} is no sync: this is for flows that keep two sides in agreement.")
    return found.flow, found
