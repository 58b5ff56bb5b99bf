"""What a flow may conclude from an event: the parts of the event `decided`.

Joined    records are one real thing             Owes    a write is owed, to a record or to a slot
Agreed    what a field of a link is from now on  Cased   how a thing stands that a flow waits for
Asks      a person is to look                    Answers what was asked is settled by itself
Parted    a record is in its link no more    Withdrawn what was owed is owed no more
Wants     a record is to be read                 Noted   nothing is done, and why
Braked    a flow did too much: it goes to hold
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import Any, Literal, TypeAlias
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

THE_HUB = "the hub"
"""Who owes what no flow owes: what the hub itself tells people. No flow can be called so."""


class Member(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A record in a link; `part` tells records of one kind in one link apart."""

    connection: str
    kind: str
    record: str
    part: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.connection, self.kind, self.record

    @property
    def subject(self) -> str:
        return f"{self.connection}.{self.kind}/{self.record}"


class Joined(msgspec.Struct, frozen=True, kw_only=True, tag="joined"):
    link: UUID
    members: list[Member]
    why: str


class Parted(msgspec.Struct, frozen=True, kw_only=True, tag="parted"):
    link: UUID
    member: Member
    why: str


class Agreed(msgspec.Struct, frozen=True, kw_only=True, tag="agreed"):
    """The whole state of a field from now on, as `flows.agree` has it, in place of the last."""

    link: UUID
    flow: str
    field: str
    state: dict[str, Any]
    why: str
    emptied: list[str] = []
    """The members that said something until now, and are empty from here on."""


class Owes(msgspec.Struct, frozen=True, kw_only=True, tag="owes"):
    """Without a `record` something is to be made, and to bear the delivery's id as its mark.

    `fields` are what is to be written, under the vendor's names; None: what its link agrees on,
    worked out when it is sent.
    """

    delivery: UUID
    flow: str
    connection: str
    kind: str
    record: str = ""
    link: UUID | None = None
    part: str = ""
    fields: dict[str, Any] | None = None
    share: Literal["documents", "contacts", "backfill"] = "contacts"
    case: str = ""
    """The thing in a once flow that waits for it."""
    amount: str = ""
    """Of a document: what it comes to, with its currency."""
    currency: str = ""
    why: str


WITHDRAWN = "withdrawn"
"""Why a delivery was left unwritten that its own flow wants no more."""


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True, tag="withdrawn"):
    """What was to be made, or told, is not to be any more; where it is under way, it is done.

    With a `link`, it is a record of that which is to be told nothing by the flow.
    """

    delivery: UUID
    flow: str
    link: UUID | None = None
    why: str


class Braked(msgspec.Struct, frozen=True, kw_only=True, tag="braked"):
    """A flow did more than it may in so short a time: from here on its writes wait for a person."""

    flow: str
    why: str


class Cased(msgspec.Struct, frozen=True, kw_only=True, tag="cased"):
    flow: str
    case: str
    state: str
    until: datetime | None = None
    data: dict[str, Any] = {}
    why: str


class Asks(msgspec.Struct, frozen=True, kw_only=True, tag="asks"):
    """`choices` are what can be answered."""

    item: UUID
    flow: str
    reason: str
    sentence: str
    subject: str
    choices: list[str] = []
    data: dict[str, Any] = {}


class Answers(msgspec.Struct, frozen=True, kw_only=True, tag="answers"):
    item: UUID
    why: str


class Wants(msgspec.Struct, frozen=True, kw_only=True, tag="wants"):
    connection: str
    kind: str
    record: str
    why: str


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="noted"):
    flow: str
    subject: str
    why: str


Conclusion: TypeAlias = (
    Braked | Joined | Parted | Agreed | Owes | Withdrawn | Cased | Asks | Answers | Wants | Noted
)
