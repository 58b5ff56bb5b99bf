"""A topic as the roads see it: read on from a place, and told in batches, each with its place.

The place is the vendor's opaque replay id, and the moment up to which everything was told: from
there all is read if the vendor ever loses the place. A stream that is read for the first time
begins at the newest event, and has what changed meanwhile read.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import grpc
import grpc.aio
import msgspec

from hub.connectors.clock import RealClock
from hub.connectors.connector import NotRead, Through, Told
from hub.connectors.oauth import ConnectionDead, Token
from hub.connectors.outcome import Refused
from hub.connectors.pubsub import pubsub_pb2 as messages
from hub.connectors.pubsub.change import changed, in_order
from hub.connectors.pubsub.fault import TokenDead, ended, later
from hub.connectors.pubsub.schema import Schemas
from hub.connectors.pubsub.subscribe import follow
from hub.connectors.pubsub.tenant import tenant
from hub.connectors.pubsub.told import told
from hub.connectors.pubsub.wire import Login, may_listen, opened, schema, subscribe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from hub.connectors.clock import Clock
    from hub.connectors.http import Vendor
    from hub.connectors.pubsub.change import Changed

UNREADABLE = "an event could not be read"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Behind which event to go on: one, the oldest there is (empty), or the newest (none)."""

    replay: bytes | None
    at: datetime
    """Up to this moment everything was told."""

    @property
    def request(self) -> messages.FetchRequest:
        if self.replay is None:
            return messages.FetchRequest(replay_preset=messages.LATEST)
        if not self.replay:
            return messages.FetchRequest(replay_preset=messages.EARLIEST)
        return messages.FetchRequest(replay_preset=messages.CUSTOM, replay_id=self.replay)

    @property
    def cursor(self) -> str:
        return msgspec.json.encode(self).decode()


class Topics:
    """The topics of one organisation."""

    def __init__(
        self, address: str, *, silence_seconds_max: float, clock: Clock | None = None
    ) -> None:
        self._address = address
        self.silence_seconds_max = silence_seconds_max
        self._schemas = Schemas()
        self._clock = clock or RealClock()

    async def stream(self, vendor: Vendor, topic: str, cursor: str) -> AsyncGenerator[Told, None]:
        """Tell what happened behind a place, over as many streams as there are tokens."""
        place = msgspec.json.decode(cursor, type=Place)
        token, is_fresh = await self._token(vendor), False
        while True:
            login = await _login(vendor, token)
            try:
                async with (
                    opened(self._address) as channel,
                    aclosing(self._read(channel, login, topic, place)) as batches,
                ):
                    async for behind, batch in batches:
                        place, is_fresh = behind, False
                        yield batch
            except TokenDead as dead:
                if is_fresh:  # and of no use: another would be no better
                    raise later(f"{dead}", self._clock.now()) from dead
                token, is_fresh = await self._token(vendor, dead=token), True

    async def why_deaf(self, vendor: Vendor, topic: str) -> str:
        """Give why a topic cannot be listened to; empty: it can."""
        try:
            login = await _login(vendor, await self._token(vendor))
            async with opened(self._address) as channel:
                if await may_listen(channel, login, topic):
                    return ""
        except grpc.aio.AioRpcError as error:
            return f"{ended(error, self._clock.now(), self._clock.now())}"
        except NotRead as error:
            return f"{error}"
        return f"The hub's user may not listen to {topic}."

    async def _read(
        self, channel: grpc.aio.Channel, login: Login, topic: str, place: Place
    ) -> AsyncGenerator[tuple[Place, Told], None]:
        """Give what one stream brings, and the place behind each of it."""
        begin = place.request
        begin.topic_name = topic
        stream = subscribe(channel, login)
        try:
            async with aclosing(
                follow(
                    stream,
                    begin,
                    silence_seconds_max=self.silence_seconds_max,
                    clock=self._clock,
                )
            ) as responses:
                async for response in responses:
                    events = await self._events(channel, login, response)
                    batch = _batch(place, response, events)
                    place = msgspec.json.decode(batch.cursor, type=Place)
                    yield place, batch
        except grpc.aio.AioRpcError as error:
            raise ended(error, place.at, self._clock.now()) from error
        finally:
            stream.cancel()

    async def _events(
        self, channel: grpc.aio.Channel, login: Login, response: messages.FetchResponse
    ) -> list[Changed | None]:
        """Read each event with its own schema; None for one that cannot be read."""

        async def ask(schema_id: str) -> str:
            try:
                return await schema(channel, login, schema_id)
            except grpc.aio.AioRpcError as error:
                if error.code() is grpc.StatusCode.NOT_FOUND:
                    raise ValueError(f"there is no schema {schema_id}") from error
                raise

        events: list[Changed | None] = []
        for one in response.events:
            try:
                written_in = await self._schemas.of(one.event.schema_id, ask)
                events.append(changed(written_in, one.event.payload))
            except (ValueError, msgspec.ValidationError):
                events.append(None)
        return events

    async def _token(self, vendor: Vendor, dead: Token | None = None) -> Token:
        try:
            token = await vendor.token(dead.text if dead else None)
        except ConnectionDead as error:
            refused = Refused(sentence=f"{error}", because="authorisation", reason=error.reason)
            raise NotRead(refused) from error
        if not isinstance(token, Token):
            raise NotRead(token)
        return token


async def _login(vendor: Vendor, token: Token) -> Login:
    organisation = await tenant(vendor, token.text)
    return Login(token=token.text, instance_url=token.base_url, tenant=organisation)


def begin(now: datetime) -> str:
    return Place(replay=None, at=now).cursor


def earliest(cursor: str) -> str:
    place = msgspec.json.decode(cursor, type=Place)
    return msgspec.structs.replace(place, replay=b"").cursor


def _batch(place: Place, response: messages.FetchResponse, read: Sequence[Changed | None]) -> Told:
    events = in_order([one for one in read if one is not None])
    heard, through = told(events)
    if len(events) < len(read):
        through.append(Through(since=place.at, reason=UNREADABLE))
    if place.replay is None:
        through.append(Through(since=place.at))
    return Told(
        cursor=_behind(place, response, events).cursor,
        heard=heard,
        through=_all_of(through),
    )


def _behind(place: Place, response: messages.FetchResponse, events: Sequence[Changed]) -> Place:
    """Give the place behind a response: an empty one moves it, or a quiet topic outlives it."""
    last = response.events[-1].replay_id if response.events else response.latest_replay_id
    return Place(
        replay=last or place.replay,
        at=max([place.at, *(one.header.committed for one in events)]),
    )


def _all_of(through: Sequence[Through]) -> Through | None:
    """Give one that holds all of these."""
    if not through:
        return None
    since = [one.since for one in through]
    moments = [one for one in since if one is not None]
    reasons = dict.fromkeys(one.reason for one in through if one.reason)
    return Through(
        since=min(moments) if len(moments) == len(since) else None, reason="; ".join(reasons)
    )
