"""Listen at one address for all that comes over HTTP, and say of the rest that it is nowhere."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from hub.errors import ConfigFault
from hub.inbound.no_request import Runner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.settings import ServeSettings

LINGER_SECONDS = 1.0
"""How long a sender that was refused may go on sending before the connection is closed."""


async def listening(
    serve: ServeSettings, routes: Iterable[web.AbstractRouteDef], bytes_max: int
) -> web.AppRunner:
    """Listen until what is given is cleaned up; a longer body is not taken."""
    app = web.Application(client_max_size=bytes_max + 1)
    app.add_routes([*routes, web.route("*", "/{path:.*}", _nowhere)])
    runner = Runner(
        app,
        access_log=None,
        lingering_time=LINGER_SECONDS,
        shutdown_timeout=serve.stop_seconds_max,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, serve.host, serve.port).start()
    except OSError as error:
        await runner.cleanup()
        raise _cannot_listen(serve.host, serve.port, error) from error
    return runner


def _cannot_listen(host: str, port: int, error: OSError) -> ConfigFault:
    advice = "Set HUB_SERVE_HOST and HUB_SERVE_PORT (serve.host and serve.port in hub.toml)."
    if error.errno == errno.EADDRINUSE:
        return ConfigFault(
            f"Port {port} of {host} is taken by another program. Set another one: "
            "HUB_SERVE_PORT, serve.port in hub.toml, or 0 for any that is free."
        )
    return ConfigFault(f"Nobody can listen on {host}, port {port}: {error.strerror}. {advice}")


async def _nowhere(request: web.Request) -> web.Response:
    sentence = f"There is nothing at {request.path[:200]}."
    body = msgspec.json.encode({"error": sentence})
    return web.Response(status=404, body=body, content_type="application/json")
