"""Write records of Zoho Books: one in a call, made under the hub's own mark alone.

The mark is a unique field. To look for it and to make a record under it are the same documented
call, with and without leave to create: so what was made and whose answer was lost is found, and a
second one is never made. An answer that says that something was there is told as that.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead, Write, Written
from hub.connectors.outcome import Done, Refused, Unknown
from hub.connectors.record import read, stamp, text
from hub.connectors.zoho_books.call import writes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.http import Call, Vendor, Verb
    from hub.connectors.outcome import Answer, Outcome
    from hub.connectors.zoho_books.kinds import BooksKind

PERSONS = "contact_persons"
CUSTOM = "custom_field_hash"
_CREATED = 201
_NOT_ABSENT = frozenset({"authorisation", "quota"})


async def write(vendor: Vendor, organization: str, kind: BooksKind, one: Write) -> Written:
    """Make a record, or change one; what was looked for and is there is left as it is.

    To make it under its mark without a look would change what people did to it since.
    """
    if one.record and PERSONS in one.fields:
        return Written(outcome=_PERSONS_REFUSED, record=one.record)
    if kind.mark and one.mark and one.look and not one.record:
        try:
            there = await _bearer(vendor, organization, kind, one.mark)
        except NotRead as error:
            return Written(outcome=error.outcome)
        if there is not None:
            return msgspec.structs.replace(written(kind, one, there), was_there=True)
    return written(kind, one, await vendor.call(_call(organization, kind, one)))


async def find(vendor: Vendor, organization: str, kind: BooksKind, mark: str) -> str | None:
    """Look which record bears a mark."""
    there = await _bearer(vendor, organization, kind, mark)
    return None if there is None else text(_record_in(there.answer, kind)[1].get(kind.id))


def written(kind: BooksKind, one: Write, outcome: Outcome) -> Written:
    """Say what came of a write, by what was answered."""
    if not isinstance(outcome, Done):
        return Written(outcome=outcome, record=one.record)
    try:
        data, fields = _record_in(outcome.answer, kind)
        return Written(
            outcome=outcome,
            record=text(fields.get(kind.id)) or "",
            data=bytes(data),
            at=stamp(kind, fields),
            was_there=bool(one.mark) and _was_there(kind, outcome.answer, fields),
        )
    except (LookupError, ValueError) as error:
        lost = Unknown(sentence=f"It was written, but what it says of that cannot be read: {error}")
        return Written(outcome=lost, record=one.record)


async def _bearer(vendor: Vendor, organization: str, kind: BooksKind, mark: str) -> Done | None:
    """Read the record that bears a mark, by giving whoever bears it the mark it has."""
    look = _keyed(organization, kind, Write(fields={}, mark=mark), create=False)
    try:
        answer = await read(vendor, look)
    except NotRead as error:
        if _is_absent(error.outcome):
            return None
        raise
    return Done(sentence="It was there already, under the hub's own mark.", answer=answer)


def _record_in(answer: Answer, kind: BooksKind) -> tuple[msgspec.Raw, dict[str, msgspec.Raw]]:
    """Read the record that an answer bears; a person comes in a list of one."""
    data = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])[kind.one]
    if bytes(data).startswith(b"["):
        [data] = msgspec.json.decode(data, type=list[msgspec.Raw])
    return data, msgspec.json.decode(data, type=dict[str, msgspec.Raw])


def _was_there(kind: BooksKind, answer: Answer, fields: dict[str, msgspec.Raw]) -> bool:
    """Tell a record that was there from one that was made; not every account says it by status."""
    if answer.status == _CREATED:
        return False
    made = text(fields.get("created_time"))
    return made is None or stamp(kind, fields) != datetime.fromisoformat(made)


def _is_absent(outcome: Outcome) -> bool:
    """Tell whether a refusal says that nobody bears the mark; its code is not documented."""
    return isinstance(outcome, Refused) and outcome.because not in _NOT_ABSENT


def _call(organization: str, kind: BooksKind, one: Write) -> Call:
    if one.record:
        path = f"{kind.path}/{one.record}"
        return writes(organization, "PUT", path, _fields(one), verb="readable", share=one.share)
    if kind.mark and one.mark:
        return _keyed(organization, kind, one, create=True)
    return writes(organization, "POST", kind.path, _fields(one), verb="blind", share=one.share)


def _keyed(organization: str, kind: BooksKind, one: Write, *, create: bool) -> Call:
    """Write the record that bears the mark; what a vendor documents is to say the mark twice."""
    fields = _fields(one, {kind.mark: one.mark})
    # Without leave to create nothing changes, so that such a call may simply be made again.
    verb: Verb = "marked" if create else "read"
    call = writes(organization, "PUT", kind.path, fields, verb=verb, share=one.share)
    key = {"X-Unique-Identifier-Key": kind.mark, "X-Unique-Identifier-Value": one.mark}
    headers = {**call.headers, **key, **({"X-Upsert": "true"} if create else {})}
    return msgspec.structs.replace(call, headers=headers)


def _fields(one: Write, mark: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give the fields as they are sent: custom ones are read by name, and written as a list."""
    fields = dict(one.fields)
    named = {**fields.pop(CUSTOM, {}), **(mark or {})}
    if named:
        custom = [{"api_name": name, "value": value} for name, value in named.items()]
        fields["custom_fields"] = [*fields.get("custom_fields", ()), *custom]
    return fields


_PERSONS_REFUSED = Refused(
    sentence=f"{PERSONS} in a change would remove every person it does not name: persons are "
    "written one by one, as contactpersons.",
    because="data",
    reason=PERSONS,
)
