"""What watches the hub from outside: `/metrics`, `/healthz` (alive) and `/readyz` (of use)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

READY_SECONDS_MAX = 2.0
"""How long `/readyz` waits for its answer: less than the usual patience of a probe, 3 s or more."""

logger = logging.getLogger(__name__)


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must hold for the hub to be of use, and how it was found."""

    met: bool
    found: str


def routes(ready: Callable[[], Awaitable[dict[str, Condition]]]) -> list[web.RouteDef]:
    """Give the routes; `ready` looks at every condition anew."""

    async def readyz(_: web.Request) -> web.Response:
        conditions = await _looked_at(ready)
        met = all(condition.met for condition in conditions.values())
        return _json({"ready": met, "conditions": conditions}, status=200 if met else 503)

    return [
        web.get("/metrics", _metrics),
        web.get("/healthz", _healthz),
        web.get("/readyz", readyz),
    ]


async def _healthz(_: web.Request) -> web.Response:
    return _json({"alive": True}, status=200)


async def _metrics(request: web.Request) -> web.Response:
    # Loaded at the first question: most commands are never asked.
    from hub.observe.exposition import exposition  # noqa: PLC0415

    body, content_type = exposition(request.headers.get("Accept", ""))
    return web.Response(body=body, headers={"Content-Type": content_type})


async def _looked_at(
    ready: Callable[[], Awaitable[dict[str, Condition]]],
) -> dict[str, Condition]:
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            return await ready()
    except TimeoutError:
        found = f"the conditions could not be looked at within {READY_SECONDS_MAX:g} s"
    except Exception:
        # A probe must be told "no", not be given a stack trace.
        logger.exception("The conditions for being ready could not be looked at.")
        found = "the conditions could not be looked at; the log says why"
    return {"answer": Condition(met=False, found=found)}


def _json(value: object, *, status: int) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), status=status, content_type="application/json"
    )
