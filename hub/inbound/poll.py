"""Read a kind of record through once, then again and again what changed since.

Where a road goes on is in the log, beside what it brought: an append holds a page and the place
behind it, so a hub that is killed reads at most one page twice. What changes while the first read
is under way is caught by the news, whose place is taken before the first read begins.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hub.connectors.connector import NotRead, Page
from hub.inbound.patience import not_read, understood
from hub.inbound.places import FIRST, NEWS, places_of, read_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hub.connectors.connector import Connector, Kind
    from hub.connectors.http import Vendor
    from hub.events import Event
    from hub.inbound.account import Account

    Read = Callable[[Vendor, Kind, str], Awaitable[Page]]

CLOCKS_APART_MAX = timedelta(minutes=5)
"""How far the hub's clock may be ahead of a vendor's, and no change be missed at the start."""

DAY_SECONDS = 86_400
SHARE = 0.25
"""What part of a day's calls the reading of all kinds at intervals may take."""


async def poll(account: Account, kind: Kind) -> None:
    """Read the first time if that was not done, then what is new; runs until cancelled."""
    places = await places_of(account, kind.name)
    news = places[NEWS].cursor
    if news is None:
        news = account.connector.start(datetime.now(UTC) - CLOCKS_APART_MAX)
        await account.keep(_not_yet(account, kind, news))
    if not places[FIRST].done:
        await _through(account, kind, FIRST, places[FIRST].cursor or "")
        await account.keep(_not_yet(account, kind, news, next_seconds=kind.poll_seconds))
    while True:
        news, rest = await _through(account, kind, NEWS, news)
        await asyncio.sleep(rest)


def _not_yet(account: Account, kind: Kind, cursor: str, next_seconds: float | None = None) -> Event:
    """Say from where the news will be read, and by when it should have begun."""
    nothing = Page(seen=(), cursor=cursor, done=False)
    return read_on(account, kind.name, NEWS, nothing, next_seconds=next_seconds)


async def _through(account: Account, kind: Kind, road: str, cursor: str) -> tuple[str, float]:
    """Read to the end; give the place from which to go on, and how long to leave it alone."""
    calls, rest = 0, 0.0
    read = account.connector.first if road == FIRST else account.connector.news
    async for page in pages(account, kind, read, cursor, road):
        calls += 1
        cursor = page.cursor
        rest = rest_seconds(account.connector, calls, kind.poll_seconds)
        events = account.events(road, page.seen)
        on = read_on(account, kind.name, road, page, next_seconds=_next(road, page, kind, rest))
        await account.keep(*events, on)
    return cursor, rest


def _next(road: str, page: Page, kind: Kind, rest: float) -> float | None:
    """Say when it is to be heard of again: soon, if it is under way; a finished first never."""
    if not page.done:
        return kind.poll_seconds
    return None if road == FIRST else rest


async def pages(
    account: Account, kind: Kind, read: Read, cursor: str, road: str
) -> AsyncIterator[Page]:
    """Give page after page to the end, however often one must be asked for."""
    while True:
        try:
            page = await understood(read(account.vendor, kind, cursor))
        except NotRead as error:
            await not_read(account, f"{account.name}.{kind.name} by {road}", error)
        else:
            account.said.clear()
            yield page
            if page.done:
                return
            cursor = page.cursor


def rest_seconds(connector: Connector, calls: int, seconds: float) -> float:
    """Give when to read again what takes so many calls, so that a day's share of them suffices."""
    kinds = sum(not kind.within for kind in connector.kinds.values())
    day = min(window.most for window in connector.windows if window.name == "day")
    return max(seconds, calls * kinds * DAY_SECONDS / (day * SHARE))
