"""Look at Zoho Desk itself for records whose fields say something, or that bear a mark.

The index that is searched lags behind what was written. So the records made or changed a short
while ago are looked through beside it, newest first: only both together prove that nobody is there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.outcome import RetryAt
from hub.connectors.record import read, says, seen
from hub.connectors.zoho_desk.kinds import CUSTOM, LAG, MARK, ROWS_MAX, YOUNG_MAX, YOUNG_ROWS_MAX
from hub.connectors.zoho_desk.rows import listed, one, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Kind, Seen
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

_YOUNG = {"tickets": "createdTime", "contacts": "modifiedTime", "accounts": "modifiedTime"}
"""By what a list of each kind can be had newest first; a ticket is not searched by what changes."""


class _Times(msgspec.Struct):
    created: str = msgspec.field(name="createdTime", default="")


async def search(
    vendor: Vendor, caller: Caller, kind: Kind, fields: Mapping[str, str], share: Share
) -> list[Seen]:
    """Give the records whose fields say this now, each in full."""
    asked = {name: word for name, word in fields.items() if name in kind.searched_by}
    params = tuple(asked.items())
    ids = [row.record for row in await _found(vendor, caller, kind, params, share)]
    young = await _young(vendor, caller, kind, _YOUNG[kind.name], share)
    ids += [row.record for row in young if _could_be(row, asked)]
    found = [await one(vendor, caller, kind, each, share) for each in dict.fromkeys(ids)]
    return [each for each in found if each.data is not None and says(each.data, fields)]


async def bearer(
    vendor: Vendor, caller: Caller, kind: Kind, mark: str, share: Share = "contacts"
) -> Seen | None:
    """Give the record that bears a mark; None is proof that none does."""
    params = (("customField1", f"{MARK}:{mark}"),)
    ids = [row.record for row in await _found(vendor, caller, kind, params, share)]
    for each in ids:
        if (there := await _bears(vendor, caller, kind, each, mark, share)) is not None:
            return there
    # The stamp of making is looked at, not that of changing: what is old is in the index.
    young = await _young(vendor, caller, kind, "createdTime", share)
    others = [row.record for row in young if row.record not in ids]
    if len(others) > YOUNG_MAX:
        raise NotRead(_too_many(vendor, kind, len(others)))
    for each in others:
        if (there := await _bears(vendor, caller, kind, each, mark, share)) is not None:
            return there
    return None


async def _found(
    vendor: Vendor, caller: Caller, kind: Kind, params: tuple[tuple[str, str], ...], share: Share
) -> list[Seen]:
    """Give what the index has: what finds more than a page was no search for one record."""
    call = caller.lists(f"{kind.path}/search", params, first=0, limit=ROWS_MAX, share=share)
    return [seen(kind, row, row=True) for row in rows_of(await read(vendor, call))]


async def _young(
    vendor: Vendor, caller: Caller, kind: Kind, by: str, share: Share
) -> Sequence[Seen]:
    """Give the rows that are younger than the lag, seen from the newest of them: clocks differ."""
    young: dict[str, Seen] = {}
    newest, first = "", 0
    while first < YOUNG_ROWS_MAX:
        rows = await listed(vendor, caller, kind, first, (("sortBy", f"-{by}"),), share)
        newest = newest or max((_time(row, by) for row in rows), default="")
        now = [row for row in rows if not _is_old(_time(row, by), newest)]
        young |= {row.record: row for row in now}
        if len(now) < ROWS_MAX:
            return list(young.values())
        first += len(rows)
    raise NotRead(_too_many(vendor, kind, len(young)))


async def _bears(  # noqa: PLR0917 - who asks, of what, for what
    vendor: Vendor, caller: Caller, kind: Kind, record: str, mark: str, share: Share
) -> Seen | None:
    found = await one(vendor, caller, kind, record, share, with_tags=False)
    bears = found.data is not None and says(found.data, {f"{CUSTOM}.{MARK}": mark})
    return found if bears else None


def _time(row: Seen, by: str) -> str:
    assert row.data is not None, "a row is of a record that is there"
    if by == "modifiedTime":
        return row.at.isoformat() if row.at else ""
    return msgspec.json.decode(row.data, type=_Times).created


def _is_old(at: str, newest: str) -> bool:
    """Tell whether a stamp is so much older; what bears none is not known to be."""
    if not at or not newest:
        return False
    return datetime.fromisoformat(at) < datetime.fromisoformat(newest) - LAG


def _could_be(row: Seen, asked: Mapping[str, str]) -> bool:
    assert row.data is not None, "a row is of a record that is there"
    told = msgspec.json.decode(row.data, type=dict[str, msgspec.Raw]).keys()
    return says(row.data, {name: word for name, word in asked.items() if name in told})


def _too_many(vendor: Vendor, kind: Kind, count: int) -> RetryAt:
    return RetryAt(
        sentence=f"{count} of the {kind.name} are younger than the index that is searched may lag "
        f"behind ({LAG / timedelta(minutes=1):g} minutes), too many to be looked at one by one. "
        "It is looked again when the index has them.",
        at=vendor.budget.clock.now() + LAG,
    )
