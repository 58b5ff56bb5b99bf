"""Tell a home in which a hub has worked from a new one, and from a copy.

A file in the home says which inode it has there itself. It stays the same however often a container
is begun anew on that directory, under whatever host name; a copy, or what comes from a backup, has
another one.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement

if TYPE_CHECKING:
    from pathlib import Path

    from hub.database import Database
    from hub.database.db import Db


class Home(msgspec.Struct, frozen=True, kw_only=True):
    inode: int


async def moved(database: Database, db: Db, *, is_old: bool) -> str:
    """Say that this home is new to a log that was worked on, or is a copy; empty: it is neither.

    `is_old`: a hub worked here before homes were told apart. A hub that joins others, which work on
    this log at this moment, is new and no copy.
    """
    file = _file(database)
    home = _read(file)
    if home is None and is_old:
        return ""
    if home is not None and home.inode == file.stat().st_ino:
        return ""
    if not await db.fetchval(statement("operate/worked_on.sql")):
        return ""
    place = database.settings.home
    if home is None:
        return f"A hub has worked on this log before, and not from {place}, where none has been."
    return f"{place} is a copy of the place where the hub worked, or comes from a backup."


def settle(database: Database) -> None:
    """Have the hub be at home here from now on."""
    file = _file(database)
    file.parent.mkdir(parents=True, exist_ok=True)
    home = _read(file)
    if home is None or home.inode != file.stat().st_ino:
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(Home(inode=file.stat().st_ino)))


def _file(database: Database) -> Path:
    return database.settings.home / f"{database.schema}.home.json"


def _read(file: Path) -> Home | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Home)
    return None
