"""Have records read at their vendors, and wait until they are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.app import appending
from hub.cli.progress import Progress
from hub.database import statement
from hub.operate.read_again import noticed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.database import Database
    from hub.database.db import Db

LOOK_SECONDS = 0.2


async def read_whole(
    database: Database, db: Db, pages: Sequence[tuple[str, str, list[str]]], by: str
) -> int:
    """Have these read, and wait for that; give how many records that were."""
    total = sum(len(records) for *_, records in pages)
    async with appending(database) as append:
        for connection, kind, records in pages:
            await append(*noticed(connection, kind, records, by))
    kinds = [page[0] for page in pages], [page[1] for page in pages]
    with Progress("read again", total) as progress:
        await asyncio.sleep(LOOK_SECONDS)
        while left := await db.fetchval(statement("operate/unread.sql"), *kinds):
            progress.to(total - min(left, total))
            await asyncio.sleep(LOOK_SECONDS)
    return total
