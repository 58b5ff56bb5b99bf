"""Comments on tickets of Zoho Desk: notes among agents, unless they are public.

A comment bears no mark. Whether one was made is told by the ticket: one that says the same is taken
for the one that was to be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead, Written
from hub.connectors.outcome import Done, Refused, Unknown
from hub.connectors.record import read, says, seen, text
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import KINDS, ROWS_MAX
from hub.connectors.zoho_desk.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.connector import Seen, Write
    from hub.connectors.http import Call, Vendor
    from hub.connectors.zoho_desk.call import Caller

KIND = KINDS["comments"]
TICKET = "ticketId"
CONTENT = "content"
READ_WITHIN = Refused(
    sentence="A comment is not read by itself: it is read with its ticket.",
    because="data",
    reason="comments",
)


async def write(vendor: Vendor, caller: Caller, one: Write) -> Written:
    """Make a comment on the ticket that the fields name, or change one."""
    ticket = text(one.fields.get(TICKET))
    content = text(one.fields.get(CONTENT))
    if not ticket or not content:
        return Written(outcome=_NOWHERE, record=one.record)
    try:
        if one.look and not one.record:
            there = await _said_already(vendor, caller, ticket, content, one.share)
            if there is not None:
                return there
    except NotRead as error:
        return Written(outcome=error.outcome, record=one.record)
    fields = {name: value for name, value in one.fields.items() if name != TICKET}
    fields.setdefault("contentType", "plainText")
    path = at(KIND.path, ticket, "/comments")
    call = caller.writes(
        "PATCH" if one.record else "POST",
        at(path, one.record) if one.record else path,
        fields,
        verb="readable",
        share=one.share,
    )
    outcome = await vendor.call(call)
    if not isinstance(outcome, Done):
        return Written(outcome=outcome, record=one.record)
    try:
        made = seen(KIND, outcome.answer.body)
    except ValueError as error:
        return Written(outcome=Unknown(sentence=f"It was written, but not told: {error}"))
    return Written(outcome=outcome, record=made.record, data=_of(ticket, outcome.answer.body))


async def find(
    vendor: Vendor, caller: Caller, fields: Mapping[str, str], share: Share
) -> list[Seen]:
    """Give the comments of a ticket whose fields say this."""
    ticket = fields[TICKET]
    wanted = {name: word for name, word in fields.items() if name != TICKET}
    rows = await _listed(vendor, caller, ticket, share)
    return [seen(KIND, _of(ticket, row)) for row in rows if says(row, wanted)]


async def _said_already(
    vendor: Vendor, caller: Caller, ticket: str, content: str, share: Share
) -> Written | None:
    call = _call(caller, ticket, 0, share)
    answer = await read(vendor, call)
    for row in rows_of(answer):
        if says(bytes(row), {CONTENT: content}):
            done = Done(sentence="The ticket bore this comment already.", answer=answer)
            record = seen(KIND, row).record
            data = _of(ticket, bytes(row))
            return Written(outcome=done, record=record, data=data, was_there=True)
    return None


async def _listed(vendor: Vendor, caller: Caller, ticket: str, share: Share) -> list[bytes]:
    found: list[bytes] = []
    while True:
        rows = rows_of(await read(vendor, _call(caller, ticket, len(found), share)))
        found += [bytes(row) for row in rows]
        if len(rows) < ROWS_MAX:
            return found


def _call(caller: Caller, ticket: str, first: int, share: Share) -> Call:
    path = at(KIND.path, ticket, "/comments")
    params = (("sortBy", "-commentedTime"),)
    return caller.lists(path, params, first=first, limit=ROWS_MAX, share=share)


def _of(ticket: str, comment: bytes) -> bytes:
    """Say in a comment whose it is."""
    said = msgspec.json.encode(ticket)
    return b'{"%s":%s,%s' % (TICKET.encode(), said, comment.lstrip()[1:])


_NOWHERE = Refused(
    sentence=f"A comment is written with the {TICKET} of its ticket and with its {CONTENT}.",
    because="data",
    reason="comments",
)
