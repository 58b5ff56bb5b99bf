"""What changed, and what went: rows by their stamps, then lines, then what was deleted.

A stamp is not unique, so pages go on behind a record; and it is older than the commit that shows
it, so each poll begins a while before where the last one ended. The log knows what it has seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from hub.connectors.connector import Notice, Page, Seen
from hub.connectors.record import read
from hub.connectors.salesforce.ids import whole
from hub.connectors.salesforce.kinds import LOG_OF_DELETED, OVERLAP, ROWS_MAX, base_of
from hub.connectors.salesforce.query import ask, between, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.kinds import SalesforceKind
    from hub.connectors.salesforce.rows import Rows

AHEAD = timedelta(minutes=2)
"""The seconds of a window are cut off: what has just been deleted is within it all the same."""

BY_STAMP = "SystemModstamp, Id"


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to read on: the last record met, in one of the three parts of a round."""

    since: datetime | None = None
    part: Literal["rows", "lines", "gone"] = "rows"
    stamp: str = ""
    last: str = ""
    newest: datetime | None = None
    """Of all that was met in this round."""
    gone_since: datetime | None = None
    """Up to when it is known what was deleted, where the vendor has said so."""

    @property
    def where(self) -> str:
        """Say which records come next, by their stamps."""
        if self.last:
            return between(self.stamp, self.last)
        assert self.since is not None, "a round begins at a moment"
        return f"SystemModstamp >= {literal(self.since - OVERLAP)}"

    def behind(self, stamp: datetime, last: str) -> Place:
        newest = max(stamp, self.newest or stamp)
        return msgspec.structs.replace(self, stamp=literal(stamp), last=last, newest=newest)

    def next(self, part: Literal["lines", "gone"]) -> Place:
        return msgspec.structs.replace(self, part=part, stamp="", last="")


class _Deleted(msgspec.Struct):
    id: str
    deletedDate: datetime  # noqa: N815 - the vendor's name


class _Gone(msgspec.Struct):
    deletedRecords: list[_Deleted]  # noqa: N815
    latestDateCovered: datetime  # noqa: N815


class _Above(msgspec.Struct):
    stamp: datetime = msgspec.field(name="SystemModstamp")


async def news(vendor: Vendor, rows: Rows, kind: SalesforceKind, place: Place) -> Page:
    """Read the next part of a round."""
    if place.part == "gone":
        return await _gone(vendor, rows, kind, place)
    if place.part == "lines":
        return await _lines(vendor, rows, kind, place)
    found, more = await rows.where(vendor, kind, f" WHERE {place.where}", BY_STAMP)
    if found:
        last = found[-1]
        assert last.at is not None, "every record bears its stamp"
        place = place.behind(last.at, last.record)
    if not more:
        place = place.next("lines" if kind.lines else "gone")
    return _page(found, place)


def start(now: datetime) -> str:
    """Give the place of one who knows all until now."""
    return written(Place(since=now))


def written(place: Place) -> str:
    return msgspec.json.encode(place).decode()


def place_in(cursor: str) -> Place:
    return msgspec.json.decode(cursor, type=Place)


async def _lines(vendor: Vendor, rows: Rows, kind: SalesforceKind, place: Place) -> Page:
    """Notice the records whose lines changed, or went, later than the record itself did."""
    assert kind.lines is not None, "only such a kind has this part"
    _, name, back = kind.lines
    above = f"{back.removesuffix('Id')}" if back.endswith("Id") else f"{back[:-1]}r"
    columns = f"Id, {back}, SystemModstamp, {above}.SystemModstamp"
    page = await ask(
        vendor,
        rows.calls,
        base_of(kind),
        f"SELECT {columns} FROM {name} WHERE {place.where} ORDER BY {BY_STAMP} LIMIT {ROWS_MAX}",  # noqa: S608
        deleted_too=True,
    )
    notices = []
    for row in page.records:
        fields = msgspec.json.decode(row, type=dict[str, msgspec.Raw])
        stamp = msgspec.json.decode(fields["SystemModstamp"], type=datetime)
        place = place.behind(stamp, msgspec.json.decode(fields["Id"], type=str))
        its = msgspec.json.decode(fields[above], type=_Above | None)
        if its is not None and its.stamp < stamp:
            record = msgspec.json.decode(fields[back], type=str)
            notices.append(Notice(kind=kind.name, record=record, at=stamp))
    if page.done and len(page.records) < ROWS_MAX:
        place = place.next("gone")
    return _page(notices, place)


async def _gone(vendor: Vendor, rows: Rows, kind: SalesforceKind, place: Place) -> Page:
    assert place.since is not None, "a round begins at a moment"
    now = vendor.budget.clock.now()
    begin = max(place.gone_since or place.since - AHEAD, now - LOG_OF_DELETED)
    end = max(now, begin) + AHEAD
    call = rows.calls.get(f"{kind.path}/deleted/", ("start", literal(begin)), ("end", literal(end)))
    gone = msgspec.json.decode((await read(vendor, call)).body, type=_Gone)
    found = [
        Seen(kind=kind.name, record=whole(one.id), data=None, at=one.deletedDate)
        for one in gone.deletedRecords
    ]
    since = max(filter(None, (place.since, place.newest)))
    after = Place(since=since, gone_since=gone.latestDateCovered)
    return Page(seen=found, cursor=written(after), done=True)


def _page(seen: Sequence[Seen | Notice], place: Place) -> Page:
    return Page(seen=seen, cursor=written(place), done=False)
