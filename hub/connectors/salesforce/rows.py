"""Read records of Salesforce: in full, their line items within them, by place or by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from hub.connectors.connector import NotRead, Seen
from hub.connectors.outcome import Refused
from hub.connectors.record import read, seen
from hub.connectors.salesforce.fields import Objects
from hub.connectors.salesforce.ids import whole
from hub.connectors.salesforce.kinds import IDS_MAX, ROWS_MAX, base_of
from hub.connectors.salesforce.query import Page, ask, ids, is_unknown_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.call import Calls
    from hub.connectors.salesforce.kinds import SalesforceKind

_row = msgspec.json.Decoder(dict[str, msgspec.Raw])
_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND"})
_NO_LINES = msgspec.Raw(b"[]")


class Rows:
    """What is read of one org, by what is known of its objects."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.objects = Objects(calls)

    async def where(
        self,
        vendor: Vendor,
        kind: SalesforceKind,
        where: str,
        order: str = "Id",
        *,
        limit: int = ROWS_MAX,
        share: Share = "contacts",
    ) -> tuple[list[Seen], bool]:
        """Read the records that meet a condition, and tell whether there may be more."""
        try:
            columns = ", ".join(await self._columns(vendor, kind))
            page = await self._ask(
                vendor,
                kind,
                f"{columns} FROM {kind.name}{where} ORDER BY {order} LIMIT {limit}",
                share,
            )
        except NotRead as error:
            if is_unknown_field(error):
                self.objects.forget()
            raise
        found = [await self._seen(vendor, kind, row, share) for row in page.records]
        return found, not page.done or len(page.records) == limit

    async def fetch(
        self,
        vendor: Vendor,
        kind: SalesforceKind,
        records: Sequence[str],
        share: Share = "contacts",
    ) -> list[Seen]:
        """Read these; of one that no query gives, ask by itself."""
        wanted = {whole(one): one for one in records}
        found: list[Seen] = []
        rest = list(wanted)
        while rest:
            some, rest = rest[:IDS_MAX], rest[IDS_MAX:]
            rows, more = await self.where(
                vendor, kind, f" WHERE Id IN ({ids(some)})", limit=IDS_MAX, share=share
            )
            met = {one.record for one in rows}
            found += rows
            missing = [one for one in some if one not in met]
            if more and met and missing:  # it gave fewer than were asked for, and says so
                rest = missing + rest
                continue
            found += [await self._alone(vendor, kind, one, share) for one in missing]
        return [_named(one, wanted) for one in found]

    async def _alone(self, vendor: Vendor, kind: SalesforceKind, record: str, share: Share) -> Seen:
        """Ask for one record; only the vendor's word that it is gone proves it."""
        path = f"{kind.path}/{quote(record, safe='')}"
        try:
            await read(vendor, self.calls.get(path, ("fields", "Id"), share=share))
        except NotRead as error:
            if isinstance(error.outcome, Refused) and error.outcome.reason in _GONE:
                return Seen(kind=kind.name, record=record, data=None)
            raise
        rows, _ = await self.where(vendor, kind, f" WHERE Id IN ({ids([record])})", share=share)
        if not rows:
            raise ValueError(f"{kind.name}/{record} is there, and no query gives it")
        return rows[0]

    async def _columns(self, vendor: Vendor, kind: SalesforceKind) -> list[str]:
        columns = await self.objects.names(vendor, kind)
        if kind.lines is None:
            return columns
        relation, name, _ = kind.lines
        inner = ", ".join(await self.objects.names(vendor, kind, name))
        return [*columns, f"(SELECT {inner} FROM {relation} ORDER BY Id)"]  # noqa: S608

    async def _ask(self, vendor: Vendor, kind: SalesforceKind, soql: str, share: Share) -> Page:
        return await ask(vendor, self.calls, base_of(kind), f"SELECT {soql}", share=share)

    async def _seen(
        self, vendor: Vendor, kind: SalesforceKind, row: msgspec.Raw, share: Share
    ) -> Seen:
        """Make what was seen of a row: without what is of the call, and its lines as a list."""
        fields = _own(row)
        if kind.lines is not None:
            fields[kind.lines[0]] = await self._lines(vendor, kind, fields, share)
        return seen(kind, msgspec.json.encode(fields))

    async def _lines(
        self, vendor: Vendor, kind: SalesforceKind, fields: dict[str, msgspec.Raw], share: Share
    ) -> msgspec.Raw:
        assert kind.lines is not None, "only a kind with lines is asked for them"
        relation, name, back = kind.lines
        said = fields.get(relation, msgspec.Raw(b"null"))
        if bytes(said) == b"null":
            return _NO_LINES
        page = msgspec.json.decode(said, type=Page)
        rows, above = list(page.records), msgspec.json.decode(fields[kind.id], type=str)
        columns = ", ".join(await self.objects.names(vendor, kind, name))
        while not page.done:
            last = msgspec.json.decode(_own(rows[-1])["Id"], type=str)
            where = f"{back} = '{above}' AND Id > '{last}'"
            soql = f"{columns} FROM {name} WHERE {where} ORDER BY Id LIMIT {ROWS_MAX}"
            page = await self._ask(vendor, kind, soql, share)
            rows += page.records
            page.done = page.done and len(page.records) < ROWS_MAX
        return msgspec.Raw(msgspec.json.encode([_own(one) for one in rows]))


def _own(row: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Give the fields of a row; its attributes are of the call, and change with the version."""
    fields = _row.decode(row)
    fields.pop("attributes", None)
    return fields


def _named(one: Seen, wanted: dict[str, str]) -> Seen:
    """Answer under the id that was asked for, of which 15 signs say the same."""
    asked = wanted.get(one.record, one.record)
    return one if asked == one.record else msgspec.structs.replace(one, record=asked)
