"""Tickets that bear a tag which the settings name: neither an event nor a stamp tells of a tag.

They are listed tag by tag, and held against who bore the tag when it was listed last: a ticket that
has come to bear it, or bears it no more, is noticed, and so read with the tags it has now. Who is
met the first time is noticed under the time at which the ticket was made, and that is kept once:
the first list of a tag has nobody read twice.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Notice, Page
from hub.connectors.record import read
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import KINDS, ROOT, ROWS_MAX
from hub.connectors.zoho_desk.news import read_place, written
from hub.connectors.zoho_desk.rows import rows_of, table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

    Bearers = dict[str, dict[str, datetime | None]]
    """By tag, the tickets that bear it, and when each was made."""

PAGES_MAX = 10
"""Of one tag: who is pushed beyond so many pages is read once more, and has it still."""


class _Tag(msgspec.Struct):
    id: str
    name: str = ""


class _Ticket(msgspec.Struct):
    id: str
    created: datetime | None = msgspec.field(name="createdTime", default=None)


async def with_tagged(
    vendor: Vendor, caller: Caller, page: Page, names: Collection[str], chosen: Collection[str]
) -> Page:
    """Add to the end of a round who got or lost a tag that is looked for."""
    place = read_place(page.cursor)
    bear = await bearers(vendor, caller, names, chosen)
    found = moved(place.bore, bear, names, place.looked)
    place.bore = borne(bear, names)
    return Page(seen=[*page.seen, *found], cursor=written(place), done=page.done)


async def bearers(
    vendor: Vendor, caller: Caller, names: Collection[str], chosen: Collection[str]
) -> Bearers:
    """List the tickets that bear each of these tags, in the chosen departments; none: in any."""
    wanted = {name.casefold() for name in names}
    found: Bearers = {}
    departments = [one.record for one in await table(vendor, caller, KINDS["departments"])]
    for department in (one for one in departments if not chosen or one in chosen):
        for tag in await _tags(vendor, caller, department):
            if tag.name.casefold() in wanted:
                found.setdefault(tag.name.casefold(), {}).update(await _of(vendor, caller, tag))
    return found


def moved(
    bore: Mapping[str, list[int]], bear: Bearers, names: Collection[str], now: datetime | None
) -> list[Notice]:
    """Notice who came to bear a tag, and who bears it no more, since it was listed last."""
    found: list[Notice] = []
    for tag in sorted({name.casefold() for name in names}):
        after = bear.get(tag, {})
        if tag not in bore:
            found += [_notice("tagged", tag, one, made) for one, made in after.items()]
            continue
        before = unpacked(bore[tag])
        found += [_notice("tagged", tag, one, now) for one in sorted(after.keys() - before)]
        found += [_notice("untagged", tag, one, now) for one in sorted(before - after.keys())]
    return found


def borne(bear: Bearers, names: Collection[str]) -> dict[str, list[int]]:
    """Say who bears each of these tags, for the next time; a tag that nobody bears is known too."""
    return {name.casefold(): packed(bear.get(name.casefold(), {})) for name in names}


def packed(ids: Collection[str]) -> list[int]:
    """Write ids as the steps between them, which are short: it is kept with each page."""
    numbers = sorted(map(int, ids))
    return [after - before for before, after in pairwise([0, *numbers])]


def unpacked(steps: Collection[int]) -> set[str]:
    return set(map(str, accumulate(steps)))


def _notice(event: str, tag: str, ticket: str, at: datetime | None) -> Notice:
    said = msgspec.json.encode({"event": event, "tag": tag})
    return Notice(kind="tickets", record=ticket, at=at, data=said)


async def _tags(vendor: Vendor, caller: Caller, department: str) -> list[_Tag]:
    """List the tags of a department."""
    found: list[_Tag] = []
    params = (("departmentId", department),)
    for _ in range(PAGES_MAX):
        call = caller.lists(f"{ROOT}/ticketTags", params, first=len(found), limit=ROWS_MAX)
        rows = rows_of(await read(vendor, call))
        found += [msgspec.json.decode(row, type=_Tag) for row in rows]
        if len(rows) < ROWS_MAX:
            break
    return found


async def _of(vendor: Vendor, caller: Caller, tag: _Tag) -> dict[str, datetime | None]:
    path = at(f"{ROOT}/tags", tag.id, "/tickets")
    found: dict[str, datetime | None] = {}
    first = 0
    for _ in range(PAGES_MAX):
        rows = rows_of(await read(vendor, caller.lists(path, (), first=first, limit=ROWS_MAX)))
        tickets = [msgspec.json.decode(row, type=_Ticket) for row in rows]
        found |= {one.id: one.created for one in tickets}
        first += len(rows)
        if len(rows) < ROWS_MAX:
            break
    return found
