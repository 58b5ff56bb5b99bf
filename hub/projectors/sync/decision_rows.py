"""What the tables hold that conclusions move: each row as it stands there, and as it is known."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.agree import FieldState
from hub.flows.flow import Mode  # noqa: TC001 - msgspec reads the annotations
from hub.flows.known import Case, Item
from hub.projectors.sync.shelf import Shelf

if TYPE_CHECKING:
    from uuid import UUID

_encode = msgspec.json.Encoder().encode
_read_fields = msgspec.json.Decoder(dict[str, FieldState]).decode
_read_answers = msgspec.json.Decoder(dict[str, list[str]]).decode
_read_spent = msgspec.json.Decoder(dict[str, list[tuple[int, str]]]).decode
_read_choices = msgspec.json.Decoder(list[str]).decode
_read_data = msgspec.json.Decoder(dict[str, Any]).decode


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as the log has it."""

    text: str
    file: str
    resolved: dict[str, Any]
    answers: dict[str, list[str]]
    digest: str
    installed: int
    mode: Mode = "off"
    moded: int | None = None
    started: int | None = None
    started_at: datetime | None = None
    spent: dict[str, list[tuple[int, str]]] = {}
    rests: int | None = None
    """The event since which it decides nothing, having decided before."""


class Agreements(msgspec.Struct, frozen=True, kw_only=True):
    """What the fields of a link are for one flow."""

    fields: dict[str, FieldState]
    position: int


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    stopped: bool
    since: int
    reason: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The day that it is at a connection."""

    day: date
    zone: str
    since: int


def flows() -> Shelf[tuple[str], Installed]:
    return Shelf("flows", _installed, _of_installed)


def agreements() -> Shelf[tuple[UUID, str], Agreements]:
    return Shelf("agreements", _agreements, _of_agreements, key_columns=2)


def cases() -> Shelf[tuple[str, str], Case]:
    return Shelf("cases", _case, _of_case, key_columns=2)


def inbox() -> Shelf[tuple[UUID], Item]:
    return Shelf("inbox", _item, _of_item)


def stops() -> Shelf[tuple[str], Stop]:
    return Shelf("stops", _stop, msgspec.structs.astuple)


def days() -> Shelf[tuple[str], Day]:
    return Shelf("days", _day, msgspec.structs.astuple)


def _installed(*columns: Any) -> Installed:
    row = dict(zip(Installed.__struct_fields__, columns, strict=True))
    row["resolved"], row["answers"] = _read_data(row["resolved"]), _read_answers(row["answers"])
    row["spent"] = _read_spent(row["spent"])
    return Installed(**row)


def _of_installed(row: Installed) -> tuple[Any, ...]:
    text, file, values, answers, *rest, spent, rests = msgspec.structs.astuple(row)
    return text, file, _encode(values), _encode(answers), *rest, _encode(spent), rests


def spent_of(row: Installed) -> bytes:
    """Give what a flow has done, as it is kept."""
    return _encode(row.spent)


def _agreements(fields: bytes, position: int) -> Agreements:
    return Agreements(fields=_read_fields(fields), position=position)


def _of_agreements(row: Agreements) -> tuple[Any, ...]:
    return _encode(row.fields), row.position


def _case(state: str, until: datetime | None, since: int, data: bytes, why: str) -> Case:
    return Case(state=state, until=until, since=since, data=_read_data(data), why=why)


def _of_case(row: Case) -> tuple[Any, ...]:
    return row.state, row.until, row.since, _encode(row.data), row.why


def _item(*columns: Any) -> Item:
    row = dict(zip(Item.__struct_fields__, columns, strict=True))
    row["choices"], row["data"] = _read_choices(row["choices"]), _read_data(row["data"])
    return Item(**row)


def _of_item(row: Item) -> tuple[Any, ...]:
    *front, choices, data, since, settled, settled_by = msgspec.structs.astuple(row)
    return *front, _encode(choices), _encode(data), since, settled, settled_by


def _day(day: date, zone: str, since: int) -> Day:
    return Day(day=day, zone=zone, since=since)


def _stop(stopped: bool, since: int, reason: str) -> Stop:  # noqa: FBT001 - a column
    return Stop(stopped=stopped, since=since, reason=reason)
