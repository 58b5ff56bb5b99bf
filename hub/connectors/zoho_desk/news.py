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
from hub.connectors.zoho_desk.departments import only
from hub.connectors.zoho_desk.kinds import LAG, OVERLAP, ROWS_MAX, SEARCH_FROM_MAX
from hub.connectors.zoho_desk.rows import listed, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    departments: list[str] = []
    """Those that the settings chose when it was read last; none: all."""
    turned: list[str] = []
    """Departments that are chosen no more, or have been since, and are yet to be read through."""


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
    """Search for tickets that changed, then read the open ones if it is time.

    It is searched in all departments, whichever are chosen: nothing else tells soon of a ticket
    that has left them, for neither a list nor the webhook does.
    """
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
    after = _behind(place, since=latest(place.since, place.newest))
    due = place.looked is None or (now - place.looked).total_seconds() >= open_seconds
    if open_seconds and due:
        after.open_rows, after.looked = 0, now
    done = after.open_rows is None
    return Page(seen=_notices(kind, rows), cursor=written(after), done=done)


async def still_open(  # noqa: PLR0917 - whom to ask, of what, from where on
    vendor: Vendor,
    caller: Caller,
    kind: Kind,
    place: Place,
    statuses: Sequence[str],
    chosen: Collection[str],
) -> Page:
    """Read the tickets through that wait for somebody; what says what it said is kept once."""
    first = place.open_rows or 0
    params = (("status", ",".join(statuses)), ("sortBy", "createdTime"), *only(chosen))
    rows = await listed(vendor, caller, kind, first, params)
    if len(rows) == ROWS_MAX:
        place.open_rows = first + len(rows)
        return Page(seen=rows, cursor=written(place), done=False)
    return Page(seen=rows, cursor=written(_behind(place, since=place.since)), done=True)


async def turned(
    vendor: Vendor, caller: Caller, kind: Kind, place: Place, chosen: Collection[str]
) -> Page:
    """Notice all of a department that is chosen no more, or has been since."""
    department, *left = place.turned
    params = (("sortBy", "createdTime"), *only((department,)))
    rows = await listed(vendor, caller, kind, place.rows, params)
    place.rows += len(rows)
    if len(rows) < ROWS_MAX:
        place.turned, place.rows = left, 0
    # Each is read by itself: what is gone only the same road can say to be back, under one stamp.
    notices = [Notice(kind=kind.name, record=row.record) for row in rows]
    is_ours = not chosen or department in chosen
    return Page(seen=[*rows, *notices] if is_ours else notices, cursor=written(place), done=False)


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


def _behind(place: Place, *, since: datetime | None) -> Place:
    """Give the place behind a round, with what is known from one to the next."""
    return Place(since=since, looked=place.looked, bore=place.bore, departments=place.departments)


def _notices(kind: Kind, rows: Sequence[Seen]) -> list[Notice]:
    return [Notice(kind=kind.name, record=row.record, at=row.at) for row in rows]


def _onward(begin: datetime, newest: datetime | None) -> datetime:
    """Begin at the last one; where all were of one moment, behind it: a scan has the rest."""
    if newest is None or newest <= begin:
        return begin + timedelta(milliseconds=1)
    return newest
