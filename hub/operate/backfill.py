"""Carry out a first sync that a person has looked at: page by page, behind all live work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hub.database import statement
from hub.events import Reviewed
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    Append = Callable[..., Awaitable[list[int]]]

LOOK_SECONDS = 0.2


async def hand_in(
    append: Append,
    db: Any,  # noqa: ANN401
    flow: str,
    pages: Iterable[tuple[str, str, list[str]]],
    by: str,
) -> AsyncIterator[tuple[int, int]]:
    """Have the records judged; give after each page how many it had, and where it stands.

    Ended on the way, it is begun again with a new plan: what was done is no work any more.
    """
    for connection, kind, records in pages:
        await until_quiet(db)
        what = Reviewed(flow=flow, records=records)
        event = act(what, by, connection=connection, kind=kind, flow=flow)
        (position,) = await append(event)
        yield len(records), position


async def until_quiet(db: Any) -> None:  # noqa: ANN401
    """Wait while live work is to be written: a first sync is in no hurry."""
    while await db.fetchval(statement("operate/urgent.sql")):  # noqa: ASYNC110 - another process
        await asyncio.sleep(LOOK_SECONDS)
