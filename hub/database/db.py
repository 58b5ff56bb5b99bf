"""What the hub asks of a connection to its database, whoever opened it: asyncpg has no types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager


class Reads(Protocol):
    """Where rows are read; each is read by name or by number, and holds whatever Postgres does."""

    async def fetch(self, query: str, *args: Any) -> list[Any]: ...


class Writes(Protocol):
    """Where rows are written, now or gathered to be sent later."""

    async def execute(self, query: str, *args: Any) -> object: ...


class Db(Reads, Writes, Protocol):
    """A connection."""

    async def fetchrow(self, query: str, *args: Any) -> Any: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    async def executemany(self, command: str, args: Iterable[Sequence[Any]]) -> None: ...

    async def prepare(self, query: str) -> Any: ...

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[Any]: ...

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None: ...

    def add_termination_listener(self, callback: Callable[[Any], None]) -> None: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...

    async def close(self, *, timeout: float | None = None) -> None: ...  # noqa: ASYNC109 - asyncpg's
