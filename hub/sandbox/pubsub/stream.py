"""One open stream: how far it was sent, how much more was asked for, and why it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.sandbox.pubsub import refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.sandbox.pubsub.pubsub import PubSub
    from hub.sandbox.pubsub.refusal import Refusal
    from hub.sandbox.pubsub.topic import Kept, Topic

DEMAND_MAX = 100
LOOK_SECONDS = 1.0
"""How soon a stream notices that its login has died."""


class Stream:
    """One open stream: how far it was sent, and how much more was asked for."""

    def __init__(
        self, pubsub: PubSub, topic: Topic, begin: int, first: wire.FetchRequest, token: str
    ) -> None:
        self._pubsub = pubsub
        self._topic = topic
        self._name = first.topic_name
        self._at = begin
        self._token = token
        self._demand = min(first.num_requested, DEMAND_MAX)
        self._wrong: Refusal | None = None
        self._silent, self._cut = pubsub.silent, pubsub.cut
        self._asked = asyncio.Event()
        self._sent = self._dry = asyncio.get_running_loop().time()
        self._again: wire.FetchResponse | None = None

    async def hear(self, requests: AsyncIterator[wire.FetchRequest]) -> None:
        """Take in what else is asked for."""
        async for request in requests:
            if request.topic_name not in ("", self._name):
                self._wrong = refusal.OTHER_TOPIC
            elif request.num_requested <= 0:
                self._wrong = refusal.NO_DEMAND
            self._demand = min(self._demand + request.num_requested, DEMAND_MAX)
            self._asked.set()

    async def next(self) -> wire.FetchResponse | Refusal:
        """Wait for what is to be sent next, or for the reason why the stream ends."""
        while True:
            moved = self._pubsub.moved
            if (ready := self._ready()) is not None:
                return ready
            self._asked.clear()
            await self._wait(moved)

    def _ready(self) -> wire.FetchResponse | Refusal | None:
        if self._silent != self._pubsub.silent:
            return None  # for good, and nobody is told
        now = asyncio.get_running_loop().time()
        return self._ended(now) or (self._response(now) if self._demand else None)

    def _ended(self, now: float) -> Refusal | None:
        if self._cut != self._pubsub.cut:
            return refusal.HUNG_UP
        if self._wrong is not None:
            return self._wrong
        if not self._pubsub.sessions.is_alive(self._token):
            return refusal.NOT_LOGGED_IN
        is_dry = self._demand == 0 and now - self._dry >= self._pubsub.quirks.unasked_seconds
        return refusal.HUNG_UP if is_dry else None

    def _response(self, now: float) -> wire.FetchResponse | None:
        if self._again is not None:
            response, self._again = self._again, None
            return response
        if events := self._topic.behind(self._at, self._demand):
            return self._batch(events, now)
        if now - self._sent >= self._pubsub.quirks.alive_seconds:
            self._sent = now
            return wire.FetchResponse(
                latest_replay_id=self._topic.here(), pending_num_requested=self._demand
            )
        return None

    def _batch(self, events: list[Kept], now: float) -> wire.FetchResponse:
        self._at = events[-1].number
        self._demand -= len(events)
        self._sent = self._dry = now
        response = wire.FetchResponse(
            events=[wire.ConsumerEvent(event=one.event, replay_id=one.replay) for one in events],
            latest_replay_id=events[-1].replay,
            pending_num_requested=self._demand,
        )
        if self._pubsub.org.world.faults.of_stream("stream_duplicated"):
            self._again = response
        return response

    async def _wait(self, moved: asyncio.Event) -> None:
        """Wait until something is asked or published, or time has passed."""
        quirks = self._pubsub.quirks
        seconds = min(quirks.alive_seconds, quirks.unasked_seconds, LOOK_SECONDS)
        waits = [asyncio.ensure_future(one.wait()) for one in (moved, self._asked)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
