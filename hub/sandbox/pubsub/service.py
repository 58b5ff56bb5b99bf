"""The calls of the Pub/Sub API that listeners make: topics, schemas, and streams of events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

import grpc
import grpc.aio

from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.sandbox.pubsub import refusal
from hub.sandbox.pubsub.stream import Stream
from hub.sandbox.salesforce.fresh import ORG_ID

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import TypeAlias

    from hub.sandbox.pubsub.pubsub import PubSub
    from hub.sandbox.pubsub.refusal import Refusal
    from hub.sandbox.pubsub.topic import Topic

    Context: TypeAlias = grpc.aio.ServicerContext[object, object]

SERVICE = "eventbus.v1.PubSub"
ORG_ID_CHARACTERS = 15


class Service:
    """Answers over gRPC for one played organisation."""

    def __init__(self, pubsub: PubSub) -> None:
        self._pubsub = pubsub

    def handler(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            SERVICE,
            {
                "Subscribe": grpc.stream_stream_rpc_method_handler(
                    self.subscribe,
                    request_deserializer=wire.FetchRequest.FromString,
                    response_serializer=wire.FetchResponse.SerializeToString,
                ),
                "GetSchema": grpc.unary_unary_rpc_method_handler(
                    self.schema,
                    request_deserializer=wire.SchemaRequest.FromString,
                    response_serializer=wire.SchemaInfo.SerializeToString,
                ),
                "GetTopic": grpc.unary_unary_rpc_method_handler(
                    self.topic,
                    request_deserializer=wire.TopicRequest.FromString,
                    response_serializer=wire.TopicInfo.SerializeToString,
                ),
            },
        )

    async def schema(self, request: wire.SchemaRequest, context: Context) -> wire.SchemaInfo:
        await self._check_login(context, "GetSchema")
        found = self._pubsub.schemas.get(request.schema_id)
        if found is None:
            await self._refuse(context, "GetSchema", refusal.NO_SCHEMA)
        return wire.SchemaInfo(schema_json=found.text, schema_id=found.id, rpc_id=self._rpc_id())

    async def topic(self, request: wire.TopicRequest, context: Context) -> wire.TopicInfo:
        await self._check_login(context, "GetTopic")
        found = self._pubsub.topic(request.topic_name)
        if found is None:
            await self._refuse(context, "GetTopic", refusal.NO_TOPIC)
        return wire.TopicInfo(
            topic_name=request.topic_name,
            tenant_guid=f"core/sandbox/{ORG_ID}",
            can_subscribe=True,
            schema_id=self._pubsub.schema(found.entity).id,
            rpc_id=self._rpc_id(),
        )

    async def subscribe(
        self, requests: AsyncIterator[wire.FetchRequest], context: Context
    ) -> AsyncIterator[wire.FetchResponse]:
        """Send what was asked for, until something is wrong."""
        # Whoever is refused before anything was asked may never see why.
        first = await anext(aiter(requests))
        await self._check_login(context, "Subscribe")
        if self._pubsub.org.world.faults.of_stream("stream_unavailable"):
            await self._refuse(context, "Subscribe", refusal.UNAVAILABLE)
        topic = self._pubsub.topic(first.topic_name)
        if topic is None:
            await self._refuse(context, "Subscribe", refusal.NO_TOPIC)
        begin = _begin(topic, first)
        if not isinstance(begin, int):
            await self._refuse(context, "Subscribe", begin)
        stream = Stream(self._pubsub, topic, begin, first, _token(context))
        asking = asyncio.create_task(stream.hear(requests))
        try:
            while True:
                found = await stream.next()
                if isinstance(found, wire.FetchResponse):
                    found.rpc_id = self._rpc_id()
                    yield found
                else:
                    await self._refuse(context, "Subscribe", found)
        finally:
            asking.cancel()

    async def _check_login(self, context: Context, call: str) -> None:
        said = dict(context.invocation_metadata() or ())
        tenant = str(said.get("tenantid", ""))
        is_ours = len(tenant) >= ORG_ID_CHARACTERS and ORG_ID.startswith(tenant)
        alive = self._pubsub.sessions.is_alive(_token(context))
        if not (is_ours and alive and said.get("instanceurl")):
            await self._refuse(context, call, refusal.NOT_LOGGED_IN)

    async def _refuse(self, context: Context, call: str, why: Refusal) -> NoReturn:
        rpc_id = self._rpc_id()
        named = (("error-code", refusal.PREFIX + why.code),) if why.code else ()
        await context.abort(
            why.status, f"{why.text} rpcId: {rpc_id}", (*named, ("rpc-id", rpc_id), ("type", call))
        )

    def _rpc_id(self) -> str:
        return str(UUID(bytes=self._pubsub.org.world.random.randbytes(16), version=4))


def _begin(topic: Topic, first: wire.FetchRequest) -> int | Refusal:
    """Give the number behind which a stream begins."""
    if first.num_requested <= 0:
        return refusal.NO_DEMAND
    if first.replay_preset == wire.LATEST:
        return topic.newest
    if first.replay_preset == wire.EARLIEST:
        return topic.oldest
    if not first.replay_id:
        return refusal.NO_REPLAY
    number = topic.number(first.replay_id)
    return refusal.CORRUPTED if number is None else number


def _token(context: Context) -> str:
    said = dict(context.invocation_metadata() or ())
    return str(said.get("accesstoken", ""))
