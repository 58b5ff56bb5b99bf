"""What the hub tells, as the log has it: a decision of its own, with the message that it owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - msgspec reads the annotations
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from hub.conclusions import THE_HUB, Cased, Owes
from hub.database import statement
from hub.events import Decided, Event, event_of, fixed_id, payload

if TYPE_CHECKING:
    from hub.database.db import Db

MESSAGES = "messages"
ORIGIN = "hub:alerts"

_MESSAGES = UUID("2c9d0a52-6a0f-5f0e-8f0d-5b9a1c7e4d33")
"""The name space of what the hub tells."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """The connection that takes a message, and to whom it goes there."""

    connection: str
    recipients: tuple[str, ...] = ()


class Message(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    text: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was told last of one thing, and by which event."""

    state: str
    since: int
    at: datetime
    data: Mapping[str, Any]


def decided(
    to: Address, said: Message, cases: Sequence[Cased], before: Mapping[str, Told]
) -> Event:
    """Make the event by which a message is owed; told again on the same ground, it is the same."""
    ground = [(one.case, before[one.case].since if one.case in before else 0) for one in cases]
    key = "/".join(f"{case}@{since}" for case, since in sorted(ground))
    fields = {"subject": said.subject, "text": said.text}
    if to.recipients:
        fields["to"] = ", ".join(to.recipients)
    owes = Owes(
        delivery=uuid5(_MESSAGES, key),
        flow=THE_HUB,
        connection=to.connection,
        kind=MESSAGES,
        fields=fields,
        share="documents",
        case=cases[0].case,
        why=cases[0].why,
    )
    what = Decided(conclusions=[*cases, owes])
    return event_of(what, id=fixed_id(None, THE_HUB, key), origin=ORIGIN, flow=THE_HUB)


def case_of(case: str, state: str, why: str, at: datetime, **data: object) -> Cased:
    """Say how one thing stands from now on."""
    said = {"at": at.astimezone(UTC).isoformat(), **data}
    return Cased(flow=THE_HUB, case=case, state=state, data=said, why=why)


async def told_of(db: Db) -> dict[str, Told]:
    """Give what was told last of each thing, be it folded yet or not."""
    # First what is not folded: it may be by the time at which the tables are read.
    late = await db.fetch(statement("alerts/unfolded.sql"), THE_HUB)
    rows = await db.fetch(statement("alerts/told.sql"), THE_HUB)
    found = {
        row["case"]: _told(row["state"], row["since"], msgspec.json.decode(row["data"]))
        for row in rows
    }
    for row in late:
        event = Event(type="decided", id=UUID(int=0), shape=row["shape"], data=row["data"])
        for one in payload(event).conclusions:
            known = found.get(one.case) if isinstance(one, Cased) else None
            if isinstance(one, Cased) and (known is None or known.since < row["position"]):
                found[one.case] = _told(one.state, row["position"], one.data)
    return found


def _told(state: str, since: int, data: Mapping[str, Any]) -> Told:
    return Told(state=state, since=since, at=datetime.fromisoformat(data["at"]), data=data)
