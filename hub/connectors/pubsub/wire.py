"""A channel to the Pub/Sub API, and the calls on it that the hub makes.

The methods are named here instead of in a generated stub: there are three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

import grpc
import grpc.aio
import msgspec

from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from google.protobuf.message import Message

    Stream: TypeAlias = grpc.aio.StreamStreamCall[Message, wire.FetchResponse]

ADDRESS = "grpcs://api.pubsub.salesforce.com:7443"
SERVICE = "eventbus.v1.PubSub"
MESSAGE_BYTES_MAX = 16 * 2**20
"""The vendor sends up to 4 MB, which is also where the library would stop by itself."""

ANSWER_SECONDS_MAX = 30.0
KEEPALIVE_SECONDS = 300
"""A server may hang up on who asks more often; it does not prove that a stream lives, anyway."""

_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.keepalive_time_ms", KEEPALIVE_SECONDS * 1000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Each stream has a connection of its own: what happens to one happens to no other.
    ("grpc.use_local_subchannel_pool", 1),
)


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """As whom the stream is opened: it is fixed then, a new token is a new stream."""

    token: Secret
    instance_url: str
    tenant: str

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (
            ("accesstoken", self.token.reveal()),
            ("instanceurl", self.instance_url),
            ("tenantid", self.tenant),
        )


def opened(address: str) -> grpc.aio.Channel:
    """Open a channel; that a token may go over it was seen when the settings were read."""
    place = urlsplit(address)
    if place.scheme == "grpcs":
        return grpc.aio.secure_channel(
            place.netloc, grpc.ssl_channel_credentials(), options=_OPTIONS
        )
    return grpc.aio.insecure_channel(place.netloc, options=_OPTIONS)


def subscribe(channel: grpc.aio.Channel, login: Login) -> Stream:
    """Open a stream of one topic."""
    method = channel.stream_stream(
        f"/{SERVICE}/Subscribe",
        request_serializer=wire.FetchRequest.SerializeToString,
        response_deserializer=wire.FetchResponse.FromString,
    )
    return method(metadata=login.metadata)


async def schema(channel: grpc.aio.Channel, login: Login, schema_id: str) -> str:
    """Ask for the text of a schema."""
    method = channel.unary_unary(
        f"/{SERVICE}/GetSchema",
        request_serializer=wire.SchemaRequest.SerializeToString,
        response_deserializer=wire.SchemaInfo.FromString,
    )
    request = wire.SchemaRequest(schema_id=schema_id)
    info = await method(request, metadata=login.metadata, timeout=ANSWER_SECONDS_MAX)
    return info.schema_json


async def may_listen(channel: grpc.aio.Channel, login: Login, topic: str) -> bool:
    """Ask whether a topic is there and may be listened to."""
    method = channel.unary_unary(
        f"/{SERVICE}/GetTopic",
        request_serializer=wire.TopicRequest.SerializeToString,
        response_deserializer=wire.TopicInfo.FromString,
    )
    request = wire.TopicRequest(topic_name=topic)
    info = await method(request, metadata=login.metadata, timeout=ANSWER_SECONDS_MAX)
    return info.can_subscribe
