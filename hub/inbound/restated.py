"""What a vendor tells by itself and is known already: it is settled without a call.

The webhook of the hub's own write is the commonest: the write's answer has said it. What says
anything else, or what nothing else has told in full, is read. So is what polling finds: should an
edit have come in the very second of the write, and its own webhook be lost, that reading finds it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database import Session
    from hub.database.db import Db
    from hub.inbound.waiting import Key

PATIENCE_SECONDS = 5.0
"""How long to wait for the answer of a write, and for the tables: then it is read after all."""


class Restated(NamedTuple):
    """Those that are known, and those that may be in a moment."""

    known: set[Key]
    soon: set[Key]


class Listener:
    """Looks at what was told, again and again, while it may still turn out to be known."""

    def __init__(self, connection: str, session: Session) -> None:
        self._connection = connection
        self._session = session
        self._met: dict[Key, float] = {}

    async def restated(self, told: dict[Key, int]) -> Restated:
        """Pick those that are known already; `told` by the newest notice of each."""
        now = asyncio.get_running_loop().time()
        self._met = {key: self._met.get(key, now) for key in told}
        if not told:
            return Restated(set(), set())
        rows = await self._session.until_done(
            partial(_restated, connection=self._connection, told=told)
        )
        known = {_key(row) for row in rows if row["known"]}
        soon = {_key(row) for row in rows if row["soon"]} - known
        return Restated(known, {one for one in soon if now - self._met[one] < PATIENCE_SECONDS})


async def _restated(db: Db, connection: str, told: dict[Key, int]) -> Iterable[Any]:
    kinds, records = zip(*told, strict=True)
    rows: list[Any] = await db.fetch(
        statement("inbound/restated.sql"), connection, kinds, records, list(told.values())
    )
    return rows


def _key(row: Any) -> Key:
    return row["kind"], row["record"]
