"""Read records of Zoho Desk: pages of lists, short tables, and single records with their tags.

Nothing at all comes as 204 without a body; an empty answer of another status is none. It is not
settled whether lists count from 0 or from 1: each page begins where the one before ended, so that
the worst is one row twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead, Seen
from hub.connectors.outcome import Refused
from hub.connectors.record import read, seen
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import ROW_FIELDS, ROWS_MAX, TABLE_ROWS_MAX, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.connectors.budget import Share
    from hub.connectors.connector import Kind
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer
    from hub.connectors.zoho_desk.call import Caller

NOTHING = 204


class _State(msgspec.Struct):
    trashed: bool = msgspec.field(name="isTrashed", default=False)
    deleted: bool = msgspec.field(name="isDeleted", default=False)
    tag_count: str | int | None = msgspec.field(name="tagCount", default=None)


class _Tag(msgspec.Struct):
    name: str


class _Tags(msgspec.Struct):
    tags: list[_Tag]


async def listed(  # noqa: PLR0917 - whom to ask, of what, and from where on
    vendor: Vendor,
    caller: Caller,
    kind: Kind,
    first: int,
    params: Iterable[tuple[str, str]] = (),
    share: Share = "contacts",
) -> list[Seen]:
    """Read a page of a list; fewer rows than a full page are the last ones."""
    fields = (("fields", ",".join(ROW_FIELDS)),) if kind.name == "tickets" else ()
    call = caller.lists(kind.path, (*params, *fields), first=first, limit=ROWS_MAX, share=share)
    return [seen(kind, row, row=True) for row in rows_of(await read(vendor, call))]


async def table(vendor: Vendor, caller: Caller, kind: Kind) -> list[Seen]:
    """Read a short table to its end."""
    found: dict[str, Seen] = {}
    first = 0
    while True:
        call = caller.lists(kind.path, (), first=first, limit=TABLE_ROWS_MAX)
        rows = [seen(kind, row) for row in rows_of(await read(vendor, call))]
        found |= {one.record: one for one in rows}
        first += len(rows)
        if len(rows) < TABLE_ROWS_MAX:
            return list(found.values())


async def one(
    vendor: Vendor,
    caller: Caller,
    kind: Kind,
    record: str,
    share: Share = "contacts",
    *,
    with_tags: bool = True,
) -> Seen:
    """Read one record in full; what is in the bin is gone, as what is nobody's."""
    try:
        answer = await read(vendor, caller.reads(at(kind.path, record), share=share))
    except NotRead as error:
        if isinstance(error.outcome, Refused) and error.outcome.reason == "URL_NOT_FOUND":
            return Seen(kind=kind.name, record=record, data=None)
        raise
    found = seen(kind, answer.body)
    if found.record != record:
        raise ValueError(f"{kind.name}/{record} was asked for, and {found.record} came")
    state = msgspec.json.decode(answer.body, type=_State)
    if state.trashed or state.deleted:
        return Seen(kind=kind.name, record=record, data=None, at=found.at)
    if kind.name != "tickets" or not with_tags:
        return found
    tags = await tags_of(vendor, caller, record, share) if _has_tags(state) else []
    return msgspec.structs.replace(found, data=beside(answer.body, TAGS, tags))


async def tags_of(vendor: Vendor, caller: Caller, ticket: str, share: Share) -> list[str]:
    """Read the tags of a ticket, which it does not bear itself."""
    call = caller.reads(at("/api/v1/tickets", ticket, "/tags"), share=share)
    answer = await read(vendor, call)
    if answer.status == NOTHING:
        return []
    return sorted(tag.name for tag in msgspec.json.decode(answer.body, type=_Tags).tags)


def beside(ticket: bytes, name: str, read: list[Any]) -> bytes:
    """Put what hangs on a ticket behind all that it says itself, which stays to the byte."""
    whole = ticket.rstrip()
    return b'%s,"%s":%s}' % (whole[:-1].rstrip(), name.encode(), msgspec.json.encode(read))


def rows_of(answer: Answer) -> list[msgspec.Raw]:
    """Give the rows of a page; a list of teams has a key of its own."""
    if answer.status == NOTHING:
        return []
    body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    rows = body.get("data", body.get("teams"))
    if rows is None:
        raise ValueError(f"a page of rows was expected under data; found {', '.join(body)[:100]}")
    return msgspec.json.decode(rows, type=list[msgspec.Raw])


def _has_tags(state: _State) -> bool:
    """Tell whether it may have some: only a count of none says that it has not."""
    return str(state.tag_count) != "0"
