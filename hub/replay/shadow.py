"""A projector's tables a second time, in a schema of their own, until they replace the first."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import asyncpg

from hub.database import statement
from hub.errors import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from hub.projectors.lease import Lease
    from hub.projectors.projector import Projector

LOCK_TRIES_MAX = 100

Digests = dict[str, tuple[int, str]]


class Shadow:
    """Made, filled by others, compared, swapped in; and gone without a trace, whatever happens."""

    def __init__(self, owner: Any, schema: str, projector: Projector) -> None:
        self._owner = owner
        self._schema = schema
        self._projector = projector
        self._new = f"{schema}__rebuild_{projector.name}"
        self._old = f"{schema}__replaced_{projector.name}"

    @property
    def search_path(self) -> str:
        return f'"{self._new}", "{self._schema}"'

    @asynccontextmanager
    async def made(self) -> AsyncIterator[Self]:
        """Make the tables, empty; take them away at the end. A killed rebuild's go first."""
        await self._drop()
        await self._refuse_views()
        try:
            await self._make()
            yield self
        finally:
            await cleared(self._drop())

    async def digests(self) -> tuple[Digests, Digests]:
        """Count and digest the rows of both sets of tables, which nobody is changing now."""
        return await self._digests(self._schema), await self._digests(self._new)

    async def swap(self, lease: Lease) -> None:
        """Put the new tables in the place of the old, in one transaction that waits for nobody."""
        for _ in range(LOCK_TRIES_MAX):
            try:
                await _unbroken(self._try_to_swap(lease))
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await asyncio.sleep(0.1)
            else:
                return
        raise Refused(
            f"The tables of {self._projector.name} were read without a pause, so that the new ones "
            "could not be put in their place. The old ones serve on; run this again later."
        )

    async def _refuse_views(self) -> None:
        """Refuse what would take somebody's views away with the old tables."""
        views = await self._owner.fetch(
            statement("replay/views.sql"), f'"{self._schema}"', self._projector.tables
        )
        if views:
            raise Refused(
                f"{', '.join(view[0] for view in views)}: these views read the tables of "
                f"{self._projector.name}, and would be lost with the old ones. Drop them, and make "
                "them again after the rebuild."
            )

    async def _make(self) -> None:
        replay = f'"{self._schema}_replay"'
        await self._owner.execute(
            f'create schema "{self._new}"; grant usage on schema "{self._new}" to {replay}'
        )
        for table in (*self._projector.tables, "parked"):
            new = f'"{self._new}".{table}'
            await self._owner.execute(
                f"create table {new} (like {table} including all excluding indexes);"
                f"grant select, insert, update, delete on {new} to {replay}"
            )
            await self._execute_all("replay/indexes.sql", table)

    async def _try_to_swap(self, lease: Lease) -> None:
        async with self._owner.transaction():
            await self._owner.execute("set local lock_timeout = '200ms'")
            # Unless the projector went on meanwhile: then the new tables are too old.
            await lease.move(self._owner, lease.position)
            await self._exchange()

    async def _exchange(self) -> None:
        replay = f'"{self._schema}_replay"'
        await self._owner.execute(f'create schema "{self._old}"')
        for table in self._projector.tables:
            await self._owner.execute(f'revoke all on "{self._new}".{table} from {replay}')
            await self._execute_all("replay/grants.sql", table)
            await self._owner.execute(
                f'alter table {table} set schema "{self._old}";'
                f'alter table "{self._new}".{table} set schema "{self._schema}"'
            )
        name, parked = self._projector.name, f'"{self._new}".parked'
        await self._owner.execute("delete from parked where projector = $1", name)
        await self._owner.execute(f"insert into parked table {parked}")

    async def _execute_all(self, written: str, table: str) -> None:
        """Execute the statements that another statement has written for the new table."""
        for row in await self._owner.fetch(statement(written), self._schema, table, self._new):
            await self._owner.execute(row[0])

    async def _digests(self, schema: str) -> Digests:
        found = {}
        for table in (*self._projector.tables, "parked"):
            only = f"where projector = '{self._projector.name}'" if table == "parked" else ""
            text = statement("replay/digest.sql").format(table=f'"{schema}".{table}', only=only)
            rows, digest = await self._owner.fetchrow(text)
            found[table] = (rows, digest)
        return found

    async def _drop(self) -> None:
        for schema in (self._new, self._old):
            await self._owner.execute(f'drop schema if exists "{schema}" cascade')


async def cleared(clearing: Coroutine[Any, Any, object]) -> None:
    """Clear up, also when cancelled meanwhile; what is left then, the next rebuild finds."""
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await _unbroken(clearing)


async def _unbroken(work: Coroutine[Any, Any, object]) -> None:
    """Do this to its end, and only then be cancelled: a transaction is begun and ended, or not."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
