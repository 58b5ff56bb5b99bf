"""What once and while flows have said of a record: by which text, why, and since which event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.console.told import Told, event_at, version_at
from hub.database import statement
from hub.events import payload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hub.console.ending import Force
    from hub.database.db import Db
    from hub.events import Event


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What a flow concluded, when it had this written."""

    flow: str
    version: str
    installed: int
    installed_by: str | None
    why: str
    since: Told | None


async def followed(
    db: Db, archive: Path, sending: Event, flows: Mapping[str, Force]
) -> list[Followed]:
    """Tell which flows had this written, of those that agree on nothing."""
    what = payload(sending)
    rows = await db.fetch(
        statement("console/followed.sql"), list(what.told), sending.subject, what.delivery
    )
    found = []
    for row in rows:
        if (force := flows.get(row["flow"])) is not None:
            installed, version = await version_at(db, force, row["since"])
            brought = await event_at(db, archive, installed)
            found.append(
                Followed(
                    flow=row["flow"],
                    version=version,
                    installed=installed,
                    installed_by=brought.by if brought else None,
                    why=row["why"],
                    since=await event_at(db, archive, row["since"]),
                )
            )
    return found
