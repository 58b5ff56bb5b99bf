"""P5: all tables, made anew from the log, are what stands there: judged when the hub has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.projectors import PROJECTORS
from hub.replay.rebuild import rebuild
from hub.simulate.oracle.view import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from hub.database import Database


async def rebuilt(database: Database) -> list[Broken]:
    """Rebuild each projector's tables; the new ones take the place of the old."""
    broken: list[Broken] = []
    for projector in PROJECTORS:
        before = await _rows(database, projector.tables)
        made = await rebuild(projector, database, database.settings.home / "archive")
        after = await _rows(database, projector.tables)
        for table in made.tables:
            if not table.is_same:
                rows = before.get(table.name, set()), after.get(table.name, set())
                broken += _differing(table.name, *rows)
    return broken


def _differing(table: str, before: AbstractSet[str], after: AbstractSet[str]) -> Iterator[Broken]:
    gone, come = sorted(before - after), sorted(after - before)
    what = f"{table} is another when it is made anew: {len(gone)} rows go, {len(come)} come; "
    yield Broken(promise="P5", sentence=f"{what}such as {gone[:1]} and {come[:1]}")


async def _rows(database: Database, tables: tuple[str, ...]) -> dict[str, set[str]]:
    async with database.connected("owner") as db:
        return {
            name: {row[0] for row in await db.fetch(f'select t::text from "{name}" t')}  # noqa: S608
            for name in tables
        }
