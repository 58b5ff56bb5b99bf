"""The vendor's errors: a gRPC status, and its own code in the trailing metadata."""

from __future__ import annotations

import grpc
import msgspec

PREFIX = "sfdc.platform.eventbus.grpc."


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    status: grpc.StatusCode
    code: str
    text: str


CORRUPTED = Refusal(
    status=grpc.StatusCode.INVALID_ARGUMENT,
    code="subscription.fetch.replayid.corrupted",
    text="The Replay ID validation failed. Ensure that the Replay ID is valid.",
)
NO_REPLAY = Refusal(
    status=grpc.StatusCode.INVALID_ARGUMENT,
    code="subscription.fetch.replayid.validation.failed",
    text="A custom replay needs a Replay ID.",
)
NO_DEMAND = Refusal(
    status=grpc.StatusCode.INVALID_ARGUMENT,
    code="subscription.fetch.requested.events.invalid",
    text="The number of requested events must be positive.",
)
OTHER_TOPIC = Refusal(
    status=grpc.StatusCode.INVALID_ARGUMENT,
    code="subscription.fetch.topic.invalid",
    text="The topic of a stream cannot be changed.",
)
UNAVAILABLE = Refusal(
    status=grpc.StatusCode.INTERNAL,
    code="service.unavailable",
    text="The service is unavailable. Try again later.",
)
NOT_LOGGED_IN = Refusal(
    status=grpc.StatusCode.UNAUTHENTICATED,
    code="service.auth.error",
    text="An authentication exception occurred.",
)
NO_TOPIC = Refusal(
    status=grpc.StatusCode.NOT_FOUND, code="topic.notfound", text="The topic was not found."
)
NO_SCHEMA = Refusal(
    status=grpc.StatusCode.NOT_FOUND, code="schema.notfound", text="The schema was not found."
)
HUNG_UP = Refusal(
    status=grpc.StatusCode.UNAVAILABLE, code="", text="RST_STREAM closed stream. NO_ERROR"
)
