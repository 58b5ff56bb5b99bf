"""A connector that only writes: it has messages sent, one by one, and reads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hub.connectors.budget import AtOnce
from hub.connectors.connector import Kind, NotBelieved, Page, Written
from hub.connectors.notify.message import MESSAGES, Message, message_of
from hub.connectors.outcome import Done, Outcome, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hub.connectors.budget import Share, Window
    from hub.connectors.connector import Door, Hook, Listening, Seen, Write
    from hub.connectors.http import Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.settings import Secret

ONE_BY_ONE = AtOnce(name="messages", most=1, pace=1.0)
"""They arrive in the order in which they were owed."""


class Sender(Protocol):
    """What differs from one system to the other."""

    @property
    def windows(self) -> tuple[Window, ...]: ...

    def judge(self, answer: Answer) -> Verdict: ...

    def unfit(self, to: tuple[str, ...]) -> Refused | None:
        """Refuse to send there; None: it can be sent."""

    async def send(self, vendor: Vendor, message: Message, share: Share) -> Outcome:
        """Send one message, once."""

    def record_of(self, message: Message, done: Done) -> str:
        """Give what the system calls the message it took; where it says nothing, its own id."""

    async def look(self, vendor: Vendor) -> Outcome | None:
        """Try, without a message, whether one would be taken; None: only a message tells."""


class Notifier:
    """A connection that takes messages."""

    scheme = "Bearer"
    at_once = (ONE_BY_ONE,)
    kinds: Mapping[str, Kind] = {MESSAGES.name: MESSAGES}

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.windows = sender.windows
        self.judge = sender.judge

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        del kind
        return [await self._sent(vendor, one) for one in writes]

    async def _sent(self, vendor: Vendor, write: Write) -> Written:
        message = message_of(write)
        if isinstance(message, Refused):
            return Written(outcome=message)
        outcome = await self.sender.send(vendor, message, write.share)
        if not isinstance(outcome, Done):
            return Written(outcome=outcome)
        return Written(outcome=outcome, record=self.sender.record_of(message, outcome))

    def start(self, now: datetime) -> str:
        del now
        return ""

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        del vendor, kind
        return Page(seen=(), cursor=cursor, done=True)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        return await self.first(vendor, kind, cursor)

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        del vendor, kind, records, share
        return []

    async def zone(self, vendor: Vendor) -> str:
        del vendor
        return "UTC"

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        raise LookupError(f"no message of {vendor.connection} bears the mark {mark}: {kind.name}")

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        del vendor, share
        kind.check_search(fields)
        return []

    async def listen(
        self, vendor: Vendor, door: Door, cursor: str, now: datetime
    ) -> Listening | None:
        del vendor, door, cursor, now
        return None

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> Sequence[Seen]:
        del hook, secrets
        raise NotBelieved("Nothing is heard of a connection that only takes messages.")
