"""Streams in process: the hub's own calls and the played service, and nothing waits between."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import grpc
import grpc.aio
import pytest

from hub.connectors.pubsub import pubsub_pb2 as messages
from hub.connectors.pubsub.wire import Login, may_listen, subscribe
from hub.sandbox.pubsub import PubSub
from hub.sandbox.pubsub.service import Service
from hub.sandbox.salesforce import Salesforce
from hub.sandbox.salesforce.fresh import API_USER, ORG_ID
from hub.sandbox.world import World
from hub.settings import Secret
from hub.simulate.played_time import PlayedClock, run_played
from hub.simulate.streams import Channel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TOPIC = "/data/AccountChangeEvent"


def played(act: Callable[[Salesforce, grpc.aio.Channel, Login], Awaitable[None]]) -> float:
    """Do something with an organisation and a channel to it; gives how much time was played."""
    clock = PlayedClock(datetime(2026, 3, 2, tzinfo=UTC))

    async def play(_: object) -> float:
        salesforce = Salesforce(World())
        channel = Channel(Service(PubSub(salesforce.org, salesforce.sessions)))
        token = Secret(salesforce.sessions.open(API_USER).token)
        login = Login(token=token, instance_url="http://sandbox.example", tenant=ORG_ID)
        await act(salesforce, cast("grpc.aio.Channel", channel), login)
        return clock.monotonic()

    return run_played(clock, play)


def test_what_is_committed_comes_over_the_stream_and_no_time_passes() -> None:
    async def listen(salesforce: Salesforce, channel: grpc.aio.Channel, login: Login) -> None:
        assert await may_listen(channel, login, TOPIC)
        stream = subscribe(channel, login)
        await stream.write(messages.FetchRequest(topic_name=TOPIC, num_requested=5))
        alive = await stream.read()
        salesforce.act("create", "Account", "", {"Name": "Velm"})
        told = await stream.read()
        assert isinstance(alive, messages.FetchResponse)
        assert isinstance(told, messages.FetchResponse)
        assert (len(alive.events), len(told.events)) == (0, 1)
        stream.cancel()

    assert played(listen) < 61  # the stream says after a minute that it lives, and then at once


def test_a_stream_ends_as_the_vendor_says_and_writing_to_it_says_so_too() -> None:
    async def listen(salesforce: Salesforce, channel: grpc.aio.Channel, login: Login) -> None:
        salesforce.act("end_session", "", "", {})
        stream = subscribe(channel, login)
        await stream.write(messages.FetchRequest(topic_name=TOPIC, num_requested=5))
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await stream.read()
        assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert "auth.error" in str(dict(ended.value.trailing_metadata() or ()))

    played(listen)
