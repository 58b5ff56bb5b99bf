"""A played organisation that tells of its changes over gRPC, and a login to listen as."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.connector import NotRead
from hub.connectors.oauth import Token
from hub.connectors.outcome import RetryAt
from hub.connectors.pubsub.stream import Topics, begin
from hub.sandbox.pubsub import PubSub, Streams, serving
from hub.sandbox.salesforce.changes import Caller
from hub.sandbox.salesforce.organisation import Organisation
from hub.sandbox.salesforce.sessions import Sessions
from hub.sandbox.store import Record, Removed
from hub.sandbox.world import World
from hub.settings import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from hub.connectors.connector import Told

USER = "005Hn00000UsrAaIAJ"
SOMEBODY = Caller(user=USER, client="OtherApp", api="rest/67.0")
TOPIC = "/data/AccountChangeEvent"
ALIVE_SECONDS = 0.05


class Login:
    """Stands for a connection's way out: all that a stream wants of it is a token."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._token = org.sessions.open(USER).token
        self.renewed = 0

    async def token(self, dead: Secret | None = None) -> Token:
        if dead is not None and dead.reveal() == self._token:
            self._token = self._org.sessions.open(USER).token
            self.renewed += 1
        later = datetime.now(UTC) + timedelta(hours=1)
        return Token(
            text=Secret(self._token), base_url="http://127.0.0.1", renew_at=later, expires_at=later
        )


class Org:
    """The played organisation."""

    def __init__(self, **quirks: Any) -> None:
        self.world = World(7)
        self.org = Organisation(self.world)
        self.sessions = Sessions(self.org)
        self.pubsub = PubSub(self.org, self.sessions)
        self.pubsub.quirks.alive_seconds = ALIVE_SECONDS
        for name, value in quirks.items():
            setattr(self.pubsub.quirks, name, value)
        self.address = ""
        self.login = Login(self)

    def make(self, entity: str = "Account", /, **fields: Any) -> str:
        """Make a record; give its id."""
        record_id = self.org.new_id(self.org.object(entity).prefix)
        stamps = {"LastModifiedDate": self.org.now(), "SystemModstamp": self.org.now()}
        self.save(Record(id=record_id, module=entity, fields={**fields, **stamps}))
        return record_id

    def edit(self, *ids: str, **fields: Any) -> None:
        """Change records in one transaction, in a second of its own: a stamp tells no less."""
        self.world.clock.advance(1)
        with self.org.transaction(SOMEBODY):
            for one in ids:
                old = self.org.find(one)
                assert old is not None
                stamps = {"LastModifiedDate": self.org.now(), "SystemModstamp": self.org.now()}
                new = old.fields | fields | stamps
                self.org.save(Record(id=one, module=old.module, fields=new))

    def delete(self, one: str) -> None:
        old = self.org.find(one)
        assert old is not None
        with self.org.transaction(SOMEBODY):
            self.org.remove(old, Removed(record=old, name="", at=self.org.now(), by=USER))

    def save(self, record: Record) -> None:
        with self.org.transaction(SOMEBODY):
            self.org.save(record)

    def listen(
        self, cursor: str = "", topic: str = TOPIC, silence_seconds_max: float = 5.0
    ) -> AsyncGenerator[Told, None]:
        """Listen as the hub does."""
        topics = Topics(self.address, silence_seconds_max=silence_seconds_max)
        since = cursor or begin(self.world.clock.now())
        login: Any = self.login
        return topics.stream(login, topic, since)


@asynccontextmanager
async def an_org(**quirks: Any) -> AsyncIterator[Org]:
    org = Org(**quirks)
    async with serving(org.pubsub, "127.0.0.1", Streams(port=0)) as org.address:
        yield org


async def heard(stream: AsyncGenerator[Told, None], count: int) -> list[Told]:
    """Listen until so much was told: of records, or that all is to be read for a reason."""
    batches: list[Told] = []
    left = count
    while left > 0:
        told = await anext(stream)
        news = len(told.heard) + bool(told.through and told.through.reason)
        left -= news
        batches += [told] if news else []
    await stream.aclose()
    return batches


async def ended(stream: AsyncGenerator[Told, None], *, slow_seconds: float = 0.0) -> list[Told]:
    """Listen until the stream ends in a way from which it can be begun again."""
    batches: list[Told] = []
    with pytest.raises(NotRead) as end:
        await _all_of(stream, batches, slow_seconds)
    assert isinstance(end.value.outcome, RetryAt)
    return batches


async def _all_of(
    stream: AsyncGenerator[Told, None], batches: list[Told], slow_seconds: float
) -> None:
    async for told in stream:
        batches.append(told)
        await asyncio.sleep(slow_seconds)
