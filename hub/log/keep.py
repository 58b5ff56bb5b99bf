"""Have events kept that nobody will hand in again, however long that takes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias

from hub.errors import EventRefused, LogFull
from hub.events import Unreadable, event_of, fixed_id
from hub.log.check import check

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.events import Event

    Append: TypeAlias = Callable[..., Awaitable[list[int]]]

FROM_OUTSIDE = frozenset({"observed", "noticed"})
"""Whose data a system made: it may be larger, or stranger, than the log can hold."""


async def keep(append: Append, bytes_max: int, *events: Event) -> list[int]:
    """Have events kept, however long the log is full; give their positions.

    Of a record that the log cannot hold it is said that it is unreadable; it stops no other.
    """
    while True:
        try:
            return await append(*events)
        except LogFull as full:
            await asyncio.sleep(full.retry_after_seconds)
        except EventRefused:
            fitting = tuple(_fitting(event, bytes_max) for event in events)
            if fitting == events:
                raise
            events = fitting


def _fitting(event: Event, bytes_max: int) -> Event:
    if event.type not in FROM_OUTSIDE:
        return event
    try:
        check(event, bytes_max)
    except EventRefused as error:
        return event_of(
            Unreadable(reason=f"{error}"),
            id=fixed_id(event.occurred_at, event.id, "unreadable"),
            connection=event.connection,
            kind=event.kind,
            record=event.record,
            road=event.road,
            cause=event.cause,
            trace=event.trace,
        )
    return event
