"""How the flows of a hub stand, and to which connections nothing is written."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.operate.restored import held

if TYPE_CHECKING:
    from hub.database.db import Db

WAITS = frozenset({"hold", "paused"})
"""The modes in which what a flow does waits for a person."""


class FlowStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A flow, what it may do now, and since when it decides."""

    flow: str
    mode: str
    started_at: datetime | None


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """A connection to which nothing is written; `restored`: until what was made is found."""

    connection: str
    reason: str
    restored: bool

    @property
    def word(self) -> str:
        return "held" if self.restored else "stopped"

    @property
    def colour(self) -> str:
        return "red" if self.restored else "yellow"

    @property
    def sentence(self) -> str:
        return f"nothing is written to {self.connection}. {self.reason}".strip()


async def flow_standings(db: Db) -> list[FlowStanding]:
    rows = await db.fetch(statement("cli/flow_standings.sql"))
    return [FlowStanding(flow=flow, mode=mode, started_at=at) for flow, mode, at in rows]


async def stops(db: Db) -> list[Stopped]:
    restored = {one.connection for one in await held(db)}
    return [
        Stopped(connection=name, reason=reason, restored=name in restored)
        for name, reason in await db.fetch(statement("cli/stops.sql"))
    ]
