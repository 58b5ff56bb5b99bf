"""A life: all that was begun by one process that is played, so that it can be killed as one.

Killed, it reaches nobody any more: its sockets are cut before its tasks are ended, so that whatever
they would tidy up stays as it is. What it had sent is on its way all the same.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable


class Life:
    """What a process has opened and begun."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_over = False
        self.tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
        self.servers: list[asyncio.Server] = []
        self._transports: WeakSet[Any] = WeakSet()
        self._protocols: list[Any] = []

    def __repr__(self) -> str:
        return f"<Life {self.name}>"

    async def kill(self) -> None:
        """End it as SIGKILL does. Must be called from outside of it."""
        self.is_over = True
        for server in self.servers:
            server.close()
        for transport in [*self._transports, *map(_transport, self._protocols)]:
            if transport is not None:
                transport.abort()
        while alive := [task for task in self.tasks if not task.done()]:
            for task in alive:
                task.cancel()
            await asyncio.sleep(0)

    def must_live(self) -> None:
        """Refuse what is asked by one who was killed and does not know it yet."""
        if self.is_over:
            raise ConnectionRefusedError(f"{self.name} was killed")

    def hold(self, transport: Any) -> None:
        """Know of a socket; one that was opened at the very end is cut."""
        self._transports.add(transport)
        if self.is_over:
            transport.abort()

    def watching(self, protocol_factory: Callable[[], Any]) -> Callable[[], Any]:
        """Know of each socket that is accepted."""

        def made() -> Any:
            protocol = protocol_factory()
            self._protocols.append(protocol)
            return protocol

        return made


def _transport(protocol: Any) -> Any:
    return getattr(protocol, "transport", None)


LIFE: ContextVar[Life] = ContextVar("life", default=Life("the simulation"))  # noqa: B039
"""Whose code it is that runs."""
