"""Let a projector run in exactly one process, and let another take over when that one is gone.

A lease is a row with an end and an epoch. Every page is written on condition that the position and
the epoch are still those of the holder, in the same transaction: one that lost its lease without
noticing writes nothing; and its connection is ended, for it may have left rows locked.
"""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import msgspec

from hub.database import statement
from hub.errors import LeaseLost

if TYPE_CHECKING:
    from hub.database import Session
    from hub.database.db import Db
    from hub.projectors.written import AtOnce

HOLDER = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
"""This process, told from all others and from an earlier one of the same number."""


class Lease(msgspec.Struct, kw_only=True):
    """The right to move a projector on, from a position."""

    projector: str
    position: int
    epoch: int
    seconds: float

    async def move(self, db: Db, position: int, *, since: int | None = None) -> None:
        """Move the position in the transaction that writes the rows; LeaseLost undoes both.

        `since`: where it was moved to in the same transaction before.
        """
        moved = await db.fetchval(
            statement("projectors/move.sql"),
            self.projector,
            self.position if since is None else since,
            self.epoch,
            position,
            self.seconds,
        )
        if moved is None:
            raise self._lost()

    async def move_with(self, db: Db, position: int, rows: AtOnce) -> None:
        """Move the position and write rows in one statement, which is a transaction by itself.

        Where another holds the lease nothing was moved, and to divide by that undoes it all.
        """
        await rows.execute(
            statement("projectors/move.sql"),
            *(self.projector, self.position, self.epoch, position, self.seconds),
        )
        text, values = rows.ending("select 1 / count(*) from", len(rows) - 1)
        try:
            await db.execute(text, *values)
        except asyncpg.DivisionByZeroError as error:
            raise self._lost() from error

    def _lost(self) -> LeaseLost:
        return LeaseLost(
            f"{self.projector} is held by another now: a process that took over, or a rebuild"
        )

    async def extend(self, session: Session) -> None:
        """Hold it longer."""
        extended = await session.once(
            lambda db: db.fetchval(
                statement("projectors/extend.sql"), self.projector, self.epoch, self.seconds
            )
        )
        if extended is None:
            raise self._lost()

    async def keep(self, session: Session) -> None:
        """Hold it until cancelled; LeaseLost when another has it."""
        while True:
            await asyncio.sleep(self.seconds / 3)
            await self.extend(session)

    async def release(self, session: Session) -> None:
        """Let another process have it at once."""
        await session.once(
            lambda db: db.execute(statement("projectors/release.sql"), self.projector, self.epoch)
        )


async def take(db: Db, projector: str, seconds: float, holder: str = HOLDER) -> Lease | None:
    """Take the lease if nobody else has it."""
    if not await db.fetchval(statement("projectors/fence.sql"), projector, holder):
        return None
    row = await db.fetchrow(statement("projectors/take.sql"), projector, holder, seconds)
    if row is None:
        return None
    return Lease(projector=projector, position=row["position"], epoch=row["epoch"], seconds=seconds)
