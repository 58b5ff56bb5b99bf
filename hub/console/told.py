"""An event as it is told where a value is explained, and the text of a flow that was in force."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.console.outcome import names_of
from hub.console.who_set import who_set
from hub.events import payload
from hub.log.find import Wanted, at_position, latest

if TYPE_CHECKING:
    from pathlib import Path

    from hub.console.ending import Force
    from hub.database.db import Db
    from hub.events import Event

INSTALLED_MAX = 100
"""So many installations are looked through for the text that was in force."""

PEOPLE = ("Modified_By", "last_modified_by_name", "last_modified_by", "created_by_name")
"""Where the vendors say who touched a record last."""

USER = "User"
"""The kind of the vendor's users, where its records name them by id."""


class _Header(msgspec.Struct, frozen=True):
    commitUser: str = ""  # noqa: N815 - as the vendor calls it


class _Touched(msgspec.Struct, frozen=True):
    """Who did it, as a change event of Salesforce says, or else a record that was read."""

    ChangeEventHeader: _Header = _Header()
    LastModifiedById: str | None = None


_read_user = msgspec.json.Decoder(_Touched).decode
_read = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event, as far as it matters here."""

    position: int
    type: str
    at: datetime | None
    by: str | None
    road: str | None
    subject: str


async def event_at(db: Db, archive: Path, position: int, field: str = "") -> Told | None:
    """Tell of an event, with the name of whom the vendor says by an id; or of who set a field."""
    event = await at_position(db, archive, position) if position else None
    if event is None:
        return None
    told, user = as_told(event), _user(event)
    if field and (doer := who_set(event, field)):
        return msgspec.structs.replace(told, by=doer)
    if not user or told.by != event.origin:
        return told
    subject = f"{event.connection}.{USER}/{user}"
    names = await names_of(db, [subject])
    return msgspec.structs.replace(told, by=names.get(subject, f"user {user}"))


def as_told(event: Event) -> Told:
    return Told(
        position=event.position,
        type=event.type,
        at=event.recorded_at,
        by=_person(event) or event.origin or event.flow,
        road=event.road,
        subject=event.subject,
    )


def _person(event: Event) -> str:
    """Name who touched the record last, as the vendor says it: a hint, for it is told by record."""
    if event.type != "observed" or event.seal is not None:
        return ""
    fields = _read(event.data)
    for name in PEOPLE:
        who = msgspec.json.decode(fields[name]) if name in fields else None
        named = who.get("name") or who.get("email") if isinstance(who, dict) else who
        if isinstance(named, str) and named:
            return named
    return ""


def _user(event: Event) -> str:
    """Give the id of who touched the record last, where the vendor says no more than that."""
    if event.type != "observed" or event.seal is not None:
        return ""
    try:
        said = _read_user(event.data)
    except msgspec.MsgspecError:
        return ""
    return said.ChangeEventHeader.commitUser or said.LastModifiedById or ""


async def version_at(db: Db, force: Force, since: int) -> tuple[int, str]:
    """Give which text of a flow was in force at a position: the event, and what tells it apart."""
    if force.installed <= since:
        return force.installed, force.version
    earlier = await latest(db, Wanted(type="flow_installed"), INSTALLED_MAX, since + 1)
    own = [event for event in earlier if event.flow == force.flow.name]
    if not own:
        return force.installed, force.version
    return own[-1].position, payload(own[-1]).digest[: len(force.version)]
