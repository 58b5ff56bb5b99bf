"""How each projector stands, as its table and the log tell: the same for `/readyz` and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database.db import Db


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One projector; `holder` is empty where nobody runs it."""

    projector: str
    position: int
    lag_events: int
    lag_seconds: float
    holder: str
    parked: int

    @property
    def is_ahead(self) -> bool:
        """Whether it has applied what the log does not hold: then the log's end was cut off."""
        return self.lag_events < 0


async def standings(db: Db, projectors: Iterable[str]) -> list[Standing]:
    """Look at these projectors, by name."""
    rows = await db.fetch(statement("console/standing.sql"), list(projectors))
    return [
        Standing(
            projector=row["name"],
            position=row["position"],
            lag_events=row["lag_events"],
            lag_seconds=max(0.0, row["lag_seconds"]),
            holder=row["holder"],
            parked=row["parked"],
        )
        for row in rows
    ]
