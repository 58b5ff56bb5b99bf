"""What happened to a ticket, as its history tells it: who did what, also where a webhook was lost.

It is no part of a ticket, and a page of it costs as much as a page of a list: so it is read only
where the settings ask for it, whenever a ticket is read in full, and stands there as one field,
the latest row first, each as Desk wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.record import read
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import HISTORY_ROWS_MAX, KINDS
from hub.connectors.zoho_desk.rows import rows_of

if TYPE_CHECKING:
    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

HISTORY = "history"
PAGES_MAX = 10
"""Of one ticket, where the oldest row comes first: what came later than in so many is not told."""


class _Row(msgspec.Struct):
    at: str = msgspec.field(name="eventTime", default="")


async def history(
    vendor: Vendor, caller: Caller, ticket: str, most: int, share: Share
) -> list[msgspec.Raw]:
    """Give the last rows of a ticket's history, the latest first."""
    found = await _to_the_latest(vendor, caller, ticket, share)
    return sorted(found, key=_time, reverse=True)[:most]


async def _to_the_latest(
    vendor: Vendor, caller: Caller, ticket: str, share: Share
) -> list[msgspec.Raw]:
    """Read a page, and the others only where it begins with the oldest: no page says which."""
    path = at(KINDS["tickets"].path, ticket, "/History")
    found: dict[bytes, msgspec.Raw] = {}
    first = 0
    for _ in range(PAGES_MAX):
        call = caller.lists(path, (), first=first, limit=HISTORY_ROWS_MAX, share=share)
        rows = rows_of(await read(vendor, call))
        found |= {bytes(row): row for row in rows}
        first += len(rows)
        if len(rows) < HISTORY_ROWS_MAX or _time(rows[0]) > _time(rows[-1]):
            break
    return list(found.values())


def _time(row: msgspec.Raw) -> str:
    return msgspec.json.decode(row, type=_Row).at
