"""The gRPC server: in the same loop, and so on the same world, as all that is played over HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import grpc
import grpc.aio
import msgspec

from hub.errors import Refused
from hub.sandbox.pubsub.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.sandbox.pubsub.pubsub import PubSub

PORT = 8901
STOP_SECONDS_MAX = 0.2


class Streams(msgspec.Struct, frozen=True, kw_only=True):
    """Where to serve it: a port (0 takes any), and for TLS a certificate and its key."""

    port: int = PORT
    certificate: tuple[Path, Path] | None = None


@asynccontextmanager
async def serving(pubsub: PubSub, host: str, streams: Streams) -> AsyncIterator[str]:
    """Serve until the end of the block; gives the address."""
    certificate = streams.certificate
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers([Service(pubsub).handler()])
    bound = _bound(server, f"{host}:{streams.port}", certificate)
    await server.start()
    pubsub.address = f"{'grpcs' if certificate else 'grpc'}://{host}:{bound}"
    try:
        yield pubsub.address
    finally:
        pubsub.address = ""
        await server.stop(STOP_SECONDS_MAX)


def _bound(server: grpc.aio.Server, place: str, certificate: tuple[Path, Path] | None) -> int:
    try:
        if certificate is None:
            return server.add_insecure_port(place)
        chain, key = (path.read_bytes() for path in certificate)
        return server.add_secure_port(place, grpc.ssl_server_credentials([(key, chain)]))
    except RuntimeError as error:
        raise Refused(
            f"The sandbox wants {place} for its change events, and something else listens there. "
            "Stop that, or give another port: --stream-port"
        ) from error
