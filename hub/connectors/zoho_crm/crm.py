"""Zoho CRM as the stations see it: everything is read once, then what changed and was deleted."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.budget import AtOnce, Window
from hub.connectors.connector import Page, Seen
from hub.connectors.record import read, says
from hub.connectors.zoho import SCHEME
from hub.connectors.zoho_crm import bulk, channel, query
from hub.connectors.zoho_crm.bulk import Bulk
from hub.connectors.zoho_crm.judge import judge
from hub.connectors.zoho_crm.kinds import (
    BULK_FROM,
    CONDITION,
    FOUND_MAX,
    HEAVY_AT_ONCE,
    KINDS,
    PLANS,
    ROWS_MAX,
    TABLES,
)
from hub.connectors.zoho_crm.rows import NOTHING, Info, Rows, changed_since, get
from hub.connectors.zoho_crm.write import find, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Door, Hook, Kind, Listening, Notice, Write, Written
    from hub.connectors.http import Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.settings import Secret


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
    info: Info = msgspec.field(default_factory=Info)


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

    def __init__(self, plan: str = "free", condition: str = CONDITION) -> None:
        """Without a `condition` changes go many to a call, whatever people do meanwhile."""
        per_day, together = PLANS.get(plan, PLANS["free"])
        self._condition = condition
        self.kinds = {
            name: msgspec.structs.replace(kind, conditional=bool(condition and kind.writes))
            for name, kind in KINDS.items()
        }
        self.windows = (Window(name="day", most=per_day),)
        self.at_once = (
            AtOnce(name="calls", most=together),
            AtOnce(name="heavy", most=HEAVY_AT_ONCE, only="heavy"),
        )
        self._rows = Rows()
        self._bulks = {name: Bulk() for name in KINDS}

    def judge(self, answer: Answer) -> Verdict:
        return judge(answer)

    def start(self, now: datetime) -> str:
        return _write(_Place(since=now))

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read all there is, the oldest id first: what comes in meanwhile comes at the end."""
        if kind.name in TABLES:
            return await self._rows.table(vendor, kind)
        if not cursor and await self._is_large(vendor, kind):
            cursor = _write(_Place(bulk=bulk.Place()))
        place = _place(cursor)
        if place.bulk is not None:
            return await self._in_bulk(vendor, kind, place.bulk)
        params = (("sort_by", "id"), ("sort_order", "asc"))
        rows = await self._rows.listed(vendor, kind, params, token=place.token, share="backfill")
        place.token = rows.info.next_page_token or ""
        done = not rows.info.more_records
        found = await self._rows.whole(vendor, kind, rows.data, share="backfill")
        return Page(seen=found, cursor=_write(place), done=done)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read what changed since, then what was deleted since."""
        if kind.name in TABLES:
            return await self._rows.table(vendor, kind)
        place = _place(cursor)
        if place.deleted_page:
            return await self._deleted(vendor, kind, place)
        params = (("sort_by", "Modified_Time"), ("sort_order", "asc"))
        rows = await self._rows.listed(vendor, kind, params, token=place.token, since=place.since)
        found = await self._rows.whole(vendor, kind, rows.data)
        stamps = [one.at for one in found if one.at is not None]
        place.newest = max([*stamps, *filter(None, [place.newest])], default=None)
        place.token = rows.info.next_page_token or ""
        if not rows.info.more_records:
            place.token, place.deleted_page = "", 1
        return Page(seen=found, cursor=_write(place), done=False)

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        return await self._rows.fetch(vendor, kind, records, share)

    async def zone(self, vendor: Vendor) -> str:
        answer = await read(vendor, get("/crm/v8/org"))
        return msgspec.json.decode(answer.body, type=_Organizations).org[0].time_zone

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        return await write(vendor, kind, writes, self._condition)

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        return await find(vendor, kind, mark)

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        kind.check_search(fields)
        ids = await query.records(vendor, kind, fields, FOUND_MAX, share)
        found = await self.fetch(vendor, kind, ids) if ids else []
        return [
            one for one in found if all(_says(found, one.record, *said) for said in fields.items())
        ]

    async def listen(self, vendor: Vendor, door: Door, cursor: str, now: datetime) -> Listening:
        return await channel.listen(vendor, self.kinds.values(), door, cursor, now)

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> list[Notice]:
        return channel.hear(hook, self.kinds, secrets.get("channel_token"))

    async def _is_large(self, vendor: Vendor, kind: Kind) -> bool:
        """Tell whether a bulk read is worth its price; a read of lines is record by record."""
        if kind.name == "Notes" or await self._rows.modules.have_lines(vendor, kind):
            return False
        answer = await read(vendor, get(f"{kind.path}/actions/count", share="backfill"))
        return msgspec.json.decode(answer.body, type=_Count).count >= BULK_FROM

    async def _in_bulk(self, vendor: Vendor, kind: Kind, place: bulk.Place) -> Page:
        fields = await self._rows.modules.fields(vendor, kind)
        page, after = await self._bulks[kind.name].read(vendor, kind, fields, place)
        cursor = "" if after is None else _write(_Place(bulk=after))
        return Page(seen=page.seen, cursor=cursor, done=after is None)

    async def _deleted(self, vendor: Vendor, kind: Kind, place: _Place) -> Page:
        assert place.since is not None
        params = (("type", "all"), ("page", str(place.deleted_page)), ("per_page", str(ROWS_MAX)))
        since = changed_since(place.since)
        answer = await read(vendor, get(f"{kind.path}/deleted", params, headers=since))
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


def _says(found: Sequence[Seen], record: str, name: str, word: str) -> bool:
    """Tell whether one of the rows of a record says this: a wide one comes in several."""
    rows = (one.data for one in found if one.record == record)
    return any(says(row, {name: word}) for row in rows if row is not None)


def _place(cursor: str) -> _Place:
    return msgspec.json.decode(cursor, type=_Place) if cursor else _Place()


def _write(place: _Place) -> str:
    return msgspec.json.encode(place).decode()
