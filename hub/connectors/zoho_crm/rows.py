"""Read records of Zoho CRM: pages of lists, tables, and single records when asked.

A list gives at most fifty fields a row, so a wide module is read in several rows per record, each
of which speaks of the fields it has. Line items are in none of them: a kind that has some is read
record by record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.connector import NotRead, Page, Seen
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.record import read, seen
from hub.connectors.zoho_crm.fields import Modules
from hub.connectors.zoho_crm.kinds import IDS_MAX, OVERLAP, ROWS_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Kind
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Answer

NOTHING = (204, 304)
"""With these it says that there is nothing; an answer that is just empty says nothing at all."""


class Info(msgspec.Struct):
    more_records: bool = False
    next_page_token: str | None = None


class Listed(msgspec.Struct):
    data: list[msgspec.Raw]
    info: Info = msgspec.field(default_factory=Info)


class Rows:
    """What is read of one organisation, by what is known of its modules."""

    def __init__(self) -> None:
        self.modules = Modules()

    async def listed(
        self,
        vendor: Vendor,
        kind: Kind,
        params: tuple[tuple[str, str], ...],
        *,
        token: str = "",
        since: datetime | None = None,
        share: Share = "contacts",
    ) -> Listed:
        """Read a page of a list: what changed since a moment, or all."""
        (names, *_) = await self.modules.sets(vendor, kind)
        page = (("page_token", token),) if token else ()
        headers = {} if since is None else changed_since(since)
        wanted = (("fields", ",".join(names)), ("per_page", str(ROWS_MAX)))
        call = get(kind.path, (*wanted, *params, *page), headers=headers, share=share, heavy=True)
        return rows_of(await read(vendor, call))

    async def whole(
        self, vendor: Vendor, kind: Kind, rows: Sequence[msgspec.Raw], share: Share = "contacts"
    ) -> list[Seen]:
        """Complete the rows of a list: by their further fields, or each record by itself."""
        found = [seen(kind, row) for row in rows]
        if await self.modules.have_lines(vendor, kind):
            return [await self.one(vendor, kind, one.record, share) for one in found]
        _, *further = await self.modules.sets(vendor, kind)
        for ids in _parts(found, IDS_MAX):
            for names in further:
                params = (("ids", ",".join(one.record for one in ids)), ("fields", ",".join(names)))
                more = rows_of(await read(vendor, get(kind.path, params, share=share)))
                found += [seen(kind, row) for row in more.data]
        return found

    async def one(self, vendor: Vendor, kind: Kind, record: str, share: Share = "contacts") -> Seen:
        """Read one record; 204, or a refusal that says that the id is nobody's, proves it gone."""
        try:
            answer = await read(vendor, get(f"{kind.path}/{quote(record, safe='')}", share=share))
        except NotRead as error:
            if _is_nobody(error):
                return Seen(kind=kind.name, record=record, data=None)
            raise
        if answer.status in NOTHING:
            return Seen(kind=kind.name, record=record, data=None)
        (row,) = rows_of(answer).data
        one = seen(kind, row)
        if one.record != record:
            raise ValueError(f"{kind.name}/{record} was asked for, and {one.record} came")
        return one

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        """Read these in full; of one that a list does not give, ask by itself."""
        if kind.fetches == 1 or await self.modules.have_lines(vendor, kind):
            return [await self.one(vendor, kind, record, share) for record in records]
        found: list[Seen] = []
        for names in await self.modules.sets(vendor, kind):
            params = (("ids", ",".join(records)), ("fields", ",".join(names)))
            rows = rows_of(await read(vendor, get(kind.path, params, share=share)))
            found += [seen(kind, row) for row in rows.data]
        given = {one.record for one in found}
        missing = [record for record in records if record not in given]
        return found + [await self.one(vendor, kind, record, share) for record in missing]

    async def table(self, vendor: Vendor, kind: Kind) -> Page:
        """Read a short table, which is read whole each time."""
        answer = await read(
            vendor, get(kind.path, (("type", "AllUsers"),) * (kind.name == "users"))
        )
        if answer.status in NOTHING:
            return Page(seen=(), cursor="", done=True)
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        if kind.name == "taxes":
            body = msgspec.json.decode(body["org_taxes"], type=dict[str, msgspec.Raw])
        rows = msgspec.json.decode(body[kind.name], type=list[msgspec.Raw])
        return Page(seen=[seen(kind, row) for row in rows], cursor="", done=True)


def get(
    path: str,
    params: tuple[tuple[str, str], ...] = (),
    *,
    headers: dict[str, str] | None = None,
    share: Share = "contacts",
    heavy: bool = False,
) -> Call:
    """Give a call that reads; a heavy one is of those of which fewer may be under way."""
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


def rows_of(answer: Answer) -> Listed:
    """Give the rows of an answer, which may say that there are none."""
    return (
        msgspec.json.decode(answer.body, type=Listed)
        if answer.status not in NOTHING
        else Listed(data=[])
    )


def changed_since(moment: datetime) -> dict[str, str]:
    """Give the header that asks for what changed since; stamps are whole seconds, and come late."""
    since = (moment - OVERLAP).astimezone(UTC)
    return {"If-Modified-Since": since.isoformat(timespec="seconds")}


def _is_nobody(error: NotRead) -> bool:
    outcome = error.outcome
    return isinstance(outcome, Refused) and (
        outcome.because == "missing" or outcome.reason == "INVALID_DATA"
    )
