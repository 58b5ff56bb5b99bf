"""Why a field says what it says: which event, which version of which flow, and which person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.conclusions import Member
from hub.console.followed import Followed, followed
from hub.console.told import Told, as_told, event_at, version_at
from hub.database import statement
from hub.errors import Refused
from hub.events import payload
from hub.flows.agree import FieldState
from hub.flows.flow import Sync
from hub.flows.judge.words import side_of
from hub.flows.known import key_of, subject_of
from hub.log.find import Wanted, latest
from hub.log.read import by_positions
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hub.console.ending import Force
    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.agree import Agreement
    from hub.flows.flow import Field
    from hub.flows.flow import Path as FieldPath

SENT_MAX = 100
"""So many writes to a record are looked through for the one that put a value there."""

HUB = "hub:"
"""How the origin begins of what the hub wrote itself."""

_read = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_agreement = msgspec.json.Decoder(dict[str, FieldState]).decode
_read_said = msgspec.json.Decoder(dict[str, tuple[datetime, int]]).decode


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """What a flow has agreed on for this field."""

    flow: str
    field: str
    version: str
    installed: int
    installed_by: str | None
    value: Any
    by: str
    """The record whose word it was, or the person who said so."""
    since: Told | None
    stands: str
    """How this record stands to it: shows it, shows its rendering, is owed it, asks a person."""


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is None where the record does not have the field."""

    record: str
    field: str
    value: msgspec.Raw | None
    said: Told | None
    written: Told | None
    """The write of the hub by which it came there, if it was one."""
    delivery: UUID | None
    agreed: list[Agreed]
    followed: list[Followed]
    """What flows that agree on nothing have said of it."""
    gone: bool = False
    """Whether the record is there no more; then this is what it said last."""
    before: Why | None = None
    """Why the record says it whose word it was, where the hub had written it there itself."""


async def why_field(
    db: Db,
    archive: Path,
    record: Member,
    name: str,
    flows: Mapping[str, Force],
    *,
    told: frozenset[str] = frozenset(),
) -> Why | None:
    """Tell it of a field, by its vendor's name or a flow's; None where the record is not known.

    `told` are the records of which it is told already.
    """
    key = (record.connection, record.kind, record.record)
    row = await db.fetchrow(statement("console/word.sql"), *key)
    if row is None:
        return None
    found = list(_fields(flows, record, name))
    path = found[0][2] if found else (name,)
    fields = _read(row["fields"])
    place = next((each for each in fields if _is_of(each, path)), name)
    if not found and place not in fields and place not in _said(row):
        hint = nearest(name, fields) or "."
        raise Refused(f"{subject_of(key)} has never said anything of {quoted(name)}{hint}")
    said = await event_at(db, archive, _position(row, place), place)
    sending = await _written(db, record, place, fields.get(place))
    agreed = [
        await _agreed(db, archive, state, force, field, subject_of(key))
        for force, field, _ in found
        if (state := await _state(db, row["link"], force, field)) is not None
    ]
    return Why(
        record=subject_of(key),
        field=place,
        value=fields.get(place),
        gone=row["gone"],
        said=said,
        written=None if sending is None else as_told(sending),
        delivery=None if sending is None else payload(sending).delivery,
        agreed=agreed,
        followed=[] if sending is None else await followed(db, archive, sending, flows),
        before=await _before(db, archive, agreed, flows, told | {subject_of(key)}),
    )


async def _before(
    db: Db,
    archive: Path,
    agreed: Sequence[Agreed],
    flows: Mapping[str, Force],
    told: frozenset[str],
) -> Why | None:
    """Go back along the flows by which a value came, to the record where a person said it."""
    for one in agreed:
        by_hub = one.since is not None and (one.since.by or "").startswith(HUB)
        if by_hub and one.by not in told and "/" in one.by:
            connection, kind, id_ = key_of(one.by)
            member = Member(connection=connection, kind=kind, record=id_)
            return await why_field(db, archive, member, one.field, flows, told=told)
    return None


def _fields(
    flows: Mapping[str, Force], record: Member, name: str
) -> Iterator[tuple[Force, Field, FieldPath]]:
    """Give the fields of flows that are meant by a name, and where this record has them."""
    for force in flows.values():
        if not isinstance(force.flow, Sync):
            continue
        for sync in filter(None, (force.flow, force.flow.people)):
            side = side_of(sync, record.connection, record.kind)
            for field in sync.fields if side is not None else ():
                path = field.places.get(side.name) if side is not None else None
                if path and (name == field.name or _is_of(name, path)):
                    yield force, field, path


def _is_of(name: str, path: FieldPath) -> bool:
    first = path[0]
    if first.endswith("*"):
        return name.startswith(first[:-1])
    return name.partition(".")[0] == first


def _position(row: Any, place: str) -> int:
    said = _said(row)
    return said[place][1] if place in said else int(row["position"])


def _said(row: Any) -> dict[str, tuple[datetime, int]]:
    """Give the fields that were spoken of later than the record as a whole."""
    return _read_said(row["said"]) if row["said"] else {}


async def _written(db: Db, record: Member, place: str, value: msgspec.Raw | None) -> Event | None:
    """Find the last write of the hub that put this value there, if any did."""
    about = Wanted(
        connection=record.connection, kind=record.kind, record=record.record, type="answered"
    )
    answers = await latest(db, about, SENT_MAX)
    causes = [event.cause for event in answers if event.cause and payload(event).outcome == "done"]
    said = None if value is None else msgspec.json.decode(value)
    for event in reversed(await by_positions(db, causes)):
        what = payload(event) if event.type == "sending" else None
        if what is not None and place in what.fields:
            return event if what.fields[place] == said else None
    return None


async def _state(db: Db, link: UUID | None, force: Force, field: Field) -> FieldState | None:
    fields = await db.fetchval(statement("console/agreement.sql"), link, force.flow.name)
    agreement: Agreement = _read_agreement(fields) if fields else {}
    return agreement.get(field.name)


async def _agreed(  # noqa: PLR0917 - each of its own kind
    db: Db,
    archive: Path,
    state: FieldState,
    force: Force,
    field: Field,
    subject: str,
) -> Agreed:
    installed, version = await version_at(db, force, state.since)
    since, brought = (
        await event_at(db, archive, state.since),
        await event_at(db, archive, installed),
    )
    return Agreed(
        flow=force.flow.name,
        field=field.name,
        version=version,
        installed=installed,
        installed_by=brought.by if brought else None,
        value=state.value,
        by=state.by,
        since=since,
        stands=_stands(state, subject, field),
    )


_NOT_OWED = {
    "never": "it says otherwise, and is left so: this is only matched by",
    "on create": "it says otherwise, and is left so: this is written only when a record is made",
}
"""Of a field that is not always written, what is so of one that does not show what is agreed."""


def _stands(state: FieldState, subject: str, field: Field) -> str:
    if state.asks:
        return "a person is asked (hub inbox list --reason conflict)"
    if subject in state.held:
        return "what it says waits for the answer to a write"
    if subject not in state.words:
        return "it has not spoken of it"
    word = state.words[subject].value
    if word == state.value:
        return "it shows it"
    if state.stands(subject):
        return "it shows its own way of saying it"
    return _NOT_OWED.get(field.write, "it is owed this")
