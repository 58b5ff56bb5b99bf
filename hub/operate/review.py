"""Have records judged by a flow as they are known now, a page at a time, behind live work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.events import Reviewed, fixed_id
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from uuid import UUID

    from hub.flows.flow import Sync

    Append = Callable[..., Awaitable[list[int]]]

PAGE_RECORDS = 200


async def review(
    append: Append,
    db: Any,  # noqa: ANN401
    flow: Sync,
    by: str,
    plan: UUID,
) -> AsyncIterator[int]:
    """Have all records of a sync judged; give how many were handed in, page by page.

    `plan` names the whole of it: begun again after a kill, a page that was handed in is a repeat.
    """
    for step, (connection, kind) in enumerate(_kinds(flow)):
        after = ""
        while records := await _page(db, connection, kind, after):
            what = Reviewed(flow=flow.name, records=records)
            id_ = fixed_id(None, plan, step, after)
            await append(act(what, by, id=id_, connection=connection, kind=kind, flow=flow.name))
            after = records[-1]
            yield len(records)


def _kinds(flow: Sync) -> list[tuple[str, str]]:
    """Give what is to be gone through, in order: companies, then their people."""
    companies = [(side.connection, side.kind) for side in flow.sides]
    if flow.people is None:
        return companies
    people = [(side.connection, side.kind) for side in flow.people.sides if not side.within]
    # Those who stand within their companies are judged with these, once these are linked.
    return [*companies, *people, *companies]


async def _page(db: Any, connection: str, kind: str, after: str) -> list[str]:  # noqa: ANN401
    rows = await db.fetch(statement("operate/page.sql"), connection, kind, after, PAGE_RECORDS)
    return [row["record"] for row in rows]
