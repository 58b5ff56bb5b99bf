"""A database that owes an answer, told by what goes over the wire: time stands still for it.

Postgres ends each answer with a message of its own, ReadyForQuery. From the first byte that is sent
until that message has come, the database is at work.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

READY = ord("Z")
HEAD_BYTES = 5


class Awaited(asyncio.Protocol):
    """Stands between a database connection and its socket, and knows who waits for whom."""

    def __init__(self, under_way: set[object], before_asking: Callable[[], None]) -> None:
        self._under_way = under_way
        self._before_asking = before_asking
        self._left = bytearray()
        self._skip = 0
        self._protocol: Any = None
        self._transport: Any = None

    def around(self, protocol_factory: Callable[[], Any]) -> Callable[[], Any]:
        def made() -> Awaited:
            self._protocol = protocol_factory()
            return self

        return made

    def pair(self) -> tuple[Any, Any]:
        """Give what was asked for: the socket's side, and that of who asked."""
        return self._transport, self._protocol

    def connection_made(self, transport: Any) -> None:
        self._transport = _Wire(transport, self)
        self._protocol.connection_made(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._under_way.discard(self)
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_answered(data):
            self._under_way.discard(self)
        self._protocol.data_received(data)

    def eof_received(self) -> Any:
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()

    def asked(self) -> None:
        self._before_asking()
        self._under_way.add(self)

    def _is_answered(self, data: bytes) -> bool:
        """Tell whether the last whole answer ended here; what is cut off waits for the rest."""
        answered = False
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._left += data[skipped:]
        while len(self._left) >= HEAD_BYTES:
            size = 1 + int.from_bytes(self._left[1:HEAD_BYTES], "big")
            answered = answered or self._left[0] == READY
            self._skip = max(size - len(self._left), 0)
            del self._left[:size]
        return answered


class _Wire:
    """The socket's side, which tells when something is asked."""

    def __init__(self, transport: Any, awaited: Awaited) -> None:
        self._transport = transport
        self._awaited = awaited

    def write(self, data: bytes) -> None:
        self._awaited.asked()
        self._transport.write(data)

    def writelines(self, lines: Any) -> None:
        self._awaited.asked()
        self._transport.writelines(lines)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
