"""One port for all played systems, for the control API beside them, and for the page.

Whatever comes in is recorded, and is answered by the system whose path it is, unless the fault dial
says that something goes wrong with it. While it runs, the clock ticks, hooks are posted, and people
are at work if the world says so.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from hub.errors import Refused
from hub.sandbox.control import Control
from hub.sandbox.page import pages
from hub.sandbox.post import Poster, is_there
from hub.sandbox.pubsub import PubSub, Streams, serving
from hub.sandbox.respond import drop, respond
from hub.sandbox.system import Answer, AsksFirst, InFlight, Listening, Request, System
from hub.sandbox.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence

    from hub.sandbox.faults import Fault
    from hub.sandbox.world import Call, World

HOST = "127.0.0.1"
PORT = 8900
BODY_BYTES_MAX = 64 * 2**20
TICK_SECONDS = 0.05
STOP_SECONDS_MAX = 1.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    world: World,
    systems: Sequence[System],
    *,
    host: str = HOST,
    port: int = PORT,
    streams: Streams | None = None,
) -> AsyncIterator[str]:
    """Serve these systems until the end of the block; gives the base URL. Port 0 takes any.

    With `streams`, what Salesforce tells over gRPC is served beside it.
    """
    poster, traffic = Poster(world), Traffic(world, systems)
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    app.add_routes([*Control(world, systems, poster, traffic).routes(), *pages(systems)])
    app.add_routes([web.route("*", "/{path:.*}", Desk(world, systems).take)])
    runner = web.AppRunner(
        app, access_log=None, auto_decompress=False, shutdown_timeout=STOP_SECONDS_MAX
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await _start(site, host, port)
        async with AsyncExitStack() as beside:
            for system in systems:
                if isinstance(system, Listening):
                    await beside.enter_async_context(system.listening(host, any_port=port == 0))
            for at_work in (
                poster.posting(),
                _beside(_tick(world)),
                _beside(traffic.flow()),
                _streaming(systems, host, streams),
            ):
                await beside.enter_async_context(at_work)
            yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _streaming(
    systems: Sequence[System], host: str, streams: Streams | None
) -> AsyncIterator[None]:
    pubsub = next((one for one in systems if isinstance(one, PubSub)), None)
    if pubsub is None or streams is None:
        yield
        return
    async with serving(pubsub, host, streams):
        yield


class Desk:
    """Takes calls in, and hands each to the system it is for."""

    def __init__(self, world: World, systems: Sequence[System]) -> None:
        self._world = world
        self._by_prefix = sorted(
            ((prefix.rstrip("/"), system) for system in systems for prefix in system.prefixes),
            key=lambda pair: -len(pair[0]),
        )

    async def take(self, http: web.Request) -> web.StreamResponse:
        system = self._system_of(http.path)
        if system is None:
            return _nobody(http.path, [prefix for prefix, _ in self._by_prefix])
        came = self._world.step()
        request = await _read(http)
        in_flight = system if isinstance(system, InFlight) else None
        if in_flight:
            in_flight.begin(request)
        try:
            return await self._answer(http, system, request, came)
        finally:
            if in_flight:
                in_flight.end(request)

    async def _answer(
        self, http: web.Request, system: System, request: Request, came: int
    ) -> web.StreamResponse:
        self._world.clock.tick()
        fault = self._world.faults.of_call(system.name, request.method, request.path)
        kind = fault.fault if fault else None
        if kind == "connection_refused":
            self._record(system, request, 0, came)
            return drop(http)
        url = system.asks_first(request) if isinstance(system, AsksFirst) else None
        if isinstance(system, AsksFirst) and url and not await is_there(url):
            system.not_answered()
        answer = _ask(system, request, fault)
        call = self._record(system, request, answer.status, came)
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        call.went = self._world.step()
        if kind == "answer_lost":
            return drop(http)
        return respond(answer)

    def _system_of(self, path: str) -> System | None:
        for prefix, system in self._by_prefix:
            if path == prefix or path.startswith(f"{prefix}/"):
                return system
        return None

    def _record(self, system: System, request: Request, status: int, came: int) -> Call:
        return self._world.record(
            system=system.name,
            method=request.method,
            path=request.path,
            query=request.query_string,
            status=status,
            body=request.body.decode("utf-8", "replace"),
            came=came,
        )


def _ask(system: System, request: Request, fault: Fault | None) -> Answer:
    """Have it answered; what a system fails at is an answer too, so that the caller may go on."""
    try:
        if fault and fault.fault in ("http_500", "http_503", "rate_limited", "token_expired"):
            return system.fault(fault.fault)
        return system.answer(request)
    except Exception as error:  # noqa: BLE001 - it goes on all the same
        _log.exception("%s failed at %s %s.", system.name, request.method, request.path)
        sentence = f"The sandbox itself failed here, which is its mistake: {error!r}"
        return Answer(status=500, body={"error": sentence})


async def _read(http: web.Request) -> Request:
    return Request(
        method=http.method,
        path=http.path,
        query=tuple(http.query.items()),
        query_string=http.rel_url.raw_query_string,
        headers={name.lower(): value for name, value in http.headers.items()},
        body=await http.read(),
        base=f"{http.scheme}://{http.host}",
    )


def _nobody(path: str, prefixes: list[str]) -> web.Response:
    body = {
        "error": f"Nothing in the sandbox answers to {path[:200]}.",
        "expected": f"a path that begins with one of {', '.join(sorted(prefixes))}, or /_sandbox",
    }
    return respond(Answer(status=404, body=body))


async def _start(site: web.TCPSite, host: str, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Refused(
            f"The sandbox wants port {port} on {host}, and something else listens there. "
            f"Stop that, or give another port: --port {port + 1}"
        ) from error


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tick(world: World) -> None:
    while True:
        world.clock.tick()
        await asyncio.sleep(TICK_SECONDS)
