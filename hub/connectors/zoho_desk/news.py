"""What is new in Zoho Desk, and where to read on.

Contacts and accounts come in lists with what was changed last at their head. Tickets do not: those
are searched by when they were changed, and the index that is searched lags behind. What the clock
turns at a ticket, and what hangs on it, has no stamp at all: so the open ones are read through.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Notice, Page
from hub.connectors.record import read, seen
from hub.connectors.zoho_desk.kinds import LAG, OVERLAP, ROWS_MAX, SEARCH_FROM_MAX
from hub.connectors.zoho_desk.rows import listed, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.connector import Kind, Seen
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

FAR = timedelta(days=366)
"""How far ahead a search of times reaches: the vendor's clock is not the hub's."""


class Place(msgspec.Struct, omit_defaults=True):
    """Where to read on: so many rows into what changed since; `newest` was met on the way."""

    since: datetime | None = None
    rows: int = 0
    last: str = ""
    """The record that the page before ended with: the next may begin with it."""
    newest: datetime | None = None
    window: datetime | None = None
    """Where a search was begun anew, for it goes only so far."""
    open_rows: int | None = None
    """How many of the open tickets were read; None: they are not being read now."""
    looked: datetime | None = None
    """When the open tickets were read last."""
    bore: dict[str, list[int]] = {}
    """By tag that is looked for, who bore it then; see `tagged`."""


async def newest_first(vendor: Vendor, caller: Caller, kind: Kind, place: Place) -> Page:
    """Read a list from its head down to what is known."""
    params = (("sortBy", "-modifiedTime"),)
    rows = await listed(vendor, caller, kind, place.rows, params)
    since = None if place.since is None else place.since - OVERLAP
    changed = [row for row in rows if since is None or row.at is None or row.at >= since]
    place.newest = latest(place.newest, *(row.at for row in changed))
    place.rows += len(rows)
    done = len(rows) < ROWS_MAX or len(changed) < len(rows)
    if done:
        place = Place(since=latest(place.since, place.newest))
    return Page(seen=[*changed, *_notices(kind, changed)], cursor=written(place), done=done)


async def searched(
    vendor: Vendor, caller: Caller, kind: Kind, place: Place, *, open_seconds: float
) -> Page:
    """Search for tickets that changed, then read the open ones if it is time."""
    now = vendor.budget.clock.now()
    begin = place.window or (place.since or now) - LAG
    params = (
        ("modifiedTimeRange", f"{stamp(begin)},{stamp(now + FAR)}"),
        ("sortBy", "modifiedTime"),
    )
    call = caller.lists(f"{kind.path}/search", params, first=place.rows, limit=ROWS_MAX)
    rows = [seen(kind, row, row=True) for row in rows_of(await read(vendor, call))]
    place.newest = latest(place.newest, *(row.at for row in rows))
    place.rows += len(rows)
    if len(rows) == ROWS_MAX:
        if place.rows > SEARCH_FROM_MAX:
            place.window, place.rows = _onward(begin, place.newest), 0
        return Page(seen=_notices(kind, rows), cursor=written(place), done=False)
    since = latest(place.since, place.newest)
    due = place.looked is None or (now - place.looked).total_seconds() >= open_seconds
    if open_seconds and due:
        after = Place(since=since, open_rows=0, looked=now, bore=place.bore)
        return Page(seen=_notices(kind, rows), cursor=written(after), done=False)
    after = Place(since=since, looked=place.looked, bore=place.bore)
    return Page(seen=_notices(kind, rows), cursor=written(after), done=True)


async def still_open(
    vendor: Vendor, caller: Caller, kind: Kind, place: Place, statuses: Sequence[str]
) -> Page:
    """Read the tickets through that wait for somebody; what says what it said is kept once."""
    first = place.open_rows or 0
    params = (("status", ",".join(statuses)), ("sortBy", "createdTime"))
    rows = await listed(vendor, caller, kind, first, params)
    if len(rows) == ROWS_MAX:
        place.open_rows = first + len(rows)
        return Page(seen=rows, cursor=written(place), done=False)
    after = Place(since=place.since, looked=place.looked, bore=place.bore)
    return Page(seen=rows, cursor=written(after), done=True)


def latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def read_place(cursor: str) -> Place:
    return msgspec.json.decode(cursor, type=Place) if cursor else Place()


def written(place: Place) -> str:
    return msgspec.json.encode(place).decode()


def stamp(moment: datetime) -> str:
    """Write a moment as Desk reads it: UTC, milliseconds, Z."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _notices(kind: Kind, rows: Sequence[Seen]) -> list[Notice]:
    return [Notice(kind=kind.name, record=row.record, at=row.at) for row in rows]


def _onward(begin: datetime, newest: datetime | None) -> datetime:
    """Begin at the last one; where all were of one moment, behind it: a scan has the rest."""
    if newest is None or newest <= begin:
        return begin + timedelta(milliseconds=1)
    return newest
