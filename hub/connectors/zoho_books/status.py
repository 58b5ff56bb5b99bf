"""Make customers and items of Zoho Books active or inactive: each by a call that says only that.

It goes before all else that is to be written: so what the other call answers is how the record
stands in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.connector import Written
from hub.connectors.outcome import Done, Refused
from hub.connectors.zoho_books.call import writes
from hub.connectors.zoho_books.write import write

if TYPE_CHECKING:
    from hub.connectors.connector import Write
    from hub.connectors.http import Call, Vendor
    from hub.connectors.outcome import Outcome
    from hub.connectors.zoho_books.kinds import BooksKind

STATUS = "status"
AS_MADE = "active"


async def write_with_status(
    vendor: Vendor, organization: str, kind: BooksKind, one: Write
) -> Written:
    """Make a record, or change one, and have it be active or inactive."""
    status = one.fields[STATUS]
    if status not in kind.statuses:
        return Written(outcome=_no_status(kind, status), record=one.record)
    rest = {name: value for name, value in one.fields.items() if name != STATUS}
    other = msgspec.structs.replace(one, fields=rest)
    if not one.record:
        rest, made = {}, await write(vendor, organization, kind, other)
        if status == AS_MADE or made.was_there or not isinstance(made.outcome, Done):
            return made
        one = msgspec.structs.replace(one, record=made.record)
    call = _call(organization, kind, one, status)
    marked = Written(outcome=await vendor.call(call), record=one.record)
    if not rest or not isinstance(marked.outcome, Done):
        return marked
    return _after(status, await write(vendor, organization, kind, other))


def _call(organization: str, kind: BooksKind, one: Write, status: str) -> Call:
    path = f"{kind.path}/{quote(one.record, safe='')}/{status}"
    return writes(organization, "POST", path, {}, verb="readable", share=one.share)


def _after(status: str, written: Written) -> Written:
    """Say of what was not written that the status was."""
    outcome: Outcome = written.outcome
    if isinstance(outcome, Done):
        return written
    sentence = f"It is {status} now; of what else was to be written: {outcome.sentence}"
    return msgspec.structs.replace(
        written, outcome=msgspec.structs.replace(outcome, sentence=sentence)
    )


def _no_status(kind: BooksKind, found: object) -> Refused:
    return Refused(
        sentence=f"The {STATUS} of {kind.name} is one of {', '.join(kind.statuses)}; found "
        f"{found!r}. Mend the flow that says so.",
        because="data",
        reason=STATUS,
    )
