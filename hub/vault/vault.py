"""Keep the secrets of connections in Postgres: sealed, each for its own place, given as Secrets.

Every connection has a key of its own. A value is bound to the schema, the connection and its name:
a row that is copied to another place, or into another hub's schema, does not open there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hub.database import statement
from hub.errors import ConfigFault, DatabaseRefused
from hub.settings import Secret
from hub.vault.seal import Broken, Key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.database.db import Db
    from hub.vault.master import MasterKeys


class Vault:
    """The secrets of one hub. Each verb takes a database connection, so it may be of a transaction.

    Only the role `serve` and the owner get at the rows.
    """

    def __init__(self, schema: str, keys: MasterKeys) -> None:
        self.schema = schema
        self._keys = keys

    def __repr__(self) -> str:
        return f"<Vault schema={self.schema}>"

    async def keep(self, db: Db, connection: str, name: str, value: Secret) -> None:
        """Keep a secret in place of what had this name."""
        key_id, key = await self._key_for(db, connection)
        sealed = key.seal(_bytes(value), self.schema, connection, name)
        await db.execute(statement("vault/keep.sql"), connection, name, key_id, sealed)

    async def read(self, db: Db, connection: str, name: str) -> Secret | None:
        """Give a secret, or None if there is none of this name."""
        row, key = await self._opened(db, "read", connection, name)
        if key is None:
            return None
        try:
            value = key.open(row["sealed"], self.schema, connection, name)
        except Broken:
            raise self._spoilt(f"{connection}/{name}", connection) from None
        return Secret(value.decode("utf-8", "surrogatepass"))

    async def names(self, db: Db, connection: str) -> list[str]:
        """Name what is kept for a connection."""
        rows = await db.fetch(statement("vault/names.sql"), connection)
        return [row["name"] for row in rows]

    async def forget(self, db: Db, connection: str, *names: str) -> None:
        """Forget these secrets of a connection."""
        await db.execute(statement("vault/forget.sql"), connection, list(names))

    async def forget_all(self, db: Db, connection: str) -> None:
        """Forget all of a connection and its key too, so that it can begin anew."""
        await db.execute(statement("vault/forget_all.sql"), connection)

    async def mend(self, db: Db, connection: str) -> None:
        """Let a connection begin anew whose key was spoilt: nothing under it opens any more."""
        try:
            await self._opened(db, "key", connection)
        except DatabaseRefused:
            await self.forget_all(db, connection)

    async def _key_for(self, db: Db, connection: str) -> tuple[Any, Key]:
        row, key = await self._opened(db, "key", connection)
        if key is None:
            async with db.transaction():
                await self._make_key(db, connection)
            row, key = await self._opened(db, "key", connection)
            assert key is not None, "a key that was kept is there"
        return row["id"], key

    async def _make_key(self, db: Db, connection: str) -> None:
        # Under the lock that a rotation holds: no key is sealed under a master that is going.
        await db.execute(statement("vault/lock.sql"))
        master = await self._master(db)
        key_id = uuid4()
        sealed = master.seal_key(Key.new(), *key_place(self.schema, connection, key_id))
        await db.execute(statement("vault/keep_key.sql"), connection, key_id, master.id, sealed)

    async def _master(self, db: Db) -> Key:
        """Give the master key in force; make one only where nothing is sealed under another."""
        known = self._keys.read()
        if lost := await lost_masters(db, known):
            raise self._other_master(lost)
        return known[0] if known else self._keys.make()

    async def _opened(self, db: Db, what: str, connection: str, *names: str) -> Any:
        """Give a row and the connection's key that stands in it; no key where there is no row."""
        name = f"vault/{what}.sql"
        row = await db.fetchrow(statement(name), connection, *names)
        if row is not None and self._held(row["master"]) is None:
            # A rotation that ended since then has sealed it anew.
            row = await db.fetchrow(statement(name), connection, *names)
        if row is None:
            return None, None
        master = self._held(row["master"])
        if master is None:
            raise self._other_master({row["master"]})
        try:
            place = key_place(self.schema, connection, row["id"])
            return row, master.open_key(row["sealed_key"], *place)
        except Broken:
            raise self._spoilt(f"the key of {connection}", connection) from None

    def _held(self, master: str) -> Key | None:
        return next((key for key in self._keys.read() if key.id == master), None)

    def _other_master(self, masters: set[str]) -> ConfigFault:
        known = [key.id for key in self._keys.read()]
        found = f"holds {', '.join(known)}" if known else "holds none"
        return ConfigFault(
            f"The vault in the schema {self.schema} is sealed under the master key "
            f"{', '.join(sorted(masters))}; {self._keys.source} {found}. Give the hub the key it "
            "was sealed under (a backup of the database needs its key beside it)."
        )

    def _spoilt(self, what: str, connection: str) -> DatabaseRefused:
        return DatabaseRefused(
            f"The vault holds {what} as the hub did not seal it for the schema {self.schema}: the "
            f"row was changed or moved. Run `hub connect {connection}` to make it anew."
        )


async def lost_masters(db: Db, known: Iterable[Key]) -> set[str]:
    """Name the master keys that something is sealed under and nobody has."""
    rows = await db.fetch(statement("vault/masters.sql"))
    return {row["master"] for row in rows} - {key.id for key in known}


def key_place(schema: str, connection: str, key_id: object) -> tuple[str, ...]:
    """Name the place that a connection's key is sealed for; no value's has four parts."""
    return (schema, connection, str(key_id), "data key")


def _bytes(value: Secret) -> bytes:
    return value.reveal().encode("utf-8", "surrogatepass")
