"""Before something is made, see that it was still owed when that was announced.

A row is read before it is announced. In between it may have been withdrawn, or a record may have
taken the place that was to be filled; then the announcement comes too late, the fold leaves the row
as it is, and nothing is to be sent.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from hub.connectors.outcome import RetryAt
from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from hub.database.db import Db
    from hub.outbound.way import Way

FOLLOWED_SECONDS = 0.02
"""How soon to look again, where the sync projector runs in another process."""

FOLDED_SECONDS_MAX = 30.0
"""How long what was announced may wait to be folded: then it is not sent, and is tried again."""


class Announced:
    """Looks how what was announced stands once that is folded."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._session = way.database.session()
        self._one_at_a_time = asyncio.Lock()

    async def standing(self, ids: Sequence[UUID], at: int) -> set[UUID] | None:
        """Give those that stand as about to be sent, when the log is folded up to a position.

        None: it is not folded in time, and nobody can tell. Those who waited for their turn
        meanwhile look once, and wait no longer.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + FOLDED_SECONDS_MAX
        async with self._one_at_a_time:  # in the order in which they were announced
            while True:
                await self._way.folded.wait(at, FOLLOWED_SECONDS)
                row = await self._session.until_done(partial(_standing, ids=ids))
                if row["folded"] >= at:
                    return set(row["sending"])
                if clock() > until:
                    return None

    async def close(self) -> None:
        await self._session.close()


async def _standing(db: Db, ids: Sequence[UUID]) -> Any:
    return await db.fetchrow(statement("outbound/announced.sql"), list(ids))


def not_folded(now: datetime) -> RetryAt:
    """Say of what was announced that it was not sent, for the tables did not follow."""
    return RetryAt(
        at=now,
        sentence="Nothing was sent: that it is about to be was not folded within "
        f"{FOLDED_SECONDS_MAX:.0f} seconds. `hub status` tells how far the projectors have come.",
    )
