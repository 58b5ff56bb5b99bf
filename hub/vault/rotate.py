"""Put a new master key in force: connections' keys are sealed anew, values stay as they are.

It may be stopped at any point and run again. Until it is through, both keys are there to read with;
the old one is dropped only when nothing is sealed under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.errors import ConfigFault, DatabaseRefused
from hub.vault.master import VARIABLE_OLD
from hub.vault.seal import Broken, Key
from hub.vault.vault import key_place, lost_masters

if TYPE_CHECKING:
    from hub.database.db import Db
    from hub.vault.master import MasterKeys


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """What a rotation did: the id of the key in force, and how many keys it sealed anew."""

    master: str
    keys: int


async def rotate(db: Db, schema: str, keys: MasterKeys) -> Rotated:
    """Seal every connection's key under a new master key."""
    # For the whole of it: no process makes a key meanwhile that would be sealed under the old one.
    await db.execute(statement("vault/hold.sql"))
    try:
        await _must_hold_all(db, schema, keys)
        master = keys.renew()
        count = 0
        while row := await db.fetchrow(statement("vault/left_to_rotate.sql"), master.id):
            await _seal_anew(db, schema, row, master, keys)
            count += 1
        keys.drop_old()
    finally:
        await db.execute(statement("vault/let_go.sql"))
    return Rotated(master=master.id, keys=count)


async def _must_hold_all(db: Db, schema: str, keys: MasterKeys) -> None:
    """Refuse before anything is changed: a key that is lost is not helped by a new one."""
    if lost := await lost_masters(db, keys.read()):
        raise ConfigFault(
            f"In the schema {schema} something is sealed under the master key "
            f"{', '.join(sorted(lost))}, which {keys.source} does not hold; expected it there as "
            f"the key in force, or as the old one (in {VARIABLE_OLD}, or on a further line of the "
            "file). Nothing was changed: give that key too and run `hub vault rotate` again."
        )


async def _seal_anew(db: Db, schema: str, row: Any, master: Key, keys: MasterKeys) -> None:
    place = key_place(schema, row["connection"], row["id"])
    old = next(key for key in keys.read() if key.id == row["master"])
    try:
        sealed = master.seal_key(old.open_key(row["sealed"], *place), *place)
    except Broken:
        raise DatabaseRefused(
            f"The key of {row['connection']} was changed in the database; it opens under no key. "
            f"Run `hub connect {row['connection']}`, then `hub vault rotate` again."
        ) from None
    await db.execute(statement("vault/seal_anew.sql"), row["id"], row["master"], master.id, sealed)
