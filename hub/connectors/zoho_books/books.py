"""Read Zoho Books: its lists once, then what changed, and single records when asked.

A list row is a summary: what it tells of a changed record is kept, and the record then read by
itself. At first sight the rows are enough, for one call a record would cost a day's quota. No
list but that of contacts can be trusted to give what changed first: the others are read through,
and what says what it said before is kept once.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.budget import AtOnce, Window
from hub.connectors.connector import Listening, Notice, NotRead, Page, Seen
from hub.connectors.outcome import Refused
from hub.connectors.record import read, says, seen
from hub.connectors.zoho import SCHEME
from hub.connectors.zoho_books import persons
from hub.connectors.zoho_books.call import reads
from hub.connectors.zoho_books.changed import Changed
from hub.connectors.zoho_books.hook import hear
from hub.connectors.zoho_books.judge import ABSENT, judge
from hub.connectors.zoho_books.kinds import (
    CALLS_PER_MINUTE,
    KINDS,
    OVERLAP,
    PLANS,
    ROWS_MAX,
    BooksKind,
    is_vendor,
)
from hub.connectors.zoho_books.search import search
from hub.connectors.zoho_books.status import STATUS, write_with_status
from hub.connectors.zoho_books.write import find, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Door, Hook, Kind, Write, Written
    from hub.connectors.http import Call, Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.settings import Secret


class _PageContext(msgspec.Struct):
    has_more_page: bool = False


class _Organization(msgspec.Struct):
    organization_id: str
    time_zone: str = "UTC"


class _Organizations(msgspec.Struct):
    organizations: list[_Organization]


class _Place(msgspec.Struct, omit_defaults=True):
    """Where to read on: this page, for what changed since; `newest` was met on the way."""

    page: int = 1
    since: datetime | None = None
    newest: datetime | None = None


class ZohoBooks:
    """One Books organisation."""

    scheme = SCHEME

    def __init__(self, organization: str, plan: str = "free", zone: str = "UTC") -> None:
        calls, together = PLANS.get(plan, PLANS["free"])
        self.kinds: Mapping[str, Kind] = KINDS
        self.windows = (
            Window(name="minute", most=CALLS_PER_MINUTE, seconds=60),
            Window(name="day", most=calls, zone=zone),
        )
        self.at_once = (AtOnce(name="calls", most=together),)
        self._organization = organization
        self._changed = Changed(organization)

    def judge(self, answer: Answer) -> Verdict:
        return judge(answer)

    def start(self, now: datetime) -> str:
        return _write(_Place(since=now))

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read the rows of a list, the oldest first; a row is all that is read at first sight."""
        place = _place(cursor)
        rows, more = await self._list(vendor, _of(kind), place.page, share="backfill")
        place.page += 1
        return Page(seen=rows, cursor=_write(place), done=not more)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read a list through, or its newest part, and have read what changed since."""
        place, books_kind = _place(cursor), _of(kind)
        rows, more = await self._list(
            vendor, books_kind, place.page, newest=books_kind.newest_first
        )
        since = None if place.since is None else place.since - OVERLAP
        changed = [row for row in rows if since is None or row.at is None or row.at >= since]
        notices = [
            Notice(kind=kind.name, record=row.record, at=row.at) for row in changed if row.at
        ]
        place.newest = _latest(place.newest, *(row.at for row in changed))
        place.page += 1
        done = not more or (books_kind.newest_first and len(changed) < len(rows))
        if done:
            place = _Place(since=_latest(place.since, place.newest))
        return Page(seen=[*changed, *notices], cursor=_write(place), done=done)

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        """Read these in full; of one that is not among several, ask by itself."""
        books_kind = _of(kind)
        if kind == persons.KIND:
            raise NotRead(persons.READ_WITHIN)
        several = len(records) > 1
        found = await self._several(vendor, books_kind, records, share) if several else []
        missing = [each for each in records if each not in {one.record for one in found}]
        return found + [await self._one(vendor, books_kind, record, share) for record in missing]

    async def changed(
        self, vendor: Vendor, kind: Kind, since: datetime, cursor: str, share: Share
    ) -> Page | None:
        return await self._changed.page(vendor, _of(kind), since, cursor, share)

    async def listen(
        self, vendor: Vendor, door: Door, cursor: str, now: datetime
    ) -> Listening | None:
        """Books' webhooks last until somebody takes them away; `hub setup` makes them."""

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> Sequence[Seen | Notice]:
        return hear(hook, secrets.get("webhook_secret"))

    async def zone(self, vendor: Vendor) -> str:
        answer = await read(vendor, self._get("/books/v3/organizations", []))
        found = msgspec.json.decode(answer.body, type=_Organizations).organizations
        zones = {one.organization_id: one.time_zone for one in found}
        if self._organization not in zones:
            raise ValueError(f"the login sees no organisation {self._organization}")
        return zones[self._organization]

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        return [await self._write(vendor, _of(kind), one) for one in writes]

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        return await find(vendor, self._organization, _of(kind), mark)

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        """Look by what a list can be narrowed to; what is found is read and compared in full."""
        kind.check_search(fields)
        if kind.name == persons.KIND.name:
            return await persons.find(vendor, self._organization, fields, share)
        records = await search(vendor, self._organization, _of(kind), fields, share)
        found = [await self._one(vendor, _of(kind), record, share) for record in records]
        return [one for one in found if one.data is not None and says(one.data, fields)]

    async def _write(self, vendor: Vendor, kind: BooksKind, one: Write) -> Written:
        if kind.name == persons.KIND.name:
            return await persons.write(vendor, self._organization, one)
        if kind.statuses and STATUS in one.fields:
            return await write_with_status(vendor, self._organization, kind, one)
        return await write(vendor, self._organization, kind, one)

    async def _list(
        self,
        vendor: Vendor,
        kind: BooksKind,
        page: int,
        *,
        newest: bool = False,
        share: Share = "contacts",
    ) -> tuple[list[Seen], bool]:
        params = [("page", str(page)), ("per_page", str(ROWS_MAX))]
        if kind.sort:
            params += [("sort_column", kind.sort), ("sort_order", "D" if newest else "A")]
        if kind.name == "contacts":
            params += [("contact_type", "customer")]
        answer = await read(vendor, self._get(kind.path, params, share))
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        rows = msgspec.json.decode(body[kind.name], type=list[msgspec.Raw])
        context = msgspec.json.decode(body.get("page_context", b"{}"), type=_PageContext)
        # An unknown filter is ignored without a word: so it is looked after.
        found = [one for one in (seen(kind, row, row=True) for row in rows) if not is_vendor(one)]
        return found, context.has_more_page

    async def _several(
        self, vendor: Vendor, kind: BooksKind, records: Sequence[str], share: Share
    ) -> list[Seen]:
        if not kind.details:
            return []
        params = [(f"{kind.one}_ids", ",".join(records))]
        answer = await read(vendor, self._get(kind.details, params, share))
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        rows = msgspec.json.decode(body.get(kind.name, b"[]"), type=list[msgspec.Raw])
        return [seen(kind, row) for row in rows]

    async def _one(
        self, vendor: Vendor, kind: BooksKind, record: str, share: Share = "contacts"
    ) -> Seen:
        path = (
            f"{KINDS['contacts'].path}/{quote(record, safe='')}/comments"
            if kind.name == "comments"
            else ""
        )
        try:
            answer = await read(
                vendor, self._get(path or f"{kind.path}/{quote(record, safe='')}", [], share)
            )
        except NotRead as error:
            outcome = error.outcome
            if isinstance(outcome, Refused) and outcome.reason == str(ABSENT):
                return Seen(kind=kind.name, record=record, data=None)
            raise
        if path:
            return Seen(kind=kind.name, record=record, data=answer.body)
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        one = seen(kind, body[kind.one])
        if one.record != record:
            raise ValueError(f"{kind.name}/{record} was asked for, and {one.record} came")
        return one

    def _get(self, path: str, params: list[tuple[str, str]], share: Share = "contacts") -> Call:
        return reads(self._organization, path, params, share)


def _of(kind: Kind) -> BooksKind:
    return KINDS[kind.name]


def _latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def _place(cursor: str) -> _Place:
    return msgspec.json.decode(cursor, type=_Place) if cursor else _Place()


def _write(place: _Place) -> str:
    return msgspec.json.encode(place).decode()
