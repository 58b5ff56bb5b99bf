"""List what was changed since a moment, where Zoho Books documents a filter for that.

A filter may be ignored without a word: then all rows come, which is more than was asked, and no
harm. It may also take a moment for a day, as that of journals does, and leave out what came later.
So it is believed once it gave what a list without it shows, and of a later day than was asked for;
until then, for the day that is asked for alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Page
from hub.connectors.record import read, seen
from hub.connectors.zoho_books.call import reads
from hub.connectors.zoho_books.kinds import ROWS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Seen
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_books.kinds import BooksKind

_OLDEST_FIRST = (("sort_column", "created_time"), ("sort_order", "A"))
_NEWEST_FIRST = (("sort_column", "created_time"), ("sort_order", "D"))


class _Place(msgspec.Struct, omit_defaults=True):
    """Where to read on, and what must have come by the end."""

    since: datetime
    page: int = 1
    missing: set[str] = msgspec.field(default_factory=set)
    proves: date | None = None
    """The one day of which it tells whether the filter is obeyed; none: it tells of all."""


class _Context(msgspec.Struct):
    has_more_page: bool = False


class _Belief(msgspec.Struct, frozen=True, kw_only=True):
    """Of which one day a filter is believed, or of any, in the organisation's own time."""

    day: date | None
    zone: tzinfo | None


class _Rows(msgspec.Struct, frozen=True, kw_only=True):
    seen: list[Seen]
    more: bool
    at: datetime


class Changed:
    """What one organisation has changed, and how far its filter is believed."""

    def __init__(self, organization: str) -> None:
        self._organization = organization
        self._believed: dict[str, _Belief] = {}

    async def page(
        self, vendor: Vendor, kind: BooksKind, since: datetime, cursor: str, share: Share
    ) -> Page | None:
        """Read a page of what was changed since; None where the list is not to be believed."""
        if not kind.changed_filter:
            return None
        # What was changed in the very second that is asked for may be left out.
        since = since.replace(microsecond=0) - timedelta(seconds=1)
        place = _read(cursor) if cursor else self._believing(kind, since)
        if place is None:
            return await self._newest(vendor, kind, since, share)
        asked = [*_OLDEST_FIRST, ("page", str(place.page)), ("last_modified_time", _since(place))]
        rows = await self._rows(vendor, kind, asked, share)
        place.missing -= {row.record for row in rows.seen}
        if not rows.more and not self._believe(kind, place, rows.at):
            return None
        place.page += 1
        return Page(seen=rows.seen, cursor=_write(place), done=not rows.more)

    async def _newest(
        self, vendor: Vendor, kind: BooksKind, since: datetime, share: Share
    ) -> Page | None:
        """Read the newest without the filter, to hold it against what the filter gives."""
        rows = await self._rows(vendor, kind, _NEWEST_FIRST, share)
        if not rows.more:
            return Page(seen=rows.seen, cursor="", done=True)
        later = [row for row in rows.seen if row.at is not None and row.at > since]
        place = _proof(later, since, rows.at)
        if place is None:
            return None
        return Page(seen=rows.seen, cursor=_write(place), done=False)

    def _believing(self, kind: BooksKind, since: datetime) -> _Place | None:
        """Begin to read by the filter, if it is believed of that day."""
        belief = self._believed.get(kind.name)
        if belief is None:
            return None
        own = since.astimezone(belief.zone)
        return _Place(since=own, proves=belief.day) if belief.day in (None, own.date()) else None

    def _believe(self, kind: BooksKind, place: _Place, now: datetime) -> bool:
        """Believe the filter from now on if all came that had to, or else no more; tell which."""
        today = now.astimezone(place.since.tzinfo).date()
        if place.missing or (place.proves is not None and place.proves != today):
            self._believed.pop(kind.name, None)
            return False
        self._believed[kind.name] = _Belief(day=place.proves, zone=place.since.tzinfo)
        return True

    async def _rows(
        self, vendor: Vendor, kind: BooksKind, asked: Sequence[tuple[str, str]], share: Share
    ) -> _Rows:
        params = [*asked, ("per_page", str(ROWS_MAX))]
        answer = await read(vendor, reads(self._organization, kind.path, params, share))
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        rows = msgspec.json.decode(body[kind.name], type=list[msgspec.Raw])
        context = msgspec.json.decode(body.get("page_context", b"{}"), type=_Context)
        found = [seen(kind, row, row=True) for row in rows]
        return _Rows(seen=found, more=context.has_more_page, at=answer.at)


def _proof(later: list[Seen], since: datetime, now: datetime) -> _Place | None:
    """Say what must be among what the filter gives; None: nothing there would prove anything."""
    newest = max((row.at for row in later if row.at is not None), default=None)
    if newest is None:
        return None
    own = since.astimezone(newest.tzinfo)
    missing = {row.record for row in later}
    if newest.date() > own.date():
        return _Place(since=own, missing=missing)
    today = now.astimezone(newest.tzinfo).date()
    return _Place(since=own, missing=missing, proves=today) if today == own.date() else None


def _since(place: _Place) -> str:
    return place.since.strftime("%Y-%m-%dT%H:%M:%S%z")


def _read(cursor: str) -> _Place:
    return msgspec.json.decode(cursor, type=_Place)


def _write(place: _Place) -> str:
    return msgspec.json.encode(place).decode()
