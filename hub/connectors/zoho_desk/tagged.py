"""Tickets that bear a tag which the settings name: neither an event nor a stamp tells of a tag.

They are listed tag by tag, and each is noticed, under the time at which it was made. A notice that
says what one said before is kept once, so a ticket is read again when it first turns up under a
tag, and not each time.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import Notice
from hub.connectors.record import read
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import KINDS, ROOT, ROWS_MAX
from hub.connectors.zoho_desk.rows import rows_of, table

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

PAGES_MAX = 10
"""Of one tag: what bears it beyond so many pages has borne it for long."""


class _Tag(msgspec.Struct):
    id: str
    name: str = ""


class _Ticket(msgspec.Struct):
    id: str
    created: datetime | None = msgspec.field(name="createdTime", default=None)

    def noticed(self, said: bytes) -> Notice:
        return Notice(kind="tickets", record=self.id, at=self.created, data=said)


async def tagged(vendor: Vendor, caller: Caller, names: Collection[str]) -> list[Notice]:
    """Notice the tickets that bear one of these tags, in any department."""
    wanted = {name.casefold() for name in names}
    found: list[Notice] = []
    for department in await table(vendor, caller, KINDS["departments"]):
        for tag in await _tags(vendor, caller, department.record):
            if tag.name.casefold() in wanted:
                found += await _bearers(vendor, caller, tag)
    return found


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


async def _bearers(vendor: Vendor, caller: Caller, tag: _Tag) -> list[Notice]:
    said = msgspec.json.encode({"event": "tagged", "tag": tag.name})
    path = at(f"{ROOT}/tags", tag.id, "/tickets")
    found: list[Notice] = []
    for _ in range(PAGES_MAX):
        call = caller.lists(path, (), first=len(found), limit=ROWS_MAX)
        rows = rows_of(await read(vendor, call))
        found += [msgspec.json.decode(row, type=_Ticket).noticed(said) for row in rows]
        if len(rows) < ROWS_MAX:
            break
    return found
