"""One topic, followed until its stream ends: more is asked for before anything is done with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.connectors.pubsub.fault import later

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from hub.connectors.clock import Clock
    from hub.connectors.pubsub.wire import Stream

DEMAND_MAX = 100
"""The vendor sends no more ahead, however much is asked for."""

REPLENISH_AT = DEMAND_MAX // 2


async def follow(
    stream: Stream, begin: wire.FetchRequest, *, silence_seconds_max: float, clock: Clock
) -> AsyncGenerator[wire.FetchResponse, None]:
    """Give what comes; NotRead once nothing came for too long, for a stream may die unheard."""
    begin.num_requested = DEMAND_MAX
    await _ask(stream, begin)
    while True:
        response = await _next(stream, silence_seconds_max, clock.now())
        pending = response.pending_num_requested
        if pending <= REPLENISH_AT:
            # Who is slow to ask again is hung up on, and keeping may take long.
            more = wire.FetchRequest(
                topic_name=begin.topic_name, num_requested=DEMAND_MAX - pending
            )
            await _ask(stream, more)
        yield response


async def _ask(stream: Stream, request: wire.FetchRequest) -> None:
    """Ask for more; where the stream has ended already, reading says why.

    A stream that ends while something is being sent may not say it: it is tried again then.
    """
    with suppress(asyncio.InvalidStateError):
        await stream.write(request)


async def _next(stream: Stream, seconds_max: float, now: datetime) -> wire.FetchResponse:
    try:
        async with asyncio.timeout(seconds_max):
            response = await stream.read()
    except TimeoutError as error:
        raise later(f"The stream said nothing for {seconds_max:g} s.", now) from error
    if not isinstance(response, wire.FetchResponse):  # the end of it
        raise later("The vendor ended the stream.", now)
    return response
