"""Have records judged by a flow as they are known now, a page at a time, behind live work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.database import statement
from hub.events import Reviewed, fixed_id
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from uuid import UUID

    from hub.database.db import Db
    from hub.flows.flow import Sync

    Append = Callable[..., Awaitable[list[int]]]
    Page = tuple[str, str, list[str]]

PAGE_RECORDS = 200


async def review(append: Append, db: Db, flow: Sync, by: str, plan: UUID) -> AsyncIterator[int]:
    """Have all records of a sync judged; give how many were handed in, page by page.

    `plan` names the whole of it: begun again after a kill, a page that was handed in is a repeat.
    """
    number = 0
    async for connection, kind, records in pages(db, flow):
        what = Reviewed(flow=flow.name, records=records)
        id_ = fixed_id(None, plan, number, records[0])
        await append(act(what, by, id=id_, connection=connection, kind=kind, flow=flow.name))
        number += 1
        yield len(records)


async def pages(db: Db, flow: Sync) -> AsyncIterator[Page]:
    """Go through all records of a sync as they are known, in the order in which to judge them."""
    for connection, kind in kinds_in_order(flow):
        async for page in of_kind(db, connection, kind):
            yield page


async def of_kind(db: Db, connection: str, kind: str) -> AsyncIterator[Page]:
    """Go through the records of a kind that are there."""
    after = ""
    while records := await _page(db, connection, kind, after):
        yield connection, kind, records
        after = records[-1]


def kinds_in_order(flow: Sync) -> list[tuple[str, str]]:
    """Give what is to be gone through: companies, then their people."""
    companies = [(side.connection, side.kind) for side in flow.sides]
    if flow.people is None:
        return companies
    people = [(side.connection, side.kind) for side in flow.people.sides if not side.within]
    # Those who stand within their companies are judged with these, once these are linked.
    return [*companies, *people, *companies]


async def _page(db: Db, connection: str, kind: str, after: str) -> list[str]:
    rows = await db.fetch(statement("operate/page.sql"), connection, kind, after, PAGE_RECORDS)
    return [row["record"] for row in rows]
