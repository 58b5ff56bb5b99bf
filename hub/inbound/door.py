"""What every way in over HTTP does: take a body, answer once it is durable, say what is wrong."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from hub import observe
from hub.errors import EventRefused, HubError, LogFull
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

READ_SECONDS_MAX = 60.0
"""How long a sender may take to send a body."""

_OUTCOMES = {401: "unsigned", 404: "unknown", 405: "refused", 408: "slow", 413: "too large"}

_log = logging.getLogger(__name__)


async def answered(
    request: web.Request,
    road: str,
    connection: str | None,
    take: Callable[[str], Awaitable[web.Response]],
) -> web.Response:
    """Have a request taken in, given the trace it is in; measure it, and answer in any case."""
    started = time.perf_counter()
    parent = request.headers.get("traceparent")
    with observe.span("receive", parent, kind="server", road=road) as span:
        try:
            answer = await take(span.traceparent)
            outcome = "kept"
        except (HubError, TimeoutError) as error:
            answer = _refusal(error)
            outcome = _OUTCOMES.get(answer.status) or _outcome(answer.status)
            span.set(outcome=outcome)
    metrics.intake.add(connection=connection or "(unknown)", outcome=outcome)
    metrics.intake_seconds.record(time.perf_counter() - started)
    return answer


async def body_of(request: web.Request, bytes_max: int) -> bytes:
    """Read the body, if it is not too large, and comes in time."""
    too_large = EventRefused(
        f"At most {bytes_max:,} bytes are taken (log.event_bytes_max).", status=413
    )
    if (request.content_length or 0) > bytes_max:
        raise too_large
    try:
        if request.content.is_eof():  # the usual case: it came together with the head
            return await request.read()
        async with asyncio.timeout(READ_SECONDS_MAX):
            return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large from error
    except TimeoutError as error:
        raise EventRefused(
            f"The body did not come within {READ_SECONDS_MAX:g} s.", status=408
        ) from error


def refused(status: int, sentence: str, *, retry_after_seconds: int | None = None) -> web.Response:
    """Answer with a sentence."""
    answer = web.Response(
        status=status,
        body=msgspec.json.encode({"error": sentence}),
        content_type="application/json",
    )
    if retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(retry_after_seconds)
    return answer


def _refusal(error: HubError | TimeoutError) -> web.Response:
    match error:
        case EventRefused():
            return refused(error.status, str(error))
        case LogFull():
            return refused(503, str(error), retry_after_seconds=error.retry_after_seconds)
        case TimeoutError():
            sentence = (
                "It was not durable in time, and may still be kept. Send the same again: if it "
                "was kept by then, it is not kept twice."
            )
        case _:
            _log.error("What was sent was not kept: %s", error)
            sentence = "It was not kept; the hub's log says why. Send the same again later."
    return refused(503, sentence, retry_after_seconds=1)


def _outcome(status: int) -> str:
    return "later" if status == 503 else "refused"  # noqa: PLR2004
