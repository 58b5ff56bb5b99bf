"""A delivery that is to be made, and what it is to say, worked out right before it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from hub.outbound.seek import Seek, Tied  # noqa: TC001 - msgspec reads the annotations


class Owed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A delivery as its row stands; `fields` and `told` are the JSON that is kept there."""

    id: UUID
    kind: str
    record: str
    part: str
    link: UUID | None
    flow: str
    case: str
    state: Literal["owed", "sending"]
    share: Literal["documents", "contacts", "backfill"]
    fields: bytes | None
    told: bytes | None
    attempt: int
    look: bool
    approved: int | None
    owed: int
    moved: int
    trace: str | None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written, under the vendor's names; the rest is what `sending` says of it."""

    fields: Mapping[str, Any]
    agreed: Mapping[str, Mapping[str, Any]] = {}
    told: Mapping[str, str] = {}
    narrowed: Mapping[str, dict[str, list[str]]] = {}
    seen: datetime | None = None
    """The stamp up to which the record is known: on that it was decided."""
    open: bool = False
    """Whether the record itself may have said something that prevails over what is written."""
    seek: Seek | None = None
    """Who may be the same as what is to be made."""
    tied: Tied | None = None
    """What a document is made for, which another may name already."""


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """It owes nothing any more: the record shows all of it."""

    why: str
    told: Mapping[str, str] = {}


class NotNow(msgspec.Struct, frozen=True, kw_only=True):
    """It waits: for a person, for a flow to be on, for another record."""

    why: str


Contents: TypeAlias = Callable[
    [Any, Sequence[Owed]], Awaitable[Mapping[UUID, Content | Nothing | NotNow]]
]
"""Works out, over a database connection, what deliveries are to say; one answer for each."""
