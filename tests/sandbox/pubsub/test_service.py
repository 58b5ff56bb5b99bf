"""The played Pub/Sub API keeps to what the vendor's pages say, whoever listens."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hub.connectors.pubsub import pubsub_pb2 as wire
from hub.connectors.pubsub.schema import Schema
from hub.connectors.pubsub.wire import SERVICE, may_listen, subscribe
from hub.connectors.pubsub.wire import Login as Opened
from hub.connectors.pubsub.wire import schema as ask_schema
from hub.sandbox.pubsub import Streams, serving
from hub.sandbox.pubsub.topic import KEPT
from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.fresh import ORG_ID
from hub.settings import Secret
from tests.sandbox.pubsub.org import TOPIC, USER, Org, an_org

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PREFIX = "sfdc.platform.eventbus.grpc."
HOURS = KEPT.total_seconds() + 3_600


def self_signed(place: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = place / "certificate.pem", place / "key.pem"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


class Listener:
    """A stream, as anybody opens one."""

    def __init__(self, org: Org, channel: grpc.aio.Channel, login: Opened) -> None:
        self.org = org
        self.channel = channel
        self.login = login
        self.stream = subscribe(channel, login)

    async def ask(self, count: int, **how: Any) -> None:
        # One that has ended already says why when it is read.
        with suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            await self.stream.write(wire.FetchRequest(num_requested=count, **how))

    async def next(self) -> wire.FetchResponse:
        response = await self.stream.read()
        assert isinstance(response, wire.FetchResponse)
        return response

    async def ids(self, count: int) -> list[bytes]:
        found: list[bytes] = []
        while len(found) < count:
            found += [one.replay_id for one in (await self.next()).events]
        return found

    async def end(self) -> tuple[grpc.StatusCode, str]:
        """Give how the stream ends: its status, and the vendor's code."""
        error = await self._error()
        codes = [value for key, value in error.trailing_metadata() or () if key == "error-code"]
        return error.code(), "".join(map(str, codes)).removeprefix(PREFIX)

    async def _error(self) -> grpc.aio.AioRpcError:
        while True:
            try:
                await self.next()
            except grpc.aio.AioRpcError as error:
                return error


@asynccontextmanager
async def listening(org: Org, **said: Any) -> AsyncIterator[Listener]:
    token = said.pop("token", None) or org.sessions.open(USER).token
    login = Opened(
        token=Secret(token), instance_url="http://127.0.0.1", tenant=said.pop("tenant", ORG_ID)
    )
    async with grpc.aio.insecure_channel(org.address.removeprefix("grpc://")) as channel:
        yield Listener(org, channel, login)


async def test_no_more_is_sent_ahead_than_a_hundred_whatever_is_asked_for() -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(80, topic_name=TOPIC)
        await listener.ask(80)
        await asyncio.sleep(0.1)
        for number in range(130):
            org.make(Name=f"{number}")

        sent, pending = 0, 100
        while pending:
            response = await listener.next()
            sent, pending = sent + len(response.events), response.pending_num_requested

        assert sent == 100


async def test_a_replay_id_leads_to_what_came_behind_it_and_ids_leap() -> None:
    async with an_org() as org:
        async with listening(org) as listener:
            await listener.ask(10, topic_name=TOPIC)
            await listener.next()  # it is open
            for number in range(5):
                org.make(Name=f"{number}")
            ids = await listener.ids(5)
        async with listening(org) as again:
            await again.ask(10, topic_name=TOPIC, replay_preset=wire.CUSTOM, replay_id=ids[2])

            assert await again.ids(2) == ids[3:]
        numbers = [int.from_bytes(one[:8], "big") for one in ids]
        assert max(after - before for before, after in zip(numbers, numbers[1:])) > 1  # noqa: B905, RUF007


async def test_a_stream_without_events_says_that_it_lives_and_where_it_is() -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(1, topic_name=TOPIC)

        first, second = await listener.next(), await listener.next()

        assert not first.events
        assert first.latest_replay_id != second.latest_replay_id


@pytest.mark.parametrize("malformed", [b"\0" * 12, b"42", b"\xff" * 40])
async def test_a_replay_id_that_was_never_given_is_corrupted(malformed: bytes) -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(1, topic_name=TOPIC, replay_preset=wire.CUSTOM, replay_id=malformed)

        assert await listener.end() == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "subscription.fetch.replayid.corrupted",
        )


async def test_after_72_hours_an_id_is_stale_and_the_oldest_that_is_kept_is_younger() -> None:
    async with an_org() as org:
        org.make(Name="old")
        async with listening(org) as listener:
            await listener.ask(1, topic_name=TOPIC, replay_preset=wire.EARLIEST)
            (old,) = await listener.ids(1)
        org.world.clock.advance(HOURS)
        org.make(Name="young")

        async with listening(org) as stale, listening(org) as oldest:
            await stale.ask(1, topic_name=TOPIC, replay_preset=wire.CUSTOM, replay_id=old)
            await oldest.ask(9, topic_name=TOPIC, replay_preset=wire.EARLIEST)

            assert (await stale.end())[1] == "subscription.fetch.replayid.corrupted"
            assert len(await oldest.ids(1)) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"count": 0, "topic_name": TOPIC}, "subscription.fetch.requested.events.invalid"),
        (
            {"count": 1, "topic_name": TOPIC, "replay_preset": wire.CUSTOM},
            "subscription.fetch.replayid.validation.failed",
        ),
        ({"count": 1, "topic_name": "/data/LeadChangeEvent"}, "topic.notfound"),
    ],
)
async def test_what_is_asked_wrongly_is_refused_by_the_vendors_code(
    asked: dict[str, Any], code: str
) -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(asked.pop("count"), **asked)

        assert (await listener.end())[1] == code


async def test_the_topic_of_a_stream_cannot_be_changed() -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(1, topic_name=TOPIC)
        await listener.next()
        await listener.ask(1, topic_name="/data/ContactChangeEvent")

        assert (await listener.end())[1] == "subscription.fetch.topic.invalid"


@pytest.mark.parametrize("said", [{"token": "00D!dead"}, {"tenant": "00D000000000000AAA"}])
async def test_a_login_that_is_none_is_refused_at_the_start(said: dict[str, str]) -> None:
    async with an_org() as org, listening(org, **said) as listener:
        await listener.ask(1, topic_name=TOPIC)

        assert await listener.end() == (grpc.StatusCode.UNAUTHENTICATED, "service.auth.error")


async def test_a_stream_whose_session_ends_is_ended() -> None:
    async with an_org() as org, listening(org) as listener:
        await listener.ask(1, topic_name=TOPIC)
        await listener.next()
        org.sessions.end()

        assert (await listener.end())[1] == "service.auth.error"


async def test_who_asks_for_no_more_is_hung_up_on() -> None:
    async with an_org(unasked_seconds=0.1) as org, listening(org) as listener:
        await listener.ask(1, topic_name=TOPIC)
        await listener.next()
        org.make(Name="one")
        await listener.ids(1)

        assert await listener.end() == (grpc.StatusCode.UNAVAILABLE, "")


async def test_a_schema_has_another_id_once_a_field_is_added_and_the_old_one_is_still_told() -> (
    None
):
    async with an_org() as org, listening(org) as listener:
        await listener.ask(2, topic_name=TOPIC)
        await listener.next()
        org.make(Name="before")
        account = org.org.object("Account")
        more = Field(name="Rating__c", custom=True)
        org.org.add_object(
            msgspec.structs.replace(account, fields=account.fields | {"Rating__c": more})
        )
        org.make(Name="after", Rating__c="Hot")

        events: list[wire.ConsumerEvent] = []
        while len(events) < 2:
            events += (await listener.next()).events
        old, new = (one.event for one in events)
        schemas = [
            Schema(await ask_schema(listener.channel, listener.login, one.schema_id))
            for one in (old, new)
        ]

        assert old.schema_id != new.schema_id
        assert schemas[0].read(old.payload)["Name"] == "before"
        assert schemas[1].read(new.payload)["Rating__c"] == "Hot"


async def test_with_a_certificate_it_speaks_tls(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    org = Org()
    roots = grpc.ssl_channel_credentials(certificate[0].read_bytes())
    streams = Streams(port=0, certificate=certificate)

    async with serving(org.pubsub, "localhost", streams) as address:
        place = address.removeprefix("grpcs://")
        login = Opened(
            token=Secret(org.sessions.open(USER).token), instance_url="https://x", tenant=ORG_ID
        )
        async with grpc.aio.secure_channel(place, roots) as channel:
            assert await may_listen(channel, login, TOPIC)


async def test_a_topic_tells_its_schema() -> None:
    async with an_org() as org, listening(org) as listener:
        ask = listener.channel.unary_unary(
            f"/{SERVICE}/GetTopic",
            request_serializer=wire.TopicRequest.SerializeToString,
            response_deserializer=wire.TopicInfo.FromString,
        )

        info = await ask(wire.TopicRequest(topic_name=TOPIC), metadata=listener.login.metadata)

        assert info.can_subscribe
        assert info.schema_id == org.pubsub.schema("Account").id
