"""The played Pub/Sub API as a system: what it publishes, its quirks, and what may go wrong.

It listens to what an organisation commits. Its calls come over gRPC, by `serve.py`; the control API
reaches it as the system `pubsub`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.connectors.pubsub.pubsub_pb2 import ProducerEvent
from hub.errors import Refused
from hub.sandbox.pubsub.encode import encoded, gap, overflow
from hub.sandbox.pubsub.schemas import schema_of, topic_record
from hub.sandbox.pubsub.topic import Topic
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hub.sandbox.pubsub.schemas import Schema
    from hub.sandbox.salesforce.changes import Change, Transaction
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.sessions import Sessions
    from hub.sandbox.system import Fields, Request

ENTITIES_MAX = 5
CHANGES_MAX = 100_000
ACTS = ("stream_gap", "stream_overflow", "stream_expired", "stream_silent", "stream_cut")


class Quirks(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How it behaves where orgs differ, and how fast its time goes."""

    entities: tuple[str, ...] = ("Account", "Contact", "Opportunity", "Quote", "Case")
    """The objects whose changes are told, at most five; empty: none."""

    alive_seconds: float = 60.0
    """A stream without events says after so long that it lives."""

    unasked_seconds: float = 60.0
    """A stream that is not asked for more is ended after so long."""

    changes_max: int = CHANGES_MAX
    """A transaction with more is told of one by one up to there, then as an overflow."""

    diffs_from_characters: int = 0
    """A text of this length or more is told as a difference; 0: never."""

    def __post_init__(self) -> None:
        """Refuse a sixth object."""
        if len(self.entities) > ENTITIES_MAX:
            found = len(self.entities)
            raise ValueError(f"entities: expected at most {ENTITIES_MAX} objects; found {found}.")


class PubSub:
    """The topics of one organisation."""

    name = "pubsub"
    prefixes = ()

    def __init__(self, org: Organisation, sessions: Sessions) -> None:
        self.org = org
        self.sessions = sessions
        self.quirks = Quirks()
        self.address = ""
        """Where it is served; empty: it is not."""
        self.schemas: dict[str, Schema] = {}
        self.moved = asyncio.Event()
        """Set, and made anew, whenever open streams have something to look at."""
        self.reset()
        org.changes.append(self.tell)

    def reset(self) -> None:
        """Forget every event; open streams are cut."""
        self.topics: dict[str, Topic] = {}
        self.silent = self.cut = 0
        """How often all open streams were silenced or cut."""
        self._next_is = ""
        self.cut += 1
        self.wake()

    def topic(self, name: str) -> Topic | None:
        """Give a topic by its name, if its object was chosen."""
        for entity in self.quirks.entities:
            if name == f"/data/{topic_record(entity)}":
                return self.topics.setdefault(entity, Topic(self.org.world, entity))
        return None

    def schema(self, entity: str) -> Schema:
        """Give the schema of an object as it is now."""
        made = schema_of(entity, self.org.fields(self.org.object(entity)))
        return self.schemas.setdefault(made.id, made)

    def tell(self, done: Transaction) -> None:
        """Publish what was committed."""
        chosen = [one for one in done.changes if one.entity in self.quirks.entities]
        if not chosen:
            return
        how, self._next_is = self._next_is, ""
        most = 0 if how == "stream_overflow" else self.quirks.changes_max
        schemas = {entity: self.schema(entity) for entity in {one.entity for one in chosen}}
        beyond: dict[str, None] = {}
        for change, count in _counted(chosen):
            schema = schemas[change.entity]
            if count > most:
                beyond[change.entity] = None
            elif how == "stream_gap":
                self._publish(change.entity, schema, gap(schema, done, change))
            else:
                payload = encoded(schema, done, change, self._diffs(change))
                self._publish(change.entity, schema, payload)
        for entity in beyond:
            schema = schemas[entity]
            self._publish(entity, schema, overflow(schema, done, entity))
        self.wake()

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:  # noqa: ARG002
        """Make something go wrong with the streams, now or with what is committed next."""
        if act in ("stream_gap", "stream_overflow"):
            self._next_is = act
        elif act == "stream_expired":
            for topic in self.topics.values():
                topic.forget_all()
        elif act == "stream_silent":
            self.silent += 1
        elif act == "stream_cut":
            self.cut += 1
        else:
            raise Refused(f"Expected one of {', '.join(ACTS)}; found {act!r}.")
        self.wake()
        return {}

    def wake(self) -> None:
        moved, self.moved = self.moved, asyncio.Event()
        moved.set()

    def state(self) -> dict[str, list[Fields]]:
        return {
            "topics": [
                {"id": f"/data/{topic_record(entity)}", "events": len(topic)}
                for entity, topic in self.topics.items()
            ]
        }

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - it has no paths
        return Answer(status=404)

    def fault(self, fault: str) -> Answer:  # noqa: ARG002
        return Answer(status=404)

    def put(self, kind: str, fields: Fields) -> Fields:  # noqa: ARG002
        raise Refused("Nothing is placed here: its events are those of Salesforce.")

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:  # noqa: ARG002
        raise Refused("Nothing is changed here: its events are those of Salesforce.")

    def _publish(self, entity: str, schema: Schema, payload: bytes) -> None:
        topic = self.topics.setdefault(entity, Topic(self.org.world, entity))
        event_id = str(UUID(bytes=self.org.world.random.randbytes(16), version=4))
        topic.publish(ProducerEvent(id=event_id, schema_id=schema.id, payload=payload))

    def _diffs(self, change: Change) -> list[str]:
        least = self.quirks.diffs_from_characters
        return [
            name
            for name, value in change.values.items()
            if least and isinstance(value, str) and len(value) >= least
        ]


def _counted(changes: Iterable[Change]) -> Iterator[tuple[Change, int]]:
    """Give each change, and how many there were with it: every field of an update is one."""
    count = 0
    for change in changes:
        count += len(change.ids) * max(len(change.changed), 1)
        yield change, count
