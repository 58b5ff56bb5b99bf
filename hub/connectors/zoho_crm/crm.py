"""Read Zoho CRM: everything once, then what changed, and single records when asked.

A list gives at most fifty fields a row, so a wide module is read in several rows per record, each
of which speaks of the fields it has. Line items are in none of them: a kind that has some is read
record by record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.budget import AtOnce, Window
from hub.connectors.connector import NotRead, Page, Seen, read, seen
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.zoho import SCHEME
from hub.connectors.zoho_crm import bulk, channel
from hub.connectors.zoho_crm.bulk import Bulk
from hub.connectors.zoho_crm.fields import Modules
from hub.connectors.zoho_crm.judge import judge
from hub.connectors.zoho_crm.kinds import (
    BULK_FROM,
    HEAVY_AT_ONCE,
    IDS_MAX,
    KINDS,
    OVERLAP,
    PLANS,
    ROWS_MAX,
    TABLES,
)
from hub.connectors.zoho_crm.write import find, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Door, Hook, Kind, Listening, Notice, Write, Written
    from hub.connectors.http import Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.settings import Secret


NOTHING = (204, 304)
"""With these it says that there is nothing; an answer that is just empty says nothing at all."""


class _Info(msgspec.Struct):
    more_records: bool = False
    next_page_token: str | None = None


class _Rows(msgspec.Struct):
    data: list[msgspec.Raw]
    info: _Info = msgspec.field(default_factory=_Info)


class _Organization(msgspec.Struct):
    time_zone: str


class _Organizations(msgspec.Struct):
    org: list[_Organization]


class _Count(msgspec.Struct):
    count: int


class _Deleted(msgspec.Struct):
    id: str
    deleted_time: datetime


class _DeletedRows(msgspec.Struct):
    data: list[_Deleted]
    info: _Info = msgspec.field(default_factory=_Info)


class _Place(msgspec.Struct, omit_defaults=True):
    """Where to read on: what changed since, from this page on; `newest` was met on the way."""

    since: datetime | None = None
    token: str = ""
    newest: datetime | None = None
    deleted_page: int = 0
    bulk: bulk.Place | None = None


class ZohoCrm:
    """One CRM organisation."""

    scheme = SCHEME

    def __init__(self, plan: str = "free") -> None:
        per_day, together = PLANS.get(plan, PLANS["free"])
        self.kinds = KINDS
        self.windows = (Window(name="day", most=per_day),)
        self.at_once = (
            AtOnce(name="calls", most=together),
            AtOnce(name="heavy", most=HEAVY_AT_ONCE, only="heavy"),
        )
        self._modules = Modules()
        self._bulks = {name: Bulk() for name in KINDS}

    def judge(self, answer: Answer) -> Verdict:
        return judge(answer)

    def start(self, now: datetime) -> str:
        return _write(_Place(since=now))

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read all there is, the oldest id first: what comes in meanwhile comes at the end."""
        if kind.name in TABLES:
            return await self._table(vendor, kind)
        if not cursor and await self._is_large(vendor, kind):
            cursor = _write(_Place(bulk=bulk.Place()))
        place = _place(cursor)
        if place.bulk is not None:
            return await self._in_bulk(vendor, kind, place.bulk)
        params = (("sort_by", "id"), ("sort_order", "asc"))
        rows = await self._list(vendor, kind, place, params, share="backfill")
        place.token = rows.info.next_page_token or ""
        done = not rows.info.more_records
        found = await self._whole(vendor, kind, rows.data, share="backfill")
        return Page(seen=found, cursor=_write(place), done=done)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read what changed since, then what was deleted since."""
        if kind.name in TABLES:
            return await self._table(vendor, kind)
        place = _place(cursor)
        if place.deleted_page:
            return await self._deleted(vendor, kind, place)
        params = (("sort_by", "Modified_Time"), ("sort_order", "asc"))
        rows = await self._list(vendor, kind, place, params)
        found = await self._whole(vendor, kind, rows.data)
        stamps = [one.at for one in found if one.at is not None]
        place.newest = max([*stamps, *filter(None, [place.newest])], default=None)
        place.token = rows.info.next_page_token or ""
        if not rows.info.more_records:
            place.token, place.deleted_page = "", 1
        return Page(seen=found, cursor=_write(place), done=False)

    async def fetch(self, vendor: Vendor, kind: Kind, records: Sequence[str]) -> list[Seen]:
        """Read these in full; of one that a list does not give, ask by itself."""
        if kind.fetches == 1 or await self._modules.have_lines(vendor, kind):
            return [await self._one(vendor, kind, record) for record in records]
        found: list[Seen] = []
        for names in await self._modules.sets(vendor, kind):
            params = (("ids", ",".join(records)), ("fields", ",".join(names)))
            rows = _rows(await read(vendor, _get(kind.path, params)))
            found += [seen(kind, row) for row in rows.data]
        given = {one.record for one in found}
        missing = [record for record in records if record not in given]
        return found + [await self._one(vendor, kind, record) for record in missing]

    async def zone(self, vendor: Vendor) -> str:
        answer = await read(vendor, _get("/crm/v8/org"))
        return msgspec.json.decode(answer.body, type=_Organizations).org[0].time_zone

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        return await write(vendor, kind, writes)

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        return await find(vendor, kind, mark)

    async def listen(self, vendor: Vendor, door: Door, cursor: str, now: datetime) -> Listening:
        return await channel.listen(vendor, self.kinds.values(), door, cursor, now)

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> list[Notice]:
        return channel.hear(hook, self.kinds, secrets.get("channel_token"))

    async def _is_large(self, vendor: Vendor, kind: Kind) -> bool:
        """Tell whether a bulk read is worth its price; a read of lines is record by record."""
        if kind.name == "Notes" or await self._modules.have_lines(vendor, kind):
            return False
        answer = await read(vendor, _get(f"{kind.path}/actions/count", share="backfill"))
        return msgspec.json.decode(answer.body, type=_Count).count >= BULK_FROM

    async def _in_bulk(self, vendor: Vendor, kind: Kind, place: bulk.Place) -> Page:
        fields = await self._modules.fields(vendor, kind)
        page, after = await self._bulks[kind.name].read(vendor, kind, fields, place)
        cursor = "" if after is None else _write(_Place(bulk=after))
        return Page(seen=page.seen, cursor=cursor, done=after is None)

    async def _list(
        self,
        vendor: Vendor,
        kind: Kind,
        place: _Place,
        params: tuple[tuple[str, str], ...],
        share: Share = "contacts",
    ) -> _Rows:
        (names, *_) = await self._modules.sets(vendor, kind)
        page = (("page_token", place.token),) if place.token else ()
        since = {} if place.since is None else {"If-Modified-Since": _iso(place.since - OVERLAP)}
        wanted = (("fields", ",".join(names)), ("per_page", str(ROWS_MAX)))
        call = _get(kind.path, (*wanted, *params, *page), headers=since, share=share, heavy=True)
        return _rows(await read(vendor, call))

    async def _whole(
        self, vendor: Vendor, kind: Kind, rows: Sequence[msgspec.Raw], share: Share = "contacts"
    ) -> list[Seen]:
        """Complete the rows of a list: by their further fields, or each record by itself."""
        found = [seen(kind, row) for row in rows]
        if await self._modules.have_lines(vendor, kind):
            return [await self._one(vendor, kind, one.record, share) for one in found]
        _, *further = await self._modules.sets(vendor, kind)
        for ids in _parts(found, IDS_MAX):
            for names in further:
                params = (("ids", ",".join(one.record for one in ids)), ("fields", ",".join(names)))
                more = _rows(await read(vendor, _get(kind.path, params, share=share)))
                found += [seen(kind, row) for row in more.data]
        return found

    async def _one(
        self, vendor: Vendor, kind: Kind, record: str, share: Share = "contacts"
    ) -> Seen:
        """Read one record; 204, or a refusal that says that the id is nobody's, proves it gone."""
        try:
            answer = await read(vendor, _get(f"{kind.path}/{quote(record, safe='')}", share=share))
        except NotRead as error:
            if _is_nobody(error):
                return Seen(kind=kind.name, record=record, data=None)
            raise
        if answer.status in NOTHING:
            return Seen(kind=kind.name, record=record, data=None)
        (row,) = _rows(answer).data
        one = seen(kind, row)
        if one.record != record:
            raise ValueError(f"{kind.name}/{record} was asked for, and {one.record} came")
        return one

    async def _deleted(self, vendor: Vendor, kind: Kind, place: _Place) -> Page:
        assert place.since is not None
        params = (("type", "all"), ("page", str(place.deleted_page)), ("per_page", str(ROWS_MAX)))
        since = {"If-Modified-Since": _iso(place.since - OVERLAP)}
        answer = await read(vendor, _get(f"{kind.path}/deleted", params, headers=since))
        rows = (
            msgspec.json.decode(answer.body, type=_DeletedRows)
            if answer.status not in NOTHING
            else _DeletedRows(data=[])
        )
        found = [
            Seen(kind=kind.name, record=row.id, data=None, at=row.deleted_time) for row in rows.data
        ]
        done = not rows.info.more_records
        after = _Place(since=max(filter(None, [place.since, place.newest])))
        if not done:
            after = msgspec.structs.replace(place, deleted_page=place.deleted_page + 1)
        return Page(seen=found, cursor=_write(after), done=done)

    async def _table(self, vendor: Vendor, kind: Kind) -> Page:
        answer = await read(
            vendor, _get(kind.path, (("type", "AllUsers"),) * (kind.name == "users"))
        )
        if answer.status in NOTHING:
            return Page(seen=(), cursor="", done=True)
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        if kind.name == "taxes":
            body = msgspec.json.decode(body["org_taxes"], type=dict[str, msgspec.Raw])
        rows = msgspec.json.decode(body[kind.name], type=list[msgspec.Raw])
        return Page(seen=[seen(kind, row) for row in rows], cursor="", done=True)


def _get(
    path: str,
    params: tuple[tuple[str, str], ...] = (),
    *,
    headers: dict[str, str] | None = None,
    share: Share = "contacts",
    heavy: bool = False,
) -> Call:
    return Call(
        method="GET",
        path=path,
        params=params,
        headers=headers or {},
        verb="read",
        share=share,
        marks=frozenset({"heavy"} if heavy else ()),
    )


def _parts(items: Sequence, size: int) -> Iterator[Sequence]:  # type: ignore[type-arg]
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _rows(answer: Answer) -> _Rows:
    return (
        msgspec.json.decode(answer.body, type=_Rows)
        if answer.status not in NOTHING
        else _Rows(data=[])
    )


def _is_nobody(error: NotRead) -> bool:
    outcome = error.outcome
    return isinstance(outcome, Refused) and (
        outcome.because == "missing" or outcome.reason == "INVALID_DATA"
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _place(cursor: str) -> _Place:
    return msgspec.json.decode(cursor, type=_Place) if cursor else _Place()


def _write(place: _Place) -> str:
    return msgspec.json.encode(place).decode()
