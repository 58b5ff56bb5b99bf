"""Streams of change events on played time: the calls of the Pub/Sub API without gRPC between them.

gRPC waits in threads of its own, of which the played time cannot know. So what the hub opens is a
channel that lies in this process: the hub's own code asks on it, the played service answers, and
every message goes through the bytes it is on the wire. What is not played is gRPC's own transport.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn
from unittest.mock import patch

import grpc
import grpc.aio

from hub.sandbox.pubsub import PubSub
from hub.sandbox.pubsub.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from typing import TypeAlias

    from hub.sandbox.system import System

    Metadata: TypeAlias = Sequence[tuple[str, str]]

LOOK_SECONDS = 5.0
"""How soon a played stream notices that its login has died."""


@contextmanager
def streams_in_process(systems: Sequence[System]) -> Iterator[None]:
    """Have every stream that is opened lead to this played organisation."""
    pubsub = next(one for one in systems if isinstance(one, PubSub))

    @asynccontextmanager
    async def opened(_: str) -> AsyncIterator[Channel]:
        yield Channel(Service(pubsub))

    with ExitStack() as stack:
        stack.enter_context(patch("hub.connectors.pubsub.stream.opened", opened))
        stack.enter_context(patch("hub.sandbox.pubsub.stream.LOOK_SECONDS", LOOK_SECONDS))
        yield


class Channel:
    """A way to the service, as the hub's calls use one."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def stream_stream(self, path: str, **wire: Callable[..., Any]) -> Callable[..., StreamCall]:
        how = _Wire(self._service, path, **wire)
        return lambda *, metadata: StreamCall(how, metadata)

    def unary_unary(self, path: str, **wire: Callable[..., Any]) -> Callable[..., Any]:
        how = _Wire(self._service, path, **wire)

        async def ask(
            request: Any,
            *,
            metadata: Metadata,
            timeout: float,  # noqa: ASYNC109 - as gRPC has it
        ) -> Any:
            async with asyncio.timeout(timeout):
                return how.told(await how.act(how.asked(request), _Context(metadata)))

        return ask


class StreamCall:
    """An open stream: what is written is heard by the service, what it sends is read."""

    def __init__(self, wire: _Wire, metadata: Metadata) -> None:
        self._wire = wire
        self._asked: asyncio.Queue[Any] = asyncio.Queue()
        self._sent = wire.act(self._requests(), _Context(metadata))
        self._is_over = False

    async def write(self, request: Any) -> None:
        if self._is_over:
            raise asyncio.InvalidStateError("The stream has ended.")
        self._asked.put_nowait(self._wire.asked(request))

    async def read(self) -> Any:
        """Give what comes next, or raise what the stream ended with."""
        try:
            return self._wire.told(await anext(self._sent))
        except StopAsyncIteration:
            return grpc.aio.EOF
        except grpc.aio.AioRpcError:
            self._is_over = True
            raise

    def cancel(self) -> None:
        self._is_over = True
        self._closing = asyncio.ensure_future(self._sent.aclose())

    async def _requests(self) -> AsyncIterator[Any]:
        while True:
            yield await self._asked.get()


class _Wire:
    """One method of the service, and how its messages become bytes and back."""

    def __init__(
        self,
        service: Service,
        path: str,
        *,
        request_serializer: Callable[[Any], bytes],
        response_deserializer: Callable[[bytes], Any],
    ) -> None:
        handler: Any = service.handler().service(_Details(path))
        assert handler is not None, f"the played service knows no {path}"
        self.act: Callable[..., Any] = handler.stream_stream or handler.unary_unary
        self.asked: Callable[[Any], Any] = lambda one: handler.request_deserializer(
            request_serializer(one)
        )
        self.told: Callable[[Any], Any] = lambda one: response_deserializer(
            handler.response_serializer(one)
        )


class _Details(grpc.HandlerCallDetails):
    """Which method is meant."""

    def __init__(self, path: str) -> None:
        self.method = path
        self.invocation_metadata = ()


class _Context:
    """What the service knows of who calls, and how it refuses."""

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata

    def invocation_metadata(self) -> Metadata:
        return self._metadata

    async def abort(self, code: grpc.StatusCode, details: str, trailing: Metadata) -> NoReturn:
        raise grpc.aio.AioRpcError(
            code, grpc.aio.Metadata(), grpc.aio.Metadata(*trailing), details=details
        )
