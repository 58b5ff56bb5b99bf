"""Bring the schema to what this version of the hub needs: forward only, each file once.

What was applied is kept with its checksum. A file that was edited or is missing since then is
refused by name: the database would not be what the code believes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from hub.database.statement import statement
from hub.errors import DatabaseRefused

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.database.open import Database

_PACKAGE = Path(__file__).resolve().parent.parent
# Inside an installed package the files lie in it; in a checkout beside it.
DIRECTORY = next(
    (path for path in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations") if path.is_dir()),
    _PACKAGE / "migrations",
)


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One file of `migrations/`."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


async def migrate(
    database: Database, *, dry_run: bool = False, directory: Path = DIRECTORY
) -> list[str]:
    """Apply what is missing, each file in a transaction of its own; give the names applied.

    Two processes that start together take turns, and the second finds nothing to do.
    """
    files = read(directory)
    async with database.connected("owner") as db:
        if dry_run:
            return [each.name for each in missing(files, await _applied(db, database.schema))]
        return await _apply(db, database.schema, files)


async def pending(database: Database, directory: Path = DIRECTORY) -> list[str]:
    """Name what a migration would apply."""
    return await migrate(database, dry_run=True, directory=directory)


def read(directory: Path) -> list[Migration]:
    """Read the files in the order of their numbers."""
    paths = sorted(directory.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    if not paths:
        raise DatabaseRefused(f"{directory} holds no migrations; the hub is not installed whole.")
    return [Migration(name=path.stem, text=path.read_text(encoding="utf-8")) for path in paths]


def missing(files: list[Migration], applied: dict[str, str]) -> list[Migration]:
    """Give the files not yet applied, after checking those that are."""
    by_name = {each.name: each for each in files}
    for name, checksum in applied.items():
        if name not in by_name:
            raise DatabaseRefused(
                f"The database has the migration {name}, which this hub has not: the database was "
                "brought to a newer version. Run that version, or restore a backup from before it."
            )
        if by_name[name].checksum != checksum:
            raise DatabaseRefused(
                f"The migration {name} was edited after it was applied to this database. "
                "Put the file back as it was, and make the change in a migration of its own."
            )
    fresh = [each for each in files if each.name not in applied]
    if fresh and applied and fresh[0].name < max(applied):
        raise DatabaseRefused(
            f"The migration {fresh[0].name} is not applied, but the later {max(applied)} is. "
            "Migrations only go forward: give it a number after the last one."
        )
    return fresh


async def _apply(db: Db, schema: str, files: list[Migration]) -> list[str]:
    lock = f"{schema}.migrate"
    await db.execute("select pg_advisory_lock(hashtextextended($1, 0))", lock)
    try:
        # Two that make the same schema at once would both find it missing: only under the lock.
        await _as_owner(db, f'create schema if not exists "{schema}"')
        await db.execute(statement("database/migrations.sql"))
        todo = missing(files, await _applied(db, schema))
        for each in todo:
            async with db.transaction():
                await _as_owner(db, each.text, each.name)
                await db.execute(
                    "insert into migrations (name, checksum) values ($1, $2)",
                    each.name,
                    each.checksum,
                )
    finally:
        await db.execute("select pg_advisory_unlock(hashtextextended($1, 0))", lock)
    return [each.name for each in todo]


async def _applied(db: Db, schema: str) -> dict[str, str]:
    if await db.fetchval("select to_regclass($1)", f'"{schema}".migrations') is None:
        return {}
    rows = await db.fetch("select name, checksum from migrations order by name")
    return {row["name"]: row["checksum"] for row in rows}


async def _as_owner(db: Db, text: str, name: str = "") -> None:
    try:
        await db.execute(text)
    except asyncpg.InsufficientPrivilegeError as error:
        user = await db.fetchval("select session_user") if not name else "the hub's database user"
        raise DatabaseRefused(
            f"{user} may not do what migrations need: {error}.\n"
            "It must own the schema and may make roles: alter role ... createrole; "
            "grant create on database ... to ..."
        ) from error
    except asyncpg.PostgresError as error:
        where = f"migration {name}" if name else "making the schema"
        raise DatabaseRefused(f"{where} failed, and nothing of it was kept: {error}") from error
