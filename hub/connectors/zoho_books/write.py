"""Write records of Zoho Books: one in a call, made under the hub's own mark alone.

The mark is a unique field. To look for it and to make a record under it are the same documented
call, with and without leave to create: so what was made and whose answer was lost is found, and a
second one is never made. An answer that says that something was there is told as that.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead, Write, Written, read, stamp, text
from hub.connectors.http import Call, Verb
from hub.connectors.outcome import Done, Refused, Unknown

if TYPE_CHECKING:
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer, Outcome
    from hub.connectors.zoho_books.kinds import BooksKind

PERSONS = "contact_persons"
_CREATED = 201
_NOT_ABSENT = frozenset({"authorisation", "quota"})

_encode = msgspec.json.Encoder(decimal_format="number").encode


async def write(vendor: Vendor, organization: str, kind: BooksKind, one: Write) -> Written:
    """Make a record, or change one."""
    if one.record and PERSONS in one.fields:
        return Written(outcome=_PERSONS_REFUSED, record=one.record)
    outcome = await vendor.call(_call(organization, kind, one))
    if not isinstance(outcome, Done):
        return Written(outcome=outcome, record=one.record)
    try:
        data, fields = _record_in(outcome.answer, kind)
    except (LookupError, ValueError) as error:
        lost = Unknown(sentence=f"It was written, but what it says of that cannot be read: {error}")
        return Written(outcome=lost, record=one.record)
    return Written(
        outcome=outcome,
        record=text(fields.get(kind.id)) or "",
        data=bytes(data),
        was_there=bool(one.mark) and _was_there(kind, outcome.answer, fields),
    )


async def find(vendor: Vendor, organization: str, kind: BooksKind, mark: str) -> str | None:
    """Look which record bears a mark, by giving whoever bears it the mark it has."""
    call = _keyed(organization, kind, Write(fields={}, mark=mark), create=False)
    try:
        answer = await read(vendor, call)
    except NotRead as error:
        if _is_absent(error.outcome):
            return None
        raise
    _, fields = _record_in(answer, kind)
    return text(fields.get(kind.id))


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
        return _json(organization, "PUT", path, one, verb="readable")
    if kind.mark and one.mark:
        return _keyed(organization, kind, one, create=True)
    return _json(organization, "POST", kind.path, one, verb="blind")


def _keyed(organization: str, kind: BooksKind, one: Write, *, create: bool) -> Call:
    """Write the record that bears the mark; what a vendor documents is to say the mark twice."""
    custom = [*one.fields.get("custom_fields", ()), {"api_name": kind.mark, "value": one.mark}]
    call = _json(organization, "PUT", kind.path, one, verb="marked", custom_fields=custom)
    key = {"X-Unique-Identifier-Key": kind.mark, "X-Unique-Identifier-Value": one.mark}
    headers = {**call.headers, **key, **({"X-Upsert": "true"} if create else {})}
    return msgspec.structs.replace(call, headers=headers)


def _json(
    organization: str, method: str, path: str, one: Write, *, verb: Verb, **more: object
) -> Call:
    return Call(
        method=method,
        path=path,
        params=(("organization_id", organization),),
        headers={"Content-Type": "application/json"},
        body=_encode({**one.fields, **more}),
        verb=verb,
        share=one.share,
    )


_PERSONS_REFUSED = Refused(
    sentence=f"{PERSONS} in a change would remove every person it does not name: persons are "
    "written one by one, as contactpersons.",
    because="data",
    reason=PERSONS,
)
